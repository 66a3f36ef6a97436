"""Figures for Prometheus: what there is to be known of a process, each said once with its meaning.
docs/metrics.md is written from these values, and nothing that is not here is ever told.

Names are `kaohe_<what>_<unit>`, counters end in `_total`. A label's values are few and known
beforehand: names of code, never of people, enterprises or items.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import structlog
from prometheus_client import CollectorRegistry, Metric, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import generate_latest

from libs.events.errors import Unavailable
from libs.events.figures import Distribution
from libs.events.pools import CONNECTION_ERRORS

log = structlog.get_logger()


class Kind(StrEnum):
    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True)
class Measure:
    """`labels`: besides `service`, which each has."""

    name: str
    kind: Kind
    says: str
    labels: tuple[str, ...] = ()


class Figure(NamedTuple):
    measure: Measure
    value: float | Distribution
    labels: Sequence[str] = ()


Source = Callable[[], Awaitable[Iterable[Figure]]]

REQUESTS = Measure(
    "kaohe_http_request_duration_seconds",
    Kind.HISTOGRAM,
    "Time to answer, by operation and route; status 0: whoever asked went away",
    ("method", "operation", "route", "status"),
)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """Of one service in the process."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._durations: dict[tuple[str, str, str, int], Distribution] = {}
        self._sources: list[Source] = [self._answered]
        self._process = CollectorRegistry()
        ProcessCollector(registry=self._process)

    def add(self, source: Source) -> None:
        """Asked for its figures each time that somebody wants them. One that is away is left
        out.
        """
        self._sources.append(source)

    def answered(
        self, method: str, operation: str, status: int, seconds: float, route: str = "-"
    ) -> None:
        key = method, operation, route, status
        if (durations := self._durations.get(key)) is None:
            known = method if method in METHODS else "OTHER"
            key = known, operation, route, status
            durations = self._durations.setdefault(key, Distribution(BUCKETS))
        durations.add(seconds)

    async def _answered(self) -> Iterator[Figure]:
        return (
            Figure(REQUESTS, durations, (method, operation, route, str(status)))
            for (method, operation, route, status), durations in self._durations.items()
        )

    async def figures(self) -> list[Figure]:
        """What every source says now. Of one that fails the rest is told all the same: a list that
        is being built anew may lack a column.
        """
        found: list[Figure] = []
        for source in self._sources:
            try:
                found += await source()
            except (Unavailable, *CONNECTION_ERRORS):
                continue
            except Exception as error:
                log.warning("some figures cannot be told", exc_info=error)
        return found

    async def text(self) -> bytes:
        """Prometheus' text format."""
        families = _Families(_families(self._service, await self.figures()))
        return generate_latest(families) + generate_latest(self._process)


class _Families:
    """As a registry is asked for what it has."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def _families(service: str, figures: Iterable[Figure]) -> Iterable[Metric]:
    """One for each measure, with all its figures."""
    made: dict[str, Metric] = {}
    for measure, value, labels in figures:
        family = made.get(measure.name) or made.setdefault(measure.name, _family(measure))
        values = (service, *labels)
        if isinstance(value, Distribution):
            family.add_metric(values, _buckets(value), value.sum)  # type: ignore[attr-defined]
        else:
            family.add_metric(values, value)  # type: ignore[attr-defined]
    return made.values()


def _family(measure: Measure) -> Metric:
    family = FAMILIES[measure.kind]
    return family(measure.name, measure.says, labels=("service", *measure.labels))


def _buckets(values: Distribution) -> list[tuple[str, int]]:
    bounds = [*map(str, values.bounds), "+Inf"]
    return list(zip(bounds, values.upto, strict=True))


FAMILIES: Mapping[Kind, Callable[..., Metric]] = {
    Kind.COUNTER: CounterMetricFamily,
    Kind.GAUGE: GaugeMetricFamily,
    Kind.HISTOGRAM: HistogramMetricFamily,
}
