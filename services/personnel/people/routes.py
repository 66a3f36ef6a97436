"""Routes of people."""

from functools import partial
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
from libs.events.strict import IN_URL, LINE, UrlBoolean
from libs.filing.content.person import Person as Content
from services.personnel.filings.schemas import names_shown, shown
from services.personnel.people import commands, lists
from services.personnel.people.domain.person import Person
from services.personnel.people.facts import findings_of
from services.personnel.people.schemas import (
    PersonLine,
    PersonVersionView,
    PersonView,
    person_line,
    person_view,
    version_view,
)

router = APIRouter(prefix="/people")


@router.post("", status_code=201)
async def add_person(body: Content, command: Commanding, reach: Granted, do: Do) -> PersonView:
    """添加人员 · Add a person to one's enterprise"""
    return person_view(await do(commands.add_person, command, await reach.own(), body))


@router.get("", dependencies=[CaughtUp])
async def list_people(
    reach: Granted,
    page: Page,
    store: Store,
    reads: AccessLog,
    enterprise: UUID | None = None,
    q: Annotated[str | None, Query(max_length=50), LINE] = None,
    filed: UrlBoolean | None = None,
) -> Listed[PersonLine]:
    """人员列表 · People within reach; numbers are masked, names too for auditors. `q` is a part of
    the name
    """
    found = await lists.within_reach(
        store,
        reach.scope,
        enterprise=enterprise,
        name=q,
        filed=filed,
        only_filed=reach.view != "full",
        after=page.after(UUID),
        limit=page.fetch,
    )
    rows = [(each.enterprise, each.id) for each in found.rows[: page.limit]]
    await names_shown(rows, reach, reads)
    return page.along(found, show=partial(person_line, masked=reach.view == "masked"))


@router.get("/{id}")
async def read_person(
    id: UUID,
    reach: Granted,
    reply: Reply,
    app: App,
    reads: AccessLog,
    version: AtVersion = None,
) -> PersonView:
    """人员基本信息 · The person as saved; to the authority as approved"""
    person = await reach.read(app, Person, id, version)
    reply.item(person.version)
    only_sent = reach.view != "full"
    approved = person.filed.content if person.filed else None
    content = await shown(approved if only_sent else person.saved, person, reach, reads)
    return person_view(person, content, only_sent=only_sent)


@router.get("/{id}/history")
async def read_person_history(id: UUID, reach: Granted, app: App) -> list[Step]:
    """历史记录 · Who did what, when; to the authority what was sent, and what came of it"""
    return steps(await reach.history(app, Person, id))


@router.get("/{id}/versions")
async def list_person_versions(id: UUID, reach: Granted, app: App) -> list[PersonVersionView]:
    """已备案版本 · The approved versions, without their contents"""
    return [version_view(each) for each in (await reach.read(app, Person, id)).versions]


@router.get("/{id}/versions/{n}")
async def read_person_version(
    id: UUID, n: Annotated[int, IN_URL], reach: Granted, app: App, reads: AccessLog
) -> PersonVersionView:
    """已备案版本 · One approved version"""
    person = await reach.read(app, Person, id)
    version = person.approved(n)
    return version_view(version, await shown(version.content, person, reach, reads))


@router.put("/{id}")
async def save_person(
    id: UUID,
    body: Content,
    command: Changing,
    reach: Granted,
    do: Do,
    app: App,
    words: TheCatalogue,
) -> PersonView:
    """保存 · Save the person; it may be incomplete"""
    await reach.read(app, Person, id)
    person = await do(commands.save_person, command, id, body)
    findings = await findings_of(app, person, command.act)
    return person_view(person, findings=warnings(findings, words))


@router.post("/{id}:check")
async def check_person(
    id: UUID, act: Asking, reach: Granted, app: App, words: TheCatalogue
) -> Checked:
    """检查 · What the rules say of the person, and what may be done"""
    person = await reach.read(app, Person, id)
    findings = await findings_of(app, person, act)
    return checked(findings, person.actions(saving=findings), words)
