"""The queue of cases, and the reference data that the authority changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from libs.events.projection import Projection
from libs.events.readmodel import Change, ReadModel
from libs.events.records import Recorded
from libs.events.rows import BigInt
from libs.filing.filing import Decision
from services.review.domain.case import Case
from services.review.domain.subject import RECORD, Level, State


@dataclass(frozen=True)
class CaseRow:
    id: UUID
    subject_kind: str
    subject_id: UUID
    type: str
    no: str
    receipt_no: str
    enterprise: UUID
    uscc: str
    enterprise_name: str
    unit: str
    level: str
    round: int
    position: BigInt
    data_sha256: str
    state: str
    opened_at: datetime
    due_on: date
    filing: UUID | None = None
    assignee: str | None = None
    taken_at: datetime | None = None
    decided_at: datetime | None = None
    decision: str | None = None


cases = ReadModel("cases", CaseRow, indexes={"cases_by_unit": "(unit, state, due_on)"})


NOBODY = {"assignee": None, "decision": None}  # whoever opens it next
queue = Projection("review.queue", [cases])


@cases.on(Case.CaseOpened)
def _opened(e: Case.CaseOpened, at: Recorded) -> Iterator[Change]:
    yield _round(e, at)


@cases.on(Case.RoundOpened)
def _round_opened(e: Case.RoundOpened, at: Recorded) -> Iterator[Change]:
    yield _round(e, at)


@cases.on(Case.CaseTaken)
def _taken(e: Case.CaseTaken, at: Recorded) -> Iterator[Change]:
    yield cases.change(id=at.stream, state=State.TAKEN, assignee=e.act.by.user, taken_at=e.act.at)


@cases.on(Case.Decided)
def _decided(e: Case.Decided, at: Recorded) -> Iterator[Change]:
    told = {"decision": e.decision, "decided_at": e.act.at}
    if e.subject_kind == RECORD:
        yield cases.change(
            id=at.stream, state=State.DECIDED if e.binding else State.OPINION, **told
        )
    elif e.decision is Decision.ESCALATE:
        yield cases.change(
            id=at.stream, state=State.WAITING, level=Level.PROV, assignee=None, **told
        )
    else:
        yield cases.change(
            id=at.stream,
            state=State.ONSITE if e.decision is Decision.ONSITE else State.DECIDED,
            **told,
        )


@cases.on(Case.DecisionTookEffect)
def _took_effect(e: Case.DecisionTookEffect, at: Recorded) -> Iterator[Change]:
    if e.state is None:
        yield cases.change(id=at.stream, state=State.RETURNED if e.returned else State.CLOSED)
    elif e.state is State.WAITING:
        yield cases.change(id=at.stream, state=e.state, level=e.level, due_on=e.due_on, **NOBODY)
    else:
        yield cases.change(id=at.stream, state=e.state)


@cases.on(Case.DecisionHadNoEffect)
def _had_no_effect(e: Case.DecisionHadNoEffect, at: Recorded) -> Iterator[Change]:
    yield cases.change(id=at.stream, state=State.CLOSED)


@cases.on(Case.CaseWithdrawn)
def _withdrawn(e: Case.CaseWithdrawn, at: Recorded) -> Iterator[Change]:
    yield cases.change(id=at.stream, state=State.WITHDRAWN)


@cases.on(Case.CaseVoided)
def _voided(e: Case.CaseVoided, at: Recorded) -> Iterator[Change]:
    yield cases.change(id=at.stream, state=State.CLOSED)


@cases.on(Case.CaseSigned)
def _signed(e: Case.CaseSigned, at: Recorded) -> Iterator[Change]:
    yield cases.change(id=at.stream, state=State.DECIDED)


@cases.on(Case.ConclusionApproved)
def _approved(e: Case.ConclusionApproved, at: Recorded) -> Iterator[Change]:
    yield cases.change(id=at.stream, state=State.DECIDED)


@cases.on(Case.OnsiteRecorded)
def _visited(e: Case.OnsiteRecorded, at: Recorded) -> Iterator[Change]:
    yield cases.change(id=at.stream, state=State.WAITING, **NOBODY)


@cases.on(Case.ExpertOpinionGiven)
def _expert_heard(e: Case.ExpertOpinionGiven, at: Recorded) -> Iterator[Change]:
    yield cases.change(id=at.stream, state=State.WAITING, level=Level.PROV, **NOBODY)


@cases.on(Case.ReturnLapsed)
def _lapsed(e: Case.ReturnLapsed, at: Recorded) -> Iterator[Change]:
    yield cases.change(id=at.stream, state=State.WAITING, due_on=e.due_on, **NOBODY)


@cases.on(Case.CaseReopened)
def _reopened(e: Case.CaseReopened, at: Recorded) -> Iterator[Change]:
    yield cases.change(id=at.stream, state=State.WAITING, level=e.level, due_on=e.due_on, **NOBODY)


@cases.on(Case.InterestDeclared)
def _interest(e: Case.InterestDeclared, at: Recorded) -> Iterator[Change]:
    if e.gives_back:
        yield cases.change(id=at.stream, state=State.WAITING, assignee=None)


@cases.on(Case.ResultPublished)
def _published(e: Case.ResultPublished, at: Recorded) -> Iterator[Change]:
    yield cases.change(id=at.stream, state=State.PUBLISHED)


@cases.on(Case.ResultSettled)
def _settled(e: Case.ResultSettled, at: Recorded) -> Iterator[Change]:
    yield cases.change(id=at.stream, state=State.CLOSED)


def _round(e: Case.CaseOpened | Case.RoundOpened, at: Recorded) -> Change:
    subject = e.subject
    return cases.put(
        CaseRow(
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
    )
