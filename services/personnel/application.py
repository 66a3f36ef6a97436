"""Commands of the personnel service: load, look up facts, decide, save."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID, uuid5

from libs.chassis.directory import Directory, Listing
from libs.chassis.scans import known_scans
from libs.events import claims
from libs.events.aggregate import Aggregate
from libs.events.application import Application, Command, Outcome, Unit, use_case
from libs.events.errors import NotFound
from libs.events.refusal import Finding, Refused, refuse
from libs.events.value import Act, Value
from libs.filing.catalogue import STATE, finding
from libs.filing.content.person import Person as Content
from libs.filing.content.person import Release
from libs.filing.content.scans import scans_in, with_scans
from libs.filing.facts.person import PersonFacts
from libs.filing.filing import Answer, Type, number
from libs.filing.identifiers import normal
from libs.filing.rules.person import p19
from services.personnel import queries
from services.personnel.domain.batch import Batch, RefusedFiling, SentFiling
from services.personnel.domain.person import Filed, Person, Sender
from services.personnel.domain.place import FilingPlace
from services.personnel.staffing import short_without

F = TypeVar("F", bound=Value)
TRIES, PAUSE = 20, 0.05  # for a newly registered enterprise to arrive, in seconds
# claims: filed by one enterprise; saved once in an enterprise
PERSON, HERE = "person", "enterprise-person"


@dataclass(frozen=True)
class Sending:
    """One filing of a batch: warnings that were read, words on returned points."""

    filing: UUID
    acknowledged: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()


class PersonnelApplication(Application):
    @use_case
    async def add_person(self, unit: Unit, enterprise: UUID, content: Content) -> Aggregate:
        id, key = self.ids.new(), self.key_of(content)
        person = Person(
            act=unit.act, person=id, enterprise=enterprise, content=Content(), person_key=None
        )
        person.save(
            unit.act,
            await self._filled(unit, person, content),
            key,
            await self.facts(unit, person, content, key),
        )
        await self._move(unit, person, None, key)
        unit.created(f"/people/{id}")
        return unit.add(person)

    @use_case
    async def save_person(self, unit: Unit, id: UUID, content: Content) -> Aggregate:
        person, key = await unit.change(Person, id), self.key_of(content)
        before = person.person_key
        person.save(
            unit.act,
            await self._filled(unit, person, content),
            key,
            await self.facts(unit, person, content, key),
        )
        await self._move(unit, person, before, key)
        return person

    @use_case
    async def add_filings(self, unit: Unit, type: Type, people: Sequence[UUID]) -> Aggregate:
        """One filing a person, all of them or none; the ids follow from the command, so that a
        repeat finds them again.
        """
        for id in people:
            person = await self._begin(unit, await unit.load(Person, id), type)
        unit.created("/filings")
        return person

    @use_case
    async def download(self, unit: Unit, id: UUID) -> Aggregate:
        """下载: a change filing from the approved version."""
        return await self._begin(unit, await unit.change(Person, id), Type.PER_CHANGE)

    @use_case
    async def release(self, unit: Unit, id: UUID, release: Release) -> Aggregate:
        """离职（调出）: a release filing, to be sent like any other."""
        person = await unit.change(Person, id)
        return await self._begin(
            unit, person, Type.PER_RELEASE, await self._filled(unit, person, release)
        )

    @use_case
    async def save_filing(self, unit: Unit, filing: UUID, content: Filed | None) -> Aggregate:
        person = unit.match(await self._of(unit, filing))
        filled = await self._filled(unit, person, content) if content else None
        new = filled or person.content_of(person.filing(filing))
        key = self.key_of(new) if isinstance(new, Content) else person.person_key
        before = person.person_key
        person.save_filing(unit.act, filing, filled, key, await self.facts(unit, person, new, key))
        await self._move(unit, person, before, person.person_key)
        return person

    async def send(
        self, command: Command, enterprise: UUID, sendings: Sequence[Sending]
    ) -> tuple[Outcome, Batch]:
        """Each by itself: a faulty one never stops the others. Nothing is written if none can be
        sent.
        """
        made: list[Batch] = []
        outcome = await self._send(command, enterprise, sendings, made)
        return outcome, (
            await self.read(Batch, outcome.stream, outcome.version)
            if outcome.replayed
            else made[-1]
        )

    @use_case
    async def _send(
        self, unit: Unit, enterprise: UUID, sendings: Sequence[Sending], made: list[Batch]
    ) -> Aggregate:
        sender = await self.sender(enterprise)
        batch_no = number(
            sender.supervising_city_code, f"{unit.act.today:%Y%m%d}", self.ids.token(8)
        )
        sent, refused = [], []
        for each in sendings:
            try:
                sent.append(await self._send_one(unit, each, enterprise, sender, batch_no))
            except Refused as error:
                place = await unit.find(FilingPlace, each.filing)
                refused.append(
                    RefusedFiling(
                        filing=each.filing,
                        person=place.person if place else None,
                        findings=error.findings,
                    )
                )
        batch = Batch.send(
            unit.act,
            self.ids.new(),
            enterprise=enterprise,
            batch_no=batch_no,
            sent=tuple(sent),
            refused=tuple(refused),
        )
        made.append(batch)
        if unit.expected():
            unit.add(batch)
        return batch

    async def _send_one(
        self, unit: Unit, each: Sending, enterprise: UUID, sender: Sender, batch_no: str
    ) -> SentFiling:
        person = await self._of(unit, each.filing)
        if person.owner != enterprise:
            raise NotFound
        current = person.filing(each.filing)
        if not current.sent_at or current.is_editable:
            facts = await self.facts(
                unit, person, person.content_of(current), person.key_of(current)
            )
            receipt_no = number(
                sender.supervising_city_code, f"{unit.act.today:%Y%m%d}", self.ids.token(8)
            )
            person.send_filing(
                unit.act,
                each.filing,
                sender,
                receipt_no,
                batch_no,
                facts,
                each.acknowledged,
                each.answers,
            )
            for key in sorted(person.claims):
                await claims.take(
                    unit,
                    PERSON,
                    key,
                    claims.PERSONS,
                    claims.Holder(enterprise=enterprise, subject=person.id),
                )
            current = person.filing(each.filing)
        elif not current.awaits(current.round):
            refuse([finding("E24")])
        return SentFiling(
            filing=each.filing, person=person.id, receipt_no=current.receipt_no, round=current.round
        )

    @use_case
    async def ask_withdrawal(self, unit: Unit, filing: UUID) -> Aggregate:
        person = unit.match(await self._of(unit, filing))
        person.ask_withdrawal(unit.act, filing)
        unit.accepted(f"/filings/{filing}")
        return person

    @use_case
    async def void_filing(self, unit: Unit, filing: UUID) -> Aggregate:
        person = unit.match(await self._of(unit, filing))
        held = person.claims
        person.void_filing(unit.act, filing)
        await free(unit, person, held)
        return person

    async def findings_of_person(self, person: Person, act: Act) -> list[Finding]:
        facts = await self.facts(Unit(self, Command(act)), person, person.saved, person.person_key)
        return person.findings_before_saving(person.saved, act, facts)

    async def findings_of_filing(self, person: Person, each: Sending, act: Act) -> list[Finding]:
        current = person.filing(each.filing)
        facts = await self.facts(
            Unit(self, Command(act)), person, person.content_of(current), person.key_of(current)
        )
        return person.findings_before_sending(current, act, facts, each.answers)

    async def findings_for_review(self, person: Person, content: Filed, act: Act) -> list[Finding]:
        """What the officer is told of what he reads (P19)."""
        if not isinstance(content, Content):
            return []
        return p19(
            content.scans,
            await self.facts(Unit(self, Command(act)), person, content, self.key_of(content)),
        )

    async def person_of(self, filing: UUID) -> Person:
        return await self.read(Person, (await self.read(FilingPlace, filing)).person)

    async def sender(self, enterprise: UUID) -> Sender:
        """The enterprise as the directory knows it."""
        listing = await self.listing(enterprise)
        return Sender(
            uscc=listing.uscc,
            name=listing.name,
            supervising_city_code=listing.supervising_city_code,
        )

    async def listing(self, enterprise: UUID) -> Listing:
        """Whoever has just registered is on his way here by topic: he is waited for."""
        for _ in range(TRIES):
            if found := await Directory(self.pool).find(enterprise):
                return found
            await asyncio.sleep(PAUSE)
        raise Refused((finding(STATE, case="enterprise_unknown"),))

    async def facts(
        self, unit: Unit, person: Person, content: Filed, key: str | None
    ) -> PersonFacts:
        """What the rules must know besides what is filled in."""
        listing = await self.listing(person.owner)
        here = await claims.holder(unit, HERE, f"{person.owner}/{key}") if key else None
        holder = await claims.holder(unit, PERSON, key) if key else None
        other = holder is not None and holder.subject != person.id
        name = await self._name_of(holder.enterprise) if holder and other else None
        numbers = (
            [row.cert_no for row in content.registrations if row.cert_no]
            if isinstance(content, Content)
            else []
        )
        known = {scan.scan: scan.sha256 for scan in scans_in(content) if scan.sha256}
        seen = await queries.bytes_of_others(self.pool, sorted(known.values()), person.id, key)
        return PersonFacts(
            uscc=listing.uscc,
            branches=await queries.branches(self.pool, person.owner),
            held_by=name,
            same_number_here=here is not None and here.subject != person.id,
            numbers_of_others=await queries.numbers_of_others(self.pool, numbers, key),
            scans_of_others=frozenset(scan for scan, sha256 in known.items() if sha256 in seen),
            short_without=await self._short_without(person, unit.act.today)
            if isinstance(content, Release)
            else (),
        )

    async def _short_without(self, person: Person, today: date) -> tuple[str, ...]:
        people = [
            await self.read(Person, id) for id in await queries.filed(self.pool, person.owner)
        ]
        filed = [(each.id, each.filed.content) for each in people if each.filed]
        return short_without(
            await queries.certificates(self.pool, person.owner), filed, person.id, today
        )

    def key_of(self, content: Content) -> str | None:
        """The keyed hash by which persons are compared; none before a document is filled in."""
        return (
            self.keyring.digest(content.id_type, normal(content.id_no))
            if content.id_type and content.id_no
            else None
        )

    async def _of(self, unit: Unit, filing: UUID) -> Person:
        return await unit.load(Person, (await unit.load(FilingPlace, filing)).person)

    async def _begin(
        self, unit: Unit, person: Person, type: Type, release: Release | None = None
    ) -> Person:
        filing = filing_id(unit.command.id or self.ids.new(), person.id)
        city = (await self.listing(person.owner)).supervising_city_code
        person.add_filing(
            unit.act,
            filing,
            type,
            number(city, f"{unit.act.today:%Y%m%d}", self.ids.token(8), type),
            release,
        )
        unit.add(FilingPlace.place(unit.act, filing, person=person.id, enterprise=person.owner))
        unit.created(f"/filings/{filing}")
        return person

    async def _move(self, unit: Unit, person: Person, old: str | None, new: str | None) -> None:
        """Within the enterprise a document belongs to one person, as soon as it is saved."""
        if old and old != new:
            await claims.free(unit, HERE, f"{person.owner}/{old}", person.id)
        if new:
            await claims.take(
                unit,
                HERE,
                f"{person.owner}/{new}",
                person.owner,
                claims.Holder(enterprise=person.owner, subject=person.id),
            )

    async def _name_of(self, enterprise: UUID) -> str:
        found = await Directory(self.pool).find(enterprise)
        return found.name if found else "其他企业"

    async def _filled(self, unit: Unit, person: Person, content: F) -> F:
        return with_scans(
            content,
            await known_scans(
                unit, person.owner, [(scan.scan, scan.scan_type) for scan in scans_in(content)]
            ),
        )


async def free(unit: Unit, person: Person, held: frozenset[str]) -> None:
    """Gives back what the person no longer needs."""
    for key in sorted(held - person.claims):
        await claims.free(unit, PERSON, key, person.id)


def filing_id(command: UUID, person: UUID) -> UUID:
    return uuid5(command, str(person))
