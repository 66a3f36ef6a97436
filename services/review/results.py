"""Read models of what comes after the review of records: conclusions, publicities,
rectifications.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from libs.events.projection import Projection
from libs.events.readmodel import Change, ReadModel
from libs.events.records import Recorded
from services.review.domain.case import Case
from services.review.domain.publicity import Publicity, Standing
from services.review.domain.rectification import Rectification, Status


@dataclass(frozen=True)
class ConclusionRow:
    record: UUID
    case_id: UUID
    proposal: str
    result: str
    overridden: bool
    proposed_at: datetime
    announced: bool
    approved_at: datetime | None = None
    publicity: UUID | None = None


conclusions = ReadModel("conclusions", ConclusionRow, key=("record",))


@dataclass(frozen=True)
class PublicityRow:
    id: UUID
    standing: str
    first_day: date
    last_day: date
    announced_on: date | None = None


publicities = ReadModel("publicities", PublicityRow)


@dataclass(frozen=True)
class PublicityResultRow:
    publicity: UUID
    record: UUID
    enterprise: UUID
    uscc: str
    enterprise_name: str
    result: str
    removed: bool


publicity_results = ReadModel("publicity_results", PublicityResultRow, key=("publicity", "record"))


@dataclass(frozen=True)
class RectificationRow:
    id: UUID
    record: UUID
    enterprise: UUID
    uscc: str
    enterprise_name: str
    unit: str
    notice_date: date
    deadline: date
    status: str
    settled: bool


rectifications = ReadModel("rectifications", RectificationRow)


results = Projection(
    "review.results", [conclusions, publicities, publicity_results, rectifications]
)


@conclusions.on(Case.ConclusionProposed)
def _proposed(e: Case.ConclusionProposed, at: Recorded) -> Iterator[Change]:
    yield conclusions.put(
        ConclusionRow(
            record=e.record,
            case_id=at.stream,
            proposal=e.proposal,
            result=e.result,
            overridden=bool(e.override_reason),
            proposed_at=e.act.at,
            approved_at=None,
            publicity=None,
            announced=False,
        )
    )


@conclusions.on(Case.ConclusionApproved)
def _approved(e: Case.ConclusionApproved, at: Recorded) -> Iterator[Change]:
    yield conclusions.change(record=e.subject_id, approved_at=e.act.at)


@conclusions.on(Case.ResultPublished)
def _published(e: Case.ResultPublished, at: Recorded) -> Iterator[Change]:
    yield conclusions.change(record=e.record, publicity=e.publicity)


@conclusions.on(Case.CaseReopened)
def _reopened(e: Case.CaseReopened, at: Recorded) -> Iterator[Change]:
    """It stays as what was concluded once, until there is another."""
    yield conclusions.change(record=e.record, approved_at=None, publicity=None)


@conclusions.on(Case.ResultSettled)
def _settled(e: Case.ResultSettled, at: Recorded) -> Iterator[Change]:
    yield conclusions.change(record=e.record, announced=True)


@publicities.on(Publicity.PublicityOpened)
def _opened(e: Publicity.PublicityOpened, at: Recorded) -> Iterator[Change]:
    yield publicities.put(
        PublicityRow(
            id=at.stream,
            standing=Standing.OPEN,
            first_day=e.first_day,
            last_day=e.last_day,
            announced_on=None,
        )
    )


@publicity_results.on(Publicity.PublicityOpened)
def _results_shown(e: Publicity.PublicityOpened, at: Recorded) -> Iterator[Change]:
    for each in e.results:
        yield publicity_results.put(
            PublicityResultRow(publicity=at.stream, **each.model_dump(), removed=False)
        )


@publicity_results.on(Publicity.ObjectionClosed)
def _objection_closed(e: Publicity.ObjectionClosed, at: Recorded) -> Iterator[Change]:
    if e.upheld:
        yield publicity_results.change(publicity=at.stream, record=e.record, removed=True)


@publicities.on(Publicity.ResultAnnounced)
def _announced(e: Publicity.ResultAnnounced, at: Recorded) -> Iterator[Change]:
    yield publicities.change(id=at.stream, standing=Standing.ANNOUNCED, announced_on=e.announced_on)


@rectifications.on(Rectification.RectificationOrdered)
def _ordered(e: Rectification.RectificationOrdered, at: Recorded) -> Iterator[Change]:
    yield rectifications.put(
        RectificationRow(
            id=at.stream,
            record=e.record,
            enterprise=e.enterprise,
            uscc=e.uscc,
            enterprise_name=e.enterprise_name,
            unit=e.unit,
            notice_date=e.notice_date,
            deadline=e.deadline,
            status=Status.NOTIFIED,
            settled=False,
        )
    )


@rectifications.on(Rectification.RectificationReported)
def _reported(e: Rectification.RectificationReported, at: Recorded) -> Iterator[Change]:
    yield rectifications.change(id=at.stream, status=Status.SUBMITTED)


@rectifications.on(Rectification.RectificationAccepted)
def _accepted(e: Rectification.RectificationAccepted, at: Recorded) -> Iterator[Change]:
    yield rectifications.change(id=at.stream, status=Status.ACCEPTED, settled=True)


@rectifications.on(Rectification.RectificationReopened)
def _report_reopened(e: Rectification.RectificationReopened, at: Recorded) -> Iterator[Change]:
    yield rectifications.change(id=at.stream, status=Status.IN_PROGRESS)


@rectifications.on(Rectification.RectificationRefused)
def _refused(e: Rectification.RectificationRefused, at: Recorded) -> Iterator[Change]:
    yield rectifications.change(id=at.stream, status=Status.REFUSED)


@rectifications.on(Rectification.QualificationWithdrawalProposed)
def _withdrawal_proposed(
    e: Rectification.QualificationWithdrawalProposed, at: Recorded
) -> Iterator[Change]:
    yield rectifications.change(id=at.stream, status=Status.WITHDRAW_PROPOSED)


@rectifications.on(Rectification.WithdrawalSettled)
def _withdrawal_settled(e: Rectification.WithdrawalSettled, at: Recorded) -> Iterator[Change]:
    yield rectifications.change(
        id=at.stream,
        status=Status.WITHDRAWN if e.withdrawn else Status.WITHDRAW_PROPOSED,
        settled=True,
    )
