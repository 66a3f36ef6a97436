"""Routes of cases: the officers' queue, opening, deciding, visits, interests, lapsed returns."""

from dataclasses import replace
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from libs.chassis.http.checks import Checked, checked
from libs.chassis.http.commands import Asking, Commanding, Do, Guarded, Reply
from libs.chassis.http.dependencies import App, Store, TheCatalogue
from libs.chassis.http.history import Step, steps
from libs.chassis.http.pages import Listed, Page
from libs.chassis.http.positions import CaughtUp
from libs.chassis.identity.access import Granted
from libs.events.application import Application
from libs.events.errors import NotFound
from libs.events.strict import LINE
from libs.filing.content.types import Day
from services.review.cases import bodies, commands, lists
from services.review.cases.domain.actions import actions
from services.review.cases.domain.case import Case
from services.review.cases.domain.subject import Kind, Level, State
from services.review.cases.reach import case_within
from services.review.cases.views import CaseLine, CaseView, case_line, case_view
from services.review.rectification.domain import Rectification

router = APIRouter()


async def _filter(
    state: State | None = None,
    level: Level | None = None,
    kind: Kind | None = None,
    enterprise: UUID | None = None,
    assignee: Annotated[str, LINE] | None = None,
    due_before: Day | None = None,
    filing: UUID | None = None,
) -> lists.Filter:
    return lists.Filter(state, level, kind, enterprise, assignee, due_before, filing)


@router.get("/cases", dependencies=[CaughtUp])
async def list_cases(
    only: Annotated[lists.Filter, Depends(_filter)], reach: Granted, page: Page, store: Store
) -> Listed[CaseLine]:
    """待办列表 · Cases within reach, the most urgent first"""
    if reach.view == "expert":
        only = replace(only, level=Level.EXPERT)
    after = page.after(date.fromisoformat, UUID)
    found = await lists.within_reach(store, reach.scope, only, after, page.fetch)
    return page.along(found, show=case_line)


@router.get("/cases/{id}")
async def read_case(id: UUID, reach: Granted, reply: Reply, app: App) -> CaseView:
    """审核件 · One case, all its rounds before the authority"""
    case = await case_within(app, reach, id)
    reply.item(case.version)
    return case_view(case)


@router.get("/cases/{id}/history")
async def read_case_history(id: UUID, reach: Granted, app: App) -> list[Step]:
    """历史记录 · Who did what, when"""
    await case_within(app, reach, id)
    return steps(await app.history(id))


@router.post("/cases/{id}:check")
async def check_case(
    id: UUID, act: Asking, reach: Granted, app: App, words: TheCatalogue
) -> Checked:
    """可办事项 · What the officer may do with the case now"""
    case = await case_within(app, reach, id)
    ordered = case.subject.is_record and await _is_ordered(app, case.subject.id)
    return checked([], actions(case, act, ordered=ordered), words)


async def _is_ordered(app: Application, record: UUID) -> bool:
    """Whether the record was ordered to rectify."""
    try:
        await app.read(Rectification, Rectification.create_id(record))
    except NotFound:
        return False
    return True


@router.post("/cases/{id}:open")
async def open_case(id: UUID, command: Commanding, reach: Granted, app: App, do: Do) -> CaseView:
    """受理 · Open the case: it is then one's own, and cannot be withdrawn"""
    await case_within(app, reach, id)
    return case_view(await do(commands.open_case, command, id))


@router.post("/cases/{id}:decide")
async def decide_case(
    id: UUID, body: bodies.Deciding, command: Commanding, reach: Granted, app: App, do: Do
) -> CaseView:
    """出具审核意见 · Decide on exactly what was sent in this round; the owner says whether it took
    effect
    """
    await case_within(app, reach, id)
    return case_view(await do(commands.decide, command, [body.about(id)]))


@router.post("/cases:decide")
async def decide_cases(
    body: bodies.DecidingSeveral, command: Commanding, reach: Granted, app: App, do: Do
) -> list[CaseView]:
    """批量审核 · Decide several cases, all of them or none"""
    for each in body.cases:
        await case_within(app, reach, each.case)
    await do(commands.decide, command, [each.about(each.case) for each in body.cases])
    return [case_view(await app.read(Case, each.case)) for each in body.cases]


@router.post("/cases/{id}:record-onsite")
async def record_onsite(
    id: UUID, body: bodies.Minutes, command: Guarded, reach: Granted, app: App, do: Do
) -> CaseView:
    """登记核查记录 · Minutes of two inspectors; the case goes on at the level that ordered the
    visit
    """
    await case_within(app, reach, id)
    given = (body.date, body.people, body.place, body.minutes)
    return case_view(await do(commands.record_onsite, command, id, *given))


@router.post("/cases/{id}:declare-interest")
async def declare_interest(
    id: UUID, body: bodies.Interest, command: Guarded, reach: Granted, app: App, do: Do
) -> CaseView:
    """申请回避 · From now on the caller decides nothing about this case"""
    await case_within(app, reach, id)
    return case_view(await do(commands.declare_interest, command, id, body.reason))


@router.post("/cases/{id}:lapse")
async def lapse_case(id: UUID, command: Guarded, reach: Granted, app: App, do: Do) -> CaseView:
    """终止补正 · The time to correct is over: what was sent last is judged"""
    await case_within(app, reach, id)
    return case_view(await do(commands.lapse, command, id))
