"""Figures of a pool of connections."""

from collections.abc import Iterator

from libs.chassis.process.metrics import Figure, Kind, Measure
from libs.events.pools import MeasuredPool, Pool

CONNECTIONS = Measure(
    "kaohe_database_connections",
    Kind.GAUGE,
    "Connections by pool and state: used, idle; most: as many as there may be",
    ("pool", "state"),
)
WAITS = Measure(
    "kaohe_database_wait_duration_seconds",
    Kind.HISTOGRAM,
    "Until a connection of the pool was had, or given up",
    ("pool",),
)
GIVEN_UP = Measure(
    "kaohe_database_waits_given_up_total",
    Kind.COUNTER,
    "Waits for a connection that ended without one",
    ("pool",),
)
MEASURES = (CONNECTIONS, WAITS, GIVEN_UP)


def of_pool(name: str, pool: Pool) -> Iterator[Figure]:
    """Nothing of one that does not count."""
    if isinstance(pool, MeasuredPool):
        size, idle = pool.get_size(), pool.get_idle_size()
        yield Figure(CONNECTIONS, size - idle, [name, "used"])
        yield Figure(CONNECTIONS, idle, [name, "idle"])
        yield Figure(CONNECTIONS, pool.get_max_size(), [name, "most"])
        yield Figure(WAITS, pool.waits, [name])
        yield Figure(GIVEN_UP, pool.given_up, [name])
