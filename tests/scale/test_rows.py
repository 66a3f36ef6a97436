"""No request, reaction or list reads a number of rows that grows with the number of enterprises:
what each looks at is counted among fifty enterprises and among five thousand, in PostgreSQL's own
plans (issues 8 and 9).
"""

from collections.abc import Iterator

import pytest

from libs.events import walks
from tests.http.operations import operations
from tests.scale.asking import questions
from tests.scale.counting import Counting, Reads
from tests.scale.installation import Tables

pytestmark = [pytest.mark.servers]
FEW, MANY = 50, 5000
WALKED = 40  # rows that a page looks at here, in place of `walks.ROWS`
# more than among few that may be due to chance: a page and its joins fill up where there are more
MORE = 3 * WALKED
# operations that read every enterprise, each with the reason why it may
LINEAR = {
    "assessment close_campaign": "once a year: it makes the list of all who are absent",
}


@pytest.fixture(scope="module")
def counting(postgres: str) -> Iterator[Counting]:
    with pytest.MonkeyPatch.context() as patch, Tables(postgres) as tables:
        patch.setattr(walks, "ROWS", WALKED)
        yield Counting.begun(tables)


@pytest.fixture(scope="module")
def few(counting: Counting) -> Reads:
    return among(counting, FEW)


@pytest.fixture(scope="module")
def many(counting: Counting, few: Reads) -> Reads:
    return among(counting, MANY)


def among(counting: Counting, enterprises: int) -> Reads:
    """What everything that can be asked and done reads."""
    counting.fill(enterprises)
    counting.do_everything()
    counting.ask_everything()
    return counting.reads


def grown(few: Reads, many: Reads) -> dict[str, tuple[int, int, str]]:
    """By who asks: rows among few, rows among many, and the statement, where there are more."""
    return {
        by: (before, asked.rows, sql)
        for (service, by, sql), asked in many.items()
        if (before := rows(few, service, by, sql)) + MORE < asked.rows
    }


def rows(reads: Reads, *key: str) -> int:
    service, by, sql = key
    asked = reads.get((service, by, sql))
    return asked.rows if asked else 0


def test_nothing_reads_more_rows_among_five_thousand_enterprises_than_among_fifty(
    few: Reads, many: Reads
) -> None:
    found = {by: told for by, told in grown(few, many).items() if by not in LINEAR}
    assert found == {}


def test_what_may_read_every_enterprise_does(few: Reads, many: Reads) -> None:
    assert grown(few, many).keys() >= LINEAR.keys()


def test_every_operation_of_every_service_was_asked(counting: Counting, many: Reads) -> None:
    assert {str(each) for each in operations()} - counting.answered == set()


@pytest.mark.parametrize(
    ("service", "index", "asked"),
    [
        ("review", "cases_by_filing", "review list_cases"),
        ("personnel", "filings_in_order", "personnel list_filings"),
        ("assessment", "directory_uscc", "assessment read_roster"),
    ],
)
def test_a_list_without_its_index_is_found_out(
    counting: Counting, few: Reads, many: Reads, service: str, index: str, asked: str
) -> None:
    counting.forget()
    counting.execute(service, f"DROP INDEX {index}")
    for question in questions(counting.story):
        if str(question.operation) == asked:
            counting.ask(question)
    found = grown(few, counting.reads)
    assert any(by.startswith(asked) for by in found)
