"""Routes of publicities: results that everybody may read, objections to them, the announcement."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from libs.chassis.access import Granted
from libs.chassis.audit import Reads
from libs.chassis.checks import Checked, checked
from libs.chassis.commands import Asking, Commanding, Guarded, Reply
from libs.chassis.dependencies import Store, Words, application
from libs.chassis.history import Step, steps
from libs.chassis.pages import Listed, Page
from libs.chassis.positions import CaughtUp
from services.review import bodies_of_records as bodies
from services.review import queries
from services.review.application import ReviewApplication
from services.review.domain.publicity import Publicity, Standing
from services.review.views_of_records import (
    PublicityLine,
    PublicityView,
    publicity_line,
    publicity_view,
)

router = APIRouter(prefix="/publicities")
App = Annotated[ReviewApplication, Depends(application)]


@router.post("", status_code=201)
async def open_publicity(
    body: bodies.Publishing, command: Commanding, reach: Granted, reply: Reply, app: App
) -> PublicityView:
    """公示 · Show the results of concluded records for the working days of the policy"""
    outcome = await app.open_publicity(command, body.records)
    reply.done(outcome)
    return publicity_view(
        await app.read(Publicity, outcome.stream, outcome.version), objections=False
    )


@router.get("", dependencies=[CaughtUp])
async def list_publicities(
    reach: Granted, page: Page, store: Store, standing: Standing | None = None
) -> Listed[PublicityLine]:
    """公示公告列表 · Publicities and announcements, the latest first; open to everybody"""
    after = page.after(date.fromisoformat, UUID)
    rows = await queries.publicities(
        store, standing, (after[0], after[1]) if after else None, page.fetch
    )
    return page.of(
        rows, key=lambda row: (row["first_day"].isoformat(), str(row["id"])), show=publicity_line
    )


@router.get("/{id}")
async def read_publicity(
    id: UUID, reach: Granted, reply: Reply, app: App, reads: Reads
) -> PublicityView:
    """公示公告 · The results; to the province with the objections, whose reading is written down"""
    publicity, in_full = await app.read(Publicity, id), reach.view == "full"
    reply.item(publicity.version)
    if in_full and publicity.objections:
        await reads.record(publicity.owner, publicity.id)
    return publicity_view(publicity, objections=in_full)


@router.get("/{id}/history")
async def read_publicity_history(id: UUID, reach: Granted, app: App) -> list[Step]:
    """历史记录 · Who did what, when"""
    await app.read(Publicity, id)
    return steps(await app.history(id))


@router.post("/{id}:check")
async def check_publicity(id: UUID, act: Asking, reach: Granted, app: App, words: Words) -> Checked:
    """可办事项 · What may be done with the publicity now"""
    return checked([], (await app.read(Publicity, id)).actions(act), words)


@router.post("/{id}/objections", status_code=201)
async def raise_objection(
    id: UUID, body: bodies.Objecting, command: Guarded, reach: Granted, reply: Reply, app: App
) -> PublicityView:
    """登记异议 · Enter an objection to one result; it waits until the objection is answered"""
    outcome = await app.object_to(command, id, body.record, body.text, body.who)
    reply.done(outcome)
    return publicity_view(await app.read(Publicity, id, outcome.version), objections=False)


@router.post("/{id}/objections/{objection}:close")
async def close_objection(
    id: UUID,
    objection: UUID,
    body: bodies.Closing,
    command: Guarded,
    reach: Granted,
    reply: Reply,
    app: App,
) -> PublicityView:
    """处理异议 · Upheld, it sends its record back to the province; dismissed, the publicity
    goes on
    """
    outcome = await app.close_objection(command, id, objection, body.text, upheld=body.upheld)
    reply.done(outcome)
    return publicity_view(await app.read(Publicity, id, outcome.version), objections=False)


@router.post("/{id}:announce")
async def announce_results(
    id: UUID, command: Guarded, reach: Granted, reply: Reply, app: App
) -> PublicityView:
    """公告 · The working days are full and no objection is open: the results count"""
    outcome = await app.announce(command, id)
    reply.done(outcome)
    return publicity_view(await app.read(Publicity, id, outcome.version), objections=False)
