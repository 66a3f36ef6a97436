"""How a reader follows its source: the service's own log in PostgreSQL, or another service's topic."""

import asyncio
import time
from collections.abc import Sequence

from libs.events.bell import Bell
from libs.events.envelope import Record, from_record, topic_of
from libs.events.kafka import Bus, Subscription
from libs.events.reader import Applier, Fenced
from libs.events.records import Recorded
from libs.events.store import Log

BATCH = 200
ALARM = 10.0  # seconds after which a gap is an alarm


class Gap:
    """A position that has not come yet; the health page shows one that stays."""

    def __init__(self) -> None:
        self._since: float | None = None

    def seen(self) -> None:
        self._since = self._since or time.monotonic()

    def closed(self) -> None:
        self._since = None

    @property
    def alarming(self) -> bool:
        return self._since is not None and time.monotonic() - self._since > ALARM


async def follow_log(applier: Applier, log: Log, bell: Bell) -> None:
    """Until cancelled, or until a dependency is gone (Unavailable)."""
    watch = bell.watch()
    await applier.resume()
    while True:
        while batch := await log.read(applier.position, BATCH):
            try:
                await applier.apply(batch, 0)
            except Fenced:
                await applier.resume()
        await watch.wait(1.0)


async def follow_topic(applier: Applier, bus: Bus, gap: Gap) -> None:
    """Until cancelled, or until a dependency is gone (Unavailable)."""
    await applier.resume()
    async with bus.reading(topic_of(applier.reader.source), applier.next_offset) as subscription:
        while True:
            records = await subscription.next(BATCH)
            try:
                await _take(applier, subscription, records, gap)
            except Fenced:
                await applier.resume()
                subscription.seek(applier.next_offset)


async def _take(applier: Applier, subscription: Subscription, records: Sequence[Record], gap: Gap) -> None:
    """Applies what follows without a gap; what comes after one is read again until the relay has filled it."""
    run: list[Recorded] = []
    after = -1
    for record in records:
        event = from_record(record)
        last = run[-1].position if run else applier.position
        if event.position > last + 1:
            gap.seen()
            break
        if event.position == last + 1:
            run.append(event)
        after = record.offset + 1
    if run:
        await applier.apply(run, after)
        gap.closed()
    if records and after <= records[-1].offset:
        subscription.seek(max(after, records[0].offset))
        await asyncio.sleep(0.5)
