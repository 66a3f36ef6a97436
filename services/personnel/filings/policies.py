"""Because of what review said, a person's filings change, and with them who has their document."""

from uuid import UUID

from libs.events.application import UnitOfWork
from libs.events.policy import Policy
from libs.events.records import StoredEvent
from libs.filing.filing import Decision
from libs.filing.rulings import is_as_sent, returned_items
from libs.published import review
from services.personnel.people import documents
from services.personnel.people.domain.held import held
from services.personnel.people.domain.person import Person

KIND = "person_filing"


decisions = Policy("personnel.decisions")


@decisions.on(review.CaseTaken)
async def open_review(work: UnitOfWork, fact: review.CaseTaken, at: StoredEvent) -> None:
    if fact.subject_kind == KIND and fact.filing:
        (await work.load(Person, fact.subject_id)).open_review(fact.act, fact.filing, fact.round)


@decisions.on(review.CaseWithdrawn)
async def withdraw(work: UnitOfWork, fact: review.CaseWithdrawn, at: StoredEvent) -> None:
    if fact.subject_kind == KIND and fact.filing:
        person = await work.load(Person, fact.subject_id)
        before = held(person)
        person.grant_withdrawal(fact.act, fact.filing, fact.round)
        await documents.follow(work, person, before)


@decisions.on(review.Decided)
async def decide(work: UnitOfWork, fact: review.Decided, at: StoredEvent) -> None:
    if fact.subject_kind != KIND or not fact.filing:
        return
    person = await work.load(Person, fact.subject_id)
    before = held(person)
    person.decide(
        fact.act,
        fact.filing,
        fact.round,
        at.id,
        Decision(fact.decision),
        as_sent=await _is_as_sent(work, person, fact.filing, fact.reviewed),
        items=returned_items(fact.items),
        comment=fact.comment,
    )
    await documents.follow(work, person, before)


async def _is_as_sent(
    work: UnitOfWork, person: Person, filing: UUID, reviewed: review.Reviewed
) -> bool:
    """Whether the reviewer decided on what was sent last."""
    sent = await work.recorded(person.id, person.filing(filing).sent_version)
    return is_as_sent(sent, reviewed)
