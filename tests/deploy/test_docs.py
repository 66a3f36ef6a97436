"""What the code cites is in docs/, and docs/ is in step with itself."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.servers import ROOT

DOCS = ROOT / "docs"
FOLDERS = ("libs", "services", "deploy", "benchmarks", "tests")
NUMBER = r"\d+(?:\.\d+)?"
BOOK = re.compile(rf"domain book,? (?:section )?({NUMBER}(?:(?:, | and |–)(?:section )?{NUMBER})*)")


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
