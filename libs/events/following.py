"""How a reader follows its source: the service's own log in PostgreSQL, or another service's
topic.
"""

import time
from collections.abc import Sequence

from libs.events.bell import Bell
from libs.events.envelope import KafkaRecord, topic_of
from libs.events.kafka import FOLLOWER_WAIT_MS, Bus, Subscription
from libs.events.pace import Pace
from libs.events.reader import LAZY, Applier, Fenced
from libs.events.records import StoredEvent
from libs.events.store import LOOK, Log
from libs.events.verifying import RecordVerifier

BATCH = 200
ALARM = 10.0  # seconds after which a gap is an alarm


class Gap:
    """A missing position of a topic: records after it wait. The health page shows one that
    stays.
    """

    def __init__(self) -> None:
        self.offset = -1  # of the first record that was passed over
        self._since, self._pause, self._look = 0.0, ALARM, 0.0

    def __bool__(self) -> bool:
        return self.offset >= 0

    def seen(self, offset: int) -> None:
        if not self:
            self.offset, self._since, self._pause = offset, time.monotonic(), ALARM
            self._look = self._since + ALARM

    def closed(self) -> None:
        self.offset = -1

    @property
    def alarming(self) -> bool:
        return self.seconds > ALARM

    @property
    def seconds(self) -> float:
        """For which it has been there; 0: there is none."""
        return time.monotonic() - self._since if self else 0.0

    def behind(self, subscription: Subscription) -> int | None:
        """Records that are left to apply, those beyond the gap among them."""
        return subscription.left(self.offset if self else None)

    def due_for_full_scan(self) -> bool:
        """Whether it is time to look for the position in all of the topic, each time after twice
        as long.
        """
        if not self or time.monotonic() < self._look:
            return False
        self._pause *= 2
        self._look = time.monotonic() + self._pause
        return True


async def follow_log(applier: Applier, log: Log, bell: Bell) -> None:
    """Applies what is appended to the log, until cancelled: at once, and where the log is busy
    what comes in the same moment in one transaction. Raises Unavailable.
    """
    watch, pace = bell.watch(), Pace()
    await applier.resume()
    while True:
        try:
            if batch := await log.follow(applier.position, BATCH):
                await applier.apply(batch, 0)
                if len(batch) < BATCH:
                    applier.level.reached()
                    await pace.rest()
                continue
            pace.has_all()
            applier.level.reached()
            if not await watch.wait(applier.lazy if applier.is_ahead else LOOK):
                await applier.store()
        except Fenced:
            await applier.resume()


async def follow_topic(applier: Applier, bus: Bus, gap: Gap, verifier: RecordVerifier) -> None:
    """Applies what the source published on its topic, until cancelled. Raises Unavailable."""
    await applier.resume()
    topic, offset = topic_of(applier.reader.source), applier.next_offset
    async with bus.reading(topic, offset, FOLLOWER_WAIT_MS) as subscription:
        while True:
            pause = applier.lazy if applier.is_ahead else LAZY if gap else LOOK
            records = await subscription.next(BATCH, pause)
            try:
                await _take(applier, subscription, await verifier.genuine(records), gap)
                applier.level.heard(gap.behind(subscription))
                if not records:
                    await applier.store()
            except Fenced:
                await applier.resume()
                subscription.seek(applier.next_offset)


async def _take(
    applier: Applier,
    subscription: Subscription,
    told: Sequence[tuple[StoredEvent, KafkaRecord]],
    gap: Gap,
) -> None:
    """Applies the records that follow without a gap. Records beyond a gap are skipped and re-read
    once the gap is filled: the relay publishes the missing ones later in the topic.
    """
    run: list[StoredEvent] = []
    after = -1
    for event, record in told:
        last = run[-1].position if run else applier.position
        if event.position <= last:
            continue
        if event.position == last + 1:
            run.append(event)
            after = record.offset + 1
        else:
            gap.seen(record.offset)
    if run:
        await applier.apply(run, min(after, gap.offset) if gap else after)
        if gap:
            subscription.seek(gap.offset)
            gap.closed()
    elif gap.due_for_full_scan():
        subscription.seek(0)
