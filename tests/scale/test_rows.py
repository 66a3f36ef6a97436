"""No request, reaction or list reads a number of rows that grows with the number of enterprises:
what each looks at is counted among fifty enterprises and among five thousand, in PostgreSQL's own
plans (issues 8 and 9).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest

from libs.events import walks
from tests.http.operations import operations
from tests.in_memory.installation import CITY, service
from tests.scale import story
from tests.scale.asking import Question, questions, token_of
from tests.scale.clones import Clones, Original
from tests.scale.counted import Asked
from tests.scale.installation import Tables
from tests.scale.story import Story

pytestmark = [pytest.mark.servers]
FEW, MANY = 50, 5000
WALKED = 40  # rows that a page looks at here, in place of `walks.ROWS`
# more than among few that may be due to chance: a page and its joins fill up where there are more
MORE = 3 * WALKED
# operations that read every enterprise, each with the reason why it may
LINEAR = {
    "assessment close_campaign": "once a year: it makes the list of all who are absent",
}
Reads = Mapping[tuple[str, str, str], Asked]  # by service, asker and statement


@dataclass
class Counting:
    """The story of one enterprise, in tables which hold it as often as is wanted."""

    tables: Tables
    story: Story
    clones: Mapping[str, Clones]

    def among(self, enterprises: int) -> Reads:
        """What everything that can be asked and done reads."""
        for each in self.clones.values():
            self.tables.run(each.fill(enterprises - 1))
        self.forget()
        story.days(self.tables)
        self.ask_everything()
        return self.reads

    def ask_everything(self) -> None:
        for question in questions(self.story):
            self.ask(question)

    def ask(self, question: Question) -> None:
        """Its first page, and the one that follows where nothing narrows the list."""
        asked, path = self.story.at[question.operation.service], question.path(self.story)
        for _ in range(1 if question.filters else 2):
            got = asked.ask(token_of(question.role, self.story), "GET", path)
            answer = self.tables.run(got)
            following = question.is_list and answer.status_code == 200
            if not following or not (cursor := answer.json()["next_cursor"]):
                return
            path = f"{question.path(self.story)}&cursor={cursor}"

    def forget(self) -> None:
        for each in self.tables.counted.values():
            each.most.clear()

    @property
    def reads(self) -> Reads:
        counted = self.tables.counted.items()
        return {(name, *key): asked for name, each in counted for key, asked in each.most.items()}

    def execute(self, service: str, sql: str) -> None:
        self.tables.run(self.tables.counted[service].connection.execute(sql))


@pytest.fixture(scope="module")
def counting(postgres: str) -> Iterator[Counting]:
    with pytest.MonkeyPatch.context() as patch, Tables(postgres) as tables:
        patch.setattr(walks, "ROWS", WALKED)
        told = story.play(tables)
        firm = told.firm
        original = Original(
            id=firm.enterprise.id,
            uscc=firm.uscc,
            name=firm.enterprise.name,
            city=CITY,
            campaign=told.campaign,
            publicity=told.publicity,
        )
        clones = {
            name: Clones(each.connection, service(name).projections)
            for name, each in tables.counted.items()
        }
        for each in clones.values():
            tables.run(each.learn(original))
        yield Counting(tables, told, clones)


@pytest.fixture(scope="module")
def few(counting: Counting) -> Reads:
    return counting.among(FEW)


@pytest.fixture(scope="module")
def many(counting: Counting, few: Reads) -> Reads:
    return counting.among(MANY)


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
    answered = set[str]().union(*(each.answered for each in counting.tables.counted.values()))
    assert {str(each) for each in operations()} - answered == set()


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
