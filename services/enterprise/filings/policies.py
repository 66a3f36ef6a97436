"""Because of what review said, an enterprise's filings change."""

from libs.events.application import UnitOfWork
from libs.events.policy import Policy
from libs.events.records import StoredEvent
from libs.filing.filing import Decision
from libs.filing.rulings import is_as_sent, returned_items
from libs.published import review
from services.enterprise.information.domain import Enterprise

KIND, ABNORMAL = "enterprise_filing", "ABNORMAL"  # code list `certificate_flag`


decisions = Policy("enterprise.decisions")


@decisions.on(review.CaseTaken)
async def open_review(work: UnitOfWork, fact: review.CaseTaken, at: StoredEvent) -> None:
    if fact.subject_kind == KIND and fact.filing:
        (await work.load(Enterprise, fact.subject_id)).open_review(
            fact.act, fact.filing, fact.round
        )


@decisions.on(review.CaseWithdrawn)
async def withdraw(work: UnitOfWork, fact: review.CaseWithdrawn, at: StoredEvent) -> None:
    if fact.subject_kind == KIND and fact.filing:
        (await work.load(Enterprise, fact.subject_id)).grant_withdrawal(
            fact.act, fact.filing, fact.round
        )


@decisions.on(review.Decided)
async def decide(work: UnitOfWork, fact: review.Decided, at: StoredEvent) -> None:
    if fact.subject_kind != KIND or not fact.filing:
        return
    enterprise = await work.load(Enterprise, fact.subject_id)
    sent = await work.recorded(enterprise.id, enterprise.filing(fact.filing).sent_version)
    enterprise.decide(
        fact.act,
        fact.filing,
        fact.round,
        at.id,
        Decision(fact.decision),
        as_sent=is_as_sent(sent, fact.reviewed),
        items=returned_items(fact.items),
        comment=fact.comment,
    )


@decisions.on(review.RectificationOrdered)
async def flag(work: UnitOfWork, fact: review.RectificationOrdered, at: StoredEvent) -> None:
    """While it rectifies, the enterprise's licences bear the mark and stay in force (domain book
    3.3).
    """
    (await work.load(Enterprise, at.owner)).flag_certificates(fact.act, ABNORMAL)


@decisions.on(review.RectificationAccepted)
async def lift_flag(work: UnitOfWork, fact: review.RectificationAccepted, at: StoredEvent) -> None:
    (await work.load(Enterprise, at.owner)).lift_flags(fact.act, ABNORMAL)
