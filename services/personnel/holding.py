"""Who holds a document, as claims: one enterprise from sending to release, and within an
enterprise one person as soon as the document is saved.
"""

from libs.events import claims
from libs.events.application import UnitOfWork
from services.personnel.domain.person import Person

PERSON, HERE = "person", "enterprise-person"  # kinds of claims


async def other_holder(unit: UnitOfWork, person: Person, key: str | None) -> claims.Holder | None:
    """Who else has sent or filed somebody with this document, in whatever enterprise."""
    return await _other(unit, person, PERSON, key) if key else None


async def is_taken_here(unit: UnitOfWork, person: Person, key: str | None) -> bool:
    """Whether another person of the same enterprise is saved with this document."""
    return bool(key) and await _other(unit, person, HERE, f"{person.owner}/{key}") is not None


async def take(unit: UnitOfWork, person: Person) -> None:
    """Takes the documents of the person's open and approved filings."""
    for key in sorted(person.claims):
        await claims.take(unit, PERSON, key, claims.PERSONS, _holder(person))


async def free(unit: UnitOfWork, person: Person, held: frozenset[str]) -> None:
    """Frees those of the documents held that the person no longer needs."""
    for key in sorted(held - person.claims):
        await claims.free(unit, PERSON, key, person.id)


async def move(unit: UnitOfWork, person: Person, before: str | None) -> None:
    """Takes the document that the person is now saved with, and frees the one before."""
    now = person.person_key
    if before and before != now:
        await claims.free(unit, HERE, f"{person.owner}/{before}", person.id)
    if now:
        await claims.take(unit, HERE, f"{person.owner}/{now}", person.owner, _holder(person))


async def _other(unit: UnitOfWork, person: Person, kind: str, key: str) -> claims.Holder | None:
    holder = await claims.holder(unit, kind, key)
    return holder if holder and holder.subject != person.id else None


def _holder(person: Person) -> claims.Holder:
    return claims.Holder(enterprise=person.owner, subject=person.id)
