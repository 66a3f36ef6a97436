"""`redrive`: parked facts again, in order. `recover`: the lost tail of a log back from its
topic.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from cyclopts import App, Parameter

from deploy.cli.stack import agreed
from deploy.embedded.process import StackError
from deploy.installation.installation import Installation, installation
from deploy.keeping.lost_tail import bring_back, lost
from libs.chassis.service.runtime import Runtime
from libs.events.envelope import topic_of
from libs.events.errors import Conflict, Unavailable
from libs.events.parking import parked_facts
from libs.events.records import StoredEvent

OWNERS = """
SELECT reader, owner, min(position) AS first FROM parked
WHERE $1::uuid IS NULL OR owner = $1 GROUP BY reader, owner ORDER BY reader, min(position)
"""
One = Annotated[
    str | None,
    Parameter(help="Of this enterprise's id alone; or only this fact, as `parked` shows it"),
]


def register(app: App) -> None:
    app.command(redrive)
    app.command(recover)


def redrive(*, one: One = None) -> int:
    """Apply parked facts again, in order; what still cannot be applied stays parked."""
    applied, left = asyncio.run(_redrive(installation(), _chosen(one)))
    print(f"{applied} applied, {left} still parked" + (": see ./kaohe parked" if left else ""))
    return 1 if left else 0


def recover(*, yes: bool = False) -> int:
    """Bring back what a log restored from an old copy has lost, from its topic: shows what would be
    taken, and asks unless --yes. A log and a topic that contradict are left alone.
    """
    return asyncio.run(_recover(installation(), yes))


@dataclass(frozen=True)
class Chosen:
    """Which of the parked facts: an owner's, one reader's at one position, or all."""

    owner: UUID | None = None
    reader: str | None = None
    position: int | None = None

    def has(self, reader: str) -> bool:
        return self.reader in (None, reader)


def _chosen(one: str | None) -> Chosen:
    """`READER:POSITION` or an owner's id. Raises StackError for anything else."""
    if one is None:
        return Chosen()
    reader, colon, position = one.rpartition(":")
    try:
        return Chosen(None, reader, int(position)) if colon else Chosen(UUID(one))
    except ValueError:
        raise StackError(
            f"{one} 不是企业编号，也不是 reader:position",
            f"{one} is neither an owner's id nor reader:position, as ./kaohe parked shows them",
        ) from None


async def _redrive(place: Installation, chosen: Chosen) -> tuple[int, int]:
    """How many were applied, and are parked still. Raises StackError where none is the chosen."""
    async with place.opened() as runtimes:
        found = [
            (runtime, reader, owner, facts)
            for runtime in runtimes.values()
            async for reader, owner, facts in _parked(runtime, chosen)
        ]
        if chosen != Chosen() and not found:
            raise StackError(
                "没有停放这样的消息，见 ./kaohe parked",
                "nothing of that name is parked: see ./kaohe parked",
            )
        applied = [await _redriven(*each) for each in found]
        left = [
            await runtime.pool.fetchval("SELECT count(*) FROM parked")
            for runtime in runtimes.values()
        ]
    return sum(applied), sum(left)


async def _parked(
    runtime: Runtime, chosen: Chosen
) -> AsyncIterator[tuple[str, UUID, Sequence[StoredEvent]]]:
    """The chosen facts by reader and owner, in their order. Raises StackError for one that others
    of its owner stand before.
    """
    for reader, owner, first in await runtime.pool.fetch(OWNERS, chosen.owner):
        if not chosen.has(reader):
            continue
        facts = await parked_facts(runtime.pool, reader, owner)
        if chosen.position is not None:
            if chosen.position not in [each.position for each in facts]:
                continue
            if chosen.position != first:
                raise StackError(
                    f"该企业的 {reader}:{first} 在它之前，须先处理",
                    f"{reader}:{first} of the same owner comes first",
                )
            facts = facts[:1]
        yield reader, owner, facts


async def _redriven(
    runtime: Runtime, reader: str, owner: UUID, facts: Sequence[StoredEvent]
) -> int:
    """How many were applied; an owner whose stream moves meanwhile is left for the next time."""
    try:
        if effects := runtime.effects.get(reader):
            return await effects.redrive(runtime.application, runtime.pool, facts)
        return await runtime.appliers[reader].redrive(facts)
    except (Conflict, Unavailable) as error:
        print(f"{reader}: {owner} is tried again next time ({type(error).__name__})")
        return 0


async def _recover(place: Installation, yes: bool) -> int:
    async with place.opened() as runtimes:
        for name, runtime in runtimes.items():
            missing = await lost(name, runtime)
            if not missing:
                print(f"{name:12} nothing was lost")
                continue
            print(_shown(name, missing))
            if not (yes or agreed("取回这些事件？/ Bring them back? [y/N] ")):
                print("没有改动 / nothing was changed")
                return 1
            # an operator's act, by the log's owner: a service appends by its functions alone
            async with place.owned(name) as owner:
                await bring_back(owner, missing)
            print(f"{name:12} {len(missing)} events brought back from {topic_of(name)}")
    return 0


def _shown(name: str, lost: Sequence[StoredEvent]) -> str:
    """What would be taken: how many of each type, from where to where, and when they were said."""
    first, last = lost[0], lost[-1]
    kinds = Counter(each.type for each in lost)
    return "\n".join(
        (
            f"{name:12} lost positions {first.position} to {last.position}, recorded "
            f"{first.recorded_at:%Y-%m-%d %H:%M:%S} to {last.recorded_at:%Y-%m-%d %H:%M:%S} UTC, "
            f"each signed by the service:",
            *(f"{count:>16} {kind}" for kind, count in sorted(kinds.items())),
        )
    )
