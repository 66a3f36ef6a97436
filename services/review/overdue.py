"""逾期: what should have happened by now and has not (domain book 5.7, 6). Whatever is open has one
next event that is expected, and a day by which: that of a case its level's working days, of a
decision a minute until its owner has said what became of it, of a returned record the days of
correction (within the submission period it may still come), of a rectification the deadline of its
notice, of a publicity its last day. What was returned of a filing, and what was only saved, waits
for its enterprise alone and is due on no day.

Nothing here is a rule of its own: days of cases stand in their rows, days of correction are
counted by the calendar, and each queue is one of those of the worklist, less what is in time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from libs.chassis.http.commands import Asking
from libs.chassis.http.dependencies import Store
from libs.chassis.identity.access import Granted, Scope
from libs.events import walks
from libs.events.pools import Pool
from libs.events.value import SHANGHAI
from libs.filing.calendar import correction_end
from libs.filing.reference import policy
from libs.filing.worklist import Count, Task, Today, WorkKind
from services.review.cases.domain.subject import RECORD, Level, State
from services.review.publicity import lists as publicity_lists
from services.review.rectification import lists as rectification_lists
from services.review.rectification.domain import RUNNING, Status
from services.review.worklist import CaseQueue, to_announce, to_mend, to_recheck
from services.worklist import Awaiting, Queue, known

EFFECT_WITHIN = timedelta(seconds=60)  # of the decision
EVERYTHING = Scope(everything=True)


@dataclass(frozen=True)
class Expected:
    """What is to happen next with a case in this state, and at this level."""

    kind: WorkKind
    action: str
    case: str  # in messages.json
    state: State
    level: Level | None = None

    def queue(self, pool: Pool, scope: Scope, *wanted: tuple[str, Any]) -> CaseQueue:
        place = [*scope.equal(city="unit"), ("level", self.level), ("state", self.state)]
        return CaseQueue(pool, self.kind, self.action, [*place, *wanted], self.case)


NEXT = (
    Expected(WorkKind.TO_REVIEW, "take", "to_review", State.WAITING, Level.CITY),
    Expected(WorkKind.TO_REVIEW, "take", "to_review", State.WAITING, Level.PROV),
    Expected(WorkKind.TO_REVIEW, "opinion", "to_review", State.WAITING, Level.EXPERT),
    Expected(WorkKind.IN_REVIEW, "decide", "taken", State.TAKEN),
    Expected(WorkKind.ONSITE, "minutes", "onsite", State.ONSITE),
    Expected(WorkKind.TO_SIGN, "sign", "to_sign", State.OPINION, Level.CITY),
    Expected(WorkKind.TO_CONCLUDE, "approve", "to_conclude", State.OPINION, Level.PROV),
)
EFFECT = Expected(WorkKind.TO_TAKE_EFFECT, "wait", "to_take_effect", State.DECIDED)
CORRECTION = Expected(WorkKind.RETURNED, "send", "uncorrected", State.RETURNED)


async def overdue(reach: Granted, act: Asking, store: Store) -> Awaiting:
    return Awaiting(await queues(store, reach.scope, Today(act.today), act.at))


async def queues(pool: Pool, scope: Scope, today: Today, now: datetime) -> list[Queue]:
    """Each looks at a bounded number of rows, whatever is open (decision 44)."""
    over = ("r.due_on < {}", today.day)
    cases: list[Queue] = [each.queue(pool, scope, over) for each in NEXT]
    return [*cases, *_unanswered(pool, scope, today, now), *await _others(pool, scope, today)]


async def counts(pool: Pool, today: Today, now: datetime) -> Mapping[WorkKind, Count]:
    """Of everything that is open, how much is near its day and how much is over."""
    found = dict.fromkeys(WORK, Count())
    for each in (case.queue(pool, EVERYTHING) for case in NEXT):
        found[each.kind] += await each.count(today)
    late = [*_unanswered(pool, EVERYTHING, today, now), *await _others(pool, EVERYTHING, today)]
    for queue in late:
        over = (await queue.count(today)).all
        found[queue.kind] += Count(over, 0, over)
    return found


WORK = (
    *dict.fromkeys(each.kind for each in (*NEXT, EFFECT, CORRECTION)),
    WorkKind.UNFINISHED,
    WorkKind.TO_RECHECK,
    WorkKind.TO_ANNOUNCE,
)


def _unanswered(pool: Pool, scope: Scope, today: Today, now: datetime) -> list[Queue]:
    """Decisions that their owner does not answer, records that were not corrected."""
    returned = datetime.combine(_last_uncorrected(today.day) + timedelta(days=1), time(), SHANGHAI)
    return [
        EFFECT.queue(pool, scope, ("r.decided_at < {}", now - EFFECT_WITHIN)),
        CORRECTION.queue(pool, scope, ("subject_kind", RECORD), ("r.decided_at < {}", returned)),
    ]


def _last_uncorrected(today: date) -> date:
    """Of the days on which a record was returned, the last whose days of correction are over."""
    days = policy().return_fix_days
    day = today - timedelta(days=days)
    while correction_end(day, days) >= today:
        day -= timedelta(days=1)
    return day


async def _others(pool: Pool, scope: Scope, today: Today) -> list[Queue]:
    """Rectifications and publicities, of which there are few."""
    tasks: list[Task] = []
    for statuses, task in ((RUNNING, to_mend), ([Status.SUBMITTED], to_recheck)):
        rows = await rectification_lists.in_status(pool, scope, statuses, walks.ROWS)
        tasks += [task(row) for row in rows if row.deadline < today.day]
    if scope.everything:
        found = await publicity_lists.latest_first(pool, "OPEN", None, walks.ROWS)
        tasks += [to_announce(row) for row in found.rows if row.last_day < today.day]
    return known(tasks)
