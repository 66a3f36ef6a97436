"""Routes of 5.0 data: the authority's migration offers it, enterprises fetch it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from libs.chassis.commands import Commanding, Reply
from libs.chassis.dependencies import Store, application
from libs.chassis.history import Step, steps
from libs.chassis.pages import Listed, Page
from libs.chassis.positions import CaughtUp
from services.enterprise import bodies, queries
from services.enterprise.application import EnterpriseApplication
from services.enterprise.domain.legacy import LegacyFiling
from services.enterprise.views import LegacyFilingView, legacy_view

router = APIRouter(prefix="/legacy-filings")
App = Annotated[EnterpriseApplication, Depends(application)]


@router.post("", status_code=201)
async def offer_legacy(
    body: bodies.Legacy, command: Commanding, reply: Reply, app: App
) -> LegacyFilingView:
    """导入5.0备案数据 · Offer what an enterprise filed in 5.0"""
    outcome = await app.offer_legacy(
        command,
        body.uscc,
        body.legacy_id,
        body.filed_on,
        body.migrated,
        body.migrated_at,
        body.content,
    )
    reply.done(outcome)
    return legacy_view(await app.read(LegacyFiling, outcome.stream, outcome.version))


@router.get("", dependencies=[CaughtUp])
async def list_legacy_filings(
    page: Page, store: Store, uscc: str | None = None
) -> Listed[LegacyFilingView]:
    """5.0备案数据列表 · What was offered, by credit code"""
    after = page.after(str)
    rows = await queries.legacy_filings(store, uscc, after[0] if after else None, page.fetch)
    return page.of(
        rows,
        key=lambda row: (row["uscc"],),
        show=lambda row: LegacyFilingView.model_validate(dict(row)),
    )


@router.get("/{id}")
async def read_legacy_filing(id: UUID, reply: Reply, app: App) -> LegacyFilingView:
    """5.0备案数据 · One offer, without its content"""
    legacy = await app.read(LegacyFiling, id)
    reply.item(legacy.version)
    return legacy_view(legacy)


@router.get("/{id}/history")
async def read_legacy_history(id: UUID, app: App) -> list[Step]:
    """历史记录 · Who offered it, when"""
    return steps(await app.history(id))
