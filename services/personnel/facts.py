"""Facts that the rules need besides what is filled in: of the enterprise, of others with the same
document, number or scan, of the staff that stays.
"""

import asyncio
from datetime import date
from uuid import UUID

from libs.chassis.replicas.directory import Directory, Listing
from libs.events.application import Application, UnitOfWork
from libs.events.pools import Pool
from libs.events.refusal import Refused
from libs.filing.catalogue import STATE, finding
from libs.filing.content.person import Person as Content
from libs.filing.content.person import Release
from libs.filing.content.scans import scans_in
from libs.filing.facts.person import PersonFacts
from services.personnel import holding, queries
from services.personnel.domain.person import Filed, Person
from services.personnel.staffing import short_without

TRIES, PAUSE = 20, 0.05  # for a newly registered enterprise to arrive, in seconds


async def listing(pool: Pool, enterprise: UUID) -> Listing:
    """The enterprise as the directory knows it, polled for up to a second: whoever has just
    registered is on the way here by topic. Raises Refused if it does not arrive.
    """
    for _ in range(TRIES):
        if found := await Directory(pool).find(enterprise):
            return found
        await asyncio.sleep(PAUSE)
    raise Refused((finding(STATE, case="enterprise_unknown"),))


async def facts(
    app: Application, unit: UnitOfWork, person: Person, content: Filed, key: str | None
) -> PersonFacts:
    """What stands elsewhere about this content of the person; `key`: of the document in it."""
    today, pool = unit.act.today, app.pool
    enterprise = await listing(pool, person.owner)
    return PersonFacts(
        uscc=enterprise.uscc,
        branches=await queries.branches(pool, person.owner),
        held_by=await _held_by(pool, unit, person, key),
        same_number_here=await holding.is_taken_here(unit, person, key),
        numbers_of_others=await _numbers_of_others(pool, content, key),
        scans_of_others=await _scans_of_others(pool, person, content, key),
        short_without=await _short_without(app, person, content, today),
    )


async def _held_by(pool: Pool, unit: UnitOfWork, person: Person, key: str | None) -> str | None:
    """The name of the enterprise that holds the document, if it is held for somebody else."""
    holder = await holding.other_holder(unit, person, key)
    if holder is None:
        return None
    found = await Directory(pool).find(holder.enterprise)
    return found.name if found else "其他企业"


async def _numbers_of_others(pool: Pool, content: Filed, key: str | None) -> frozenset[str]:
    if not isinstance(content, Content):
        return frozenset()
    numbers = [row.cert_no for row in content.registrations if row.cert_no]
    return await queries.numbers_of_others(pool, numbers, key)


async def _scans_of_others(
    pool: Pool, person: Person, content: Filed, key: str | None
) -> frozenset[UUID]:
    """Scans whose very bytes stand with another person."""
    hashes = {scan.scan: scan.sha256 for scan in scans_in(content) if scan.sha256}
    seen = await queries.bytes_of_others(pool, sorted(hashes.values()), person.id, key)
    return frozenset(scan for scan, sha256 in hashes.items() if sha256 in seen)


async def _short_without(
    app: Application, person: Person, content: Filed, today: date
) -> tuple[str, ...]:
    """Standards that the enterprise would no longer reach without who is leaving."""
    if not isinstance(content, Release):
        return ()
    people = [await app.read(Person, id) for id in await queries.filed(app.pool, person.owner)]
    filed = [(each.id, each.filed.content) for each in people if each.filed]
    certificates = await queries.certificates(app.pool, person.owner)
    return short_without(certificates, filed, person.id, today)
