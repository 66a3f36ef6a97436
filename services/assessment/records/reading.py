"""What a caller may read of a record: the enterprise all of it, the authority what was sent."""

from uuid import UUID

from libs.chassis.http.dependencies import TheCatalogue
from libs.chassis.identity.access import Reach
from libs.chassis.routers.audit import AccessLog
from libs.events.application import Application
from libs.events.errors import NotFound
from libs.filing.comparing import State
from services.assessment.neighbours.people import names_of, people_of
from services.assessment.neighbours.performance import works_of
from services.assessment.records.comparing import Compared, Names, draft
from services.assessment.records.domain.experts import is_before
from services.assessment.records.domain.record import Record
from services.assessment.records.domain.rounds import Round
from services.assessment.records.domain.snapshot import Generation
from services.assessment.records.schemas import GenerationView, generation_view


async def within(app: Application, reach: Reach, id: UUID, version: int | None = None) -> Record:
    """The record, or as it stood at a version. Raises NotFound for what lies beyond the caller's
    reach (an expert's is what lies before them now, by name), and for what was never sent if the
    caller sees only what was.
    """
    record = await reach.read(app, Record, id, version)
    if reach.view == "expert" and not is_before(record, reach.principal.sub):
        raise NotFound
    return record


def asked(
    record: Record, reach: Reach, generation: int | None, round: int | None
) -> tuple[Generation | None, Round | None]:
    """The generation that is asked for, and the round as which it is read; without a number the
    latest, to officers and experts the round that was sent last. Raises NotFound for what is not
    there.
    """
    only_sent = reach.only_sent or reach.view == "expert"
    if round is not None or (generation is None and only_sent):
        return _as_sent(record, round or len(record.rounds))
    if generation is None:
        return record.latest, None
    made = record.generation(generation)
    if only_sent:
        made = _last_sent(record, generation)
    if made is None:
        raise NotFound
    return made, None


def _as_sent(record: Record, round: int) -> tuple[Generation | None, Round]:
    if not 1 <= round <= len(record.rounds):
        raise NotFound
    sent = record.rounds[round - 1]
    return record.as_sent(sent), sent


def _last_sent(record: Record, generation: int) -> Generation | None:
    """The generation in the last round in which it was sent."""
    rounds = [each for each in record.rounds if each.generation == generation]
    return record.as_sent(rounds[-1]) if rounds else None


async def compared(app: Application, reach: Reach, record: Record, name: str) -> Compared:
    """The record at the state of this name. Raises NotFound for one that there is not, that was
    only saved and is asked by the authority, or that no record has: none is approved.
    """
    state = State.named(name)
    if state.kind == "draft" and not reach.only_sent and (chosen := draft(record)):
        return chosen
    if state.kind == "generation":
        made, _ = asked(record, reach, state.number, None)
        assert made
        return Compared(record, made)
    if state.kind != "round":
        raise NotFound
    made, sent = asked(record, reach, None, state.number)
    assert made
    assert sent
    then = await reach.read(app, Record, record.id, sent.version)
    return Compared(then, made, sent.answers)


async def names(app: Application, reach: Reach, reads: AccessLog, *between: Compared) -> Names:
    """Of what is compared, as far as the caller may see it; persons are not named before that is
    written down, to auditors none. What was chosen since stands in no generation yet.
    """
    projects: dict[UUID, str] = {}
    if drafts := any(each.is_draft for each in between):
        works = await works_of(app.pool, between[0].record.enterprise)
        projects = {id: work.fact.content.name or "" for id, work in works.items()}
    if reach.view == "masked":
        return Names(projects=projects)
    record = between[0].record
    await reads.record(record.owner, record.id)
    known = {each.filing: each.person_id for side in between for each in side.made.persons}
    found = await names_of(app.pool, app.keyring, known)
    persons = {known[filing]: name for filing, name in found.items()}
    if drafts:
        people = await people_of(app.pool, app.keyring, record.enterprise)
        persons |= {id: person.fact.content.name or "" for id, person in people.items()}
    return Names(persons, projects)


async def shown(
    app: Application,
    record: Record,
    generation: Generation,
    reach: Reach,
    reads: AccessLog,
    words: TheCatalogue,
    sent: Round | None = None,
) -> GenerationView:
    """The generation with the names of its persons, which are not shown before that is written
    down; auditors see none.
    """
    names: dict[UUID, str] = {}
    if reach.view != "masked":
        await reads.record(record.owner, record.id)
        filings = [each.filing for each in generation.persons]
        names = await names_of(app.pool, app.keyring, filings)
    return generation_view(generation, names, words, sent)
