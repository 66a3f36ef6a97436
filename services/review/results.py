"""Read models of what comes after the review of records: conclusions, publicities,
rectifications.
"""

from collections.abc import Iterator

from libs.events.projection import Projection, Row, change, put
from libs.events.records import Recorded
from services.review.domain.case import Case
from services.review.domain.publicity import Publicity, Standing
from services.review.domain.rectification import Rectification, Status

SCHEMA = """
CREATE TABLE IF NOT EXISTS conclusions (
    record      uuid PRIMARY KEY,
    case_id     uuid NOT NULL,
    proposal    text NOT NULL,
    result      text NOT NULL,
    overridden  boolean NOT NULL,
    proposed_at timestamptz NOT NULL,
    approved_at timestamptz,
    publicity   uuid,
    announced   boolean NOT NULL
);
CREATE TABLE IF NOT EXISTS publicities (
    id              uuid PRIMARY KEY,
    standing        text NOT NULL,
    first_day       date NOT NULL,
    last_day        date NOT NULL,
    announced_on    date
);
CREATE TABLE IF NOT EXISTS publicity_results (
    publicity       uuid NOT NULL,
    record          uuid NOT NULL,
    enterprise      uuid NOT NULL,
    uscc            text NOT NULL,
    enterprise_name text NOT NULL,
    result          text NOT NULL,
    removed         boolean NOT NULL,
    PRIMARY KEY (publicity, record)
);
CREATE TABLE IF NOT EXISTS rectifications (
    id              uuid PRIMARY KEY,
    record          uuid NOT NULL,
    enterprise      uuid NOT NULL,
    uscc            text NOT NULL,
    enterprise_name text NOT NULL,
    unit            text NOT NULL,
    notice_date     date NOT NULL,
    deadline        date NOT NULL,
    status          text NOT NULL,
    settled         boolean NOT NULL
);
"""
TABLES = {
    "conclusions": ("record",),
    "publicities": ("id",),
    "publicity_results": ("publicity", "record"),
    "rectifications": ("id",),
}

results = Projection("review.results", TABLES, SCHEMA)


@results.on(Case.ConclusionProposed)
def _proposed(e: Case.ConclusionProposed, at: Recorded) -> Iterator[Row]:
    yield put(
        "conclusions",
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


@results.on(Case.ConclusionApproved)
def _approved(e: Case.ConclusionApproved, at: Recorded) -> Iterator[Row]:
    yield change("conclusions", record=e.subject_id, approved_at=e.act.at)


@results.on(Case.ResultPublished)
def _published(e: Case.ResultPublished, at: Recorded) -> Iterator[Row]:
    yield change("conclusions", record=e.record, publicity=e.publicity)


@results.on(Case.CaseReopened)
def _reopened(e: Case.CaseReopened, at: Recorded) -> Iterator[Row]:
    """It stays as what was concluded once, until there is another."""
    yield change("conclusions", record=e.record, approved_at=None, publicity=None)


@results.on(Case.ResultSettled)
def _settled(e: Case.ResultSettled, at: Recorded) -> Iterator[Row]:
    yield change("conclusions", record=e.record, announced=True)


@results.on(Publicity.PublicityOpened)
def _opened(e: Publicity.PublicityOpened, at: Recorded) -> Iterator[Row]:
    yield put(
        "publicities",
        id=at.stream,
        standing=Standing.OPEN,
        first_day=e.first_day,
        last_day=e.last_day,
        announced_on=None,
    )
    for each in e.results:
        yield put("publicity_results", publicity=at.stream, **each.model_dump(), removed=False)


@results.on(Publicity.ObjectionClosed)
def _objection_closed(e: Publicity.ObjectionClosed, at: Recorded) -> Iterator[Row]:
    if e.upheld:
        yield change("publicity_results", publicity=at.stream, record=e.record, removed=True)


@results.on(Publicity.ResultAnnounced)
def _announced(e: Publicity.ResultAnnounced, at: Recorded) -> Iterator[Row]:
    yield change(
        "publicities", id=at.stream, standing=Standing.ANNOUNCED, announced_on=e.announced_on
    )


@results.on(Rectification.RectificationOrdered)
def _ordered(e: Rectification.RectificationOrdered, at: Recorded) -> Iterator[Row]:
    yield put(
        "rectifications",
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


@results.on(Rectification.RectificationReported)
def _reported(e: Rectification.RectificationReported, at: Recorded) -> Iterator[Row]:
    yield change("rectifications", id=at.stream, status=Status.SUBMITTED)


@results.on(Rectification.RectificationAccepted)
def _accepted(e: Rectification.RectificationAccepted, at: Recorded) -> Iterator[Row]:
    yield change("rectifications", id=at.stream, status=Status.ACCEPTED, settled=True)


@results.on(Rectification.RectificationReopened)
def _report_reopened(e: Rectification.RectificationReopened, at: Recorded) -> Iterator[Row]:
    yield change("rectifications", id=at.stream, status=Status.IN_PROGRESS)


@results.on(Rectification.RectificationRefused)
def _refused(e: Rectification.RectificationRefused, at: Recorded) -> Iterator[Row]:
    yield change("rectifications", id=at.stream, status=Status.REFUSED)


@results.on(Rectification.QualificationWithdrawalProposed)
def _withdrawal_proposed(
    e: Rectification.QualificationWithdrawalProposed, at: Recorded
) -> Iterator[Row]:
    yield change("rectifications", id=at.stream, status=Status.WITHDRAW_PROPOSED)


@results.on(Rectification.WithdrawalSettled)
def _withdrawal_settled(e: Rectification.WithdrawalSettled, at: Recorded) -> Iterator[Row]:
    yield change(
        "rectifications",
        id=at.stream,
        status=Status.WITHDRAWN if e.withdrawn else Status.WITHDRAW_PROPOSED,
        settled=True,
    )
