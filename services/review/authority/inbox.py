"""Records of the authority's topic: each is answered by exactly one outcome, whatever it holds."""

from dataclasses import replace
from uuid import UUID

import structlog

from libs.events.application import UnitOfWork
from libs.events.envelope import KafkaRecord
from libs.events.inbox import Inbox
from libs.events.refusal import Refused
from libs.events.value import Act, Actor
from libs.filing.catalogue import STATE
from services.review.authority import origins
from services.review.authority.checks import Known, Signed, digest, judge, read, verify
from services.review.authority.domain.codes import Code, Rejected
from services.review.authority.domain.decision import (
    OWNER,
    Arrival,
    AuthorityDecision,
    AuthorityRecord,
)
from services.review.authority.domain.office import Office
from services.review.authority.domain.unbelieved import Unbelieved
from services.review.authority.messages import DECISIONS, SignedDecision
from services.review.authority.signature import signature_of
from services.review.authority.strangers import NOBODY, Strangers
from services.review.cases.domain.case import Case
from services.review.cases.domain.reviewing import decide
from services.review.cases.domain.subject import PROVINCE

log = structlog.get_logger()


class Door:
    """Of one inbox at work: what was not believed is counted by who claims to have sent it."""

    def __init__(self) -> None:
        self._strangers = Strangers()

    async def receive(self, work: UnitOfWork, record: KafkaRecord) -> None:
        """Reads, verifies, looks up what it names, judges, and decides the case in the same unit of
        work as the answer. What is not authentic is answered within its bound.
        """
        try:
            signed = read(record)
            verify(signed, await _signers(work, signed))
        except Rejected as rejected:
            if await self._within_bound(work, record):
                await _refuse(work, _arrival(record), rejected.code, OWNER)
            return
        known = await _known(work, signed)
        if known.earlier and known.earlier.arrival == _named(signed):
            return  # the topic was read again: this very record has its answer
        try:
            judge(signed, known)
        except Rejected as rejected:
            await _reject(work, signed, known, rejected.code)
        else:
            await _decide(work, signed, known)

    async def _within_bound(self, work: UnitOfWork, record: KafkaRecord) -> bool:
        """Counted otherwise; at each tenfold an event says how many there were."""
        claimed = await _claimed(work, record)
        counted = self._strangers.count(claimed, work.act.at)
        if counted.tells:
            said = (counted.claimed, counted.since, counted.beyond)
            log.error("alarm", what="records that nobody signed", said=said)
            work.add(Unbelieved.tell(work.act, *said, record.offset))
        return counted.is_answered


async def _claimed(work: UnitOfWork, record: KafkaRecord) -> str:
    """The key that its header names, if its office has it; it may be anybody's who knows of it."""
    signature = signature_of(record.headers)
    office = await _office(work, signature.office) if signature else None
    known = signature and office and signature.key_id in office.keys
    return f"{signature.office}/{signature.key_id}" if signature and known else NOBODY


async def _office(work: UnitOfWork, code: str) -> Office | None:
    return await work.find(Office, Office.create_id(code))


async def failed(work: UnitOfWork, record: KafkaRecord, error: Exception) -> None:
    """A fault of ours is an answer too, so that nothing behind it waits; the id is not used up and
    may be sent again.
    """
    log.error("a record could not be answered", offset=record.offset, exc_info=error)
    await _refuse(work, _arrival(record), Code.FAULT, OWNER)


def decisions() -> Inbox:
    """As a service at work reads it."""
    return Inbox("review.authority-decisions", DECISIONS, Door().receive, failed)


async def _signers(work: UnitOfWork, signed: Signed) -> Known:
    office = signed.signature.office
    act = Act(by=_officer(signed.decision.issuer, office), at=work.act.at)
    return Known(act=act, office=await _office(work, office))


async def _known(work: UnitOfWork, signed: Signed) -> Known:
    decision, signers = signed.decision, await _signers(work, signed)
    earlier = AuthorityDecision.create_id(decision.issuer, decision.decision_id)
    return replace(
        signers,
        case=await work.find(Case, decision.case),
        earlier=await work.find(AuthorityDecision, earlier),
    )


def _officer(issuer: str, office: str) -> Actor:
    """As whom the system acts: an officer of the office whose key signed."""
    role = "PROV_OFFICER" if office == PROVINCE else "CITY_OFFICER"
    return Actor(user=f"authority:{issuer}", role=role, office=office)


async def _decide(work: UnitOfWork, signed: Signed, known: Known) -> None:
    """The case is the arbiter: the first valid decision of a round wins, from the portal or from
    here.
    """
    case = await work.load(Case, signed.decision.case)
    received = _begin(work, signed, known)
    try:
        _apply(case, known.act, signed.decision)
    except Refused as refused:
        rules = tuple(dict.fromkeys(each.rule for each in refused.findings))
        received.refuse(work.act, Code.STATE if STATE in rules else Code.RULES, rules)
    else:
        received.accept(work.act)
        await origins.keep(work, case, received)


def _apply(case: Case, act: Act, decision: SignedDecision) -> None:
    items = tuple(each.returned for each in decision.items)
    decide(
        case,
        act,
        decision.decision,
        case.round,
        case.reviewed,
        items=items,
        comment=decision.comment,
    )


async def _reject(work: UnitOfWork, signed: Signed, known: Known, code: Code) -> None:
    """The first record uses its id up; any other is only answered."""
    if known.earlier:
        await _refuse(work, _named(signed), code, known.earlier.owner)
    else:
        _begin(work, signed, known).refuse(work.act, code, ())


def _begin(work: UnitOfWork, signed: Signed, known: Known) -> AuthorityDecision:
    decision, signature = signed.decision, signed.signature
    return work.add(
        AuthorityDecision.receive(
            AuthorityDecision.DecisionReceived(
                act=work.act,
                issuer=decision.issuer,
                decision_id=decision.decision_id,
                kept_for=_keeper(signed, known),
                arrival=_named(signed),
                office=signature.office,
                key_id=signature.key_id,
                decision=decision.decision,
                officer=decision.officer,
                decided_at=decision.decided_at,
            )
        )
    )


def _keeper(signed: Signed, known: Known) -> UUID:
    """The enterprise of the case; of a case that is not there, the office."""
    return known.case.owner if known.case else Office.create_id(signed.signature.office)


def _arrival(record: KafkaRecord) -> Arrival:
    return Arrival(offset=record.offset, sha256=digest(record))


def _named(signed: Signed) -> Arrival:
    decision = signed.decision
    named = {
        "issuer": decision.issuer,
        "decision_id": decision.decision_id,
        "case": decision.case,
        "round": decision.round,
    }
    return _arrival(signed.record).model_copy(update=named)


async def _refuse(work: UnitOfWork, arrival: Arrival, code: Code, owner: UUID) -> None:
    if await work.find(AuthorityRecord, AuthorityRecord.create_id(arrival)) is None:
        work.add(AuthorityRecord.refuse(work.act, arrival, code, owner))
