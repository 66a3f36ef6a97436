"""What a caller may read of a record: the enterprise all of it, the authority what was sent."""

from uuid import UUID

from libs.chassis.http.dependencies import TheCatalogue
from libs.chassis.identity.access import Reach
from libs.chassis.routers.audit import AccessLog
from libs.events.application import Application
from libs.events.errors import NotFound
from services.assessment.neighbours.people import names_of
from services.assessment.records.domain.record import Record
from services.assessment.records.domain.rounds import Round
from services.assessment.records.domain.snapshot import Generation
from services.assessment.records.views import GenerationView, generation_view


async def within(app: Application, reach: Reach, id: UUID) -> Record:
    """The record. Raises NotFound for what lies beyond the caller's reach, and for what was never
    sent if the caller sees only what was.
    """
    return await reach.read(app, Record, id)


def asked(
    record: Record, reach: Reach, generation: int | None, round: int | None
) -> tuple[Generation | None, Round | None]:
    """The generation that is asked for, and the round as which it is read; without a number the
    latest, to officers the round that was sent last. Raises NotFound for what is not there.
    """
    if round is not None or (generation is None and reach.only_sent):
        return _as_sent(record, round or len(record.rounds))
    if generation is None:
        return record.latest, None
    made = record.generation(generation)
    if reach.only_sent:
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
