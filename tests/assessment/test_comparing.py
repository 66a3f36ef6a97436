"""对比: two states of a record, place by place, tied to the points that were returned."""

from uuid import UUID

from libs.events.testing import given
from libs.filing.content.record import PerformanceChoice, Wizard
from libs.filing.filing import Answer
from services.assessment.records.comparing import (
    Compared,
    Difference,
    Names,
    difference,
    draft,
)
from services.assessment.records.domain.record import Record
from tests.assessment import given as the
from tests.assessment.given import PEOPLE, PLACEHOLDER, PROJECT
from tests.filing.given import scan

SCAN = (scan("ASM_PERF", 7),)


def record(*past: Record.Event) -> Record:
    made: Record = given(Record, the.started(), *past).aggregate
    return made


def generations(*choices: Wizard, names: Names = Names()) -> Difference:
    past = [event for n, each in enumerate(choices, 1) for event in the.made(n, each)]
    made = record(*past)
    first, last = (Compared(made, each) for each in made.generations)
    return difference(first, last, names)


def projects(*ids: UUID) -> Wizard:
    return the.wizard(performances=tuple(PerformanceChoice(project_id=id) for id in ids))


def told(found: Difference) -> list[tuple[str, str, str]]:
    return [(each.kind, each.pointer, each.label.zh) for each in found.changes]


def test_a_project_that_was_chosen_since_is_told_by_its_name() -> None:
    found = generations(projects(PLACEHOLDER), projects(PLACEHOLDER, PROJECT))
    assert told(found) == [("added", "/performances/1", "企业业绩2“示范办公楼设计”")]
    assert found.changes[0].new["name"] == "示范办公楼设计"
    assert found.performances.added == [PROJECT]


def test_a_person_is_named_in_what_is_shown_and_never_in_the_label() -> None:
    names = Names(persons={PEOPLE[1]: "赵示范"})
    found = generations(the.wizard(1, 2), the.wizard(2), names=names)
    [gone] = [each for each in found.changes if each.pointer.startswith("/persons")]
    assert (gone.kind, gone.pointer, gone.label.zh) == ("removed", "/persons/0", "技术人员1")
    assert gone.old["name"] == "赵示范"


def test_a_row_that_moved_is_no_change() -> None:
    found = generations(projects(PLACEHOLDER, PROJECT), projects(PROJECT))
    assert told(found) == [("removed", "/performances/0", "企业业绩1“暂无业绩”")]


def test_a_person_in_another_version_is_a_change_of_the_row() -> None:
    newer = the.sources(people={PEOPLE[1]: the.person(1, version=2), PEOPLE[2]: the.person(2)})
    made = record(*the.made(1), *the.made(2, of=newer))
    first, last = (Compared(made, each) for each in made.generations)
    found = difference(first, last)
    [change] = found.changes
    assert (change.pointer, change.old["filed_version"], change.new["filed_version"]) == (
        *("/persons/0", 1, 2),
    )
    assert found.persons.changed == [PEOPLE[1]]


# Points returned


def back(pointer: str) -> tuple[Record.Event, ...]:
    return (*the.made(1), the.sent(), the.opened(), the.returned(the.item(pointer)))


def test_what_is_chosen_now_says_which_point_it_corrects() -> None:
    scanned = PerformanceChoice(project_id=PROJECT, contract_id=UUID(int=250), scans=SCAN)
    saved = Record.StepSaved(
        act=the.CLERK, step="performance", choices=the.wizard(performances=(scanned,))
    )
    now = record(*back("/performances/0/scans"), saved)
    sent = now.sent
    chosen = draft(now)
    assert sent
    assert chosen
    found = difference(Compared(now, sent), chosen)
    [change] = found.changes
    assert (change.pointer, change.point and change.point.pointer) == (
        *("/performances/0/scans", "/performances/0/scans"),
    )
    assert [(each.pointer, each.corrected) for each in found.points] == [
        ("/performances/0/scans", True)
    ]
    assert found.points[0].label.zh == "企业业绩1“示范办公楼设计”·扫描件"


def test_a_point_that_was_answered_and_not_corrected_says_so() -> None:
    now = record(*back("/persons/1"))
    assert now.sent
    answers = (Answer(pointer="/people/persons/1", text="证书在有效期内"),)
    found = difference(Compared(now, now.sent), Compared(now, now.sent, answers))
    [point] = found.points
    assert (point.corrected, point.answer) == (False, "证书在有效期内")


def test_before_the_first_generation_there_is_no_draft_to_compare() -> None:
    assert draft(record()) is None
