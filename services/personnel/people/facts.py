"""What the rules must know of a person besides what is filled in: of the enterprise, of others with
the same document, number or scan, of the staff that stays; and what they say of the person.
"""

from datetime import date
from uuid import UUID

from libs.chassis.replicas.directory import Directory
from libs.events.application import Application, Command, UnitOfWork
from libs.events.pools import Pool
from libs.events.refusal import Finding
from libs.events.value import Act
from libs.filing.content.person import Person as Content
from libs.filing.content.person import Release
from libs.filing.content.scans import scans_in
from libs.filing.facts.person import OTHERS, PersonFacts
from services.personnel.neighbours.branches import branches_of
from services.personnel.neighbours.licences import licences
from services.personnel.neighbours.scan_uses import bytes_of_others
from services.personnel.people import documents, lists
from services.personnel.people.domain.filed import Filed
from services.personnel.people.domain.person import Person
from services.personnel.people.domain.staffing import short_without


async def facts_for(
    work: UnitOfWork, person: Person, content: Filed, key: str | None
) -> PersonFacts:
    """Facts from elsewhere about this content of the person; `key`: of the document in it. Raises
    Refused for an enterprise that is not known.
    """
    listing = await Directory(work.pool).arriving(person.owner)
    return PersonFacts(
        uscc=listing.uscc,
        branches=await branches_of(work.pool, person.owner),
        held_by=await _other_enterprise(work, person, key),
        same_number_here=await documents.is_taken_here(work, person, key),
        numbers_of_others=await _numbers_of_others(work.pool, person, content, key),
        scans_of_others=await _scans_of_others(work.pool, person, content, key),
        short_without=await _short_without(work, person, content, work.act.today),
    )


async def findings_of(application: Application, person: Person, act: Act) -> list[Finding]:
    """What the rules say now of the person as saved."""
    work = UnitOfWork(application, Command(act))
    facts = await facts_for(work, person, person.saved, person.person_key)
    return person.findings_before_saving(person.saved, act, facts)


async def _other_enterprise(work: UnitOfWork, person: Person, key: str | None) -> str | None:
    """The name of the enterprise that has the document, if it has it for somebody else."""
    holder = await documents.other_holder(work, person, key)
    if holder is None:
        return None
    listing = await Directory(work.pool).find(holder.enterprise)
    return listing.name if listing else OTHERS


async def _numbers_of_others(
    pool: Pool, person: Person, content: Filed, key: str | None
) -> frozenset[str]:
    if not isinstance(content, Content):
        return frozenset()
    return await lists.numbers_of_others(pool, lists.numbers_in(content), person.id, key)


async def _scans_of_others(
    pool: Pool, person: Person, content: Filed, key: str | None
) -> frozenset[UUID]:
    """Scans whose very bytes another person has."""
    hashes = {scan.scan: scan.sha256 for scan in scans_in(content) if scan.sha256}
    theirs = await bytes_of_others(pool, sorted(hashes.values()), person.id, key)
    return frozenset(scan for scan, sha256 in hashes.items() if sha256 in theirs)


async def _short_without(
    work: UnitOfWork, person: Person, content: Filed, today: date
) -> tuple[str, ...]:
    """Standards that the enterprise would no longer reach without who is leaving."""
    if not isinstance(content, Release):
        return ()
    staff = [await work.load(Person, id) for id in await lists.filed(work.pool, person.owner)]
    filed = [(each.id, each.filed.content) for each in staff if each.filed]
    certificates = await licences.of(work.pool, person.owner)
    return short_without(certificates, filed, person.id, today)
