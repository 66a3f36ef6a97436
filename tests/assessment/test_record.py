"""An assessment record, from 添加 to 发送 and back: given / when / then."""

from uuid import UUID

import pytest

from libs.events.refusal import Finding, Severity
from libs.events.testing import given
from libs.filing.catalogue import finding, texts_of
from libs.filing.content.record import PerformanceChoice
from libs.filing.content.scan import ScanRef
from libs.filing.filing import Answer, Decision
from services.assessment.course.domain import reviewing
from services.assessment.drifts import domain as drifts
from services.assessment.records.domain import sending
from services.assessment.records.domain.record import Record
from services.assessment.records.domain.rounds import Drift
from services.assessment.records.domain.snapshot import digest, parts
from services.assessment.records.domain.status import Status
from services.assessment.wizard.domain import choosing, generating
from tests.assessment import given as the
from tests.assessment.given import CLERK, OFFICER, PEOPLE, PROJECT
from tests.filing.given import scan

WAITING = (the.started(), *the.made(), the.sent())
AT_CITY = (*WAITING, the.opened())
BACK = (*AT_CITY, the.returned())


def real(*scans: ScanRef) -> PerformanceChoice:
    """The project as it is chosen, with other scans."""
    [chosen] = the.wizard().performance.performances
    return chosen.model_copy(update={"scans": scans})


def test_a_record_is_generated_from_what_was_chosen_and_names_every_fact_by_version_and_hash() -> (
    None
):
    snapshot, persons = the.generation()
    given(Record, the.started()).when(generating.generate, CLERK, snapshot, persons).then(
        *the.made()
    )
    assert snapshot.enterprise.sent == the.ref(the.ENTERPRISE)
    assert [each.sent for each in persons] == [the.ref(PEOPLE[1]), the.ref(PEOPLE[2])]
    assert [(each.project, each.contract.version) for each in snapshot.performances] == [
        (the.ref(PROJECT), 1)
    ]


def test_regenerating_writes_a_further_generation_and_keeps_the_earlier() -> None:
    snapshot, persons = the.generation(the.wizard(1))
    scenario = given(Record, the.started(), *the.made()).when(
        generating.generate, CLERK, snapshot, persons
    )
    scenario.then(*the.made(2, the.wizard(1)))
    assert [len(each.persons) for each in scenario.aggregate.generations] == [2, 1]
    assert scenario.aggregate.wizard == the.wizard(1)


def test_persons_of_a_large_record_are_frozen_in_parts_and_the_digest_closes_them() -> None:
    _, persons = the.generation()
    many = [persons[0].model_copy(update={"person_id": UUID(int=1000 + n)}) for n in range(450)]
    assert [len(each) for each in parts(many)] == [200, 200, 50]
    snapshot = the.generation()[0]
    assert digest(snapshot, many) != digest(snapshot, many[:-1])


def test_what_blocks_refuses_to_generate_and_warnings_do_not() -> None:
    record = given(Record, the.started()).aggregate
    generating.refuse_generating(record, [the.warned()])
    given(Record, the.started()).when(
        generating.refuse_generating, [finding("A02"), the.warned()]
    ).then_refused("A02")


@pytest.mark.parametrize("past", [WAITING, AT_CITY])
def test_a_sent_record_is_neither_changed_nor_generated_again(
    past: tuple[Record.Event, ...],
) -> None:
    given(Record, *past).when(generating.generate, CLERK, *the.generation()).then_refused("A16")
    given(Record, *past).when(
        choosing.save_step, CLERK, "people", the.wizard(1), available=the.wizard()
    ).then_refused("E24")


def test_a_generated_record_is_sent_with_a_receipt_once() -> None:
    scenario = given(Record, the.started(), *the.made())
    scenario.when(
        sending.send, CLERK, the.SENDER, the.TERMS, "410100-20240910-7K3M9QXZ", findings=()
    ).then(the.sent())
    record = scenario.aggregate
    assert sending.was_sent_from(record, record.sent_version - 1)
    assert record.claimed == {"key-1", "key-2"}


def test_a_scan_that_is_saved_after_the_generation_is_sent_and_named() -> None:
    bare = the.wizard(performances=(real(),))
    saved = Record.StepSaved(act=CLERK, step="performance", choices=the.wizard())
    record = given(Record, the.started(), *the.made(1, bare), saved).aggregate
    sending.send(record, CLERK, the.SENDER, the.TERMS, "1", findings=())
    [event] = record.collect_events()
    assert "/performances/0/scans" in [each.pointer for each in event.slots]
    assert record.sent.snapshot.choices == the.wizard()
    assert record.latest.snapshot.choices == bare


def test_what_else_is_saved_after_the_generation_waits_for_the_next() -> None:
    dropped = Record.StepSaved(act=CLERK, step="people", choices=the.wizard(1))
    other = the.wizard(performances=(PerformanceChoice(project_id=the.PLACEHOLDER),))
    another = Record.StepSaved(act=CLERK, step="performance", choices=other)
    record = given(Record, the.started(), *the.made(), dropped, another).aggregate
    assert record.ready.snapshot.choices == the.wizard()


def test_a_round_of_an_earlier_commit_has_its_slots_as_they_were_generated() -> None:
    bare = the.wizard(performances=(real(),))
    saved = Record.StepSaved(act=CLERK, step="performance", choices=the.wizard())
    past = (the.started(), *the.made(1, bare), saved, the.sent(slots=None))
    assert given(Record, *past).aggregate.sent.snapshot.choices == bare


def test_after_a_return_a_scan_in_its_slot_answers_the_point_without_a_generation() -> None:
    corrected = the.wizard(performances=(real(scan("ASM_PERF", 9)),))
    back = (*AT_CITY, the.returned(the.item("/performances/0/scans")))
    assert sending.findings_before_sending(given(Record, *back).aggregate)
    saved = Record.StepSaved(act=CLERK, step="performance", choices=corrected)
    record = given(Record, *back, saved).aggregate
    assert sending.findings_before_sending(record) == []
    sending.send(record, CLERK, the.SENDER, the.TERMS, "1", findings=())
    assert record.sent.snapshot.choices.performance == corrected.performance


def test_a_record_that_was_never_generated_cannot_be_sent() -> None:
    given(Record, the.started()).when(
        sending.send, CLERK, the.SENDER, the.TERMS, "1", findings=()
    ).then_refused("A15")
    [found] = sending.findings_before_sending(given(Record, the.started()).aggregate)
    assert texts_of(found).zh == "尚未生成考核数据，请先生成"


def test_a_warning_must_be_acknowledged_and_the_acknowledgement_is_kept() -> None:
    past, warning = (the.started(), *the.made()), the.warned()
    given(Record, *past).when(
        sending.send, CLERK, the.SENDER, the.TERMS, "1", findings=[warning]
    ).then_refused("A13")
    found = given(Record, *past).aggregate
    sending.send(
        found, CLERK, the.SENDER, the.TERMS, "1", findings=[warning], acknowledged=("A13",)
    )
    (event,) = found.collect_events()
    assert (event.acknowledged, [each.rule for each in event.findings]) == (("A13",), ["A13"])


def test_findings_for_the_reviewer_travel_with_the_sending_and_refuse_nothing() -> None:
    found = given(Record, the.started(), *the.made()).aggregate
    sending.send(
        found,
        CLERK,
        the.SENDER,
        the.TERMS,
        "1",
        findings=(),
        for_review=[Finding(rule="A12", severity=Severity.REVIEW, pointer="/persons/0")],
    )
    assert [each.rule for each in found.collect_events()[0].findings] == ["A12"]


def test_a_withdrawn_record_frees_its_persons_and_can_be_sent_again_with_the_same_receipt() -> None:
    withdrawn = Record.AssessmentWithdrawn(act=OFFICER, round=1)
    record = given(Record, *WAITING, withdrawn).aggregate
    assert record.claimed == frozenset()
    given(Record, *WAITING, withdrawn).when(
        sending.send, CLERK, the.SENDER, the.TERMS, "another", findings=()
    ).then(the.sent(2))


def test_the_enterprise_asks_for_it_back_once_and_only_before_anybody_opened_it() -> None:
    asked = Record.WithdrawalAsked(act=CLERK, round=1)
    given(Record, *WAITING).when(sending.ask_withdrawal, CLERK).then(asked)
    given(Record, *WAITING, asked).when(sending.ask_withdrawal, CLERK).then()
    given(Record, *AT_CITY).when(sending.ask_withdrawal, CLERK).then_refused("E25")


def test_a_return_opens_only_the_step_that_was_returned() -> None:
    fewer = the.wizard(1)
    given(Record, *BACK).when(
        choosing.save_step, CLERK, "people", fewer, available=the.wizard()
    ).then(Record.StepSaved(act=CLERK, step="people", choices=fewer))
    other = the.wizard(performances=(PerformanceChoice(project_id=the.PLACEHOLDER),))
    given(Record, *BACK).when(
        choosing.save_step, CLERK, "performance", other, available=the.wizard()
    ).then_refused("E28")


def test_dropping_what_can_no_longer_be_chosen_is_no_new_choice() -> None:
    without = the.wizard(performances=())
    past = (*AT_CITY, the.returned(the.item("/si_proofs")))
    given(Record, *past).when(
        choosing.save_step, CLERK, "performance", without, available=without
    ).then(Record.StepSaved(act=CLERK, step="performance", choices=without))


def test_a_returned_point_must_be_changed_or_answered_before_it_is_sent_again() -> None:
    again = (*BACK, *the.made(2, the.wizard(), Status.RETURNED))
    given(Record, *again).when(
        sending.send, CLERK, the.SENDER, the.TERMS, "1", findings=()
    ).then_refused("V14")
    answer = Answer(pointer="/persons/1", text="证书编号无误，见扫描件")
    scenario = given(Record, *again).when(
        sending.send, CLERK, the.SENDER, the.TERMS, "1", findings=(), answers=(answer,)
    )
    scenario.then(the.sent(2, 2, answers=(answer,)))


@pytest.mark.parametrize(
    ("pointer", "numbers", "dealt_with"),
    [
        ("/persons/1", (1,), True),
        ("/persons/0", (1,), False),
        ("/persons", (1, 2, 3), True),
        ("/persons/1/title", (2, 3), False),
        ("/performances", (1,), False),
        ("/si_proofs", (1,), True),
    ],
)
def test_a_returned_point_is_dealt_with_when_what_stood_there_has_changed(
    pointer: str, numbers: tuple[int, ...], dealt_with: bool
) -> None:
    people = {PEOPLE[number]: the.person(number) for number in (1, 2, 3)}
    record = given(Record, *AT_CITY, the.returned(the.item(pointer))).aggregate
    generating.generate(
        record, CLERK, *the.generation(the.wizard(*numbers), the.sources(people=people))
    )
    assert (sending.findings_before_sending(record) == []) is dealt_with


def test_staff_chosen_anew_after_a_return_is_told_to_review() -> None:
    changed = the.made(2, the.wizard(1), Status.RETURNED)
    record = given(Record, *BACK, *changed).aggregate
    sending.send(record, CLERK, the.SENDER, the.TERMS, "1", findings=())
    (event,) = record.collect_events()
    assert (event.round, event.rechosen, event.receipt_no) == (2, True, "410100-20240910-7K3M9QXZ")


def test_pressing_twice_is_told_from_another_version() -> None:
    record = given(Record, *WAITING).aggregate
    assert [
        sending.was_sent_from(record, version)
        for version in (None, record.version, record.version - 1)
    ] == [False, False, True]


@pytest.mark.parametrize(
    ("tell", "drift"),
    [
        (
            lambda record: drifts.hear_of_person(record, OFFICER, PEOPLE[2], 2),
            Drift(pointer="/persons/1", version=1, now=2),
        ),
        (
            lambda record: drifts.hear_of_person(record, OFFICER, PEOPLE[1], None),
            Drift(pointer="/persons/0", version=1, now=None),
        ),
        (
            lambda record: drifts.hear_of_project(record, OFFICER, PROJECT, None),
            Drift(pointer="/performances/0", version=1, now=None),
        ),
        (
            lambda record: drifts.hear_of_enterprise(record, OFFICER, 2),
            Drift(pointer="/enterprise", version=1, now=2),
        ),
    ],
)
def test_a_source_that_moves_after_the_sending_is_told_and_the_snapshot_stays(
    tell: object, drift: Drift
) -> None:
    scenario = given(Record, *WAITING).when(tell)  # type: ignore[arg-type]
    before = scenario.aggregate.latest.sha256
    scenario.then(Record.SnapshotDrifted(act=OFFICER, round=1, drifts=(drift,)))
    assert scenario.aggregate.latest.sha256 == before


def test_what_the_snapshot_has_already_or_was_not_sent_is_no_news() -> None:
    given(Record, *WAITING).when(drifts.hear_of_person, OFFICER, PEOPLE[2], 1).then()
    given(Record, *WAITING).when(drifts.hear_of_person, OFFICER, PEOPLE[9], 2).then()
    given(Record, the.started(), *the.made()).when(
        drifts.hear_of_person, OFFICER, PEOPLE[2], 2
    ).then()


def test_a_record_compared_again_after_the_sending_tells_what_moved_meanwhile() -> None:
    moved = the.sources(people={PEOPLE[1]: the.person(1, version=2), PEOPLE[2]: the.person(2)})
    drift = Drift(pointer="/persons/0", version=1, now=2)
    given(Record, *WAITING).when(drifts.compare, OFFICER, moved).then(
        Record.SnapshotDrifted(act=OFFICER, round=1, drifts=(drift,))
    )
    given(Record, *WAITING).when(drifts.compare, OFFICER, the.sources()).then()


def test_a_decision_on_a_round_that_is_not_awaited_changes_nothing() -> None:
    refused = Record.DecisionNotApplied(act=OFFICER, round=1, decision=the.DECISION)
    again = (
        *BACK,
        *the.made(2, the.wizard(1), Status.RETURNED),
        the.sent(2, 2, rechosen=True),
        the.opened(round=2),
    )
    scenario = given(Record, *again).when(
        reviewing.decide, OFFICER, the.ruling(Decision.PASS, round=1), as_sent=True
    )
    scenario.then(refused)
    assert scenario.aggregate.status is Status.CITY_REVIEW
