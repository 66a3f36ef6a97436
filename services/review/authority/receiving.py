"""Records of the authority's topic: each is answered by exactly one outcome, whatever it holds."""

from uuid import UUID

import structlog

from libs.events import claims
from libs.events.application import Unit
from libs.events.envelope import Record
from libs.events.inbox import Inbox
from libs.events.policy import Policy
from libs.events.records import Recorded
from libs.events.refusal import Refused
from libs.events.value import Act, Actor
from libs.filing.catalogue import STATE
from services.review.authority.checks import Known, Signed, digest, judge, read
from services.review.authority.codes import Code, Rejected
from services.review.authority.decision import OWNER, Arrival, AuthorityDecision, AuthorityRecord
from services.review.authority.messages import DECISIONS
from services.review.domain.case import Case
from services.review.domain.office import Office
from services.review.domain.reviewing import decide
from services.review.domain.subject import PROVINCE

# claim on a Decided event: held by the decision from the topic that it came from
VERDICT = "authority_decision"
effects = Policy("review.authority-effects")
log = structlog.get_logger()


async def receive(unit: Unit, record: Record) -> None:
    """Reads, looks up what it names, judges, and decides the case in the same unit as the
    answer.
    """
    try:
        signed = read(record)
    except Rejected as rejected:
        await _refuse(unit, _arrival(record), rejected.code, OWNER)
        return
    known = await _known(unit, signed)
    if known.earlier and known.earlier.arrival == _named(signed):
        return  # the topic was read again: this very record has its answer
    try:
        judge(signed, known)
    except Rejected as rejected:
        await _reject(unit, signed, known, rejected.code)
    else:
        await _decide(unit, signed, known)


async def failed(unit: Unit, record: Record, error: Exception) -> None:
    """A fault of ours is an answer too, so that nothing behind it waits; the id is not used up and
    may be sent again.
    """
    log.error("a record could not be answered", offset=record.offset, exc_info=error)
    await _refuse(unit, _arrival(record), Code.FAULT, OWNER)


decisions = Inbox("review.authority-decisions", DECISIONS, receive, failed)


async def _known(unit: Unit, signed: Signed) -> Known:
    decision, office = signed.decision, signed.signature.office
    role = "PROV_OFFICER" if office == PROVINCE else "CITY_OFFICER"
    return Known(
        act=Act(
            by=Actor(user=f"authority:{decision.issuer}", role=role, office=office), at=unit.act.at
        ),
        office=await unit.find(Office, Office.create_id(office)),
        case=await unit.find(Case, decision.case),
        earlier=await unit.find(
            AuthorityDecision, AuthorityDecision.create_id(decision.issuer, decision.decision_id)
        ),
    )


async def _decide(unit: Unit, signed: Signed, known: Known) -> None:
    """The case is the arbiter: the first valid decision of a round wins, from the portal or from
    here.
    """
    said, case = signed.decision, await unit.load(Case, signed.decision.case)
    received = _begin(unit, signed, known)
    try:
        decide(
            case,
            known.act,
            said.decision,
            case.round,
            case.reviewed,
            items=tuple(each.returned for each in said.items),
            comment=said.comment,
        )
    except Refused as refused:
        rules = tuple(dict.fromkeys(each.rule for each in refused.findings))
        received.refuse(unit.act, Code.STATE if STATE in rules else Code.RULES, rules)
    else:
        received.accept(unit.act)
        version = next(
            each.originator_version
            for each in reversed(case.pending_events)
            if isinstance(each, Case.Decided)
        )
        holder = claims.Holder(enterprise=case.owner, subject=received.id)
        await claims.take(unit, VERDICT, _verdict(case.id, version), case.owner, holder)


async def _reject(unit: Unit, signed: Signed, known: Known, code: Code) -> None:
    """The first record with a right signature uses its id up; any other is only answered."""
    if not code.authentic:
        await _refuse(unit, _arrival(signed.record), code, OWNER)
    elif known.earlier:
        await _refuse(unit, _named(signed), code, known.earlier.owner)
    else:
        _begin(unit, signed, known).refuse(unit.act, code, ())


def _begin(unit: Unit, signed: Signed, known: Known) -> AuthorityDecision:
    said, signature = signed.decision, signed.signature
    return unit.add(
        AuthorityDecision.receive(
            AuthorityDecision.DecisionReceived(
                act=unit.act,
                issuer=said.issuer,
                decision_id=said.decision_id,
                kept_for=_keeper(signed, known),
                arrival=_named(signed),
                office=signature.office,
                key_id=signature.key_id,
                decision=said.decision,
                officer=said.officer,
                decided_at=said.decided_at,
            )
        )
    )


def _keeper(signed: Signed, known: Known) -> UUID:
    """The enterprise of the case; of a case that is not there, the office."""
    return known.case.owner if known.case else Office.create_id(signed.signature.office)


def _arrival(record: Record) -> Arrival:
    return Arrival(offset=record.offset, sha256=digest(record))


def _named(signed: Signed) -> Arrival:
    said = signed.decision
    named = {
        "issuer": said.issuer,
        "decision_id": said.decision_id,
        "case": said.case,
        "round": said.round,
    }
    return _arrival(signed.record).model_copy(update=named)


async def _refuse(unit: Unit, arrival: Arrival, code: Code, owner: UUID) -> None:
    if await unit.find(AuthorityRecord, AuthorityRecord.create_id(arrival)) is None:
        unit.add(AuthorityRecord.refuse(unit.act, arrival, code, owner))


def _verdict(case: UUID, version: int) -> str:
    """Names one Decided event of a case."""
    return f"{case}/{version}"


@effects.on(Case.DecisionTookEffect)
async def took_effect(unit: Unit, fact: Case.DecisionTookEffect, at: Recorded) -> None:
    await _hear(unit, at, applied=True)


@effects.on(Case.DecisionHadNoEffect)
async def had_no_effect(unit: Unit, fact: Case.DecisionHadNoEffect, at: Recorded) -> None:
    await _hear(unit, at, applied=False)


async def _hear(unit: Unit, at: Recorded, *, applied: bool) -> None:
    """If the last decision before came from the topic, its issuer gets a second receipt."""
    for version in range(at.version - 1, 0, -1):
        event = await unit.recorded(at.stream, version)
        if event and event.type == Case.Decided.TOPIC:
            if holder := await claims.holder(unit, VERDICT, _verdict(at.stream, version)):
                (await unit.load(AuthorityDecision, holder.subject)).hear(unit.act, applied=applied)
            return
