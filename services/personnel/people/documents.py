"""Identity documents: the keyed hash by which persons are compared, and who has it, as claims: one
enterprise from sending to release; within an enterprise one person as soon as the document is
saved.
"""

from libs.events import claims
from libs.events.application import UnitOfWork
from libs.events.texts import normal
from libs.filing.content.person import Person as Content
from services.personnel.people.domain.person import Person

PERSON, HERE = "person", "enterprise-person"  # kinds of claims


def key_of(work: UnitOfWork, content: Content) -> str | None:
    """The keyed hash of document type and number; None before both are filled in."""
    if not (content.id_type and content.id_no):
        return None
    return work.keyring.digest(content.id_type, normal(content.id_no))


async def other_holder(work: UnitOfWork, person: Person, key: str | None) -> claims.Holder | None:
    """Who else has sent or filed somebody with this document, in whatever enterprise."""
    return await _other(work, person, PERSON, key) if key else None


async def is_taken_here(work: UnitOfWork, person: Person, key: str | None) -> bool:
    """Whether another person of the same enterprise is saved with this document."""
    return bool(key) and await _other(work, person, HERE, f"{person.owner}/{key}") is not None


async def take(work: UnitOfWork, person: Person) -> None:
    """Takes the documents of the person's open and approved filings."""
    for key in sorted(person.claims):
        await claims.take(work, PERSON, key, claims.PERSONS, _holder(person))


async def free(work: UnitOfWork, person: Person, before: frozenset[str]) -> None:
    """Frees those of the documents claimed before that the person no longer needs."""
    for key in sorted(before - person.claims):
        await claims.free(work, PERSON, key, person.id)


async def move(work: UnitOfWork, person: Person, before: str | None) -> None:
    """Takes the document that the person is now saved with, and frees the one before."""
    now = person.person_key
    if before and before != now:
        await claims.free(work, HERE, f"{person.owner}/{before}", person.id)
    if now:
        await claims.take(work, HERE, f"{person.owner}/{now}", person.owner, _holder(person))


async def _other(work: UnitOfWork, person: Person, kind: str, key: str) -> claims.Holder | None:
    holder = await claims.holder(work, kind, key)
    return holder if holder and holder.subject != person.id else None


def _holder(person: Person) -> claims.Holder:
    return claims.Holder(enterprise=person.owner, subject=person.id)
