"""The list of records."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from libs.chassis.identity.access import Scope
from libs.chassis.replicas.directory import SUPERVISED
from libs.events.pools import Pool
from libs.events.queries import Found, select_page
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.events.walks import Walk
from services.assessment.records.domain.record import Generated, Record, Resumed
from services.assessment.records.domain.status import UNDER_REVIEW, Status, as_told


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
    sent_generation: int | None = None


BY_NUMBER = Walk(
    "records",
    ("record_no",),
    by=(
        ("enterprise", "campaign"),
        ("enterprise",),
        ("campaign", "status"),
        ("campaign",),
        ("status",),
    ),
)
records = ReadModel("records", RecordRow, walks=[BY_NUMBER])


@records.on(Record.AssessmentStarted)
def _started(e: Record.AssessmentStarted, at: StoredEvent) -> Iterator[Change]:
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


@records.on(Record.AssessmentGenerated, Record.AssessmentRegenerated)
def _generated(e: Generated, at: StoredEvent) -> Iterator[Change]:
    yield records.change(id=at.stream, status=e.status, generation=e.generation)


@records.on(Record.AssessmentSent)
def _sent(e: Record.AssessmentSent, at: StoredEvent) -> Iterator[Change]:
    yield records.change(
        id=at.stream,
        status=Status.SENT,
        round=e.round,
        receipt_no=e.receipt_no,
        sent_at=e.act.at,
        sent_generation=e.generation,
    )


@records.on(Record.AssessmentReviewOpened)
def _review_opened(e: Record.AssessmentReviewOpened, at: StoredEvent) -> Iterator[Change]:
    yield records.change(id=at.stream, status=UNDER_REVIEW[e.level])


@records.on(Record.AssessmentOnsiteDone, Record.AssessmentReturnLapsed)
def _resumed(e: Resumed, at: StoredEvent) -> Iterator[Change]:
    yield records.change(id=at.stream, status=e.status)


@records.on(Record.AssessmentConcluded)
def _concluded(e: Record.AssessmentConcluded, at: StoredEvent) -> Iterator[Change]:
    yield records.change(id=at.stream, status=Status.CONCLUDED, result=e.result)


@records.on(Record.AssessmentObjectionClosed)
def _objection_closed(e: Record.AssessmentObjectionClosed, at: StoredEvent) -> Iterator[Change]:
    yield records.change(id=at.stream, status=Status.PROV_REVIEW if e.upheld else Status.PUBLICITY)


@records.on(Record.AssessmentAnnounced)
def _announced(e: Record.AssessmentAnnounced, at: StoredEvent) -> Iterator[Change]:
    yield records.change(id=at.stream, status=Status.ANNOUNCED, result=e.result)


# events after which the record is in one state, whatever else they say
AFTER: dict[type[Record.Event], Status] = {
    Record.AssessmentWithdrawn: Status.WITHDRAWN,
    Record.AssessmentCityPassed: Status.CITY_PASSED,
    Record.AssessmentReturned: Status.RETURNED,
    Record.AssessmentOnsiteOrdered: Status.ONSITE,
    Record.AssessmentEscalated: Status.EXPERT,
    Record.AssessmentExpertHeard: Status.PROV_REVIEW,
    Record.AssessmentPublished: Status.PUBLICITY,
    Record.AssessmentObjected: Status.OBJECTION,
    Record.AssessmentInRectification: Status.RECTIFYING,
    Record.AssessmentInRecheck: Status.RECHECK,
    Record.AssessmentWithdrawalProposed: Status.WITHDRAWAL_PROPOSED,
    Record.AssessmentClosed: Status.CLOSED,
}


@records.on(*AFTER)
def _moved(e: Record.Event, at: StoredEvent) -> Iterator[Change]:
    yield records.change(id=at.stream, status=AFTER[type(e)])


@dataclass(frozen=True)
class ListedRecord(RecordRow):
    """A record with its enterprise as the directory knows it."""

    enterprise_name: str | None = None
    uscc: str | None = None


TOLD = """
SELECT r.*, d.name AS enterprise_name, d.uscc
FROM {rows} LEFT JOIN directory d ON d.enterprise = r.enterprise
"""


@dataclass(frozen=True)
class RecordFilter:
    """Which records a list shows; None: any. `only_sent`: without those that were never sent."""

    campaign: UUID | None
    status: str | None
    enterprise: UUID | None
    only_sent: bool
    record_no: str | None = None


async def within_reach(
    pool: Pool, scope: Scope, wanted: RecordFilter, after: tuple[Any, ...] | None, limit: int
) -> Found[ListedRecord]:
    """By number; `after`: the last one seen."""
    asked = [
        *scope.equal(city=SUPERVISED, enterprise="enterprise"),
        ("campaign", wanted.campaign),
        _wanted_status(wanted),
        ("enterprise", wanted.enterprise),
        ("record_no", wanted.record_no),
        ("r.round > {}", 0 if wanted.only_sent else None),
    ]
    found = await select_page(pool, ListedRecord, BY_NUMBER, asked, after, limit, TOLD)
    return replace(found, rows=list(map(_told, found.rows))) if wanted.only_sent else found


def _wanted_status(wanted: RecordFilter) -> tuple[str, Any]:
    """The condition on the rows, with the status as it is told."""
    if not wanted.only_sent or wanted.status not in (Status.GENERATED, Status.WITHDRAWN):
        return "status", wanted.status
    told = [Status.GENERATED, Status.WITHDRAWN] if wanted.status == Status.WITHDRAWN else []
    return "r.status = ANY ({}::text[])", told


def _told(row: ListedRecord) -> ListedRecord:
    generation = row.sent_generation or row.generation
    return replace(row, status=as_told(row.status), generation=generation)
