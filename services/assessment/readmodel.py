"""Lists of campaigns and records, from the service's own log."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from libs.events.projection import Projection
from libs.events.readmodel import Change, ReadModel
from libs.events.records import Recorded
from libs.events.rows import Json
from services.assessment.domain.campaign import Campaign, Phase
from services.assessment.domain.record import Generated, Record
from services.assessment.domain.status import UNDER_REVIEW, Status


@dataclass(frozen=True)
class CampaignRow:
    id: UUID
    year: int
    title: str
    phase: str
    first_day: date
    last_day: date
    absent: list[UUID]


campaigns = ReadModel("campaigns", CampaignRow)


@dataclass(frozen=True)
class RecordRow:
    id: UUID
    campaign: UUID
    enterprise: UUID
    record_no: str
    status: str
    round: int
    generation: int
    started_at: datetime
    receipt_no: str | None = None
    sent_at: datetime | None = None
    result: str | None = None


records = ReadModel("records", RecordRow, indexes={"records_by_campaign": "(campaign, record_no)"})


@dataclass(frozen=True)
class ClaimedStagesRow:
    record: UUID
    claims: Json


claimed_stages = ReadModel("claimed_stages", ClaimedStagesRow, key=("record",))


lists = Projection("assessment.lists", [campaigns, records, claimed_stages])


@campaigns.on(Campaign.CampaignPlanned)
def _planned(e: Campaign.CampaignPlanned, at: Recorded) -> Iterator[Change]:
    first, last = e.settings.submission_window
    yield campaigns.put(
        CampaignRow(
            id=at.stream,
            year=e.settings.year,
            title=e.settings.title,
            phase=Phase.PLANNED,
            first_day=first,
            last_day=last,
            absent=[],
        )
    )


@campaigns.on(Campaign.CampaignChanged)
def _changed(e: Campaign.CampaignChanged, at: Recorded) -> Iterator[Change]:
    first, last = e.settings.submission_window
    yield campaigns.change(
        id=at.stream,
        year=e.settings.year,
        title=e.settings.title,
        first_day=first,
        last_day=last,
    )


@records.on(Record.AssessmentGenerated, Record.AssessmentRegenerated)
def _generated(e: Generated, at: Recorded) -> Iterator[Change]:
    yield records.change(id=at.stream, status=e.status, generation=e.generation)


@claimed_stages.on(Record.AssessmentGenerated, Record.AssessmentRegenerated)
def _claimed(e: Generated, at: Recorded) -> Iterator[Change]:
    claims = [list(claim) for each in e.snapshot.performances for claim in each.claims]
    yield claimed_stages.put(ClaimedStagesRow(record=at.stream, claims=claims))


@campaigns.on(Campaign.CampaignOpened)
def _opened(e: Campaign.CampaignOpened, at: Recorded) -> Iterator[Change]:
    yield campaigns.change(id=at.stream, phase=Phase.OPEN)


@campaigns.on(Campaign.CampaignClosed)
def _closed(e: Campaign.CampaignClosed, at: Recorded) -> Iterator[Change]:
    yield campaigns.change(
        id=at.stream, phase=Phase.CLOSED, absent=[str(each) for each in e.absent]
    )


@records.on(Record.AssessmentStarted)
def _started(e: Record.AssessmentStarted, at: Recorded) -> Iterator[Change]:
    yield records.put(
        RecordRow(
            id=at.stream,
            campaign=e.campaign,
            enterprise=e.enterprise,
            record_no=e.record_no,
            status=Status.DRAFT,
            round=0,
            generation=0,
            started_at=e.act.at,
        )
    )


@records.on(Record.AssessmentSent)
def _sent(e: Record.AssessmentSent, at: Recorded) -> Iterator[Change]:
    yield records.change(
        id=at.stream,
        status=Status.SENT,
        round=e.round,
        receipt_no=e.receipt_no,
        sent_at=e.act.at,
    )


@records.on(Record.AssessmentReviewOpened)
def _review_opened(e: Record.AssessmentReviewOpened, at: Recorded) -> Iterator[Change]:
    yield records.change(id=at.stream, status=UNDER_REVIEW[e.level])


@records.on(Record.AssessmentOnsiteDone)
def _onsite_done(e: Record.AssessmentOnsiteDone, at: Recorded) -> Iterator[Change]:
    yield records.change(id=at.stream, status=e.status)


@records.on(Record.AssessmentReturnLapsed)
def _lapsed(e: Record.AssessmentReturnLapsed, at: Recorded) -> Iterator[Change]:
    yield records.change(id=at.stream, status=e.status)


@records.on(Record.AssessmentConcluded)
def _concluded(e: Record.AssessmentConcluded, at: Recorded) -> Iterator[Change]:
    yield records.change(id=at.stream, status=Status.CONCLUDED, result=e.result)


@records.on(Record.AssessmentObjectionClosed)
def _objection_closed(e: Record.AssessmentObjectionClosed, at: Recorded) -> Iterator[Change]:
    yield records.change(id=at.stream, status=Status.PROV_REVIEW if e.upheld else Status.PUBLICITY)


@records.on(Record.AssessmentAnnounced)
def _announced(e: Record.AssessmentAnnounced, at: Recorded) -> Iterator[Change]:
    yield records.change(id=at.stream, status=Status.ANNOUNCED, result=e.result)


def _to(status: Status, *kinds: type[Any]) -> None:
    """Events after which the record is in one state, whatever else they say."""
    for kind in kinds:
        records.on(kind)(lambda e, at: iter((records.change(id=at.stream, status=status),)))


_to(Status.WITHDRAWN, Record.AssessmentWithdrawn)
_to(Status.CITY_PASSED, Record.AssessmentCityPassed)
_to(Status.RETURNED, Record.AssessmentReturned)
_to(Status.ONSITE, Record.AssessmentOnsiteOrdered)
_to(Status.EXPERT, Record.AssessmentEscalated)
_to(Status.PROV_REVIEW, Record.AssessmentExpertHeard)
_to(Status.PUBLICITY, Record.AssessmentPublished)
_to(Status.OBJECTION, Record.AssessmentObjected)
_to(Status.RECTIFYING, Record.AssessmentInRectification)
_to(Status.RECHECK, Record.AssessmentInRecheck)
_to(Status.WITHDRAWAL_PROPOSED, Record.AssessmentWithdrawalProposed)
_to(Status.CLOSED, Record.AssessmentClosed)
