"""Routes of conclusions: a lead signs, an expert is heard, one person proposes, another
approves.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from libs.chassis.http.commands import Do, Guarded, Reply
from libs.chassis.http.dependencies import App, Store
from libs.chassis.http.history import Step, steps
from libs.chassis.http.pages import Listed, Page
from libs.chassis.http.positions import CaughtUp
from libs.chassis.identity.access import Granted, Reach
from libs.events.application import Application
from libs.events.errors import NotFound
from libs.filing.content.types import OneOf
from services.review.cases.domain.case import Case
from services.review.cases.domain.subject import State, case_id
from services.review.cases.reach import case_within
from services.review.cases.schemas import CaseView, case_view
from services.review.conclusions import commands, lists, schemas
from services.review.conclusions.schemas import ConclusionLine, ConclusionView, conclusion_view

router = APIRouter()


@router.post("/cases/{id}:sign")
async def sign_case(id: UUID, command: Guarded, reach: Granted, app: App, do: Do) -> CaseView:
    """签发 · The lead lets the city's opinion on a record take effect"""
    await case_within(app, reach, id)
    return case_view(await do(commands.sign, command, id))


@router.post("/cases/{id}:give-opinion")
async def give_opinion(
    id: UUID, body: schemas.Words, command: Guarded, reach: Granted, app: App, do: Do
) -> CaseView:
    """出具专家意见 · An expert's word; the record goes back to the province"""
    await case_within(app, reach, id)
    return case_view(await do(commands.give_opinion, command, id, body.text))


@router.get("/conclusions", dependencies=[CaughtUp])
async def list_conclusions(
    reach: Granted,
    page: Page,
    store: Store,
    state: State | None = None,
    result: Annotated[str, OneOf("assessment_result")] | None = None,
) -> Listed[ConclusionLine]:
    """拟定结论列表 · Conclusions within reach, proposed, approved and published"""
    after = page.after(UUID)
    found = await lists.within_reach(store, reach.scope, state, result, after, page.fetch)
    return page.along(found, show=ConclusionLine.model_validate)


@router.get("/conclusions/{record}")
async def read_conclusion(record: UUID, reach: Granted, reply: Reply, app: App) -> ConclusionView:
    """拟定结论 · What the machine proposes for a record, and what persons make of it"""
    case = await _within(app, reach, record)
    reply.item(case.version)
    return conclusion_view(case)


@router.get("/conclusions/{record}/history")
async def read_conclusion_history(record: UUID, reach: Granted, app: App) -> list[Step]:
    """历史记录 · Who did what, when"""
    case = await _within(app, reach, record)
    return steps(await app.history(case.id))


@router.post("/conclusions/{record}:propose")
async def propose_conclusion(
    record: UUID, body: schemas.Proposing, command: Guarded, reach: Granted, app: App, do: Do
) -> ConclusionView:
    """拟定结论 · Propose a result, with a word on each finding"""
    case = await _within(app, reach, record)
    verdicts = tuple(each.value for each in body.verdicts)
    given = (body.result, body.override_reason, verdicts)
    return conclusion_view(await do(commands.propose, command, case.id, *given))


@router.post("/conclusions/{record}:approve")
async def approve_conclusion(
    record: UUID, command: Guarded, reach: Granted, app: App, do: Do
) -> ConclusionView:
    """批准结论 · The lead lets the result take effect"""
    case = await _within(app, reach, record)
    return conclusion_view(await do(commands.approve, command, case.id))


async def _within(app: Application, reach: Reach, record: UUID) -> Case:
    case = await reach.read(app, Case, case_id(record))
    if not case.subject.is_record:
        raise NotFound
    return case
