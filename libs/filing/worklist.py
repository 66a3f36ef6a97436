"""待办: what awaits somebody, the most urgent first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from libs.events.refusal import Finding
from libs.filing import calendar
from libs.filing.catalogue import WORK, finding

NEAR = 3  # working days that are left of what is near its end
NEVER = date.max  # due
LAST = UUID(int=(1 << 128) - 1)


class WorkKind(StrEnum):
    """Of what is due on the same day, the first here comes first."""

    # of an enterprise
    RETURNED = "returned"
    UNSENT = "unsent"
    UNFINISHED = "unfinished"
    MISSING = "missing"
    EXPIRING = "expiring"
    # of the authority and its experts
    TO_REVIEW = "to_review"  # nobody has opened it
    IN_REVIEW = "in_review"  # the caller has
    TO_SIGN = "to_sign"
    TO_CONCLUDE = "to_conclude"
    ONSITE = "onsite"
    TO_RECHECK = "to_recheck"
    TO_ANNOUNCE = "to_announce"
    CAMPAIGN = "campaign"
    TO_TAKE_EFFECT = "to_take_effect"  # decided: the owner of the filing has to say so


RANKS = {kind: rank for rank, kind in enumerate(WorkKind)}
Urgency = tuple[date, int, UUID]
Place = tuple[date, UUID]  # within one kind


@dataclass(frozen=True, kw_only=True)
class Task:
    """One thing that awaits. `title`: its own name; `action`: what is to be done with it; `path`:
    where, below the service's /api/v1; `type`: of a filing, a code of `filing_type`; `state`: a
    code of its own list; `due_on`: None where nothing says until when.
    """

    kind: WorkKind
    id: UUID
    title: str
    action: str
    path: str
    reason: Finding
    type: str | None = None
    state: str | None = None
    due_on: date | None = None
    since: datetime | None = None

    @property
    def urgency(self) -> Urgency:
        return (self.due_on or NEVER, RANKS[self.kind], self.id)


class YearStep(StrEnum):
    """The way of an enterprise through the year, in its order."""

    ENTERPRISE = "enterprise"  # its information is filed
    PEOPLE = "people"
    PROJECTS = "projects"
    GENERATE = "generate"
    SEND = "send"
    CITY = "city"
    PROVINCE = "province"
    PUBLICITY = "publicity"
    ANNOUNCED = "announced"


class Reached(StrEnum):
    DONE = "done"
    NOW = "now"
    TODO = "todo"


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far one step has come: `count` of `total` of what it is about, `on` the day on which it
    was done, `until` when it is to be done.
    """

    step: YearStep
    reached: Reached
    title: str = ""
    count: int | None = None
    total: int | None = None
    on: date | None = None
    until: date | None = None

    @classmethod
    def counted(cls, step: YearStep, count: int, total: int, *, enough: bool) -> "Progress":
        """`enough`: whether the next step may be begun."""
        reached = Reached.DONE if enough else Reached.NOW if total else Reached.TODO
        return cls(step=step, reached=reached, count=count, total=total)


LATEST = 20  # of what was sent, that are told


@dataclass(frozen=True, kw_only=True)
class Sent:
    """Something that was sent, as it stands now. `title`: whose it is; `type`: of a filing;
    `state`: a code of its own list; `batch_no`: of what it was sent with; `decided_at`: of the last
    decision, which may be of an earlier round; `path`: where, below the service's /api/v1.
    """

    id: UUID
    title: str
    no: str
    path: str
    state: str
    round: int
    receipt_no: str
    sent_at: datetime
    type: str | None = None
    batch_no: str | None = None
    decided_at: datetime | None = None


def latest(sent: Iterable[Sent]) -> list[Sent]:
    """Those sent last, the latest first."""
    return sorted(sent, key=lambda each: each.sent_at, reverse=True)[:LATEST]


@dataclass(frozen=True)
class Count:
    """`near`: at most three working days are left; `over`: the last day has passed."""

    all: int = 0
    near: int = 0
    over: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.all + other.all, self.near + other.near, self.over + other.over)


@dataclass(frozen=True)
class Today:
    """A day, and which days are near it."""

    day: date

    @cached_property
    def near(self) -> date:
        """The last day that is near."""
        try:
            return calendar.add_workdays(self.day, NEAR)
        except calendar.NoCalendar:
            return calendar.add_weekdays(self.day, NEAR)

    def left(self, due_on: date | None) -> int | None:
        """Working days until then, that day included; negative when it has passed; None where no
        calendar says.
        """
        if due_on is None:
            return None
        try:
            if due_on < self.day:
                return -max(calendar.workdays_between(due_on, self.day), 1)
            return calendar.workdays_between(self.day, due_on)
        except calendar.NoCalendar:
            return None

    def count(self, tasks: Sequence[Task]) -> Count:
        due = [each.due_on for each in tasks if each.due_on]
        near = sum(self.day <= each <= self.near for each in due)
        return Count(len(tasks), near, sum(each < self.day for each in due))


def reason(case: str, **facts: str | int) -> Finding:
    """Why it awaits, in the words of messages.json."""
    return finding(WORK, "", case=case, **facts)


def before(kind: WorkKind, after: Urgency | None) -> Place | None:
    """Within one kind, the place after which its tasks are less urgent than that; None: all are."""
    if after is None:
        return None
    day, rank, id = after
    if RANKS[kind] == rank:
        return day, id
    return day, LAST if RANKS[kind] < rank else UUID(int=0)


def by_kind(tasks: Iterable[Task]) -> dict[WorkKind, list[Task]]:
    """Each kind's tasks, the most urgent first."""
    found: dict[WorkKind, list[Task]] = {}
    for each in sorted(tasks, key=lambda task: task.urgency):
        found.setdefault(each.kind, []).append(each)
    return found
