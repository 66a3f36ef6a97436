"""What the code cites is in docs/, and docs/ is in step with itself."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.servers import ROOT

DOCS = ROOT / "docs"
FOLDERS = ("libs", "services", "deploy", "benchmarks", "tests")
NUMBER = r"\d+(?:\.\d+)?"
BOOK = re.compile(rf"domain book,? (?:section )?({NUMBER}(?:(?:, | and |–)(?:section )?{NUMBER})*)")


DECISION = re.compile(r"\bdecisions? (\d+)\b")
PLACE = re.compile(r"\b(?:libs|services|deploy|benchmarks|tests|contracts|docs)/[\w./-]*\w")
SECTIONS = ["Context", "Decision", "Price"]


def texts() -> Iterator[tuple[Path, str]]:
    """Every file of the code that may cite, its line ends and comment marks as blanks."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".sql") or path.parent.name == "forms":
                yield path, flat(path.read_text())


def flat(text: str) -> str:
    return re.sub(r"\s+(?:(?:#|--) )?", " ", text)


def sections_cited(text: str) -> set[str]:
    return {number for found in BOOK.findall(text) for number in re.findall(NUMBER, found)}


def sections() -> set[str]:
    """Of the domain book."""
    return set(re.findall(rf"^##+ ({NUMBER})\.? ", (DOCS / "domain.md").read_text(), re.M))


def test_a_citation_is_found_wherever_the_line_ends() -> None:
    text = (
        "(domain book\n    5.2, section 9), domain book, section 8.1; # domain\n# book 4.2, 5.2–5.5"
    )
    assert sections_cited(flat(text)) == {"5.2", "9", "8.1", "4.2", "5.5"}


def test_the_sections_of_the_domain_book_that_the_code_cites_are_there() -> None:
    cited = {(path.name, number) for path, text in texts() for number in sections_cited(text)}
    assert len(cited) > 20
    assert {each for each in cited if each[1] not in sections()} == set()


def test_the_readme_leads_to_every_page() -> None:
    readme = (ROOT / "README.md").read_text()
    pages = {f"docs/{path.name}" for path in DOCS.iterdir()}
    assert {page for page in pages if f"`{page}`" not in readme} == set()


def test_the_places_that_the_pages_name_are_there() -> None:
    pages = [ROOT / "README.md", *DOCS.rglob("*.md")]
    named = {(page.name, place) for page in pages for place in PLACE.findall(page.read_text())}
    assert len(named) > 50
    assert {each for each in named if not (ROOT / each[1]).exists()} == set()


def test_each_feature_that_is_met_names_its_code_and_its_test() -> None:
    """By places that are there, see above."""
    lines = (DOCS / "features.md").read_text().splitlines()
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line[:1] == "|"][
        2:
    ]
    assert len(rows) > 10
    for name, _, state, code, tests in rows:
        assert state.startswith(("met", "in part", "not met")), name
        places = [] if state.startswith("not met") else f"{code}, {tests}".split(", ")
        wrong = [each for each in places if not PLACE.fullmatch(each.partition(" (")[0])]
        assert wrong == [], name


def decisions() -> dict[str, str]:
    """Text of each page by its file name, in order."""
    pages = sorted((DOCS / "decisions").glob("0*.md"))
    return {path.name: path.read_text() for path in pages}


def title(page: str) -> str:
    return page.partition("\n")[0].removeprefix("# ")


def file_name(title: str) -> str:
    """`0038-append-optimistically-diagnose-on-conflict.md`: number and words of the title."""
    number, _, words = title.partition(". ")
    slug = "-".join(re.findall("[a-z0-9]+", words.replace("'", "").lower()))
    return f"{int(number):04}-{slug}.md"


def test_a_decision_is_found_by_its_title() -> None:
    assert file_name("7. The log's file: 2 names") == "0007-the-logs-file-2-names.md"
    assert {name: file_name(title(page)) for name, page in decisions().items()} == {
        name: name for name in decisions()
    }


def test_the_index_lists_each_decision_under_its_title() -> None:
    index = (DOCS / "decisions" / "README.md").read_text()
    listed = re.findall(r"^\| (\d+) \| \[(.+)\]\((.+)\) \| \S", index, re.M)
    assert [(f"{number}. {words}", name) for number, words, name in listed] == [
        (title(page), name) for name, page in decisions().items()
    ]


def test_every_decision_has_its_context_and_its_price() -> None:
    found = {name: re.findall(r"^\*\*(.+?)\.\*\*", p, re.M) for name, p in decisions().items()}
    assert {name: each for name, each in found.items() if each != SECTIONS} == {}


def test_the_decisions_that_the_code_cites_are_there() -> None:
    numbers = {int(name[:4]) for name in decisions()}
    cited = {(path.name, int(each)) for path, text in texts() for each in DECISION.findall(text)}
    assert {each for each in cited if each[1] not in numbers} == set()
