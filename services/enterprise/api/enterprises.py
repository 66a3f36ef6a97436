"""Routes of enterprises and their basic information."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from libs.chassis.access import Granted
from libs.chassis.audit import Reads
from libs.chassis.checks import Checked, checked
from libs.chassis.commands import Asking, Changing, Commanding, Reply
from libs.chassis.dependencies import Store, Words, application
from libs.chassis.history import Step, steps
from libs.chassis.pages import Listed, Page
from libs.chassis.positions import CaughtUp
from libs.events.errors import NotFound
from libs.filing.content.enterprise import Information
from services.enterprise import bodies, queries
from services.enterprise.application import EnterpriseApplication
from services.enterprise.domain.enterprise import Enterprise
from services.enterprise.views import (
    EnterpriseLine,
    EnterpriseView,
    VersionView,
    enterprise_view,
    shown,
    version_view,
    warnings,
)

router = APIRouter()
App = Annotated[EnterpriseApplication, Depends(application)]


@router.post("/enterprises", status_code=201)
async def register_enterprise(
    body: bodies.Registration, command: Commanding, reach: Granted, reply: Reply, app: App
) -> EnterpriseView:
    """企业注册 · Register an enterprise by its credit code"""
    await reach.to(body.enterprise)
    outcome = await app.register(command, body.uscc, body.name, body.supervising_city_code)
    reply.done(outcome)
    return enterprise_view(await app.read(Enterprise, outcome.stream, outcome.version))


@router.get("/enterprises", dependencies=[CaughtUp])
async def list_enterprises(
    reach: Granted,
    page: Page,
    store: Store,
    uscc: str | None = None,
    q: Annotated[str | None, Query(max_length=100)] = None,
) -> Listed[EnterpriseLine]:
    """企业列表 · Enterprises within reach, by credit code; `q` is a part of the name"""
    after = page.after(str)
    rows = await queries.enterprises(
        store, reach.scope, uscc, q, after[0] if after else None, page.fetch
    )
    return page.of(
        rows,
        key=lambda row: (row["uscc"],),
        show=lambda row: EnterpriseLine.model_validate(dict(row)),
    )


@router.get("/enterprises/{id}")
async def read_enterprise(
    id: UUID, reach: Granted, reply: Reply, app: App, reads: Reads
) -> EnterpriseView:
    """企业基本信息 · The page as saved; to the authority as approved"""
    enterprise = await app.read(Enterprise, id)
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
async def read_enterprise_history(id: UUID, app: App) -> list[Step]:
    """历史记录 · Who did what, when"""
    return steps(await app.history(id))


@router.put("/enterprises/{id}/information")
async def save_information(
    id: UUID, body: Information, command: Changing, reply: Reply, app: App, words: Words
) -> EnterpriseView:
    """保存 · Save the whole page; it may be incomplete"""
    outcome = await app.save_information(command, id, body)
    reply.done(outcome)
    enterprise = await app.read(Enterprise, id, outcome.version)
    findings = enterprise.findings_before_saving(enterprise.page or body, command.act)
    return enterprise_view(enterprise, findings=warnings(findings, words))


@router.post("/enterprises/{id}:check")
async def check_information(id: UUID, act: Asking, app: App, words: Words) -> Checked:
    """检查 · What the rules say of the page, and what may be done with it"""
    enterprise = await app.read(Enterprise, id)
    findings = enterprise.findings_before_saving(enterprise.page or Information(), act)
    return checked(
        findings, enterprise.actions_on_page(act, await app.offer(enterprise.uscc)), words
    )


@router.post("/enterprises/{id}:import-legacy")
async def import_legacy(
    id: UUID, command: Changing, reply: Reply, app: App, body: bodies.Import = bodies.Import()
) -> EnterpriseView:
    """获取企业备案信息 · Fetch what was filed in 5.0 and has been migrated, as a draft"""
    outcome = await app.import_legacy(command, id, body.overwrite)
    reply.done(outcome)
    return enterprise_view(await app.read(Enterprise, id, outcome.version))


@router.get("/enterprises/{id}/versions")
async def list_versions(id: UUID, app: App) -> list[VersionView]:
    """已备案版本 · The approved versions, without their contents"""
    return [version_view(each) for each in (await app.read(Enterprise, id)).versions]


@router.get("/enterprises/{id}/versions/{n}")
async def read_version(id: UUID, n: int, reach: Granted, app: App, reads: Reads) -> VersionView:
    """已备案版本 · One approved version"""
    enterprise = await app.read(Enterprise, id)
    if not 1 <= n <= len(enterprise.versions):
        raise NotFound
    version = enterprise.versions[n - 1]
    return version_view(version, await shown(version.content, id, reach, reads))
