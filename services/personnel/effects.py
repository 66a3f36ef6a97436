"""Forms of people's filings, rendered when a packet of the enterprise asks for them; each outcome
is an event.
"""

from collections.abc import Sequence
from uuid import UUID

from libs.chassis.service.resources import Resources
from libs.events.aggregate import Aggregate
from libs.events.application import Application, Command, UnitOfWork, use_case
from libs.events.effects import Effects
from libs.events.records import StoredEvent
from libs.events.value import Act, Actor, Value
from libs.filing.content.person import Person as Content
from libs.filing.content.scan import ScanRef
from libs.filing.content.scans import scans_in
from libs.papers.filing import Head, filing_paper
from libs.papers.keeping import attempt, make_part
from libs.papers.paper import Paper
from libs.papers.part import Part
from services.personnel.domain.papers import Papers, Wanted
from services.personnel.domain.person import Person
from services.personnel.domain.place import FilingPlace

SYSTEM = Actor(user="effect", role="SYSTEM")


def effects(the: Resources) -> Sequence[Effects]:
    forms = Effects("personnel.forms")

    @forms.on(Papers.FormsAsked)
    async def render(event: Papers.FormsAsked, at: StoredEvent) -> None:
        waiting = (await the.application.read(Papers, at.stream)).waiting
        for each in event.filings:
            if each.filing in waiting:
                made = await attempt(_part(the, each))
                await _outcome(
                    the.application,
                    Command(Act(by=SYSTEM, at=the.clock.now())),
                    at.stream,
                    each.filing,
                    made,
                )

    return [forms]


@use_case
async def _outcome(
    _: Application, unit: UnitOfWork, id: UUID, filing: UUID, made: Part | str
) -> Aggregate:
    papers = await unit.load(Papers, id)
    if isinstance(made, Part):
        papers.rendered(unit.act, filing, made)
    else:
        papers.fail(unit.act, filing, made)
    return papers


async def _part(the: Resources, wanted: Wanted) -> Part:
    """As the filing was sent in that round."""
    id = (await the.application.read(FilingPlace, wanted.filing)).person
    filing = (await the.application.read(Person, id)).filing(wanted.filing)
    version = filing.sent_versions[wanted.round - 1]
    sent = await _sent(the, id, version)
    content = sent.content or (await the.application.read(Person, id, version)).saved
    scans = tuple(scans_in(sent.release or content))
    return await make_part(the, id, content.name or "", _paper(sent, content, scans), scans)


async def _sent(the: Resources, id: UUID, version: int) -> Person.FilingSent:
    recorded = await the.application.log.at(id, version)
    assert recorded
    event = (await the.application.codec.decode([recorded]))[0]
    assert isinstance(event, Person.FilingSent)
    return event


def _paper(sent: Person.FilingSent, content: Content, scans: tuple[ScanRef, ...]) -> Paper:
    """The form; of a release, what is said of leaving comes before the person."""
    release: list[tuple[str, Value]] = [("release", sent.release)] if sent.release else []
    return filing_paper(_head(sent), [*release, ("person", content)], scans)


def _head(sent: Person.FilingSent) -> Head:
    return Head(
        enterprise=sent.sender.name,
        uscc=sent.sender.uscc,
        type=sent.type,
        filing_no=sent.filing_no,
        receipt_no=sent.receipt_no,
        round=sent.round,
        sent_at=sent.act.at,
        unit=sent.sender.supervising_city_code,
    )
