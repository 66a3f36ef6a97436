"""Forms of people's filings, rendered when a packet of the enterprise asks for them; each outcome
is an event.
"""

from collections.abc import Sequence

from libs.chassis.service.resources import Resources
from libs.events.application import Application, Command
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
from services.personnel.papers import commands
from services.personnel.papers.domain import Papers, Wanted
from services.personnel.people.domain.person import Person
from services.personnel.people.domain.place import FilingPlace

SYSTEM = Actor(user="effect", role="SYSTEM")


def effects(the: Resources) -> Sequence[Effects]:
    forms = Effects("personnel.forms")

    @forms.on(Papers.FormsAsked)
    async def render(event: Papers.FormsAsked, at: StoredEvent) -> None:
        waiting = (await the.application.read(Papers, at.stream)).waiting
        for each in event.filings:
            if each.filing in waiting:
                made = await attempt(_part(the, each))
                command = Command(Act(by=SYSTEM, at=the.clock.now()))
                await commands.take_form(the.application, command, at.stream, each.filing, made)

    return [forms]


async def _part(the: Resources, wanted: Wanted) -> Part:
    """As the filing was sent in that round."""
    sent = await _sent(the.application, wanted)
    id, version = sent.originator_id, sent.originator_version
    content = sent.content or (await the.application.read(Person, id, version)).saved
    scans = tuple(scans_in(sent.release or content))
    return await make_part(the, id, content.name or "", _paper(sent, content, scans), scans)


async def _sent(application: Application, wanted: Wanted) -> Person.FilingSent:
    id = (await application.read(FilingPlace, wanted.filing)).person
    filing = (await application.read(Person, id)).filing(wanted.filing)
    recorded = await application.log.at(id, filing.sent_versions[wanted.round - 1])
    assert recorded
    (event,) = await application.codec.decode([recorded])
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
