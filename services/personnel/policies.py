"""Because of what review said, a person's filings change, and with them who holds the person."""

from libs.events.application import UnitOfWork
from libs.events.policy import Policy
from libs.events.records import StoredEvent
from libs.filing.filing import Decision
from libs.filing.rulings import is_as_sent, returned_items
from libs.published import review
from services.personnel import holding
from services.personnel.domain.person import Person

KIND = "person_filing"


decisions = Policy("personnel.decisions")


@decisions.on(review.CaseTaken)
async def open_review(unit: UnitOfWork, fact: review.CaseTaken, at: StoredEvent) -> None:
    if fact.subject_kind == KIND and fact.filing:
        (await unit.load(Person, fact.subject_id)).open_review(fact.act, fact.filing, fact.round)


@decisions.on(review.CaseWithdrawn)
async def withdraw(unit: UnitOfWork, fact: review.CaseWithdrawn, at: StoredEvent) -> None:
    if fact.subject_kind == KIND and fact.filing:
        person = await unit.load(Person, fact.subject_id)
        held = person.claims
        person.grant_withdrawal(fact.act, fact.filing, fact.round)
        await holding.free(unit, person, held)


@decisions.on(review.Decided)
async def decide(unit: UnitOfWork, fact: review.Decided, at: StoredEvent) -> None:
    if fact.subject_kind != KIND or not fact.filing:
        return
    person = await unit.load(Person, fact.subject_id)
    held = person.claims
    sent = await unit.recorded(person.id, person.filing(fact.filing).sent_version)
    person.decide(
        fact.act,
        fact.filing,
        fact.round,
        at.id,
        Decision(fact.decision),
        as_sent=is_as_sent(sent, fact.reviewed),
        items=returned_items(fact.items),
        comment=fact.comment,
    )
    await holding.free(unit, person, held)
