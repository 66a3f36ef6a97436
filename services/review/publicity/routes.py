"""Routes of publicities: results that everybody may read, objections to them, the announcement."""

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
from libs.chassis.routers.audit import AccessLog
from services.review.publicity import commands, lists, schemas
from services.review.publicity.domain import Publicity, Standing
from services.review.publicity.schemas import PublicityLine, PublicityView, publicity_view

router = APIRouter(prefix="/publicities")


@router.post("", status_code=201)
async def open_publicity(
    body: schemas.Publishing, command: Commanding, reach: Granted, do: Do
) -> PublicityView:
    """公示 · Show the results of concluded records for the working days of the policy"""
    publicity = await do(commands.open_publicity, command, body.records)
    return publicity_view(publicity)


@router.get("", dependencies=[CaughtUp])
async def list_publicities(
    reach: Granted, page: Page, store: Store, standing: Standing | None = None
) -> Listed[PublicityLine]:
    """公示公告列表 · Publicities and announcements, the latest first; open to everybody"""
    after = page.after(date.fromisoformat, UUID)
    found = await lists.latest_first(store, standing, after, page.fetch)
    return page.along(found, show=PublicityLine.model_validate)


@router.get("/{id}")
async def read_publicity(
    id: UUID, reach: Granted, reply: Reply, app: App, reads: AccessLog
) -> PublicityView:
    """公示公告 · The results; to the province with the objections, whose reading is written down"""
    publicity, in_full = await app.read(Publicity, id), reach.view == "full"
    reply.item(publicity.version)
    if in_full and publicity.objections:
        await reads.record(publicity.owner, publicity.id)
    return publicity_view(publicity, objections=in_full, to_public=not in_full)


@router.get("/{id}/history")
async def read_publicity_history(id: UUID, reach: Granted, app: App) -> list[Step]:
    """历史记录 · Who did what, when"""
    await app.read(Publicity, id)
    return steps(await app.history(id))


@router.post("/{id}:check")
async def check_publicity(
    id: UUID, act: Asking, reach: Granted, app: App, words: TheCatalogue
) -> Checked:
    """可办事项 · What may be done with the publicity now"""
    return checked([], (await app.read(Publicity, id)).actions(act), words)


@router.post("/{id}/objections", status_code=201)
async def raise_objection(
    id: UUID, body: schemas.Objecting, command: Guarded, reach: Granted, do: Do
) -> PublicityView:
    """登记异议 · Enter an objection to one result; it waits until the objection is answered"""
    given = (body.record, body.text, body.who)
    publicity = await do(commands.raise_objection, command, id, *given)
    return publicity_view(publicity)


@router.post("/{id}/objections/{objection}:close")
async def close_objection(
    id: UUID, objection: UUID, body: schemas.Closing, command: Guarded, reach: Granted, do: Do
) -> PublicityView:
    """处理异议 · Upheld, it sends its record back to the province; dismissed, the publicity
    goes on
    """
    given = (id, objection, body.text)
    publicity = await do(commands.close_objection, command, *given, upheld=body.upheld)
    return publicity_view(publicity)


@router.post("/{id}:announce")
async def announce_results(id: UUID, command: Guarded, reach: Granted, do: Do) -> PublicityView:
    """公告 · The working days are full and no objection is open: the results count"""
    return publicity_view(await do(commands.announce, command, id))
