"""Lists of campaigns and records, from the service's own log."""

from collections.abc import Iterator
from typing import Any

from libs.events.projection import Projection, Row, change, put
from libs.events.records import Recorded
from services.assessment.domain.campaign import Campaign, Phase
from services.assessment.domain.course import AT, Course, Status
from services.assessment.domain.record import Record
from services.assessment.domain.register import Register

SCHEMA = """
CREATE TABLE IF NOT EXISTS campaigns (
    id         uuid   PRIMARY KEY,
    year       int    NOT NULL,
    title      text   NOT NULL,
    phase      text   NOT NULL,
    first_day  date   NOT NULL,
    last_day   date   NOT NULL,
    absent     uuid[] NOT NULL
);
CREATE TABLE IF NOT EXISTS records (
    id           uuid        PRIMARY KEY,
    campaign     uuid        NOT NULL,
    enterprise   uuid        NOT NULL,
    record_no    text        NOT NULL,
    status       text        NOT NULL,
    round        int         NOT NULL,
    generation   int         NOT NULL,
    receipt_no   text,
    started_at   timestamptz NOT NULL,
    sent_at      timestamptz,
    result       text
);
CREATE TABLE IF NOT EXISTS claimed_stages (record uuid PRIMARY KEY, claims jsonb NOT NULL);
CREATE INDEX IF NOT EXISTS records_by_campaign ON records (campaign, record_no);
"""

lists = Projection(
    "assessment.lists",
    {"campaigns": ("id",), "records": ("id",), "claimed_stages": ("record",)},
    SCHEMA,
)
IGNORED = tuple(
    kind.TOPIC
    for kind in (
        Register.RegisterBegun,
        Register.CampaignListed,
        Record.StepSaved,
        Record.PersonsFrozen,
        Record.WithdrawalAsked,
        Record.SnapshotDrifted,
        Record.DecisionNotApplied,
    )
)


@lists.on(Campaign.CampaignPlanned)
def _planned(e: Campaign.CampaignPlanned, at: Recorded) -> Iterator[Row]:
    yield _campaign("put", e, at, phase=Phase.PLANNED, absent=[])


@lists.on(Campaign.CampaignChanged)
def _changed(e: Campaign.CampaignChanged, at: Recorded) -> Iterator[Row]:
    yield _campaign("change", e, at)


@lists.on(Campaign.CampaignOpened)
def _opened(e: Campaign.CampaignOpened, at: Recorded) -> Iterator[Row]:
    yield change("campaigns", id=at.stream, phase=Phase.OPEN)


@lists.on(Campaign.CampaignClosed)
def _closed(e: Campaign.CampaignClosed, at: Recorded) -> Iterator[Row]:
    yield change(
        "campaigns", id=at.stream, phase=Phase.CLOSED, absent=[str(each) for each in e.absent]
    )


@lists.on(Record.AssessmentStarted)
def _started(e: Record.AssessmentStarted, at: Recorded) -> Iterator[Row]:
    yield put(
        "records",
        id=at.stream,
        campaign=e.campaign,
        enterprise=e.enterprise,
        record_no=e.record_no,
        status=Status.DRAFT,
        round=0,
        generation=0,
        started_at=e.act.at,
    )


@lists.on(Record.AssessmentGenerated)
def _generated(e: Record.AssessmentGenerated, at: Recorded) -> Iterator[Row]:
    yield from _generation(e, at)


@lists.on(Record.AssessmentRegenerated)
def _regenerated(e: Record.AssessmentRegenerated, at: Recorded) -> Iterator[Row]:
    yield from _generation(e, at)


@lists.on(Record.AssessmentSent)
def _sent(e: Record.AssessmentSent, at: Recorded) -> Iterator[Row]:
    yield change(
        "records",
        id=at.stream,
        status=Status.SENT,
        round=e.round,
        receipt_no=e.receipt_no,
        sent_at=e.act.at,
    )


@lists.on(Record.AssessmentReviewOpened)
def _review_opened(e: Course.AssessmentReviewOpened, at: Recorded) -> Iterator[Row]:
    yield change("records", id=at.stream, status=AT[e.level])


@lists.on(Record.AssessmentOnsiteDone)
def _onsite_done(e: Course.AssessmentOnsiteDone, at: Recorded) -> Iterator[Row]:
    yield change("records", id=at.stream, status=e.status)


@lists.on(Record.AssessmentReturnLapsed)
def _lapsed(e: Course.AssessmentReturnLapsed, at: Recorded) -> Iterator[Row]:
    yield change("records", id=at.stream, status=e.status)


@lists.on(Record.AssessmentConcluded)
def _concluded(e: Course.AssessmentConcluded, at: Recorded) -> Iterator[Row]:
    yield change("records", id=at.stream, status=Status.CONCLUDED, result=e.result)


@lists.on(Record.AssessmentObjectionClosed)
def _objection_closed(e: Course.AssessmentObjectionClosed, at: Recorded) -> Iterator[Row]:
    yield change(
        "records", id=at.stream, status=Status.PROV_REVIEW if e.upheld else Status.PUBLICITY
    )


@lists.on(Record.AssessmentAnnounced)
def _announced(e: Course.AssessmentAnnounced, at: Recorded) -> Iterator[Row]:
    yield change("records", id=at.stream, status=Status.ANNOUNCED, result=e.result)


def _to(status: Status, *kinds: type[Any]) -> None:
    """Events after which the record is in one state, whatever else they say."""
    for kind in kinds:
        lists.on(kind)(lambda e, at: iter((change("records", id=at.stream, status=status),)))


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


def _generation(
    e: Record.AssessmentGenerated | Record.AssessmentRegenerated, at: Recorded
) -> Iterator[Row]:
    yield change("records", id=at.stream, status=e.status, generation=e.generation)
    claims = [list(claim) for each in e.snapshot.performances for claim in each.claims]
    yield put("claimed_stages", record=at.stream, claims=claims)


def _campaign(
    act: str, e: Campaign.CampaignPlanned | Campaign.CampaignChanged, at: Recorded, **more: Any
) -> Row:
    first, last = e.settings.submission_window
    said = {
        "id": at.stream,
        "year": e.settings.year,
        "title": e.settings.title,
        "first_day": first,
        "last_day": last,
    }
    return Row(act, "campaigns", said | more)
