"""Routes of what the lead, experts and inspectors add to a case, and of who must keep out of it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from libs.chassis.access import Granted
from libs.chassis.commands import Guarded, Reply
from libs.chassis.dependencies import application
from services.review import bodies_of_records as bodies
from services.review.api.cases import within
from services.review.application import ReviewApplication
from services.review.domain.case import Case
from services.review.views import CaseView, case_view

router = APIRouter(prefix="/cases")
App = Annotated[ReviewApplication, Depends(application)]


@router.post("/{id}:sign")
async def sign_case(id: UUID, command: Guarded, reach: Granted, reply: Reply, app: App) -> CaseView:
    """签发 · The lead lets the city's opinion on a record take effect"""
    await within(app, reach, id)
    outcome = await app.sign(command, id)
    reply.done(outcome)
    return case_view(await app.read(Case, id, outcome.version))


@router.post("/{id}:give-opinion")
async def give_opinion(
    id: UUID, body: bodies.Words, command: Guarded, reach: Granted, reply: Reply, app: App
) -> CaseView:
    """出具专家意见 · An expert's word; the record goes back to the province"""
    await within(app, reach, id)
    outcome = await app.give_opinion(command, id, body.text)
    reply.done(outcome)
    return case_view(await app.read(Case, id, outcome.version))


@router.post("/{id}:record-onsite")
async def record_onsite(
    id: UUID, body: bodies.Minutes, command: Guarded, reach: Granted, reply: Reply, app: App
) -> CaseView:
    """登记核查记录 · Minutes of two inspectors; the case goes on at the level that ordered the
    visit
    """
    await within(app, reach, id)
    outcome = await app.record_onsite(command, id, body.date, body.people, body.place, body.minutes)
    reply.done(outcome)
    return case_view(await app.read(Case, id, outcome.version))


@router.post("/{id}:declare-interest")
async def declare_interest(
    id: UUID, body: bodies.Interest, command: Guarded, reach: Granted, reply: Reply, app: App
) -> CaseView:
    """申请回避 · From now on the caller decides nothing about this case"""
    await within(app, reach, id)
    outcome = await app.declare_interest(command, id, body.reason)
    reply.done(outcome)
    return case_view(await app.read(Case, id, outcome.version))


@router.post("/{id}:lapse")
async def lapse_case(
    id: UUID, command: Guarded, reach: Granted, reply: Reply, app: App
) -> CaseView:
    """终止补正 · The time to correct is over: what was sent last is judged"""
    await within(app, reach, id)
    outcome = await app.lapse(command, id)
    reply.done(outcome)
    return case_view(await app.read(Case, id, outcome.version))
