"""Routes of an enterprise's filings."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from libs.chassis.http.checks import Checked, checked
from libs.chassis.http.commands import Asking, Changing, Do, Reply
from libs.chassis.http.conditions import AtVersion
from libs.chassis.http.dependencies import App, Store, TheCatalogue
from libs.chassis.http.history import Step, steps
from libs.chassis.http.pages import Listed, Page
from libs.chassis.http.positions import CaughtUp
from libs.chassis.identity.access import Granted
from libs.chassis.problems.handlers import warnings
from libs.chassis.routers.audit import AccessLog
from libs.events.errors import NotFound
from libs.events.refusal import Finding
from libs.events.strict import IN_URL
from libs.filing.calendar import local_day
from libs.filing.comparing import Difference, Reader, StateName, compared
from libs.filing.content.enterprise import Information
from libs.filing.filing import Filing, Status, Type
from libs.filing.rules import enterprise as rules
from services.enterprise.filings import commands, lists, schemas
from services.enterprise.filings.schemas import (
    FilingLine,
    FilingView,
    Receipt,
    filing_view,
    receipt,
    shown,
)
from services.enterprise.information.domain import Enterprise

router = APIRouter(prefix="/enterprises/{id}/filings")
Earlier = Annotated[StateName, Query(alias="from")]


@router.post("", status_code=201)
async def add_filing(id: UUID, body: schemas.NewFiling, command: Changing, do: Do) -> FilingView:
    """添加 · Begin a filing; a change filing copies the approved version"""
    enterprise = await do(commands.add_filing, command, id, body.type)
    return filing_view(enterprise, enterprise.filing(do.began))


@router.get("", dependencies=[CaughtUp])
async def list_filings(
    id: UUID,
    reach: Granted,
    page: Page,
    store: Store,
    app: App,
    status: Status | None = None,
    type: Type | None = None,
) -> Listed[FilingLine]:
    """备案列表 · The enterprise's filings, by number"""
    await reach.read(app, Enterprise, id)
    after, only_sent = page.after(str), reach.only_sent
    found = await lists.of_enterprise(
        store, id, status, type, after, page.fetch, only_sent=only_sent
    )
    return page.along(found, show=FilingLine.model_validate)


@router.get("/{filing}")
async def read_filing(
    id: UUID,
    filing: UUID,
    reach: Granted,
    reply: Reply,
    app: App,
    reads: AccessLog,
    words: TheCatalogue,
    round: Annotated[int | None, Query(ge=1), IN_URL] = None,
    version: AtVersion = None,
) -> FilingView:
    """备案内容 · A filing with its content; to the authority as it was sent, in the given round or
    the last
    """
    enterprise = await reach.read(app, Enterprise, id, version)
    current = enterprise.filing(filing)
    if round is None and reach.view == "full":
        reply.item(enterprise.version)
        return filing_view(
            enterprise, current, await shown(enterprise.content_of(current), id, reach, reads)
        )
    rounds = current.sent_versions
    if not 1 <= (round or len(rounds)) <= len(rounds):
        raise NotFound
    as_sent = await reach.read(app, Enterprise, id, rounds[(round or len(rounds)) - 1])
    sent = as_sent.filing(filing)
    found = warnings(_findings(sent, as_sent.uscc), words, sent.acknowledged)
    content = await shown(sent.content, id, reach, reads)
    return filing_view(enterprise, current, content, found, sent.acknowledged)


@router.get("/{filing}/history")
async def read_filing_history(id: UUID, filing: UUID, reach: Granted, app: App) -> list[Step]:
    """历史记录 · Who did what with this filing, when; to the authority from its sending on"""
    if not (found := steps(await reach.history(app, Enterprise, id), filing)):
        raise NotFound
    return found


@router.get("/{filing}/diff")
async def compare_filing(
    id: UUID,
    filing: UUID,
    reach: Granted,
    app: App,
    reads: AccessLog,
    from_: Earlier,
    to: StateName,
) -> Difference:
    """对比 · What differs between two states of a filing, tied to the points returned"""
    enterprise = await reach.read(app, Enterprise, id)
    at, reader = (
        partial(reach.read, app, Enterprise, id),
        Reader(reach.only_sent, reach.view == "masked"),
    )
    found = await compared(enterprise, filing, (from_, to), at, reader)
    if not reader.masked:
        await reads.record(id, id)
    return found


@router.put("/{filing}/content")
async def save_filing(
    id: UUID,
    filing: UUID,
    body: Information,
    command: Changing,
    do: Do,
    words: TheCatalogue,
) -> FilingView:
    """保存 · Save the filing; `{}` takes the page as it stands. What was returned stays returned
    until it is sent
    """
    content = None if body == Information() else body
    enterprise = await do(commands.save_filing, command, id, filing, content)
    current = enterprise.filing(filing)
    findings = enterprise.findings_before_saving_filing(
        current, enterprise.content_of(current) or body, command.act
    )
    return filing_view(enterprise, current, findings=warnings(findings, words))


@router.post("/{filing}:check")
async def check_filing(
    id: UUID, filing: UUID, act: Asking, app: App, words: TheCatalogue
) -> Checked:
    """检查 · What stands against sending, and what may be done now"""
    enterprise = await app.read(Enterprise, id)
    current = enterprise.filing(filing)
    findings = enterprise.findings_before_sending(current, act)
    content = enterprise.content_of(current) or Information()
    saving = enterprise.findings_before_saving_filing(current, content, act)
    actions = enterprise.actions_on(current, saving=saving, sending=findings)
    return checked(findings, actions, words)


@router.post("/{filing}:send")
async def send_filing(
    id: UUID,
    filing: UUID,
    command: Changing,
    do: Do,
    body: schemas.Sending = schemas.Sending(),
) -> Receipt:
    """在线发送 · Send to the supervising authority; the content is frozen. Pressing twice is one
    sending
    """
    given = (id, filing, body.acknowledged, body.answers)
    enterprise = await do(commands.send_filing, command, *given)
    return receipt(enterprise.filing(filing))


@router.post("/{filing}:withdraw", status_code=202)
async def ask_withdrawal(id: UUID, filing: UUID, command: Changing, do: Do) -> FilingView:
    """撤回 · Ask for it back; granted if no reviewer has opened it"""
    enterprise = await do(commands.ask_withdrawal, command, id, filing)
    return filing_view(enterprise, enterprise.filing(filing))


@router.post("/{filing}:void")
async def void_filing(id: UUID, filing: UUID, command: Changing, do: Do) -> FilingView:
    """放弃 · Give up a draft, or a filing that came back"""
    enterprise = await do(commands.void_filing, command, id, filing)
    return filing_view(enterprise, enterprise.filing(filing))


def _findings(sent: Filing[Information], uscc: str) -> list[Finding]:
    """What the rules said of a filing on the day it was sent."""
    assert sent.content
    assert sent.sent_at
    return rules.before_sending(sent.content, uscc, local_day(sent.sent_at))
