"""Routes of enterprises and their basic information."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from libs.chassis.http.checks import Checked, checked
from libs.chassis.http.commands import Asking, Changing, Commanding, Do, Reply
from libs.chassis.http.conditions import AtVersion
from libs.chassis.http.dependencies import App, Store, TheCatalogue
from libs.chassis.http.history import Step, steps
from libs.chassis.http.pages import Listed, Page
from libs.chassis.http.positions import CaughtUp
from libs.chassis.identity.access import Granted
from libs.chassis.problems.handlers import warnings
from libs.chassis.routers.audit import AccessLog
from libs.events.strict import IN_URL, LINE, NUMBER
from libs.filing.content.enterprise import Information
from services.enterprise.filings.schemas import shown
from services.enterprise.information import commands, lists, schemas
from services.enterprise.information.domain import Enterprise
from services.enterprise.information.schemas import (
    EnterpriseLine,
    EnterpriseView,
    VersionView,
    enterprise_view,
    version_view,
)
from services.enterprise.legacy.commands import offer_for

router = APIRouter()


@router.post("/enterprises", status_code=201)
async def register_enterprise(
    body: schemas.Registration, command: Commanding, reach: Granted, do: Do
) -> EnterpriseView:
    """企业注册 · Register an enterprise by its credit code"""
    await reach.to(body.enterprise)
    given = (body.uscc, body.name, body.supervising_city_code)
    return enterprise_view(await do(commands.register, command, *given))


@router.get("/enterprises", dependencies=[CaughtUp])
async def list_enterprises(
    reach: Granted,
    page: Page,
    store: Store,
    uscc: Annotated[str, NUMBER] | None = None,
    q: Annotated[str | None, Query(max_length=100), LINE] = None,
) -> Listed[EnterpriseLine]:
    """企业列表 · Enterprises within reach, by credit code; `q` is a part of the name"""
    asked = (uscc, q, page.after(str), page.fetch)
    found = await lists.within_reach(store, reach.scope, *asked, only_sent=reach.only_sent)
    return page.along(found, show=EnterpriseLine.model_validate)


@router.get("/enterprises/{id}")
async def read_enterprise(
    id: UUID,
    reach: Granted,
    reply: Reply,
    app: App,
    reads: AccessLog,
    version: AtVersion = None,
) -> EnterpriseView:
    """企业基本信息 · The page as saved; to the authority as approved"""
    enterprise = await reach.read(app, Enterprise, id, version)
    reply.item(enterprise.version)
    page = (
        enterprise.page
        if reach.view == "full"
        else (enterprise.filed.content if enterprise.filed else None)
    )
    return enterprise_view(
        enterprise, await shown(page, id, reach, reads), only_sent=reach.view != "full"
    )


@router.get("/enterprises/{id}/history")
async def read_enterprise_history(id: UUID, reach: Granted, app: App) -> list[Step]:
    """历史记录 · Who did what, when; to the authority what was sent, and what came of it"""
    return steps(await reach.history(app, Enterprise, id))


@router.put("/enterprises/{id}/information")
async def save_information(
    id: UUID, body: Information, command: Changing, do: Do, words: TheCatalogue
) -> EnterpriseView:
    """保存 · Save the whole page; it may be incomplete"""
    enterprise = await do(commands.save_information, command, id, body)
    findings = enterprise.findings_before_saving(enterprise.page or body, command.act)
    return enterprise_view(enterprise, findings=warnings(findings, words))


@router.post("/enterprises/{id}:check")
async def check_information(id: UUID, act: Asking, app: App, words: TheCatalogue) -> Checked:
    """检查 · What the rules say of the page, and what may be done with it"""
    enterprise = await app.read(Enterprise, id)
    findings = enterprise.findings_before_saving(enterprise.page or Information(), act)
    return checked(
        findings, enterprise.actions_on_page(act, await offer_for(app, enterprise.uscc)), words
    )


@router.post("/enterprises/{id}:import-legacy")
async def import_legacy(
    id: UUID, command: Changing, do: Do, body: schemas.Import = schemas.Import()
) -> EnterpriseView:
    """获取企业备案信息 · Fetch what was filed in 5.0 and has been migrated, as a draft"""
    return enterprise_view(await do(commands.import_legacy, command, id, body.overwrite))


@router.get("/enterprises/{id}/versions")
async def list_versions(id: UUID, reach: Granted, app: App) -> list[VersionView]:
    """已备案版本 · The approved versions, without their contents"""
    return [version_view(each) for each in (await reach.read(app, Enterprise, id)).versions]


@router.get("/enterprises/{id}/versions/{n}")
async def read_version(
    id: UUID, n: Annotated[int, IN_URL], reach: Granted, app: App, reads: AccessLog
) -> VersionView:
    """已备案版本 · One approved version"""
    enterprise = await reach.read(app, Enterprise, id)
    version = enterprise.approved(n)
    return version_view(version, await shown(version.content, id, reach, reads))
