"""Because of what review said, the enterprise's filings change; because of what personnel
rendered, its packets become complete.
"""

from libs.events.application import Unit
from libs.events.contracts import personnel, review
from libs.events.policy import Policy
from libs.events.records import Recorded
from libs.filing.filing import Decision, ReturnedItem
from libs.papers.part import Part
from services.enterprise.domain.enterprise import Enterprise
from services.enterprise.domain.packet import Packet

KIND, ABNORMAL = "enterprise_filing", "ABNORMAL"  # code list `certificate_flag`
HEARD = {review.RectificationOrdered.TOPIC, review.RectificationAccepted.TOPIC}


decisions = Policy("enterprise.decisions")
papers = Policy("enterprise.papers")


@decisions.on(review.CaseTaken)
async def open_review(unit: Unit, fact: review.CaseTaken, at: Recorded) -> None:
    if fact.subject_kind == KIND and fact.filing:
        (await unit.load(Enterprise, fact.subject_id)).open_review(
            fact.act, fact.filing, fact.round
        )


@decisions.on(review.CaseWithdrawn)
async def withdraw(unit: Unit, fact: review.CaseWithdrawn, at: Recorded) -> None:
    if fact.subject_kind == KIND and fact.filing:
        (await unit.load(Enterprise, fact.subject_id)).grant_withdrawal(
            fact.act, fact.filing, fact.round
        )


@decisions.on(review.Decided)
async def decide(unit: Unit, fact: review.Decided, at: Recorded) -> None:
    if fact.subject_kind != KIND or not fact.filing:
        return
    enterprise = await unit.load(Enterprise, fact.subject_id)
    sent = await unit.recorded(enterprise.id, enterprise.filing(fact.filing).sent_version)
    as_sent = sent is not None and (sent.position, sent.data_sha256) == (
        fact.reviewed.position,
        fact.reviewed.data_sha256,
    )
    items = tuple(ReturnedItem(pointer=i.pointer, reason=i.reason, text=i.text) for i in fact.items)
    enterprise.decide(
        fact.act,
        fact.filing,
        fact.round,
        at.id,
        Decision(fact.decision),
        as_sent=as_sent,
        items=items,
        comment=fact.comment,
    )


@decisions.on(review.RectificationOrdered)
async def flag(unit: Unit, fact: review.RectificationOrdered, at: Recorded) -> None:
    """While it rectifies, the enterprise's licences bear the mark and stay in force (domain book
    3.3).
    """
    (await unit.load(Enterprise, at.owner)).flag_certificates(fact.act, ABNORMAL)


@decisions.on(review.RectificationAccepted)
async def lift_flag(unit: Unit, fact: review.RectificationAccepted, at: Recorded) -> None:
    (await unit.load(Enterprise, at.owner)).lift_flags(fact.act, ABNORMAL)


@papers.on(personnel.FormRendered)
async def take_form(unit: Unit, fact: personnel.FormRendered, at: Recorded) -> None:
    packet = await unit.find(Packet, fact.packet)
    if packet and packet.owner == at.owner:
        packet.take(fact.act, fact.filing, Part.model_validate(fact.part, extra="ignore"))


@papers.on(personnel.FormNotRendered)
async def miss_form(unit: Unit, fact: personnel.FormNotRendered, at: Recorded) -> None:
    packet = await unit.find(Packet, fact.packet)
    if packet and packet.owner == at.owner:
        packet.miss(fact.act, fact.filing, fact.reason)
