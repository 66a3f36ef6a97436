"""`overdue`: what should have happened by now and has not, whoever has it before them."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from cyclopts import App

from deploy.embedded.process import StackError
from deploy.installation.installation import Installation, installation
from libs.events.value import SHANGHAI
from libs.filing.worklist import Task, Today
from services.review.overdue import EVERYTHING, queues

MOST = 1000  # of each kind


def register(app: App) -> None:
    app.command(overdue)


def overdue(*, json_: bool = False) -> int:
    """Every item whose day has passed: its day, what is expected next, and where. No names."""
    rows = asyncio.run(late(installation()))
    print(json.dumps(rows, ensure_ascii=False) if json_ else "\n".join(lines(rows)))
    return 1 if rows else 0


def lines(rows: Sequence[Mapping[str, str]]) -> list[str]:
    shown = [
        f"{row['due_on']}  {row['kind']:16} {row['expected']:10} {row['place']}" for row in rows
    ]
    return [*shown, f"{len(rows)} overdue"]


async def late(place: Installation) -> list[dict[str, str]]:
    """The longest overdue first. Raises StackError where there is no review service."""
    if "review" not in place.services:
        raise StackError(
            "这里没有审核服务的设置", "settings of review are missing: it knows what is overdue"
        )
    async with place.opened(["review"]) as runtimes:
        the = runtimes["review"]
        now: datetime = the.clock.now()
        found: list[Task] = []
        today = Today(now.astimezone(SHANGHAI).date())
        for queue in await queues(the.pool, EVERYTHING, today, now):
            found += await queue.tasks(None, MOST)
    return [_row(each) for each in sorted(found, key=lambda task: task.urgency)]


def _row(task: Task) -> dict[str, str]:
    return {
        "due_on": task.due_on.isoformat() if task.due_on else "-",
        "kind": task.kind.value,
        "expected": task.action,
        "place": f"review{task.path}",
    }
