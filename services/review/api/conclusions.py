"""Routes of conclusions: one person proposes, the lead approves."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from libs.chassis.access import Granted, Reach
from libs.chassis.commands import Guarded, Reply
from libs.chassis.dependencies import Store, application
from libs.chassis.history import Step, steps
from libs.chassis.pages import Listed, Page
from libs.chassis.positions import CaughtUp
from libs.events.errors import NotFound
from services.review import bodies_of_records as bodies
from services.review import queries
from services.review.application import ReviewApplication
from services.review.domain.case import Case
from services.review.domain.subject import State, case_id
from services.review.views_of_records import (
    ConclusionLine,
    ConclusionView,
    conclusion_line,
    conclusion_view,
)

router = APIRouter(prefix="/conclusions")
App = Annotated[ReviewApplication, Depends(application)]


@router.get("", dependencies=[CaughtUp])
async def list_conclusions(
    reach: Granted, page: Page, store: Store, state: State | None = None, result: str | None = None
) -> Listed[ConclusionLine]:
    """拟定结论列表 · Conclusions within reach, proposed, approved and published"""
    after = page.after(UUID)
    rows = await queries.conclusions(
        store, reach.scope, state, result, after[0] if after else None, page.fetch
    )
    return page.of(rows, key=lambda row: (str(row["record"]),), show=conclusion_line)


@router.get("/{record}")
async def read_conclusion(record: UUID, reach: Granted, reply: Reply, app: App) -> ConclusionView:
    """拟定结论 · What the machine proposes for a record, and what persons make of it"""
    case = await _within(app, reach, record)
    reply.item(case.version)
    return conclusion_view(case)


@router.get("/{record}/history")
async def read_conclusion_history(record: UUID, reach: Granted, app: App) -> list[Step]:
    """历史记录 · Who did what, when"""
    case = await _within(app, reach, record)
    return steps(await app.history(case.id))


@router.post("/{record}:propose")
async def propose_conclusion(
    record: UUID, body: bodies.Proposing, command: Guarded, reach: Granted, reply: Reply, app: App
) -> ConclusionView:
    """拟定结论 · Propose a result, with a word on each finding"""
    await _within(app, reach, record)
    outcome = await app.propose(
        command, record, body.result, body.override_reason, [each.given for each in body.verdicts]
    )
    reply.done(outcome)
    return conclusion_view(await app.read(Case, outcome.stream, outcome.version))


@router.post("/{record}:approve")
async def approve_conclusion(
    record: UUID, command: Guarded, reach: Granted, reply: Reply, app: App
) -> ConclusionView:
    """批准结论 · The lead lets the result take effect"""
    await _within(app, reach, record)
    outcome = await app.approve(command, record)
    reply.done(outcome)
    return conclusion_view(await app.read(Case, outcome.stream, outcome.version))


async def _within(app: ReviewApplication, reach: Reach, record: UUID) -> Case:
    case = await app.read(Case, case_id(record))
    await reach.to(case.owner)
    if not case.subject.is_record:
        raise NotFound
    return case
