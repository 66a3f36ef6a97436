"""Routes of people."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from libs.chassis.http.checks import Checked, checked
from libs.chassis.http.commands import Asking, Changing, Commanding, Reply
from libs.chassis.http.dependencies import Store, Words, application
from libs.chassis.http.history import Step, steps
from libs.chassis.http.pages import Listed, Page
from libs.chassis.http.positions import CaughtUp
from libs.chassis.identity.access import Granted, Reach
from libs.chassis.routers.audit import Reads
from libs.events.errors import NotFound
from libs.filing.content.person import Person as Content
from libs.filing.content.person import Release
from libs.filing.filing import Type
from services.personnel import queries
from services.personnel.application import PersonnelApplication
from services.personnel.domain.person import Person
from services.personnel.views import (
    FilingView,
    PersonLine,
    PersonView,
    filing_view,
    person_line,
    person_view,
    shown,
    warnings,
)

router = APIRouter(prefix="/people")
App = Annotated[PersonnelApplication, Depends(application)]


@router.post("", status_code=201)
async def add_person(
    body: Content, command: Commanding, reach: Granted, reply: Reply, app: App
) -> PersonView:
    """添加人员 · Add a person to one's enterprise"""
    if (enterprise := command.act.by.enterprise) is None:
        raise NotFound
    await reach.to(enterprise)
    outcome = await app.add_person(command, enterprise, body)
    reply.done(outcome)
    return person_view(await app.read(Person, outcome.stream, outcome.version))


@router.get("", dependencies=[CaughtUp])
async def list_people(
    reach: Granted,
    page: Page,
    store: Store,
    enterprise: UUID | None = None,
    q: Annotated[str | None, Query(max_length=50)] = None,
    filed: bool | None = None,
) -> Listed[PersonLine]:
    """人员列表 · People within reach; numbers are masked. `q` is a part of the name"""
    after = page.after(UUID)
    only_filed = reach.view != "full"
    rows = await queries.people(
        store,
        reach.scope,
        enterprise,
        q,
        filed,
        only_filed,
        after[0] if after else None,
        page.fetch,
    )
    return page.of(rows, key=lambda row: (str(row["id"]),), show=person_line)


@router.get("/{id}")
async def read_person(id: UUID, reach: Granted, reply: Reply, app: App, reads: Reads) -> PersonView:
    """人员基本信息 · The person as saved; to the authority as approved"""
    person = await within(app, reach, id)
    reply.item(person.version)
    content = (
        person.saved if reach.view == "full" else (person.filed.content if person.filed else None)
    )
    return person_view(
        person, await shown(content, person, reach, reads), only_sent=reach.view != "full"
    )


@router.get("/{id}/history")
async def read_person_history(id: UUID, reach: Granted, app: App) -> list[Step]:
    """历史记录 · Who did what, when"""
    await within(app, reach, id)
    return steps(await app.history(id))


@router.put("/{id}")
async def save_person(
    id: UUID, body: Content, command: Changing, reach: Granted, reply: Reply, app: App, words: Words
) -> PersonView:
    """保存 · Save the person; it may be incomplete"""
    await within(app, reach, id)
    outcome = await app.save_person(command, id, body)
    reply.done(outcome)
    person = await app.read(Person, id, outcome.version)
    return person_view(
        person, findings=warnings(await app.findings_of_person(person, command.act), words)
    )


@router.post("/{id}:check")
async def check_person(id: UUID, act: Asking, reach: Granted, app: App, words: Words) -> Checked:
    """检查 · What the rules say of the person, and what may be done"""
    person = await within(app, reach, id)
    findings = await app.findings_of_person(person, act)
    types = {"add_filing": Type.PER_INIT, "download": Type.PER_CHANGE, "release": Type.PER_RELEASE}
    actions = {"save": findings} | {
        action: person.findings_before_adding(type) for action, type in types.items()
    }
    return checked(findings, actions, words)


@router.post("/{id}:download", status_code=201)
async def download_person(
    id: UUID, command: Changing, reach: Granted, reply: Reply, app: App
) -> FilingView:
    """下载 · Begin a change from the approved version"""
    await within(app, reach, id)
    outcome = await app.download(command, id)
    reply.done(outcome)
    person = await app.read(Person, id, outcome.version)
    return filing_view(person, person.filing(UUID(outcome.location.rpartition("/")[2])))


@router.post("/{id}:release", status_code=201)
async def release_person(
    id: UUID, body: Release, command: Changing, reach: Granted, reply: Reply, app: App
) -> FilingView:
    """离职（调出） · Begin a release; sent and approved, it frees the person for another
    enterprise
    """
    await within(app, reach, id)
    outcome = await app.release(command, id, body)
    reply.done(outcome)
    person = await app.read(Person, id, outcome.version)
    return filing_view(person, person.filing(UUID(outcome.location.rpartition("/")[2])))


async def within(app: PersonnelApplication, reach: Reach, id: UUID) -> Person:
    person = await app.read(Person, id)
    await reach.to(person.owner)
    return person
