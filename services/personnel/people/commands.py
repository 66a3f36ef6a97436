"""Commands of people 人员: added to an enterprise, saved."""

from uuid import UUID

from libs.events.application import UnitOfWork
from libs.events.commands import use_case
from libs.filing.content.person import Person as Content
from services.personnel.people import documents
from services.personnel.people.domain.held import held
from services.personnel.people.domain.person import Person
from services.personnel.people.facts import facts_for
from services.personnel.people.filling import filled


@use_case()
async def add_person(work: UnitOfWork, enterprise: UUID, content: Content) -> Person:
    """添加人员, saved at once."""
    person = Person.add(work.act, work.ids.new(), enterprise)
    await _save(work, person, content)
    work.created(f"/people/{person.id}")
    return work.add(person)


@use_case(action="save")
async def save_person(work: UnitOfWork, id: UUID, content: Content) -> Person:
    """保存; the person may be incomplete."""
    person = await work.target(Person, id)
    await _save(work, person, content)
    return person


async def _save(work: UnitOfWork, person: Person, content: Content) -> None:
    before, key = held(person), documents.key_of(work, content)
    complete = await filled(work, person, content)
    person.save(work.act, complete, key, await facts_for(work, person, complete, key))
    await documents.follow(work, person, before)
