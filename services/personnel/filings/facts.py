"""What the rules must know of a filing besides its content, and what they say of it."""

from dataclasses import dataclass
from uuid import UUID

from libs.events.application import Application, Command, UnitOfWork
from libs.events.refusal import Finding
from libs.events.value import Act
from libs.filing.calendar import local_day
from libs.filing.content.person import Release
from libs.filing.facts.person import PersonFacts
from libs.filing.filing import Filing
from libs.filing.rules import person as rules
from services.personnel.people import documents
from services.personnel.people.domain.filed import Filed, FilingToSend
from services.personnel.people.domain.person import Person
from services.personnel.people.facts import facts_for


async def facts_of_filing(work: UnitOfWork, person: Person, filing: UUID) -> PersonFacts:
    """Facts from elsewhere about the filing's content as it stands. Raises NotFound; Refused for
    an enterprise that is not known.
    """
    current = person.filing(filing)
    return await facts_for(work, person, person.content_of(current), person.key_of(current))


@dataclass(frozen=True)
class FilingFindings:
    """What is against saving a filing as it stands, and against sending it."""

    saving: list[Finding]
    sending: list[Finding]


async def findings_of_filing(
    application: Application, person: Person, sending: FilingToSend, act: Act
) -> FilingFindings:
    """What the rules say of the filing now."""
    facts = await facts_of_filing(UnitOfWork(application, Command(act)), person, sending.filing)
    facts = facts.without_names  # a question is no sending
    current = person.filing(sending.filing)
    content = person.content_of(current)
    return FilingFindings(
        saving=person.findings_before_saving_filing(current, content, act, facts),
        sending=person.findings_before_sending(current, act, facts, sending.answers),
    )


async def findings_for_review(
    application: Application, person: Person, sent: Filing[Filed], act: Act
) -> list[Finding]:
    """What the rules say to the officer of what they read: of its content on the day it was sent,
    with what is known from elsewhere now.
    """
    content, work = sent.content, UnitOfWork(application, Command(act))
    assert content
    assert sent.sent_at
    if isinstance(content, Release):
        facts = await facts_for(work, person, content, person.key_of(sent))
        return rules.before_releasing(person.saved, content, act.today, facts)
    facts = await facts_for(work, person, content, documents.key_of(work, content))
    return rules.before_sending(content, local_day(sent.sent_at), facts)
