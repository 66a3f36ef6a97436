"""Figures of a service at work. What a process holds in memory each tells of itself; what stands in
the service's tables, and how far its worker is, whoever leads tells for all.
"""

from collections.abc import AsyncIterator, Iterable, Iterator
from itertools import chain
from typing import Any

from libs.chassis.process import pooled
from libs.chassis.process.metrics import REQUESTS, Figure, Kind, Measure
from libs.chassis.service.runtime import Runtime
from libs.events.figures import Level
from libs.events.kept import ExpiringCache
from libs.events.pools import borrowed

MOST = 1000  # rows that are counted of what should have none

APPEND_SECONDS = Measure(
    "kaohe_log_append_duration_seconds",
    Kind.HISTOGRAM,
    "Of a call that appends what waits, durable when it ends",
)
APPEND_UNITS = Measure(
    "kaohe_log_append_batch_units", Kind.HISTOGRAM, "Units of work in one call that appends"
)
APPENDED = Measure(
    "kaohe_log_appended_events_total", Kind.COUNTER, "Events that commands have appended"
)
APPENDS_FAILED = Measure(
    "kaohe_log_append_failures_total", Kind.COUNTER, "Calls that append and were not answered"
)
APPENDS_WAITING = Measure(
    "kaohe_log_append_waiting_units", Kind.GAUGE, "Units of work that wait for the next call"
)
FOLLOWED = Measure(
    "kaohe_log_followed_reads_total",
    Kind.COUNTER,
    "Reads of those that follow the log, by where they found it: memory, database",
    ("source",),
)
LOOKED_UP = Measure(
    "kaohe_cache_lookups_total",
    Kind.COUNTER,
    "Look-ups by cache and result: hit, miss",
    ("cache", "result"),
)
LEADS = Measure("kaohe_worker_leads", Kind.GAUGE, "1: the worker of this process leads")
LOOP_WAITS = Measure(
    "kaohe_worker_loop_waits",
    Kind.GAUGE,
    "1: this loop of the leading worker waits for something that is away",
    ("loop",),
)
HEAD = Measure("kaohe_log_position", Kind.GAUGE, "Position of the log's last event")
CLOSED = Measure(
    "kaohe_log_closed", Kind.GAUGE, "1: the topic is ahead of the log, nothing is appended"
)
RELAYED = Measure("kaohe_relay_position", Kind.GAUGE, "Of the last event published", ("topic",))
RELAY_BEHIND = Measure(
    "kaohe_relay_behind_positions",
    Kind.GAUGE,
    "Events of the log that the topic does not have yet",
    ("topic",),
)
RELAY_SECONDS = Measure(
    "kaohe_relay_behind_seconds",
    Kind.GAUGE,
    "Since the relay last had published all; 0: within the last ten seconds",
    ("topic",),
)
READ = Measure(
    "kaohe_reader_position",
    Kind.GAUGE,
    "Of the last fact that the reader has applied; of an inbox, its next offset",
    ("reader", "source"),
)
READER_BEHIND = Measure(
    "kaohe_reader_behind_positions",
    Kind.GAUGE,
    "Facts of its source that the reader has not applied; of a topic, as the broker last said",
    ("reader", "source"),
)
READER_SECONDS = Measure(
    "kaohe_reader_behind_seconds",
    Kind.GAUGE,
    "Since the reader last had applied all; 0: within the last ten seconds",
    ("reader", "source"),
)
GAP_SECONDS = Measure(
    "kaohe_reader_gap_seconds",
    Kind.GAUGE,
    "For which a position of the topic has been missing; 0: none is",
    ("reader", "source"),
)
PARKED = Measure(
    "kaohe_reader_parked_facts",
    Kind.GAUGE,
    f"Facts that the reader could not apply, and those behind them; {MOST} at most are counted",
    ("reader",),
)
EFFECTS_BEHIND = Measure(
    "kaohe_effects_behind_positions",
    Kind.GAUGE,
    "Events whose effects are not carried out yet",
    ("effects",),
)
EFFECTS_SECONDS = Measure(
    "kaohe_effects_behind_seconds",
    Kind.GAUGE,
    "Since all effects were last carried out; 0: within the last ten seconds",
    ("effects",),
)
EFFECTS_PARKED = Measure(
    "kaohe_effects_parked_facts",
    Kind.GAUGE,
    f"Events whose effects were given up; {MOST} at most are counted",
    ("effects",),
)
REFUSED = Measure(
    "kaohe_topic_refused_records",
    Kind.GAUGE,
    f"Records of a topic that its service did not sign; {MOST} at most are counted",
    ("topic",),
)

ALL = (
    REQUESTS,
    APPEND_SECONDS,
    APPEND_UNITS,
    APPENDED,
    APPENDS_FAILED,
    APPENDS_WAITING,
    FOLLOWED,
    *pooled.MEASURES,
    LOOKED_UP,
    LEADS,
    LOOP_WAITS,
    HEAD,
    CLOSED,
    RELAYED,
    RELAY_BEHIND,
    RELAY_SECONDS,
    READ,
    READER_BEHIND,
    READER_SECONDS,
    GAP_SECONDS,
    PARKED,
    EFFECTS_BEHIND,
    EFFECTS_SECONDS,
    EFFECTS_PARKED,
    REFUSED,
)

PARKED_OF = """
SELECT name, (SELECT count(*) FROM (SELECT FROM parked WHERE reader = name LIMIT $2) AS found)
FROM unnest($1::text[]) AS name
"""
REFUSED_OF = """
SELECT name, (SELECT count(*) FROM (
    SELECT FROM refused_records WHERE topic = name LIMIT $2
) AS found)
FROM unnest($1::text[]) AS name
"""


async def of_process(the: Runtime) -> Iterable[Figure]:
    """What the process holds."""
    log = the.log.figures
    return [
        Figure(APPEND_SECONDS, log.seconds),
        Figure(APPEND_UNITS, log.units),
        Figure(APPENDED, log.events),
        Figure(APPENDS_FAILED, log.failed),
        Figure(APPENDS_WAITING, the.log.waiting),
        Figure(FOLLOWED, log.from_memory, ["memory"]),
        Figure(FOLLOWED, log.from_database, ["database"]),
        Figure(LEADS, the.worker.leads),
        *pooled.of_pool("service", the.pool),
        *pooled.of_pool("keys", the.keyring.pool),
        *chain.from_iterable(of_cache(*each) for each in the.caches.items()),
    ]


def of_cache(name: str, cache: ExpiringCache[Any, Any]) -> Iterator[Figure]:
    yield Figure(LOOKED_UP, cache.hits, [name, "hit"])
    yield Figure(LOOKED_UP, cache.misses, [name, "miss"])


async def of_leader(the: Runtime) -> Iterable[Figure]:
    """How far its loops are, and what stands still. Nothing where another process leads."""
    if not the.worker.leads:
        return []
    waits = [
        Figure(LOOP_WAITS, bool(state.why), [name]) for name, state in the.worker.states.items()
    ]
    return [*waits, *_seconds(the)]


def _seconds(the: Runtime) -> Iterator[Figure]:
    """Known also while the database is away."""
    for relay in the.relays:
        yield Figure(RELAYED, relay.published_position, [relay.topic])
        yield Figure(RELAY_SECONDS, relay.level.seconds, [relay.topic])
    for each in the.effects.values():
        yield Figure(EFFECTS_SECONDS, each.level.seconds, [each.name])
    for name, applier in the.appliers.items():
        labels = name, applier.reader.source
        yield Figure(READ, applier.position, labels)
        yield Figure(READER_SECONDS, applier.level.seconds, labels)
        if applier.reader.source != the.service.name:
            yield Figure(GAP_SECONDS, the.gaps[name].seconds, labels)
            yield from _heard(applier.level, labels)
    for inbox in the.receivers:
        labels = inbox.name, inbox.topic
        yield Figure(READ, inbox.next_offset, labels)
        yield Figure(READER_SECONDS, inbox.level.seconds, labels)
        yield from _heard(inbox.level, labels)


def _heard(level: Level, labels: tuple[str, str]) -> Iterator[Figure]:
    if level.behind is not None:
        yield Figure(READER_BEHIND, level.behind, labels)


async def of_tables(the: Runtime) -> Iterable[Figure]:
    """What the leader is told by the database, by a number of rows that nothing makes grow. Raises
    Unavailable and connection errors.
    """
    if not the.worker.leads:
        return []
    own = the.service.figures
    return [*[each async for each in _tables(the)], *(await own(the) if own else ())]


async def _tables(the: Runtime) -> AsyncIterator[Figure]:
    head = await the.log.head()
    yield Figure(HEAD, head)
    yield Figure(CLOSED, not await the.log.is_open())
    for relay in the.relays:
        yield Figure(RELAY_BEHIND, max(0, head - relay.published_position), [relay.topic])
    for each in the.effects.values():
        yield Figure(EFFECTS_BEHIND, max(0, head - each.position), [each.name])
    for name, applier in the.appliers.items():
        if applier.reader.source == the.service.name:
            behind = max(0, head - applier.position)
            yield Figure(READER_BEHIND, behind, [name, applier.reader.source])
    topics = sorted({relay.topic for relay in the.relays} | the.topics)
    async with borrowed(the.pool) as connection:
        for name, parked in await connection.fetch(PARKED_OF, [*the.appliers, *the.effects], MOST):
            yield Figure(EFFECTS_PARKED if name in the.effects else PARKED, parked, [name])
        for topic, refused in await connection.fetch(REFUSED_OF, topics, MOST):
            yield Figure(REFUSED, refused, [topic])
