"""待办 of the authority, its experts, and an enterprise that has to put something right: cases, by
who is to do what with them, reports to recheck, results to announce (domain book 5.7, 6).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from libs.chassis.http.commands import Asking
from libs.chassis.http.dependencies import Store
from libs.chassis.identity.access import Granted, Reach, Scope
from libs.events import walks
from libs.events.pools import Pool
from libs.events.refusal import Finding
from libs.filing.worklist import Count, Place, Task, Today, WorkKind, reason
from services.review.access import RECTIFIERS
from services.review.cases import lists as case_lists
from services.review.cases.domain.subject import RECORD, Level, State
from services.review.cases.lists import CaseRow
from services.review.publicity import lists as publicity_lists
from services.review.publicity.lists import PublicityRow
from services.review.rectification import lists as rectification_lists
from services.review.rectification.domain import RUNNING, Status
from services.review.rectification.lists import RectificationRow
from services.worklist import Awaiting, Queue, known

PROVINCE = ("PROV_OFFICER", "PROV_LEAD")
# who has the last word on an opinion, by the level that gave it
CLOSING = {
    "CITY_LEAD": (WorkKind.TO_SIGN, "sign"),
    "PROV_OFFICER": (WorkKind.TO_CONCLUDE, "propose"),
    "PROV_LEAD": (WorkKind.TO_CONCLUDE, "approve"),
}


async def awaiting(reach: Granted, act: Asking, store: Store) -> Awaiting:
    if reach.view == "expert":
        wanted = [("assignee", act.by.user), ("state", State.WAITING)]  # officers take theirs
        return Awaiting([CaseQueue(store, WorkKind.TO_REVIEW, "opinion", wanted)])
    scope = reach.scope
    if scope.enterprise:
        running = await rectification_lists.in_status(store, scope, RUNNING, walks.ROWS)
        return Awaiting(known(map(to_mend, running)))
    cases = _cases(store, scope, reach, act.by.user)
    others = await _others(store, scope, reach, Today(act.today))
    return Awaiting([*cases, *known(others)])


# Cases


@dataclass(frozen=True)
class CaseQueue:
    """Cases in one state, of whom they await; `wanted`: which, all served by one index; `case`: in
    messages.json, if not as their kind.
    """

    pool: Pool
    kind: WorkKind
    action: str
    wanted: Sequence[tuple[str, Any]]
    case: str = ""

    async def tasks(self, after: Place | None, limit: int) -> list[Task]:
        rows = await case_lists.most_urgent(self.pool, self.wanted, after, limit)
        return [self._task(row) for row in rows]

    async def count(self, today: Today) -> Count:
        found = await case_lists.waiting(self.pool, self.wanted, today.day, today.near)
        return Count(found.waiting, found.near, found.over)

    def _task(self, row: CaseRow) -> Task:
        return Task(
            kind=self.kind,
            id=row.id,
            title=row.enterprise_name,
            action=self.action,
            path=f"/cases/{row.id}",
            reason=_why(self.case or self.kind, row),
            type=None if row.subject_kind == RECORD else row.type,
            state=row.state,
            due_on=row.due_on,
            since=row.opened_at,
        )


def _why(case: str, row: CaseRow) -> Finding:
    subject = "record" if row.subject_kind == RECORD else "case"
    return reason(f"{subject}_{case}", filing=row.type, round=row.round)


def _cases(pool: Pool, scope: Scope, reach: Reach, user: str) -> Iterator[Queue]:
    """Of their own, and of their level within reach."""
    own = [("assignee", user), ("state", State.TAKEN)]
    yield CaseQueue(pool, WorkKind.IN_REVIEW, "decide", own)

    level = Level.PROV if scope.everything else Level.CITY
    within = scope.equal(city="unit")
    waiting = [*within, *_at(level, State.WAITING)]
    yield CaseQueue(pool, WorkKind.TO_REVIEW, "take", waiting)

    visits = [*within, *_at(level, State.ONSITE)]
    yield CaseQueue(pool, WorkKind.ONSITE, "minutes", visits)

    if reach.role == "PROV_LEAD":
        unnamed = [*_at(Level.EXPERT, State.WAITING), ("(r.assignee IS NULL) = {}", True)]
        yield CaseQueue(pool, WorkKind.TO_REVIEW, "assign", unnamed)

    if reach.role in CLOSING:
        kind, action = CLOSING[reach.role]
        opinions = [*within, *_at(level, State.OPINION)]
        yield CaseQueue(pool, kind, action, opinions)


def _at(level: Level, state: State) -> list[tuple[str, Any]]:
    return [("level", level), ("state", state)]


# Rectifications and publicities, of which there are few


async def _others(pool: Pool, scope: Scope, reach: Reach, today: Today) -> list[Task]:
    tasks: list[Task] = []
    if reach.role in RECTIFIERS:
        reported = [Status.SUBMITTED]
        rows = await rectification_lists.in_status(pool, scope, reported, walks.ROWS)
        tasks += map(to_recheck, rows)
    if reach.role in PROVINCE:
        found = await publicity_lists.latest_first(pool, "OPEN", None, walks.ROWS)
        over = [row for row in found.rows if row.last_day < today.day]
        tasks += map(to_announce, over)
    return tasks


def to_mend(row: RectificationRow) -> Task:
    """整改, until the deadline of the notice."""
    return _rectification(row, WorkKind.UNFINISHED, "report", "rectification_due")


def to_recheck(row: RectificationRow) -> Task:
    return _rectification(row, WorkKind.TO_RECHECK, "recheck", "rectification_reported")


def _rectification(row: RectificationRow, kind: WorkKind, action: str, why: str) -> Task:
    return Task(
        kind=kind,
        id=row.id,
        title=row.enterprise_name,
        action=action,
        path=f"/rectifications/{row.id}",
        reason=reason(why),
        state=row.status,
        due_on=row.deadline,
    )


def to_announce(row: PublicityRow) -> Task:
    return Task(
        kind=WorkKind.TO_ANNOUNCE,
        id=row.id,
        title=f"{row.first_day} – {row.last_day}",
        action="announce",
        path=f"/publicities/{row.id}",
        reason=reason("publicity_over"),
        state=row.standing,
    )
