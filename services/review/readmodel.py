"""The queue of cases, and the reference data that the authority changed."""

from collections.abc import Iterator

from libs.events.aggregate import types_of
from libs.events.contracts import review
from libs.events.projection import Projection, Row, change, put
from libs.events.records import Recorded
from libs.filing.filing import Decision
from services.review.domain.case import Case, Level, State
from services.review.domain.publicity import Publicity
from services.review.domain.rectification import Rectification
from services.review.domain.subject import RECORD

SCHEMA = """
CREATE TABLE IF NOT EXISTS cases (
    id              uuid        PRIMARY KEY,
    subject_kind    text        NOT NULL,
    subject_id      uuid        NOT NULL,
    filing          uuid,
    type            text        NOT NULL,
    no              text        NOT NULL,
    receipt_no      text        NOT NULL,
    enterprise      uuid        NOT NULL,
    uscc            text        NOT NULL,
    enterprise_name text        NOT NULL,
    unit            text        NOT NULL,
    level           text        NOT NULL,
    round           int         NOT NULL,
    position        bigint      NOT NULL,
    data_sha256     text        NOT NULL,
    state           text        NOT NULL,
    assignee        text,
    opened_at       timestamptz NOT NULL,
    taken_at        timestamptz,
    decided_at      timestamptz,
    decision        text,
    due_on          date        NOT NULL
);
CREATE INDEX IF NOT EXISTS cases_by_unit ON cases (unit, state, due_on);
"""

NOBODY = {"assignee": None, "decision": None}  # whoever opens it next
queue = Projection("review.queue", {"cases": ("id",)}, SCHEMA)
IGNORED = (
    "review.Case.WithdrawalRefused",
    "review.Reference.ReferenceBegun",
    "review.Reference.ClockSet",
    "review.Reference.ReferenceChanged",
    "review.Case.ConclusionProposed",
    *review.AUTHORITY,
    *types_of(Publicity, Rectification),
)


@queue.on(Case.CaseOpened)
def _opened(e: Case.CaseOpened, at: Recorded) -> Iterator[Row]:
    yield _round(e, at)


@queue.on(Case.RoundOpened)
def _round_opened(e: Case.RoundOpened, at: Recorded) -> Iterator[Row]:
    yield _round(e, at)


@queue.on(Case.CaseTaken)
def _taken(e: Case.CaseTaken, at: Recorded) -> Iterator[Row]:
    yield change(
        "cases", id=at.stream, state=State.TAKEN, assignee=e.act.by.user, taken_at=e.act.at
    )


@queue.on(Case.Decided)
def _decided(e: Case.Decided, at: Recorded) -> Iterator[Row]:
    told = {"decision": e.decision, "decided_at": e.act.at}
    if e.subject_kind == RECORD:
        yield change(
            "cases", id=at.stream, state=State.DECIDED if e.binding else State.OPINION, **told
        )
    elif e.decision is Decision.ESCALATE:
        yield change(
            "cases", id=at.stream, state=State.WAITING, level=Level.PROV, assignee=None, **told
        )
    else:
        yield change(
            "cases",
            id=at.stream,
            state=State.ONSITE if e.decision is Decision.ONSITE else State.DECIDED,
            **told,
        )


@queue.on(Case.DecisionTookEffect)
def _took_effect(e: Case.DecisionTookEffect, at: Recorded) -> Iterator[Row]:
    if e.state is None:
        yield change("cases", id=at.stream, state=State.RETURNED if e.returned else State.CLOSED)
    elif e.state is State.WAITING:
        yield change("cases", id=at.stream, state=e.state, level=e.level, due_on=e.due_on, **NOBODY)
    else:
        yield change("cases", id=at.stream, state=e.state)


@queue.on(Case.DecisionHadNoEffect)
def _had_no_effect(e: Case.DecisionHadNoEffect, at: Recorded) -> Iterator[Row]:
    yield change("cases", id=at.stream, state=State.CLOSED)


@queue.on(Case.CaseWithdrawn)
def _withdrawn(e: Case.CaseWithdrawn, at: Recorded) -> Iterator[Row]:
    yield change("cases", id=at.stream, state=State.WITHDRAWN)


@queue.on(Case.CaseVoided)
def _voided(e: Case.CaseVoided, at: Recorded) -> Iterator[Row]:
    yield change("cases", id=at.stream, state=State.CLOSED)


@queue.on(Case.CaseSigned)
def _signed(e: Case.CaseSigned, at: Recorded) -> Iterator[Row]:
    yield change("cases", id=at.stream, state=State.DECIDED)


@queue.on(Case.ConclusionApproved)
def _approved(e: Case.ConclusionApproved, at: Recorded) -> Iterator[Row]:
    yield change("cases", id=at.stream, state=State.DECIDED)


@queue.on(Case.OnsiteRecorded)
def _visited(e: Case.OnsiteRecorded, at: Recorded) -> Iterator[Row]:
    yield change("cases", id=at.stream, state=State.WAITING, **NOBODY)


@queue.on(Case.ExpertOpinionGiven)
def _expert_heard(e: Case.ExpertOpinionGiven, at: Recorded) -> Iterator[Row]:
    yield change("cases", id=at.stream, state=State.WAITING, level=Level.PROV, **NOBODY)


@queue.on(Case.ReturnLapsed)
def _lapsed(e: Case.ReturnLapsed, at: Recorded) -> Iterator[Row]:
    yield change("cases", id=at.stream, state=State.WAITING, due_on=e.due_on, **NOBODY)


@queue.on(Case.CaseReopened)
def _reopened(e: Case.CaseReopened, at: Recorded) -> Iterator[Row]:
    yield change(
        "cases", id=at.stream, state=State.WAITING, level=e.level, due_on=e.due_on, **NOBODY
    )


@queue.on(Case.InterestDeclared)
def _interest(e: Case.InterestDeclared, at: Recorded) -> Iterator[Row]:
    if e.gives_back:
        yield change("cases", id=at.stream, state=State.WAITING, assignee=None)


@queue.on(Case.ResultPublished)
def _published(e: Case.ResultPublished, at: Recorded) -> Iterator[Row]:
    yield change("cases", id=at.stream, state=State.PUBLISHED)


@queue.on(Case.ResultSettled)
def _settled(e: Case.ResultSettled, at: Recorded) -> Iterator[Row]:
    yield change("cases", id=at.stream, state=State.CLOSED)


def _round(e: Case.CaseOpened | Case.RoundOpened, at: Recorded) -> Row:
    subject = e.subject
    return put(
        "cases",
        id=at.stream,
        subject_kind=subject.kind,
        subject_id=subject.id,
        filing=subject.filing,
        type=subject.type,
        no=subject.no,
        receipt_no=subject.receipt_no,
        enterprise=subject.enterprise,
        uscc=subject.uscc,
        enterprise_name=subject.enterprise_name,
        unit=subject.unit,
        level=e.level,
        round=e.round,
        position=e.reviewed.position,
        data_sha256=e.reviewed.data_sha256,
        state=State.WAITING,
        assignee=None,
        opened_at=e.act.at,
        taken_at=None,
        decided_at=None,
        decision=None,
        due_on=e.due_on,
    )
