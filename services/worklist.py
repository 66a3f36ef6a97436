"""`GET /work`, which every service offers: what awaits the caller there, the most urgent first.

    async def awaiting(reach: Granted, act: Asking, app: App) -> Awaiting: ...

    routers=(…, worklist_router(NAME, awaiting))

A service says what awaits whom; order, pages, counts and words are the same everywhere.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from heapq import merge
from itertools import islice
from typing import Annotated, Any, Protocol
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from libs.chassis.http.commands import Asking
from libs.chassis.http.dependencies import TheCatalogue
from libs.chassis.http.pages import Listed, Page, Paging
from libs.chassis.http.positions import CaughtUp
from libs.chassis.ports.ports import Catalogue
from libs.events.strict import UrlBoolean
from libs.filing.worklist import (
    NEVER,
    Count,
    Place,
    Progress,
    Reached,
    Sent,
    Task,
    Today,
    Urgency,
    WorkKind,
    YearStep,
    before,
    by_kind,
)


class Queue(Protocol):
    """What of one kind awaits somebody, by due date and id."""

    @property
    def kind(self) -> WorkKind: ...

    async def tasks(self, after: Place | None, limit: int) -> Sequence[Task]: ...

    async def count(self, today: Today) -> Count:
        """However long it is, it looks at a bounded number of rows (decision 44)."""


@dataclass(frozen=True)
class KnownQueue:
    """Tasks that are at hand, the most urgent first."""

    kind: WorkKind
    known: Sequence[Task]

    async def tasks(self, after: Place | None, limit: int) -> Sequence[Task]:
        found = (each for each in self.known if after is None or _place(each) > after)
        return list(islice(found, limit))

    async def count(self, today: Today) -> Count:
        return today.count(self.known)


def _place(task: Task) -> Place:
    return task.due_on or NEVER, task.id


def known(tasks: Iterable[Task]) -> list[Queue]:
    """What is at hand as queues, one a kind."""
    return [KnownQueue(kind, each) for kind, each in by_kind(tasks).items()]


@dataclass(frozen=True)
class Awaiting:
    """What awaits somebody, how far they have come this year, and what they sent last."""

    queues: Sequence[Queue]
    progress: Sequence[Progress] = ()
    sent: Sequence[Sent] = ()


class Reason(BaseModel):
    rule: str = Field(examples=["WORK"])
    zh: str = Field(examples=["已保存，尚未发送：主管部门还看不到"])
    en: str = Field(examples=["Saved and not sent: the authority does not see it yet"])


class TaskPlace(BaseModel):
    service: str
    path: str = Field(
        description="Of the item, below the service's /api/v1",
        examples=["/enterprises/0190a6c2-0000-7000-8000-000000000001"],
    )


class TaskLine(BaseModel):
    kind: WorkKind
    id: UUID
    title: str = Field(description="Its own name", examples=["示范甲"])
    type: str | None = Field(description="Of a filing", examples=["PER_INIT"])
    state: str | None = Field(description="A code of the item's own list", examples=["SAVED"])
    reason: Reason
    due_on: date | None
    working_days_left: int | None = Field(
        description="That day included; negative when it has passed", examples=[3]
    )
    since: datetime | None
    action: str = Field(description="What is to be done", examples=["send"])
    place: TaskPlace


class ProgressLine(BaseModel):
    """How far one step of the year has come."""

    model_config = ConfigDict(from_attributes=True)

    step: YearStep
    reached: Reached
    title: str = Field(description="What it is about", examples=["2024年度动态考核"])
    count: int | None = Field(description="So many of `total` have it behind them", examples=[17])
    total: int | None = Field(examples=[26])
    on: date | None = Field(description="When it was done")
    until: date | None = Field(description="Until when it is to be done")


class SentLine(BaseModel):
    """Something that was sent, and how it stands now."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    title: str = Field(description="Whose it is", examples=["示范甲"])
    no: str = Field(description="Its number", examples=["PER-2024-410100-000001"])
    type: str | None = Field(description="Of a filing", examples=["PER_INIT"])
    state: str = Field(description="A code of the item's own list", examples=["REVIEWING"])
    round: int = Field(examples=[1])
    receipt_no: str = Field(examples=["410100-20240902-000001-4"])
    batch_no: str | None = Field(description="Of what it was sent with")
    sent_at: datetime
    decided_at: datetime | None = Field(description="Last, be it in an earlier round")
    place: TaskPlace


class TaskCount(BaseModel):
    """At most 2000 of each are counted, the most urgent ones."""

    model_config = ConfigDict(from_attributes=True)

    all: int
    near: int = Field(description="At most three working days are left")
    over: int = Field(description="The last day has passed")


class Worklist(Listed[TaskLine]):
    counts: dict[WorkKind, TaskCount] = Field(
        description="By kind", examples=[{"unsent": {"all": 3, "near": 1, "over": 0}}]
    )
    progress: list[ProgressLine] = Field(
        default=[], description="Of an enterprise: the steps of the year that this service knows of"
    )
    sent: list[SentLine] = Field(
        default=[], description="Of an enterprise: what it sent last, the latest first, at most 20"
    )


def worklist_router(service: str, awaiting: Callable[..., Any]) -> APIRouter:
    """`awaiting`: the dependency that yields the caller's queues."""
    router = APIRouter()

    @router.get("/work", dependencies=[CaughtUp])
    async def list_work(
        after: Annotated[Urgency | None, Depends(_after)],
        found: Annotated[Awaiting, Depends(awaiting)],
        page: Page,
        act: Asking,
        words: TheCatalogue,
        count: Annotated[UrlBoolean, Query(description="Only counts, no items")] = False,
    ) -> Worklist:
        """待办 · What awaits the caller here, the most urgent first, and how much of each kind"""
        return await _page(service, found, page, Today(act.today), words, after, only_counts=count)

    return router


def overdue_router(service: str, overdue: Callable[..., Any]) -> APIRouter:
    """`overdue`: the dependency that yields the queues of what should have happened by now."""
    router = APIRouter()

    @router.get("/overdue", dependencies=[CaughtUp])
    async def list_overdue(
        after: Annotated[Urgency | None, Depends(_after)],
        found: Annotated[Awaiting, Depends(overdue)],
        page: Page,
        act: Asking,
        words: TheCatalogue,
    ) -> Worklist:
        """逾期 · What should have happened by now and has not, within the caller's reach"""
        return await _page(service, found, page, Today(act.today), words, after)

    return router


async def _page(
    service: str,
    found: Awaiting,
    page: Paging,
    today: Today,
    words: Catalogue,
    after: Urgency | None,
    *,
    only_counts: bool = False,
) -> Worklist:
    tasks = [] if only_counts else await _first(found.queues, after, page.fetch)
    listed = page.of(tasks, key=_key, show=lambda task: _line(service, task, today, words))
    counts: dict[WorkKind, Count] = {}
    for each in found.queues:
        counts[each.kind] = counts.get(each.kind, Count()) + await each.count(today)
    return Worklist(
        items=listed.items,
        next_cursor=listed.next_cursor,
        counts={kind: TaskCount(**asdict(each)) for kind, each in counts.items()},
        progress=[ProgressLine.model_validate(each) for each in found.progress],
        sent=[_sent(service, each) for each in found.sent],
    )


def _after(page: Page) -> Urgency | None:
    """Where the page begins; read before anything is asked."""
    return page.after(date.fromisoformat, int, UUID)


async def _first(queues: Sequence[Queue], after: Urgency | None, limit: int) -> list[Task]:
    """The most urgent of all queues."""
    each = [await queue.tasks(before(queue.kind, after), limit) for queue in queues]
    return list(islice(merge(*each, key=lambda task: task.urgency), limit))


def _key(task: Task) -> tuple[str, ...]:
    day, rank, id = task.urgency
    return day.isoformat(), str(rank), str(id)


def _sent(service: str, sent: Sent) -> SentLine:
    place = TaskPlace(service=service, path=sent.path)
    told = {name: value for name, value in asdict(sent).items() if name != "path"}
    return SentLine(**told, place=place)


def _line(service: str, task: Task, today: Today, words: Catalogue) -> TaskLine:
    told = words(task.reason)
    return TaskLine(
        kind=task.kind,
        id=task.id,
        title=task.title,
        type=task.type,
        state=task.state,
        reason=Reason(rule=task.reason.rule, zh=told.zh, en=told.en),
        due_on=task.due_on,
        working_days_left=today.left(task.due_on),
        since=task.since,
        action=task.action,
        place=TaskPlace(service=service, path=task.path),
    )
