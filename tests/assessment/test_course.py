"""The course of a sent record: only review's events move it, and only along the book's moves."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from libs.events.testing import given
from libs.filing.filing import Decision
from libs.filing.transitions import transitions
from services.assessment.course.domain import publishing, rectifying, reviewing
from services.assessment.records.domain import sending
from services.assessment.records.domain.experts import is_before
from services.assessment.records.domain.record import Record
from services.assessment.records.domain.status import MOVES, Status
from tests.assessment import given as the
from tests.assessment.given import DECISION, OFFICER

WAITING = (the.started(), *the.made(), the.sent())
AT_CITY = (*WAITING, the.opened())
PASSED = (
    *AT_CITY,
    Record.AssessmentCityPassed(act=OFFICER, round=1, decision=DECISION, opinion=Decision.PASS),
)
AT_PROVINCE = (*PASSED, the.opened("PROV"))
CONCLUDED = (
    *AT_PROVINCE,
    Record.AssessmentConcluded(act=OFFICER, round=1, decision=DECISION, result="PASS"),
)
PUBLISHED = (*CONCLUDED, Record.AssessmentPublished(act=OFFICER, last_day=date(2024, 10, 15)))
ANNOUNCED_FAIL = (
    *PUBLISHED,
    Record.AssessmentAnnounced(act=OFFICER, result="FAIL", announced_on=date(2024, 10, 16)),
)


def status_after(*past: Record.Event) -> Status:
    return Status(given(Record, *past).aggregate.status)


@pytest.mark.parametrize("opinion", [Decision.PASS, Decision.FAIL])
def test_the_city_s_opinion_leads_to_the_province_whatever_it_is(opinion: Decision) -> None:
    passed = Record.AssessmentCityPassed(act=OFFICER, round=1, decision=DECISION, opinion=opinion)
    given(Record, *AT_CITY).when(reviewing.decide, OFFICER, the.ruling(opinion), as_sent=True).then(
        passed
    )


def test_a_return_names_its_items_and_the_last_day_of_correction() -> None:
    ruling = the.ruling(Decision.RETURN, items=(the.item("/persons/1"),), comment="请核对")
    given(Record, *AT_CITY).when(reviewing.decide, OFFICER, ruling, as_sent=True).then(
        the.returned()
    )


def test_the_province_concludes_with_the_result_that_a_person_set() -> None:
    concluded = Record.AssessmentConcluded(act=OFFICER, round=1, decision=DECISION, result="BASIC")
    given(Record, *AT_PROVINCE).when(
        reviewing.decide, OFFICER, the.ruling(Decision.PASS, "PROV", result="BASIC"), as_sent=True
    ).then(concluded)


@pytest.mark.parametrize(
    ("past", "ruling"),
    [
        (AT_CITY, the.ruling(Decision.PASS, "PROV")),  # not at that level
        (AT_CITY, the.ruling(Decision.ESCALATE)),  # no place for it at the city
        (WAITING, the.ruling(Decision.PASS)),  # not opened
        (AT_CITY, the.ruling(Decision.PASS, round=2)),
        (CONCLUDED, the.ruling(Decision.PASS, "PROV")),
    ],
)
def test_a_decision_without_its_place_is_not_applied(
    past: tuple[Record.Event, ...], ruling: Any
) -> None:
    not_applied = Record.DecisionNotApplied(act=OFFICER, round=ruling.round, decision=DECISION)
    given(Record, *past).when(reviewing.decide, OFFICER, ruling, as_sent=True).then(not_applied)


def test_a_decision_on_other_bytes_is_not_applied() -> None:
    not_applied = Record.DecisionNotApplied(act=OFFICER, round=1, decision=DECISION)
    given(Record, *AT_CITY).when(
        reviewing.decide, OFFICER, the.ruling(Decision.PASS), as_sent=False
    ).then(not_applied)


@pytest.mark.parametrize(("past", "level"), [(AT_CITY, "CITY"), (AT_PROVINCE, "PROV")])
def test_after_an_inspection_the_record_is_back_where_it_was_ordered(
    past: tuple[Record.Event, ...], level: str
) -> None:
    ordered = Record.AssessmentOnsiteOrdered(act=OFFICER, round=1, decision=DECISION, level=level)
    before = status_after(*past)
    done = Record.AssessmentOnsiteDone(act=OFFICER, round=1, status=before)
    given(Record, *past, ordered).when(reviewing.record_onsite, OFFICER, 1).then(done)
    assert status_after(*past, ordered, done) is before


def test_a_return_that_nobody_corrects_lapses_to_the_level_that_returned_it() -> None:
    lapsed = Record.AssessmentReturnLapsed(act=OFFICER, round=1, status=Status.CITY_REVIEW)
    given(Record, *AT_CITY, the.returned()).when(reviewing.lapse, OFFICER, 1).then(lapsed)


def test_experts_are_heard_and_the_province_goes_on() -> None:
    escalated = Record.AssessmentEscalated(act=OFFICER, round=1, decision=DECISION)
    given(Record, *AT_PROVINCE).when(
        reviewing.decide, OFFICER, the.ruling(Decision.ESCALATE, "PROV"), as_sent=True
    ).then(escalated)
    named = Record.AssessmentExpertNamed(act=OFFICER, round=1, expert="expert")
    given(Record, *AT_PROVINCE, escalated).when(reviewing.name_expert, OFFICER, 1, "expert").then(
        named
    )
    before = given(Record, *AT_PROVINCE, escalated, named).aggregate
    assert [is_before(before, each) for each in ("expert", "another", "")] == [True, False, False]
    heard = Record.AssessmentExpertHeard(act=OFFICER, round=1)
    again = given(Record, *AT_PROVINCE, escalated, named, heard, escalated).aggregate
    assert not is_before(again, "expert"), "asked anew, nobody is named yet"
    given(Record, *AT_PROVINCE).when(reviewing.name_expert, OFFICER, 1, "expert").then()
    given(Record, *AT_PROVINCE, escalated).when(reviewing.hear_expert, OFFICER, 1).then(
        Record.AssessmentExpertHeard(act=OFFICER, round=1)
    )


@pytest.mark.parametrize(
    ("upheld", "after"), [(False, Status.PUBLICITY), (True, Status.PROV_REVIEW)]
)
def test_an_objection_upheld_reopens_the_review_dismissed_the_publicity_goes_on(
    upheld: bool, after: Status
) -> None:
    objected = Record.AssessmentObjected(act=OFFICER)
    closed = Record.AssessmentObjectionClosed(act=OFFICER, upheld=upheld)
    given(Record, *PUBLISHED, objected).when(
        publishing.close_objection, OFFICER, upheld=upheld
    ).then(closed)
    assert status_after(*PUBLISHED, objected, closed) is after


@pytest.mark.parametrize("result", ["PASS", "BASIC"])
def test_who_passed_is_closed_with_the_announcement(result: str) -> None:
    announced = Record.AssessmentAnnounced(
        act=OFFICER, result=result, announced_on=date(2024, 10, 16)
    )
    given(Record, *PUBLISHED).when(publishing.announce, OFFICER, result, date(2024, 10, 16)).then(
        announced, Record.AssessmentClosed(act=OFFICER)
    )


def test_a_report_is_rechecked_beside_what_the_enterprise_has_then() -> None:
    ordered = Record.AssessmentInRectification(act=OFFICER, deadline=date(2025, 1, 16))
    measured = the.sources().measured(OFFICER.today)
    given(Record, *ANNOUNCED_FAIL, ordered).when(rectifying.report, OFFICER, measured).then(
        Record.AssessmentInRecheck(act=OFFICER, measured=measured)
    )
    given(Record, *ANNOUNCED_FAIL).when(rectifying.report, OFFICER, measured).then()


def test_who_failed_is_announced_and_waits_for_the_order_to_rectify() -> None:
    given(Record, *PUBLISHED).when(publishing.announce, OFFICER, "FAIL", date(2024, 10, 16)).then(
        ANNOUNCED_FAIL[-1]
    )
    ordered = Record.AssessmentInRectification(act=OFFICER, deadline=date(2025, 1, 16))
    given(Record, *ANNOUNCED_FAIL).when(rectifying.rectify, OFFICER, date(2025, 1, 16)).then(
        ordered
    )


ACTS: dict[str, Any] = {
    "withdraw": lambda r: sending.grant_withdrawal(r, OFFICER, r.round),
    "take_city": lambda r: reviewing.open_review(r, OFFICER, r.round, "CITY"),
    "take_province": lambda r: reviewing.open_review(r, OFFICER, r.round, "PROV"),
    "opinion": lambda r: reviewing.hear_expert(r, OFFICER, r.round),
    "minutes": lambda r: reviewing.record_onsite(r, OFFICER, r.round),
    "lapse": lambda r: reviewing.lapse(r, OFFICER, r.round),
    "publish": lambda r: publishing.publish(r, OFFICER, date(2024, 10, 15)),
    "object": lambda r: publishing.object_to(r, OFFICER),
    "dismiss": lambda r: publishing.close_objection(r, OFFICER, upheld=False),
    "uphold": lambda r: publishing.close_objection(r, OFFICER, upheld=True),
    "announce": lambda r: publishing.announce(r, OFFICER, "FAIL", date(2024, 10, 16)),
    "order_rectification": lambda r: rectifying.rectify(r, OFFICER, date(2025, 1, 16)),
    "report": lambda r: rectifying.report(r, OFFICER, the.sources().measured(OFFICER.today)),
    "propose_withdrawal": lambda r: rectifying.propose_withdrawal(r, OFFICER),
    "close": lambda r: rectifying.close(r, OFFICER),
    **{
        f"{taken} at {level}": lambda r, taken=taken, level=level: reviewing.decide(
            r, OFFICER, the.ruling(taken, level, r.round), as_sent=True
        )
        for taken in Decision
        for level in ("CITY", "PROV")
    },
}
KNOWN = {(each.from_, each.to) for each in transitions(MOVES)}


@settings(max_examples=200)
@examples(st.lists(st.sampled_from(sorted(ACTS)), max_size=25))
def test_whatever_review_says_the_record_moves_only_along_the_book_s_moves(acts: list[str]) -> None:
    record = given(Record, *WAITING).aggregate
    for act in acts:
        before = record.status
        ACTS[act](record)
        assert record.status == before or (before, record.status) in KNOWN, act
