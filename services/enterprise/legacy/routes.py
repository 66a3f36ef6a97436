"""Routes of 5.0 data: the authority's migration offers it, enterprises fetch it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from libs.chassis.http.commands import Commanding, Do, Reply
from libs.chassis.http.dependencies import App, Store
from libs.chassis.http.history import Step, steps
from libs.chassis.http.pages import Listed, Page
from libs.chassis.http.positions import CaughtUp
from libs.events.strict import NUMBER
from services.enterprise.legacy import commands, lists, schemas
from services.enterprise.legacy.domain import LegacyFiling
from services.enterprise.legacy.schemas import LegacyFilingView, legacy_view

router = APIRouter(prefix="/legacy-filings")


@router.post("", status_code=201)
async def offer_legacy(body: schemas.Legacy, command: Commanding, do: Do) -> LegacyFilingView:
    """导入5.0备案数据 · Offer what an enterprise filed in 5.0"""
    given = (body.uscc, body.offer, body.migrated_at)
    return legacy_view(await do(commands.offer_legacy, command, *given))


@router.get("", dependencies=[CaughtUp])
async def list_legacy_filings(
    page: Page, store: Store, uscc: Annotated[str, NUMBER] | None = None
) -> Listed[LegacyFilingView]:
    """5.0备案数据列表 · What was offered, by credit code"""
    found = await lists.offered(store, uscc, page.after(str), page.fetch)
    return page.along(found, show=LegacyFilingView.model_validate)


@router.get("/{id}")
async def read_legacy_filing(id: UUID, reply: Reply, app: App) -> LegacyFilingView:
    """5.0备案数据 · One offer, without its content"""
    legacy = await app.read(LegacyFiling, id)
    reply.item(legacy.version)
    return legacy_view(legacy)


@router.get("/{id}/history")
async def read_legacy_history(id: UUID, app: App) -> list[Step]:
    """历史记录 · Who offered it, when"""
    legacy = await app.read(LegacyFiling, id)
    return steps(await app.history(legacy.id))
