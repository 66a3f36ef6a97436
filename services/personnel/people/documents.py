"""Identity documents: the keyed hash by which persons are compared, and who has it, as claims: one
enterprise from sending to release; within an enterprise one person as soon as the document is
saved.
"""

from libs.events import claims
from libs.events.application import UnitOfWork
from libs.events.texts import normal
from libs.filing.content.person import Person as Content
from services.personnel.people.domain.held import HeldDocuments, held
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
    return key is not None and await _other(work, person, HERE, _here(person, key)) is not None


async def follow(work: UnitOfWork, person: Person, before: HeldDocuments) -> None:
    """After an act, in the same unit of work: frees what the person held before and no longer
    needs, takes what they hold now. Earlier versions left a changed document where it was, or the
    new one to somebody else of the enterprise: the one is freed now, the other stays theirs.
    """
    now = held(person)
    for key in sorted(before.claimed - now.claimed):
        await claims.free(work, PERSON, key, person.id)
    for key in sorted(now.claimed - before.claimed):
        await claims.take(work, PERSON, key, claims.PERSONS, _holder(person))
    for key in sorted((before.here | now.once) - now.here):
        await claims.free(work, HERE, _here(person, key), person.id)
    for key in sorted(now.here):
        if not await is_taken_here(work, person, key):
            await claims.take(work, HERE, _here(person, key), person.owner, _holder(person))


def _here(person: Person, key: str) -> str:
    return f"{person.owner}/{key}"


async def _other(work: UnitOfWork, person: Person, kind: str, key: str) -> claims.Holder | None:
    holder = await claims.holder(work, kind, key)
    return holder if holder and holder.subject != person.id else None


def _holder(person: Person) -> claims.Holder:
    return claims.Holder(enterprise=person.owner, subject=person.id)
