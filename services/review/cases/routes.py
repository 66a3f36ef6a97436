"""Routes of cases: the officers' queue, opening, deciding, visits, interests, lapsed returns."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from libs.chassis.http.checks import Checked, allowed_actions, checked
from libs.chassis.http.commands import Asking, Commanding, Do, Guarded, Reply
from libs.chassis.http.dependencies import App, Store, TheCatalogue
from libs.chassis.http.history import Step, steps
from libs.chassis.http.pages import Page
from libs.chassis.http.positions import CaughtUp
from libs.chassis.identity.access import Granted, Reach
from libs.events.application import Application
from libs.events.errors import NotFound
from libs.events.pools import Pool
from libs.events.refusal import Finding
from libs.events.strict import LINE, UrlBoolean
from libs.events.value import Act
from libs.filing.content.types import Day, Key50
from libs.filing.worklist import Today
from services.review.cases import commands, lists, schemas
from services.review.cases.domain.actions import actions as actions_on
from services.review.cases.domain.case import Case
from services.review.cases.domain.subject import Kind, Level, State
from services.review.cases.reach import case_within
from services.review.cases.schemas import CaseView, Queue, case_count, case_line, case_view
from services.review.rectification.domain import Rectification

router = APIRouter()


async def _filter(
    state: State | None = None,
    level: Level | None = None,
    kind: Kind | None = None,
    type: Annotated[Key50, Query(description="Code list `filing_type`, or ASSESSMENT")]
    | None = None,
    enterprise: UUID | None = None,
    assignee: Annotated[str, LINE] | None = None,
    due_before: Day | None = None,
    filing: UUID | None = None,
    q: Annotated[str | None, Query(max_length=100), LINE] = None,
    open: Annotated[
        UrlBoolean | None,
        Query(description="Whether the authority has still to do something about them"),
    ] = None,
) -> lists.Filter:
    return lists.Filter(
        state=state,
        level=level,
        kind=kind,
        type=type,
        enterprise=enterprise,
        assignee=assignee,
        due_before=due_before,
        filing=filing,
        text=q,
        is_open=open,
    )


Wanted = Annotated[lists.Filter, Depends(_filter)]
READ: dict[lists.Sort, Callable[[str], Any]] = {
    "due_on": date.fromisoformat,
    "-due_on": date.fromisoformat,
    "sent_at": datetime.fromisoformat,
    "enterprise_name": str,
}


@router.get("/cases", dependencies=[CaughtUp])
async def list_cases(
    only: Wanted,
    reach: Granted,
    page: Page,
    store: Store,
    act: Asking,
    sort: lists.Sort = "due_on",
    count: Annotated[UrlBoolean, Query(description="Also tell how many there are")] = False,
) -> Queue:
    """待办列表 · Cases within reach, the most urgent first. `q` is a part of the enterprise's name
    or code, of the number or the receipt's
    """
    if reach.view == "expert":
        only = replace(only, level=Level.EXPERT, assignee=act.by.user)
    after = page.after(READ[sort], UUID)
    found = await lists.within_reach(store, reach.scope, only, sort, after, page.fetch)
    listed = page.along(found, show=lambda row: case_line(row, act.today))
    counted = await _counted(store, reach, only, act) if count else {}
    return Queue(**dict(listed), **counted)


async def _counted(store: Pool, reach: Reach, only: lists.Filter, act: Act) -> dict[str, Any]:
    total = await lists.count_within_reach(store, reach.scope, only)
    today = Today(act.today)
    counts = await lists.queues(store, reach.scope, only, today, act.by.user)
    return {
        "total": total.rows,
        "total_is_all": total.is_all,
        "counts": {name: case_count(each) for name, each in counts.items()},
        "over_before": today.day,
        "near_before": today.near + timedelta(days=1),
    }


@router.get("/cases/{id}")
async def read_case(
    id: UUID,
    reach: Granted,
    reply: Reply,
    app: App,
    act: Asking,
    words: TheCatalogue,
    actions: Annotated[
        UrlBoolean,
        Query(description="Also tell what may be done with it; it is then answered anew"),
    ] = False,
) -> schemas.ReadCase:
    """审核件 · One case, all its rounds before the authority"""
    case = await case_within(app, reach, id)
    show = partial(
        schemas.read_case,
        case,
        act.today,
        concluded=reach.view != "expert",
        named=reach.view == "full",
    )
    if not actions or reach.view == "audit":
        reply.item(case.version)
        return show()
    may = allowed_actions(await _actions(app, case, act), words)
    return show(may)


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
    return checked([], await _actions(app, case, act), words)


async def _actions(app: Application, case: Case, act: Act) -> dict[str, list[Finding]]:
    ordered = case.subject.is_record and await _is_ordered(app, case.subject.id)
    return actions_on(case, act, ordered=ordered)


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


@router.post("/cases/{id}:release")
async def release_case(id: UUID, command: Guarded, reach: Granted, app: App, do: Do) -> CaseView:
    """释放 · Give the case back: whoever comes first may open it"""
    await case_within(app, reach, id)
    return case_view(await do(commands.release_case, command, id))


@router.post("/cases/{id}:assign")
async def assign_case(
    id: UUID, body: schemas.HandingOver, command: Guarded, reach: Granted, app: App, do: Do
) -> CaseView:
    """转办 · Hand the case over to another officer, who then holds it"""
    await case_within(app, reach, id)
    return case_view(await do(commands.assign_case, command, id, body.to, body.reason))


@router.post("/cases/{id}:decide")
async def decide_case(
    id: UUID, body: schemas.Deciding, command: Commanding, reach: Granted, app: App, do: Do
) -> CaseView:
    """出具审核意见 · Decide on exactly what was sent in this round; the owner says whether it took
    effect
    """
    await case_within(app, reach, id)
    return case_view(await do(commands.decide, command, [body.about(id)]))


@router.post("/cases:decide")
async def decide_cases(
    body: schemas.DecidingSeveral, command: Commanding, reach: Granted, app: App, do: Do
) -> list[CaseView]:
    """批量审核 · Decide several cases, all of them or none"""
    for each in body.cases:
        await case_within(app, reach, each.case)
    opinions = [each.about(each.case) for each in body.cases]
    await do(commands.decide, command, opinions, several=True)
    return [case_view(await app.read(Case, each.case)) for each in body.cases]


@router.post("/cases/{id}:record-onsite")
async def record_onsite(
    id: UUID, body: schemas.Minutes, command: Guarded, reach: Granted, app: App, do: Do
) -> CaseView:
    """登记核查记录 · Minutes of two inspectors; the case goes on at the level that ordered the
    visit
    """
    await case_within(app, reach, id)
    given = (body.date, body.people, body.place, body.minutes)
    return case_view(await do(commands.record_onsite, command, id, *given))


@router.post("/cases/{id}:declare-interest")
async def declare_interest(
    id: UUID, body: schemas.Interest, command: Guarded, reach: Granted, app: App, do: Do
) -> CaseView:
    """申请回避 · From now on the caller decides nothing about this case"""
    await case_within(app, reach, id)
    return case_view(await do(commands.declare_interest, command, id, body.reason))


@router.post("/cases/{id}:lapse")
async def lapse_case(id: UUID, command: Guarded, reach: Granted, app: App, do: Do) -> CaseView:
    """终止补正 · The time to correct is over: what was sent last is judged"""
    await case_within(app, reach, id)
    return case_view(await do(commands.lapse, command, id))
