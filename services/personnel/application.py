"""Commands of the personnel service: load, look up facts, decide, save."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID, uuid5

from libs.chassis.scans.scan import known_scans
from libs.events.aggregate import Aggregate
from libs.events.application import Application, Command, Outcome, UnitOfWork, use_case
from libs.events.errors import NotFound
from libs.events.refusal import Finding, Refused, refuse
from libs.events.value import Act, Value
from libs.filing.catalogue import finding
from libs.filing.content.person import Person as Content
from libs.filing.content.person import Release
from libs.filing.content.scans import scans_in, with_scans
from libs.filing.facts.person import PersonFacts
from libs.filing.filing import Answer, Type, number
from libs.filing.identifiers import normal
from libs.filing.rules.person import p19
from services.personnel import holding
from services.personnel.domain.batch import Batch, RefusedFiling, SentFiling
from services.personnel.domain.person import Filed, Person, Sender
from services.personnel.domain.place import FilingPlace
from services.personnel.facts import facts, listing

F = TypeVar("F", bound=Value)


@dataclass(frozen=True)
class Sending:
    """One filing of a batch: warnings that were read, words on returned points."""

    filing: UUID
    acknowledged: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()


class PersonnelApplication(Application):
    @use_case
    async def add_person(self, unit: UnitOfWork, enterprise: UUID, content: Content) -> Aggregate:
        person = Person.add(unit.act, self.ids.new(), enterprise)
        await self._save(unit, person, content)
        unit.created(f"/people/{person.id}")
        return unit.add(person)

    @use_case
    async def save_person(self, unit: UnitOfWork, id: UUID, content: Content) -> Aggregate:
        person = await unit.change(Person, id)
        await self._save(unit, person, content)
        return person

    @use_case
    async def add_filings(self, unit: UnitOfWork, type: Type, people: Sequence[UUID]) -> Aggregate:
        """One filing a person, all of them or none; the ids follow from the command, so that a
        repeat finds them again.
        """
        for id in people:
            person = await self._begin(unit, await unit.load(Person, id), type)
        unit.created("/filings")
        return person

    @use_case
    async def download(self, unit: UnitOfWork, id: UUID) -> Aggregate:
        """下载: a change filing from the approved version."""
        return await self._begin(unit, await unit.change(Person, id), Type.PER_CHANGE)

    @use_case
    async def release(self, unit: UnitOfWork, id: UUID, release: Release) -> Aggregate:
        """离职（调出）: a release filing, to be sent like any other."""
        person = await unit.change(Person, id)
        filled = await self._filled(unit, person, release)
        return await self._begin(unit, person, Type.PER_RELEASE, filled)

    @use_case
    async def save_filing(self, unit: UnitOfWork, filing: UUID, content: Filed | None) -> Aggregate:
        person = unit.match(await self._of(unit, filing))
        filled = await self._filled(unit, person, content) if content else None
        new = filled or person.content_of(person.filing(filing))
        before = person.person_key
        key = self.key_of(new) if isinstance(new, Content) else before
        known = await facts(self, unit, person, new, key)
        person.save_filing(unit.act, filing, filled, key, known)
        await holding.move(unit, person, before)
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
        self, unit: UnitOfWork, enterprise: UUID, sendings: Sequence[Sending], made: list[Batch]
    ) -> Aggregate:
        sender = await self._sender(enterprise)
        batch_no = self._number(unit, sender.supervising_city_code)
        sent, refused = [], []
        for each in sendings:
            try:
                sent.append(await self._send_one(unit, each, enterprise, sender, batch_no))
            except Refused as error:
                refused.append(await _refused(unit, each.filing, error.findings))
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
        self, unit: UnitOfWork, each: Sending, enterprise: UUID, sender: Sender, batch_no: str
    ) -> SentFiling:
        """What lies with the authority already is told again. Raises Refused, and NotFound for a
        filing of another enterprise.
        """
        person = await self._of(unit, each.filing)
        if person.owner != enterprise:
            raise NotFound
        current = person.filing(each.filing)
        if not current.sent_at or current.is_editable:
            await self._send_now(unit, person, each, sender, batch_no)
        elif not current.awaits(current.round):
            refuse([finding("E24")])
        current = person.filing(each.filing)
        return SentFiling(
            filing=current.id, person=person.id, receipt_no=current.receipt_no, round=current.round
        )

    async def _send_now(
        self, unit: UnitOfWork, person: Person, each: Sending, sender: Sender, batch_no: str
    ) -> None:
        person.send_filing(
            unit.act,
            each.filing,
            sender,
            await self._facts_of_filing(unit, person, each.filing),
            receipt_no=self._number(unit, sender.supervising_city_code),
            batch_no=batch_no,
            acknowledged=each.acknowledged,
            answers=each.answers,
        )
        await holding.take(unit, person)

    @use_case
    async def ask_withdrawal(self, unit: UnitOfWork, filing: UUID) -> Aggregate:
        person = unit.match(await self._of(unit, filing))
        person.ask_withdrawal(unit.act, filing)
        unit.accepted(f"/filings/{filing}")
        return person

    @use_case
    async def void_filing(self, unit: UnitOfWork, filing: UUID) -> Aggregate:
        person = unit.match(await self._of(unit, filing))
        held = person.claims
        person.void_filing(unit.act, filing)
        await holding.free(unit, person, held)
        return person

    # What the rules say now

    async def findings_of_person(self, person: Person, act: Act) -> list[Finding]:
        unit = UnitOfWork(self, Command(act))
        known = await facts(self, unit, person, person.saved, person.person_key)
        return person.findings_before_saving(person.saved, act, known)

    async def findings_of_filing(self, person: Person, each: Sending, act: Act) -> list[Finding]:
        known = await self._facts_of_filing(UnitOfWork(self, Command(act)), person, each.filing)
        return person.findings_before_sending(person.filing(each.filing), act, known, each.answers)

    async def findings_for_review(self, person: Person, content: Filed, act: Act) -> list[Finding]:
        """What the officer is told of what they read (P19)."""
        if not isinstance(content, Content):
            return []
        unit, key = UnitOfWork(self, Command(act)), self.key_of(content)
        return p19(content.scans, await facts(self, unit, person, content, key))

    async def person_of(self, filing: UUID) -> Person:
        return await self.read(Person, (await self.read(FilingPlace, filing)).person)

    def key_of(self, content: Content) -> str | None:
        """The keyed hash by which persons are compared; none before a document is filled in."""
        if not (content.id_type and content.id_no):
            return None
        return self.keyring.digest(content.id_type, normal(content.id_no))

    # Parts of the commands

    async def _of(self, unit: UnitOfWork, filing: UUID) -> Person:
        return await unit.load(Person, (await unit.load(FilingPlace, filing)).person)

    async def _save(self, unit: UnitOfWork, person: Person, content: Content) -> None:
        before, key = person.person_key, self.key_of(content)
        filled = await self._filled(unit, person, content)
        person.save(unit.act, filled, key, await facts(self, unit, person, content, key))
        await holding.move(unit, person, before)

    async def _begin(
        self, unit: UnitOfWork, person: Person, type: Type, release: Release | None = None
    ) -> Person:
        filing = filing_id(unit.command.id or self.ids.new(), person.id)
        city = (await listing(self.pool, person.owner)).supervising_city_code
        person.add_filing(unit.act, filing, type, self._number(unit, city, type), release)
        unit.add(FilingPlace.place(unit.act, filing, person=person.id, enterprise=person.owner))
        unit.created(f"/filings/{filing}")
        return person

    async def _sender(self, enterprise: UUID) -> Sender:
        """The enterprise as the directory knows it."""
        found = await listing(self.pool, enterprise)
        return Sender(
            uscc=found.uscc,
            name=found.name,
            supervising_city_code=found.supervising_city_code,
        )

    async def _facts_of_filing(self, unit: UnitOfWork, person: Person, filing: UUID) -> PersonFacts:
        current = person.filing(filing)
        content, key = person.content_of(current), person.key_of(current)
        return await facts(self, unit, person, content, key)

    async def _filled(self, unit: UnitOfWork, person: Person, content: F) -> F:
        """With what is known of its scans."""
        wanted = [(scan.scan, scan.scan_type) for scan in scans_in(content)]
        return with_scans(content, await known_scans(unit, person.owner, wanted))

    def _number(self, unit: UnitOfWork, city: str, type: Type | None = None) -> str:
        """A new receipt, batch or filing number."""
        return number(city, f"{unit.act.today:%Y%m%d}", self.ids.token(8), type)


async def _refused(unit: UnitOfWork, filing: UUID, findings: tuple[Finding, ...]) -> RefusedFiling:
    place = await unit.find(FilingPlace, filing)
    person = place.person if place else None
    return RefusedFiling(filing=filing, person=person, findings=findings)


def filing_id(command: UUID, person: UUID) -> UUID:
    """A filing's id follows from the command that begins it, so that a repeat finds it again."""
    return uuid5(command, str(person))
