"""Routes of cases: the officers' queue, opening, deciding."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from libs.chassis.access import Granted, Reach
from libs.chassis.checks import Checked, checked
from libs.chassis.commands import Asking, Commanding, Reply
from libs.chassis.dependencies import Store, Words, application
from libs.chassis.history import Step, steps
from libs.chassis.pages import Listed, Page
from libs.chassis.positions import CaughtUp
from libs.events.errors import NotFound
from services.review import bodies, queries
from services.review.application import ReviewApplication
from services.review.domain.actions import actions
from services.review.domain.case import Case
from services.review.domain.subject import Level, State
from services.review.views import CaseLine, CaseView, case_line, case_view

router = APIRouter()
App = Annotated[ReviewApplication, Depends(application)]


@router.get("/cases", dependencies=[CaughtUp])
async def list_cases(
    reach: Granted,
    page: Page,
    store: Store,
    state: State | None = None,
    level: Level | None = None,
    kind: str | None = None,
    enterprise: UUID | None = None,
    assignee: str | None = None,
    due_before: date | None = None,
    filing: UUID | None = None,
) -> Listed[CaseLine]:
    """待办列表 · Cases within reach, the most urgent first"""
    level = Level.EXPERT if reach.view == "expert" else level
    only = queries.Filter(state, level, kind, enterprise, assignee, due_before, filing)
    after = page.after(date.fromisoformat, UUID)
    rows = await queries.cases(
        store, reach.scope, only, (after[0], after[1]) if after else None, page.fetch
    )
    return page.of(
        rows, key=lambda row: (row["due_on"].isoformat(), str(row["id"])), show=case_line
    )


@router.get("/cases/{id}")
async def read_case(id: UUID, reach: Granted, reply: Reply, app: App) -> CaseView:
    """审核件 · One case, all its rounds before the authority"""
    case = await within(app, reach, id)
    reply.item(case.version)
    return case_view(case)


@router.get("/cases/{id}/history")
async def read_case_history(id: UUID, reach: Granted, app: App) -> list[Step]:
    """历史记录 · Who did what, when"""
    await within(app, reach, id)
    return steps(await app.history(id))


@router.post("/cases/{id}:check")
async def check_case(id: UUID, act: Asking, reach: Granted, app: App, words: Words) -> Checked:
    """可办事项 · What the officer may do with the case now"""
    case = await within(app, reach, id)
    return checked([], actions(case, act), words)


@router.post("/cases/{id}:open")
async def open_case(
    id: UUID, command: Commanding, reach: Granted, reply: Reply, app: App
) -> CaseView:
    """受理 · Open the case: it is then one's own, and cannot be withdrawn"""
    await within(app, reach, id)
    outcome = await app.open_case(command, id)
    reply.done(outcome)
    return case_view(await app.read(Case, id, outcome.version))


@router.post("/cases/{id}:decide")
async def decide_case(
    id: UUID, body: bodies.Deciding, command: Commanding, reach: Granted, reply: Reply, app: App
) -> CaseView:
    """出具审核意见 · Decide on exactly what was sent in this round; the owner says whether it took
    effect
    """
    await within(app, reach, id)
    outcome = await app.decide(command, [body.about(id)])
    reply.done(outcome)
    return case_view(await app.read(Case, id, outcome.version))


@router.post("/cases:decide")
async def decide_cases(
    body: bodies.DecidingSeveral, command: Commanding, reach: Granted, reply: Reply, app: App
) -> list[CaseView]:
    """批量审核 · Decide several cases, all of them or none"""
    for each in body.cases:
        await within(app, reach, each.case)
    reply.done(await app.decide(command, [each.about(each.case) for each in body.cases]))
    return [case_view(await app.read(Case, each.case)) for each in body.cases]


async def within(app: ReviewApplication, reach: Reach, id: UUID) -> Case:
    """To an expert there is only what lies before the experts."""
    case = await app.read(Case, id)
    await reach.to(case.owner)
    if reach.view == "expert" and case.level is not Level.EXPERT:
        raise NotFound
    return case
