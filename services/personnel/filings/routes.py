"""Routes of people's filings."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Query

from libs.chassis.http.commands import Asking, Changing, Commanding, Do, Reply
from libs.chassis.http.conditions import AtVersion
from libs.chassis.http.dependencies import App, Store, TheCatalogue
from libs.chassis.http.history import Step, steps
from libs.chassis.http.pages import Listed, Page, Paging
from libs.chassis.http.positions import CaughtUp
from libs.chassis.identity.access import Granted, Reach
from libs.chassis.problems.handlers import warnings
from libs.chassis.routers.audit import AccessLog
from libs.events.application import Application
from libs.events.errors import NotFound
from libs.events.refusal import Finding
from libs.events.strict import IN_URL, LINE
from libs.events.value import Act
from libs.filing.comparing import Difference, Reader, StateName, compared
from libs.filing.content.person import Person as Content
from libs.filing.content.person import Release
from libs.filing.filing import Filing, Status, Type
from services.personnel.filings import commands, lists, schemas
from services.personnel.filings.domain import Batch
from services.personnel.filings.facts import findings_for_review, findings_of_filing
from services.personnel.filings.schemas import (
    BatchView,
    CheckedFilings,
    FilingLine,
    Filings,
    FilingView,
    batch_view,
    begun_view,
    checked_filing,
    checked_filings,
    filing_line,
    filing_view,
    names_shown,
    shown,
)
from services.personnel.people.domain.filed import Filed
from services.personnel.people.domain.person import Person
from services.personnel.people.domain.place import FilingPlace

router = APIRouter()
Round = Annotated[int | None, Query(ge=1), IN_URL]
Text = Annotated[str | None, Query(max_length=50), LINE]
Earlier = Annotated[StateName, Query(alias="from")]


@dataclass(frozen=True)
class Said:
    """A content, what the rules say of it to its reader, what was confirmed when it was sent."""

    content: Filed | None
    findings: Sequence[Finding] = ()
    acknowledged: tuple[str, ...] = ()


@router.post("/people/{id}:download", status_code=201)
async def download_person(
    id: UUID, command: Changing, reach: Granted, do: Do, app: App
) -> FilingView:
    """下载 · Begin a change from the approved version"""
    await reach.read(app, Person, id)
    person = await do(commands.download, command, id)
    return filing_view(person, person.filing(do.began))


@router.post("/people/{id}:release", status_code=201)
async def release_person(
    id: UUID, body: Release, command: Changing, reach: Granted, do: Do, app: App
) -> FilingView:
    """离职（调出） · Begin a release; sent and approved, it frees the person for another
    enterprise
    """
    await reach.read(app, Person, id)
    person = await do(commands.release, command, id, body)
    return filing_view(person, person.filing(do.began))


@router.post("/filings", status_code=201)
async def add_filings(
    body: schemas.NewFilings, command: Commanding, reach: Granted, do: Do, app: App
) -> Filings:
    """添加 · Begin a filing for each of these people"""
    for id in body.people:
        await reach.read(app, Person, id)
    await do(commands.add_filings, command, body.type, body.people)
    people = [await app.read(Person, id) for id in body.people]
    begun = [begun_view(each, commands.filing_begun(command, each)) for each in people]
    return Filings(filings=begun)


@router.get("/filings", dependencies=[CaughtUp])
async def list_filings(
    reach: Granted,
    page: Page,
    store: Store,
    reads: AccessLog,
    status: Status | None = None,
    type: Type | None = None,
    person: UUID | None = None,
    q: Text = None,
    cert_no: Text = None,
) -> Listed[FilingLine]:
    """备案列表 · Filings within reach, by number. `q` is a part of the person's name, `cert_no` the
    whole number of a registration, both as they were sent
    """
    equal: dict[str, Any] = {"status": status, "type": type, "person": person}
    show = partial(filing_line, masked=reach.view == "masked")
    if cert_no:
        certified = partial(lists.with_certificate, store, reach.scope, cert_no, name=q)
        rows = await certified(only_sent=reach.only_sent, **equal)
        after = page.after(str)
        following = [each for each in rows if not after or each.filing_no > after[0]]
        await names_shown(_named(following, page), reach, reads)
        return page.of(following, key=lambda row: (row.filing_no,), show=show)
    found = await lists.within_reach(
        store,
        reach.scope,
        name=q,
        only_sent=reach.only_sent,
        after=page.after(str),
        limit=page.fetch,
        **equal,
    )
    await names_shown(_named(found.rows, page), reach, reads)
    return page.along(found, show=show)


def _named(rows: Sequence[lists.ListedFiling], page: Paging) -> list[tuple[UUID, UUID]]:
    """Whom this page of the list names, and the enterprise they are with; the row beyond it, by
    which the next page is known, is not shown.
    """
    return [(each.enterprise, each.person) for each in rows[: page.limit]]


@router.get("/filings/{filing}")
async def read_filing(
    filing: UUID,
    act: Asking,
    reach: Granted,
    reply: Reply,
    app: App,
    reads: AccessLog,
    words: TheCatalogue,
    round: Round = None,
    version: AtVersion = None,
) -> FilingView:
    """备案内容 · A filing with its content; to the authority as it was sent, in the given round or
    the last
    """
    person = await _within(app, reach, filing, version)
    current = person.filing(filing)
    if round is None and reach.view == "full":
        said = _as_it_stands(reply, person, current)
    else:
        said = await _as_sent(app, reach, act, person, current, round)
    visible = await shown(said.content, person, reach, reads)
    found = warnings(said.findings, words, said.acknowledged)
    return filing_view(person, current, visible, found, said.acknowledged)


@router.get("/filings/{filing}/history")
async def read_filing_history(filing: UUID, reach: Granted, app: App) -> list[Step]:
    """历史记录 · Who did what with this filing, when; to the authority from its sending on"""
    person = await _within(app, reach, filing)
    person.filing(filing)
    return steps(await reach.history(app, Person, person.id), filing)


@router.get("/filings/{filing}/diff")
async def compare_filing(
    filing: UUID, reach: Granted, app: App, reads: AccessLog, from_: Earlier, to: StateName
) -> Difference:
    """对比 · What differs between two states of a filing, tied to the points returned"""
    person = await _within(app, reach, filing)
    at, reader = (
        partial(reach.read, app, Person, person.id),
        Reader(reach.only_sent, reach.view == "masked"),
    )
    found = await compared(person, filing, (from_, to), at, reader)
    if not reader.masked:
        await reads.record(person.owner, person.id)
    return found


@router.put("/filings/{filing}/content")
async def save_filing(
    filing: UUID,
    command: Changing,
    reach: Granted,
    do: Do,
    app: App,
    body: Annotated[Content | Release, Body()],
) -> FilingView:
    """保存 · Save the filing; `{}` takes the person as saved. What was returned stays returned
    until it is sent
    """
    await _within(app, reach, filing)
    content = None if body in (Content(), Release()) else body
    person = await do(commands.save_filing, command, filing, content)
    return filing_view(person, person.filing(filing))


@router.post("/filings:check")
async def check_filings(
    body: schemas.Several, act: Asking, reach: Granted, app: App, words: TheCatalogue
) -> CheckedFilings:
    """检查 · What stands against sending each of these filings"""
    checked = []
    for each in body.sendings:
        person = await _within(app, reach, each.filing)
        findings = await findings_of_filing(app, person, each, act)
        checked.append(checked_filing(each.filing, person, findings, words))
    return checked_filings(checked)


@router.post("/filings:send")
async def send_filings(
    body: schemas.Several,
    command: Commanding,
    reach: Granted,
    do: Do,
    app: App,
    words: TheCatalogue,
) -> BatchView:
    """在线发送 · Send several filings: each by itself, a faulty one never stops the others"""
    batch = await do(commands.send_filings, command, await reach.own(), body.sendings)
    return batch_view(batch, await _names(app, batch), words)


@router.post("/filings/{filing}:withdraw", status_code=202)
async def ask_withdrawal(
    filing: UUID, command: Changing, reach: Granted, do: Do, app: App
) -> FilingView:
    """撤回 · Ask for it back; granted if no reviewer has opened it"""
    await _within(app, reach, filing)
    person = await do(commands.ask_withdrawal, command, filing)
    return filing_view(person, person.filing(filing))


@router.post("/filings/{filing}:void")
async def void_filing(
    filing: UUID, command: Changing, reach: Granted, do: Do, app: App
) -> FilingView:
    """放弃 · Give up a draft, or a filing that came back"""
    await _within(app, reach, filing)
    person = await do(commands.void_filing, command, filing)
    return filing_view(person, person.filing(filing))


async def _within(
    app: Application, reach: Reach, filing: UUID, version: int | None = None
) -> Person:
    """Whom the filing is about. Raises NotFound unless they are within reach."""
    return await reach.read(app, Person, (await app.read(FilingPlace, filing)).person, version)


def _as_it_stands(reply: Reply, person: Person, current: Filing[Filed]) -> Said:
    """Raises NotModified if the caller has it."""
    reply.item(person.version)
    return Said(person.content_of(current))


async def _as_sent(
    app: Application,
    reach: Reach,
    act: Act,
    person: Person,
    current: Filing[Filed],
    round: int | None,
) -> Said:
    """As it was sent in that round, or in the last. Raises NotFound for a round that there was
    not.
    """
    rounds = current.sent_versions
    number = round or len(rounds)
    if not 1 <= number <= len(rounds):
        raise NotFound
    as_sent = await reach.read(app, Person, person.id, rounds[number - 1])
    sent = as_sent.filing(current.id)
    found = await findings_for_review(app, person, sent, act)
    return Said(sent.content, found, sent.acknowledged)


async def _names(app: Application, batch: Batch) -> dict[UUID, str | None]:
    """Of the people whose filings were sent or refused, as saved."""
    refused = [each.person for each in batch.refused if each.person]
    people = [*(each.person for each in batch.sent), *refused]
    return {id: (await app.read(Person, id)).saved.name for id in people}
