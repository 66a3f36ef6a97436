"""Routes of filings of people."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Query

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
from libs.filing.filing import Filing, Status, Type
from services.personnel import bodies, queries
from services.personnel.application import PersonnelApplication, filing_id
from services.personnel.domain.person import Filed, Person
from services.personnel.views import (
    BatchView,
    CheckedFilings,
    FilingLine,
    Filings,
    FilingView,
    batch_view,
    checked_filing,
    checked_filings,
    filing_line,
    filing_view,
    shown,
    warnings,
)

router = APIRouter(prefix="/filings")
App = Annotated[PersonnelApplication, Depends(application)]


@router.post("", status_code=201)
async def add_filings(
    body: bodies.NewFilings, command: Commanding, reach: Granted, reply: Reply, app: App
) -> Filings:
    """添加 · Begin a filing for each of these people"""
    for id in body.people:
        await reach.to((await app.read(Person, id)).owner)
    reply.done(await app.add_filings(command, body.type, body.people))
    people = [await app.read(Person, id) for id in body.people]
    assert command.id
    return Filings(
        filings=[
            filing_view(person, person.filing(filing_id(command.id, person.id)))
            for person in people
        ]
    )


@router.get("", dependencies=[CaughtUp])
async def list_filings(
    reach: Granted,
    page: Page,
    store: Store,
    status: Status | None = None,
    type: Type | None = None,
    person: UUID | None = None,
) -> Listed[FilingLine]:
    """备案列表 · Filings within reach, by number"""
    after, scope = page.after(str), reach.scope
    rows = await queries.filings(
        store,
        scope,
        status,
        type,
        person,
        reach.view == "sent",
        after[0] if after else None,
        page.fetch,
    )
    return page.of(rows, key=lambda row: (row["filing_no"],), show=filing_line)


@router.get("/{filing}")
async def read_filing(
    filing: UUID,
    act: Asking,
    reach: Granted,
    reply: Reply,
    app: App,
    reads: Reads,
    words: Words,
    round: Annotated[int | None, Query(ge=1)] = None,
) -> FilingView:
    """备案内容 · A filing with its content; to the authority as it was sent, in the given round or
    the last
    """
    person = await within(app, reach, filing)
    current = person.filing(filing)
    if round is None and reach.view == "full":
        reply.item(person.version)
        content = await shown(person.content_of(current), person, reach, reads)
        return filing_view(person, current, content)
    sent = await as_sent(app, person, current, round)
    findings = await app.findings_for_review(person, sent, act) if sent is not None else []
    content = await shown(sent, person, reach, reads)
    return filing_view(person, current, content, warnings(findings, words))


@router.get("/{filing}/history")
async def read_filing_history(filing: UUID, reach: Granted, app: App) -> list[Step]:
    """历史记录 · Who did what with this filing, when"""
    person = await within(app, reach, filing)
    return steps(await app.history(person.id), filing)


@router.put("/{filing}/content")
async def save_filing(
    filing: UUID,
    command: Changing,
    reach: Granted,
    reply: Reply,
    app: App,
    body: Annotated[Content | Release, Body()],
) -> FilingView:
    """保存 · Save the filing; `{}` takes the person as saved. What was returned stays returned
    until it is sent
    """
    await within(app, reach, filing)
    outcome = await app.save_filing(
        command, filing, None if body in (Content(), Release()) else body
    )
    reply.done(outcome)
    person = await app.read(Person, outcome.stream, outcome.version)
    return filing_view(person, person.filing(filing))


@router.post(":check")
async def check_filings(
    body: bodies.Several, act: Asking, reach: Granted, app: App, words: Words
) -> CheckedFilings:
    """检查 · What stands against sending each of these filings"""
    checked = []
    for each in body.sendings:
        person = await within(app, reach, each.filing)
        findings = await app.findings_of_filing(person, each, act)
        checked.append(checked_filing(each.filing, person, findings, words))
    return checked_filings(checked)


@router.post(":send")
async def send_filings(
    body: bodies.Several, command: Commanding, reach: Granted, reply: Reply, app: App, words: Words
) -> BatchView:
    """在线发送 · Send several filings: each by itself, a faulty one never stops the others"""
    if (enterprise := command.act.by.enterprise) is None:
        raise NotFound
    await reach.to(enterprise)
    outcome, batch = await app.send(command, enterprise, body.sendings)
    reply.done(outcome)
    names = {
        each.person: (await app.read(Person, each.person)).saved.name
        for each in batch.refused
        if each.person
    }
    return batch_view(batch, names, words)


@router.post("/{filing}:withdraw", status_code=202)
async def ask_withdrawal(
    filing: UUID, command: Changing, reach: Granted, reply: Reply, app: App
) -> FilingView:
    """撤回 · Ask for it back; granted if no reviewer has opened it"""
    await within(app, reach, filing)
    outcome = await app.ask_withdrawal(command, filing)
    reply.done(outcome)
    person = await app.read(Person, outcome.stream, outcome.version)
    return filing_view(person, person.filing(filing))


@router.post("/{filing}:void")
async def void_filing(
    filing: UUID, command: Changing, reach: Granted, reply: Reply, app: App
) -> FilingView:
    """放弃 · Give up a draft, or a filing that came back"""
    await within(app, reach, filing)
    outcome = await app.void_filing(command, filing)
    reply.done(outcome)
    person = await app.read(Person, outcome.stream, outcome.version)
    return filing_view(person, person.filing(filing))


async def within(app: PersonnelApplication, reach: Reach, filing: UUID) -> Person:
    person = await app.person_of(filing)
    await reach.to(person.owner)
    return person


async def as_sent(
    app: PersonnelApplication, person: Person, current: Filing[Filed], round: int | None
) -> Filed | None:
    """The content as it was sent in that round, or in the last. Raises NotFound for a round that
    there was not.
    """
    rounds = current.sent_versions
    number = round or len(rounds)
    if not 1 <= number <= len(rounds):
        raise NotFound
    return (await app.read(Person, person.id, rounds[number - 1])).filing(current.id).content
