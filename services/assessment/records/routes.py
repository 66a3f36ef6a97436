"""Routes of assessment records."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from libs.chassis.http.checks import Checked, checked
from libs.chassis.http.commands import Asking, Changing, Commanding, Do, Reply
from libs.chassis.http.conditions import AtVersion
from libs.chassis.http.dependencies import App, Store, TheCatalogue
from libs.chassis.http.history import Step, steps
from libs.chassis.http.pages import Listed, Page
from libs.chassis.http.positions import CaughtUp
from libs.chassis.identity.access import Granted
from libs.chassis.routers.audit import AccessLog
from libs.events.application import Command, UnitOfWork
from libs.events.strict import IN_URL, NUMBER
from libs.filing import reference
from libs.filing.comparing import RecordStateName
from services.assessment.records import checks, commands, lists, schemas
from services.assessment.records.comparing import Difference, difference
from services.assessment.records.domain.actions import actions
from services.assessment.records.domain.record import Record
from services.assessment.records.domain.status import Status
from services.assessment.records.reading import asked, compared, names, shown, within
from services.assessment.records.schemas import (
    Receipt,
    RecordLine,
    RecordView,
    receipt,
    record_view,
)
from services.assessment.wizard.gathering import sources_for

router = APIRouter(prefix="/records")
No = Annotated[int | None, Query(ge=1), IN_URL]


@router.post("", status_code=201, dependencies=[CaughtUp])
async def start_record(
    body: schemas.NewRecord, command: Commanding, reach: Granted, do: Do
) -> RecordView:
    """添加 · Begin the record of a campaign; says at once what is missing"""
    enterprise = await reach.own()
    return record_view(await do(commands.start, command, body.campaign, enterprise))


@router.post(":check", dependencies=[CaughtUp])
async def check_new_record(
    body: schemas.NewRecord, act: Asking, reach: Granted, app: App, words: TheCatalogue
) -> Checked:
    """检查 · What stands against beginning the record of a campaign"""
    enterprise, work = await reach.own(), UnitOfWork(app, Command(act))
    sources = await sources_for(work, body.campaign, enterprise)
    found = await checks.findings_before_starting(work, body.campaign, enterprise, sources)
    return checked(found, {"start": found}, words)


@router.get("", dependencies=[CaughtUp])
async def list_records(
    reach: Granted,
    page: Page,
    store: Store,
    campaign: UUID | None = None,
    status: Status | None = None,
    enterprise: UUID | None = None,
    record_no: Annotated[str, NUMBER] | None = None,
) -> Listed[RecordLine]:
    """考核数据列表 · Records within reach, by number"""
    wanted = lists.RecordFilter(campaign, status, enterprise, reach.only_sent, record_no)
    found = await lists.within_reach(store, reach.scope, wanted, page.after(str), page.fetch)
    return page.along(found, show=RecordLine.model_validate)


@router.get("/{id}")
async def read_record(
    id: UUID,
    reach: Granted,
    reply: Reply,
    app: App,
    reads: AccessLog,
    words: TheCatalogue,
    generation: No = None,
    round: No = None,
    version: AtVersion = None,
) -> RecordView:
    """考核数据 · The record with one generation; to the authority as it was sent, in the given
    round or the last
    """
    record = await within(app, reach, id, version)
    if generation is None and round is None and reach.view == "full":
        reply.item(record.version)
    made, sent = asked(record, reach, generation, round)
    content = await shown(app, record, made, reach, reads, words, sent) if made else None
    return record_view(record, content, steps=reach.view == "full")


@router.get("/{id}/history")
async def read_record_history(id: UUID, reach: Granted, app: App) -> list[Step]:
    """历史记录 · Who did what, when; to the authority what was sent, and what came of it"""
    return steps(await reach.history(app, Record, id))


@router.get("/{id}/diff")
async def compare_generations(
    id: UUID,
    reach: Granted,
    app: App,
    reads: AccessLog,
    from_: Annotated[RecordStateName, Query(alias="from")],
    to: RecordStateName,
) -> Difference:
    """对比 · What differs between two generations, rounds, or what is chosen now"""
    record = await within(app, reach, id)
    before = await compared(app, reach, record, from_)
    after = await compared(app, reach, record, to)
    return difference(before, after, await names(app, reach, reads, before, after))


@router.post("/{id}:check", dependencies=[CaughtUp])
async def check_record(
    id: UUID, act: Asking, reach: Granted, app: App, words: TheCatalogue
) -> Checked:
    """检查 · What stands against sending, and what may be done now"""
    record = await within(app, reach, id)
    found = await checks.findings_of(UnitOfWork(app, Command(act)), record)
    generated = record.latest.snapshot.findings if record.latest else ()
    allowed = actions(record, generating=found.generating, sending=found.sending)
    return checked([*generated, *found.sending], allowed, words)


@router.post("/{id}:send", dependencies=[CaughtUp])
async def send_record(
    id: UUID,
    command: Changing,
    reach: Granted,
    do: Do,
    app: App,
    body: schemas.Sending = schemas.Sending(),
) -> Receipt:
    """发送 · Send the latest generation to the authority. Pressing twice is one sending"""
    await within(app, reach, id)
    record = await do(commands.send, command, id, body.acknowledged, body.answers)
    hint = reference.hints()["H8"]
    return receipt(record, (hint.after_zh, hint.after_en))


@router.post("/{id}:withdraw", status_code=202)
async def ask_withdrawal(
    id: UUID, command: Changing, reach: Granted, do: Do, app: App
) -> RecordView:
    """撤回 · Ask for it back; granted if no reviewer has opened it"""
    await within(app, reach, id)
    return record_view(await do(commands.ask_withdrawal, command, id))
