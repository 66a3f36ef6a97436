"""What the logs say afterwards."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from libs.chassis.replicas.clock import SystemClock
from libs.events.envelope import KafkaRecord, is_same, to_record, topic_of
from libs.events.kafka import Bus, KafkaSettings
from libs.events.pools import open_pool
from libs.events.records import StoredEvent
from libs.events.store import Log

Round = tuple[str, int]
Strangers = Counter[str]  # records that others put on a service's topic, by service


async def log_of(told: dict[str, Any], service: str, strangers: int = 0) -> list[StoredEvent]:
    """The whole log, after a look at its topic: it is the same, byte for byte, but for so many
    records at most that others put there.
    """
    pool = await open_pool(told["services"][service]["database"], 1)
    try:
        log = await Log(pool, SystemClock()).read(0, 1_000_000)
    finally:
        await pool.close()
    _, records = await Bus(KafkaSettings(told["kafka"])).tail(topic_of(service), 0)
    url = told["services"][service]["url"]
    told_again = [to_record(service, each, url) for each in log]
    assert len(log) <= len(records) <= len(log) + strangers, service
    assert own(records, told_again) == len(log), service
    return log


def own(records: Iterable[KafkaRecord], expected: Iterable[KafkaRecord]) -> int:
    """How many of the expected records stand there in their order; what is none is passed over."""
    found, awaited = 0, iter(expected)
    next_one = next(awaited, None)
    for record in records:
        if next_one and is_same(record, next_one):
            found, next_one = found + 1, next(awaited, None)
    return found


def assert_whole(log: Iterable[StoredEvent]) -> None:
    """Positions from 1 without a gap, versions of each stream likewise."""
    versions: Counter[Any] = Counter()
    for position, each in enumerate(log, 1):
        versions[each.stream] += 1
        assert (each.position, each.version) == (position, versions[each.stream])


def facts(log: Iterable[StoredEvent], *types: str) -> list[StoredEvent]:
    return [each for each in log if each.type in types]


def rounds(log: Iterable[StoredEvent], *types: str) -> Counter[Round]:
    """How often each round of a filing is spoken of."""
    return Counter((each.payload["filing"], each.payload["round"]) for each in facts(log, *types))


def once(found: Counter[Any], expected: Iterable[Any], what: str) -> None:
    wanted = set(expected)
    assert set(found) == wanted, (
        f"{what}: missing {wanted - set(found)}, not asked for {set(found) - wanted}"
    )
    assert set(found.values()) <= {1}, (
        f"{what} twice: {[each for each, times in found.items() if times > 1]}"
    )


def by(log: Iterable[StoredEvent], key: Callable[[StoredEvent], Any], *types: str) -> Counter[Any]:
    return Counter(key(each) for each in facts(log, *types))
