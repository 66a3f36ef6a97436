"""A record, with its sources as they stand."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from libs.events.refusal import Finding
from libs.events.testing import given
from services.assessment.records.domain import sending
from services.assessment.records.domain.actions import actions
from services.assessment.records.domain.record import Record
from services.assessment.records.domain.status import Status
from services.assessment.wizard.domain import choosing, generating
from services.assessment.wizard.domain.sources import Sources
from tests.assessment import given as the
from tests.assessment.given import CLERK, DECISION, OFFICER
from tests.assessment.test_course import (
    ANNOUNCED_FAIL,
    AT_CITY,
    AT_PROVINCE,
    CONCLUDED,
    PASSED,
    PUBLISHED,
    WAITING,
)
from tests.offers.offer import READ, Offer

RECTIFYING = (
    *ANNOUNCED_FAIL,
    Record.AssessmentInRectification(act=OFFICER, deadline=date(2025, 1, 16)),
)
RECHECK = (*RECTIFYING, Record.AssessmentInRecheck(act=OFFICER))
PROPOSED = (*RECHECK, Record.AssessmentWithdrawalProposed(act=OFFICER))
STEPS = [
    Record.StepSaved(act=CLERK, step="people", choices=the.wizard()),
]
STORIES: dict[str, tuple[Any, ...]] = {
    "started": (the.started(),),
    "chosen": (the.started(), *STEPS),
    "generated": WAITING[:-1],
    "sent": WAITING,
    "at the city": AT_CITY,
    "visited": (
        *AT_CITY,
        Record.AssessmentOnsiteOrdered(act=OFFICER, round=1, decision=DECISION, level="CITY"),
    ),
    "returned": (*AT_CITY, the.returned()),
    "corrected": (*AT_CITY, the.returned(), *the.made(2, the.wizard(1), Status.RETURNED)),
    "withdrawn": (*WAITING, Record.AssessmentWithdrawn(act=CLERK, round=1)),
    "passed": PASSED,
    "at the province": AT_PROVINCE,
    "with experts": (
        *AT_PROVINCE,
        Record.AssessmentEscalated(act=OFFICER, round=1, decision=DECISION),
    ),
    "concluded": CONCLUDED,
    "published": PUBLISHED,
    "objected": (*PUBLISHED, Record.AssessmentObjected(act=OFFICER)),
    "announced": ANNOUNCED_FAIL,
    "rectifying": RECTIFYING,
    "rechecked": RECHECK,
    "withdrawal proposed": PROPOSED,
    "closed": (*PROPOSED, Record.AssessmentClosed(act=OFFICER)),
}
SOURCES: dict[str, Sources] = {
    "as they were": the.sources(),
    "one person gone": the.sources(
        people={the.PEOPLE[1]: the.person(1), the.PEOPLE[2]: the.person(2, released=True)}
    ),
    "nothing filed": the.sources(enterprise=None, filed_as=None),
    "campaign closed": the.sources(campaign=the.campaign(opened=False).facts),
}


def records() -> Iterator[Offer]:
    for story, past in STORIES.items():
        for kind, sources in SOURCES.items():
            record = given(Record, *past).aggregate
            yield Offer(
                f"record: {story}, sources {kind}",
                record.status,
                record,
                actions(
                    record,
                    generating=_against_generating(record, sources),
                    sending=_against_sending(record, sources),
                ),
                _acts(sources),
            )


def _acts(sources: Sources) -> dict[str, Any]:
    return {
        "save": _save,
        "generate": lambda r: _generate(r, sources),
        "send": lambda r: _send(r, sources),
        "withdraw": lambda r: sending.ask_withdrawal(r, CLERK),
    }


def _save(record: Record) -> None:
    """The step of the staff as it is: nothing is opened that was not returned."""
    wizard = record.wizard
    choosing.save_step(record, CLERK, "people", wizard, available=wizard)


def _against_generating(record: Record, sources: Sources) -> list[Finding]:
    return generating.findings_before_generating(record) or _choices(record, sources).findings


def _choices(record: Record, sources: Sources) -> generating.JudgedChoices:
    return generating.judged_choices(record, sources, CLERK.today)


def _generate(record: Record, sources: Sources) -> None:
    made = _choices(record, sources)
    generating.refuse_generating(record, made.findings)
    frozen = generating.freeze(sources, made.wizard, made.judged, made.findings)
    generating.generate(record, CLERK, *frozen)


def _against_sending(
    record: Record, sources: Sources, acknowledged: tuple[str, ...] = ()
) -> list[Finding]:
    own = sending.findings_before_sending(record)
    return [*own, *_of_sources(record, sources, acknowledged)]


def _of_sources(record: Record, sources: Sources, acknowledged: tuple[str, ...]) -> list[Finding]:
    if (ready := record.ready) is None:
        return []
    today, persons = CLERK.today, ready.persons
    return sources.before_sending(ready.snapshot, persons, record.state, today, acknowledged)


def _send(record: Record, sources: Sources) -> None:
    findings = _of_sources(record, sources, READ)
    sending.send(record, CLERK, the.SENDER, the.TERMS, "R", findings=findings, acknowledged=READ)
