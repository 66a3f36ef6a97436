"""Routes of assessment records."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from libs.chassis.access import Granted, Reach
from libs.chassis.audit import Reads
from libs.chassis.checks import Checked, checked
from libs.chassis.commands import Asking, Changing, Commanding, Reply
from libs.chassis.dependencies import Store, Words, application
from libs.chassis.history import Step, steps
from libs.chassis.pages import Listed, Page
from libs.chassis.positions import CaughtUp
from libs.events.errors import NotFound
from libs.filing import reference
from services.assessment import bodies, queries
from services.assessment.application import AssessmentApplication
from services.assessment.comparing import Difference, difference
from services.assessment.domain.actions import actions
from services.assessment.domain.record import Record
from services.assessment.domain.rounds import Round
from services.assessment.domain.sending import findings_before_sending
from services.assessment.domain.snapshot import Generation
from services.assessment.domain.status import Status
from services.assessment.views import (
    GenerationView,
    Receipt,
    RecordLine,
    RecordView,
    generation_view,
    receipt,
    record_view,
)

router = APIRouter(prefix="/records")
App = Annotated[AssessmentApplication, Depends(application)]
No = Annotated[int | None, Query(ge=1)]


@router.post("", status_code=201, dependencies=[CaughtUp])
async def start_record(
    body: bodies.NewRecord, command: Commanding, reach: Granted, reply: Reply, app: App
) -> RecordView:
    """添加 · Begin the record of a campaign; says at once what is missing"""
    if (enterprise := command.act.by.enterprise) is None:
        raise NotFound
    await reach.to(enterprise)
    outcome = await app.start(command, body.campaign, enterprise)
    reply.done(outcome)
    return record_view(await app.read(Record, outcome.stream, outcome.version))


@router.get("", dependencies=[CaughtUp])
async def list_records(
    reach: Granted,
    page: Page,
    store: Store,
    campaign: UUID | None = None,
    status: Status | None = None,
    enterprise: UUID | None = None,
) -> Listed[RecordLine]:
    """考核数据列表 · Records within reach, by number"""
    after, scope = page.after(str), reach.scope
    rows = await queries.records(
        store,
        scope,
        campaign,
        status,
        enterprise,
        reach.view == "sent",
        after[0] if after else None,
        page.fetch,
    )
    return page.of(
        rows,
        key=lambda row: (row["record_no"],),
        show=lambda row: RecordLine.model_validate(dict(row)),
    )


@router.get("/{id}")
async def read_record(
    id: UUID,
    reach: Granted,
    reply: Reply,
    app: App,
    reads: Reads,
    words: Words,
    generation: No = None,
    round: No = None,
) -> RecordView:
    """考核数据 · The record with one generation; to the authority as it was sent, in the given
    round or the last
    """
    record = await within(app, reach, id)
    if generation is None and round is None and reach.view == "full":
        reply.item(record.version)
    found, sent = _asked(record, reach, generation, round)
    content = await _shown(app, record, found, reach, reads, words, sent) if found else None
    return record_view(record, content, steps=reach.view == "full")


@router.get("/{id}/history")
async def read_record_history(id: UUID, reach: Granted, app: App) -> list[Step]:
    """历史记录 · Who did what, when"""
    await within(app, reach, id)
    return steps(await app.history(id))


@router.get("/{id}/diff")
async def compare_generations(
    id: UUID,
    reach: Granted,
    app: App,
    from_: Annotated[int, Query(alias="from", ge=1)],
    to: Annotated[int, Query(ge=1)],
) -> Difference:
    """对比 · What differs between two generations"""
    record = await within(app, reach, id)
    before, after = record.generation(from_), record.generation(to)
    if before is None or after is None:
        raise NotFound
    return difference(before, after)


@router.post("/{id}:generate", dependencies=[CaughtUp])
async def generate_record(
    id: UUID, command: Changing, reach: Granted, reply: Reply, app: App, reads: Reads, words: Words
) -> RecordView:
    """生成、重新生成 · Freeze what was chosen, with the arithmetic and the findings"""
    await within(app, reach, id)
    outcome = await app.generate(command, id)
    reply.done(outcome)
    record = await app.read(Record, id, outcome.version)
    return record_view(
        record, await _shown(app, record, record.generations[-1], reach, reads, words)
    )


@router.post("/{id}:check", dependencies=[CaughtUp])
async def check_record(id: UUID, act: Asking, reach: Granted, app: App, words: Words) -> Checked:
    """检查 · What stands against sending, and what may be done now"""
    record = await within(app, reach, id)
    sending = [*findings_before_sending(record), *await app.findings_of(record, act)]
    told = record.latest.snapshot.findings if record.latest else ()
    return checked([*told, *sending], actions(record, sending), words)


@router.post("/{id}:send", dependencies=[CaughtUp])
async def send_record(
    id: UUID,
    command: Changing,
    reach: Granted,
    reply: Reply,
    app: App,
    body: bodies.Sending = bodies.Sending(),
) -> Receipt:
    """发送 · Send the latest generation to the authority. Pressing twice is one sending"""
    await within(app, reach, id)
    outcome = await app.send(command, id, body.acknowledged, body.answers)
    reply.done(outcome)
    after = reference.hints()["H8"]
    return receipt(await app.read(Record, id, outcome.version), (after.after_zh, after.after_en))


@router.post("/{id}:withdraw", status_code=202)
async def ask_withdrawal(
    id: UUID, command: Changing, reach: Granted, reply: Reply, app: App
) -> RecordView:
    """撤回 · Ask for it back; granted if no reviewer has opened it"""
    await within(app, reach, id)
    outcome = await app.ask_withdrawal(command, id)
    reply.done(outcome)
    return record_view(await app.read(Record, id, outcome.version))


async def within(app: AssessmentApplication, reach: Reach, id: UUID) -> Record:
    """What was never sent is nobody's business but the enterprise's."""
    record = await app.read(Record, id)
    await reach.to(record.owner)
    if reach.view == "sent" and not record.rounds:
        raise NotFound
    return record


def _asked(
    record: Record, reach: Reach, generation: int | None, round: int | None
) -> tuple[Generation | None, Round | None]:
    """Officers see what was sent, the round asked or the last; NotFound for what is not there."""
    if round is not None or (generation is None and reach.view == "sent"):
        if not 1 <= (number := round or len(record.rounds)) <= len(record.rounds):
            raise NotFound
        sent = record.rounds[number - 1]
        return record.generation(sent.generation), sent
    if generation is None:
        return record.latest, None
    found = record.generation(generation)
    if found is None or (
        reach.view == "sent" and generation not in {each.generation for each in record.rounds}
    ):
        raise NotFound
    return found, None


async def _shown(
    app: AssessmentApplication,
    record: Record,
    found: Generation,
    reach: Reach,
    reads: Reads,
    words: Words,
    sent: Round | None = None,
) -> GenerationView:
    """Names are not shown before that is written down; auditors see none."""
    names: dict[UUID, str] = {}
    if reach.view != "masked":
        await reads.record(record.owner, record.id)
        names = await app.facts.names([each.filing for each in found.persons])
    return generation_view(found, names, words, sent)
