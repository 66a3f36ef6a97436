"""Routes of rectifications, after an announced FAIL."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter

from libs.chassis.http.checks import Checked, checked
from libs.chassis.http.commands import Asking, Commanding, Do, Guarded, Reply
from libs.chassis.http.dependencies import App, Store, TheCatalogue
from libs.chassis.http.history import Step, steps
from libs.chassis.http.pages import Listed, Page
from libs.chassis.http.positions import CaughtUp
from libs.chassis.identity.access import Granted
from services.review.cases.domain.case import Case
from services.review.cases.domain.subject import case_id
from services.review.rectification import commands, lists, schemas
from services.review.rectification.domain import Rectification, Status
from services.review.rectification.schemas import (
    RectificationLine,
    RectificationView,
    rectification_view,
)

router = APIRouter(prefix="/rectifications")


@router.post("", status_code=201)
async def order_rectification(
    body: schemas.Ordering, command: Commanding, reach: Granted, app: App, do: Do
) -> RectificationView:
    """责令限期整改 · Name each shortfall and the last day to mend it, at most three months"""
    await reach.read(app, Case, case_id(body.record))
    shortfalls = [each.value for each in body.shortfalls]
    given = (body.record, body.notice_date, body.deadline, shortfalls)
    return rectification_view(await do(commands.order, command, *given), command.act.today)


@router.get("", dependencies=[CaughtUp])
async def list_rectifications(
    reach: Granted, page: Page, store: Store, act: Asking, status: Status | None = None
) -> Listed[RectificationLine]:
    """整改列表 · Rectifications within reach, the most urgent first"""
    after = page.after(date.fromisoformat, UUID)
    found = await lists.within_reach(store, reach.scope, act.today, status, after, page.fetch)
    return page.along(found, show=RectificationLine.model_validate)


@router.get("/{id}")
async def read_rectification(
    id: UUID, reach: Granted, reply: Reply, app: App, act: Asking
) -> RectificationView:
    """整改 · Notice, report and what came of it"""
    rectification = await reach.read(app, Rectification, id)
    reply.item(rectification.version)
    return rectification_view(rectification, act.today)


@router.get("/{id}/history")
async def read_rectification_history(id: UUID, reach: Granted, app: App) -> list[Step]:
    """历史记录 · Who did what, when"""
    await reach.read(app, Rectification, id)
    return steps(await app.history(id))


@router.post("/{id}:check")
async def check_rectification(
    id: UUID, act: Asking, reach: Granted, app: App, words: TheCatalogue
) -> Checked:
    """可办事项 · What the caller may do with the rectification now"""
    return checked([], (await reach.read(app, Rectification, id)).actions(act), words)


@router.post("/{id}:report")
async def report_rectification(
    id: UUID, body: schemas.Reporting, command: Guarded, reach: Granted, app: App, do: Do
) -> RectificationView:
    """报送整改报告 · What the enterprise mended, with scans"""
    await reach.read(app, Rectification, id)
    rectification = await do(commands.report, command, id, body.text, body.scans)
    return rectification_view(rectification, command.act.today)


@router.post("/{id}:recheck")
async def recheck_rectification(
    id: UUID, body: schemas.Rechecking, command: Guarded, reach: Granted, app: App, do: Do
) -> RectificationView:
    """整改复核 · Accept the report, send it back as incomplete, or refuse it"""
    await reach.read(app, Rectification, id)
    rectification = await do(commands.recheck, command, id, body.decision, body.text)
    return rectification_view(rectification, command.act.today)


@router.post("/{id}:propose-withdrawal")
async def propose_withdrawal(
    id: UUID, body: schemas.ProposingWithdrawal, command: Guarded, reach: Granted, app: App, do: Do
) -> RectificationView:
    """提出撤回资质 · Refused or overdue, and the enterprise was heard"""
    await reach.read(app, Rectification, id)
    given = (id, body.hearing, body.text)
    rectification = await do(commands.propose_withdrawal, command, *given)
    return rectification_view(rectification, command.act.today)


@router.post("/{id}:settle")
async def settle_withdrawal(
    id: UUID, body: schemas.Settling, command: Guarded, reach: Granted, app: App, do: Do
) -> RectificationView:
    """结案 · The issuing authority withdrew the licence, or dropped the proposal"""
    await reach.read(app, Rectification, id)
    given = (id, body.text)
    rectification = await do(commands.settle, command, *given, withdrawn=body.withdrawn)
    return rectification_view(rectification, command.act.today)
