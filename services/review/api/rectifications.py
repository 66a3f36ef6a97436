"""Routes of rectifications, after an announced FAIL."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from libs.chassis.access import Granted, Reach
from libs.chassis.checks import Checked, checked
from libs.chassis.commands import Asking, Commanding, Guarded, Reply
from libs.chassis.dependencies import Store, Words, application
from libs.chassis.history import Step, steps
from libs.chassis.pages import Listed, Page
from libs.chassis.positions import CaughtUp
from libs.events.application import Outcome
from services.review import bodies_of_records as bodies
from services.review import queries
from services.review.application import ReviewApplication
from services.review.domain.case import Case
from services.review.domain.rectification import Rectification, Status
from services.review.domain.subject import case_id
from services.review.views_of_records import (
    RectificationLine,
    RectificationView,
    rectification_line,
    rectification_view,
)

router = APIRouter(prefix="/rectifications")
App = Annotated[ReviewApplication, Depends(application)]


@router.post("", status_code=201)
async def order_rectification(
    body: bodies.Ordering, command: Commanding, reach: Granted, reply: Reply, app: App
) -> RectificationView:
    """责令限期整改 · Name each shortfall and the last day to mend it, at most three months"""
    await reach.to((await app.read(Case, case_id(body.record))).owner)
    shortfalls = [each.missing for each in body.shortfalls]
    outcome = await app.order_rectification(
        command, body.record, body.notice_date, body.deadline, shortfalls
    )
    return await _done(app, reply, outcome, command.act.today)


@router.get("", dependencies=[CaughtUp])
async def list_rectifications(
    reach: Granted, page: Page, store: Store, act: Asking, status: Status | None = None
) -> Listed[RectificationLine]:
    """整改列表 · Rectifications within reach, the most urgent first"""
    after = page.after(date.fromisoformat, UUID)
    rows = await queries.rectifications(
        store, reach.scope, act.today, status, (after[0], after[1]) if after else None, page.fetch
    )
    return page.of(
        rows, key=lambda row: (row["deadline"].isoformat(), str(row["id"])), show=rectification_line
    )


@router.get("/{id}")
async def read_rectification(
    id: UUID, reach: Granted, reply: Reply, app: App, act: Asking
) -> RectificationView:
    """整改 · Notice, report and what came of it"""
    found = await _within(app, reach, id)
    reply.item(found.version)
    return rectification_view(found, act.today)


@router.get("/{id}/history")
async def read_rectification_history(id: UUID, reach: Granted, app: App) -> list[Step]:
    """历史记录 · Who did what, when"""
    await _within(app, reach, id)
    return steps(await app.history(id))


@router.post("/{id}:check")
async def check_rectification(
    id: UUID, act: Asking, reach: Granted, app: App, words: Words
) -> Checked:
    """可办事项 · What the caller may do with the rectification now"""
    return checked([], (await _within(app, reach, id)).actions(act), words)


@router.post("/{id}:report")
async def report_rectification(
    id: UUID, body: bodies.Reporting, command: Guarded, reach: Granted, reply: Reply, app: App
) -> RectificationView:
    """报送整改报告 · What the enterprise mended, with scans"""
    await _within(app, reach, id)
    return await _done(
        app, reply, await app.report(command, id, body.text, body.scans), command.act.today
    )


@router.post("/{id}:recheck")
async def recheck_rectification(
    id: UUID, body: bodies.Rechecking, command: Guarded, reach: Granted, reply: Reply, app: App
) -> RectificationView:
    """整改复核 · Accept the report, send it back as incomplete, or refuse it"""
    await _within(app, reach, id)
    return await _done(
        app, reply, await app.recheck(command, id, body.decision, body.text), command.act.today
    )


@router.post("/{id}:propose-withdrawal")
async def propose_withdrawal(
    id: UUID, body: bodies.Hearing, command: Guarded, reach: Granted, reply: Reply, app: App
) -> RectificationView:
    """提出撤回资质 · Refused or overdue, and the enterprise was heard"""
    await _within(app, reach, id)
    return await _done(
        app,
        reply,
        await app.propose_withdrawal(command, id, body.held, body.text),
        command.act.today,
    )


@router.post("/{id}:settle")
async def settle_withdrawal(
    id: UUID, body: bodies.Settling, command: Guarded, reach: Granted, reply: Reply, app: App
) -> RectificationView:
    """结案 · The issuing authority withdrew the licence, or dropped the proposal"""
    await _within(app, reach, id)
    outcome = await app.settle(command, id, body.text, withdrawn=body.withdrawn)
    return await _done(app, reply, outcome, command.act.today)


async def _done(
    app: ReviewApplication, reply: Reply, outcome: Outcome, today: date
) -> RectificationView:
    reply.done(outcome)
    return rectification_view(await app.read(Rectification, outcome.stream, outcome.version), today)


async def _within(app: ReviewApplication, reach: Reach, id: UUID) -> Rectification:
    found = await app.read(Rectification, id)
    await reach.to(found.owner)
    return found
