"""Commands of people's filings 备案: begun from people, saved, sent, asked back, given up."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from libs.chassis.replicas.directory import Directory
from libs.events.application import Command, UnitOfWork
from libs.events.commands import use_case
from libs.events.errors import NotFound
from libs.events.refusal import Finding, Refused, refuse
from libs.filing.catalogue import FORMAT, finding
from libs.filing.content.person import Person as Content
from libs.filing.content.person import Release
from libs.filing.filing import Filing, Type, number
from services.personnel.filings.domain import Batch, RefusedFiling, SentFiling
from services.personnel.filings.facts import facts_of_filing
from services.personnel.people import documents
from services.personnel.people.domain.filed import Filed, FilingToSend, Sender
from services.personnel.people.domain.held import held
from services.personnel.people.domain.person import Person
from services.personnel.people.domain.place import FilingPlace
from services.personnel.people.facts import facts_for
from services.personnel.people.filling import filled


@use_case(action="add_filing")
async def add_filings(work: UnitOfWork, type: Type, people: Sequence[UUID]) -> Person:
    """添加: one filing a person, all of them or none; the answer is about the last of them. Raises
    Refused with what stands against each, at its place.
    """
    refuse(_doubled(people))
    against: list[Finding] = []
    for n, id in enumerate(people):
        person = await work.load(Person, id)
        try:
            await _begin(work, person, type)
        except Refused as error:
            against += _at(f"/people/{n}", error.findings)
    refuse(against)
    work.created("/filings")
    return person


def _at(place: str, findings: Sequence[Finding]) -> list[Finding]:
    return [each.model_copy(update={"pointer": place + each.pointer}) for each in findings]


def _doubled(people: Sequence[UUID]) -> list[Finding]:
    """Of each place at which somebody is named again."""
    first = {id: n for n, id in reversed(list(enumerate(people)))}
    again = [n for n, id in enumerate(people) if first[id] != n]
    return [finding(FORMAT, f"/people/{n}", case="doubled") for n in again]


@use_case(action="download")
async def download(work: UnitOfWork, id: UUID) -> Person:
    """下载: a change filing from the approved version."""
    person = await work.target(Person, id)
    await _begin(work, person, Type.PER_CHANGE)
    return person


@use_case(action="release")
async def release(work: UnitOfWork, id: UUID, release: Release) -> Person:
    """离职（调出）: a release filing with what was filled in, saved at once; to be sent like any
    other.
    """
    person = await work.target(Person, id)
    complete = await filled(work, person, release)
    filing = await _begin(work, person, Type.PER_RELEASE, complete)
    facts, key = await facts_of_filing(work, person, filing), person.person_key
    person.save_filing(work.act, filing, complete, key, facts)
    return person


@use_case(action="save")
async def save_filing(work: UnitOfWork, filing: UUID, content: Filed | None) -> Person:
    """保存; `None` takes the content as it stands."""
    person = work.made_from(await _person_of(work, filing))
    before = held(person)
    complete = await filled(work, person, content) if content else None
    new = complete or person.content_of(person.filing(filing))
    key = documents.key_of(work, new) if isinstance(new, Content) else person.person_key
    person.save_filing(work.act, filing, complete, key, await facts_for(work, person, new, key))
    await documents.follow(work, person, before)
    return person


@use_case(action="withdraw")
async def ask_withdrawal(work: UnitOfWork, filing: UUID) -> Person:
    """撤回: review grants or refuses it."""
    person = work.made_from(await _person_of(work, filing))
    person.ask_withdrawal(work.act, filing)
    work.accepted(f"/filings/{filing}")
    return person


@use_case(action="discard")
async def void_filing(work: UnitOfWork, filing: UUID) -> Person:
    """放弃."""
    person = work.made_from(await _person_of(work, filing))
    before = held(person)
    person.void_filing(work.act, filing)
    await documents.follow(work, person, before)
    return person


def filing_begun(command: Command, person: Person) -> Filing[Filed]:
    """The person's filing that this command began. Raises NotFound."""
    assert command.id
    return person.filing(_filing_id(command.id, person))


def _filing_id(command: UUID, person: Person) -> UUID:
    """It follows from the command that begins the filing, so that a repeat names it again."""
    return uuid5(command, str(person.id))


async def _begin(
    work: UnitOfWork, person: Person, type: Type, release: Release | None = None
) -> UUID:
    """The filing's id."""
    filing = _filing_id(work.command.id or work.ids.new(), person)
    city = (await Directory(work.pool).arriving(person.owner)).supervising_city_code
    person.add_filing(work.act, filing, type, _number(work, city, type), release)
    work.add(FilingPlace.place(work.act, filing, person=person.id, enterprise=person.owner))
    work.created(f"/filings/{filing}")
    return filing


async def _person_of(work: UnitOfWork, filing: UUID) -> Person:
    return await work.load(Person, (await work.load(FilingPlace, filing)).person)


def _number(work: UnitOfWork, city: str, type: Type | None = None) -> str:
    """A new receipt or batch number, or with its type a filing number."""
    return number(city, f"{work.act.today:%Y%m%d}", work.ids.token(8), type)


# Sending 在线发送


@dataclass(frozen=True)
class _Head:
    """What all filings of one batch have in common."""

    enterprise: UUID
    sender: Sender
    batch_no: str


@use_case(action="send")
async def send_filings(
    work: UnitOfWork, enterprise: UUID, sendings: Sequence[FilingToSend]
) -> Batch:
    """Each by itself: a faulty one never stops the others. Nothing is written if none can be
    sent. Raises NotFound for a filing of another enterprise.
    """
    sender = await _sender(work, enterprise)
    head = _Head(enterprise, sender, _number(work, sender.supervising_city_code))
    outcomes = [await _outcome(work, each, head) for each in sendings]
    batch = Batch.send(work.act, work.ids.new(), enterprise, head.batch_no, outcomes)
    return work.add(batch) if work.expected() else batch


async def _sender(work: UnitOfWork, enterprise: UUID) -> Sender:
    listing = await Directory(work.pool).arriving(enterprise)
    return Sender(
        uscc=listing.uscc,
        name=listing.name,
        supervising_city_code=listing.supervising_city_code,
    )


async def _outcome(
    work: UnitOfWork, sending: FilingToSend, head: _Head
) -> SentFiling | RefusedFiling:
    try:
        return await _sent(work, sending, head)
    except Refused as error:
        place = await work.find(FilingPlace, sending.filing)
        person = place.person if place else None
        return RefusedFiling(filing=sending.filing, person=person, findings=error.findings)


async def _sent(work: UnitOfWork, sending: FilingToSend, head: _Head) -> SentFiling:
    """What lies with the authority already keeps its receipt. Raises Refused; NotFound."""
    person = await _person_of(work, sending.filing)
    if person.owner != head.enterprise:
        raise NotFound
    current = person.filing(sending.filing)
    if not current.sent_at or current.is_editable:
        await _send(work, person, sending, head)
    elif not current.awaits(current.round):
        refuse([finding("E24")])
    sent = person.filing(sending.filing)
    return SentFiling(
        filing=sent.id, person=person.id, receipt_no=sent.receipt_no, round=sent.round
    )


async def _send(work: UnitOfWork, person: Person, sending: FilingToSend, head: _Head) -> None:
    before = held(person)
    person.send_filing(
        work.act,
        sending,
        head.sender,
        await facts_of_filing(work, person, sending.filing),
        receipt_no=_number(work, head.sender.supervising_city_code),
        batch_no=head.batch_no,
    )
    await documents.follow(work, person, before)
