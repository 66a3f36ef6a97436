"""What a process tells of itself, whatever fails meanwhile."""

import pytest
from structlog.testing import capture_logs

from libs.chassis.process.metrics import Figure, Kind, Measure, Metrics
from libs.events.errors import Unavailable
from libs.events.figures import Distribution
from tests.observability.rules import scraped

HEARD = Measure("kaohe_test_heard", Kind.GAUGE, "For a test")


@pytest.mark.parametrize(
    ("error", "warnings"), [(Unavailable("database", "a row"), 0), (KeyError("is_open"), 1)]
)
async def test_of_a_source_that_fails_the_others_are_told(error: Exception, warnings: int) -> None:
    async def fails() -> list[Figure]:
        raise error

    async def tells() -> list[Figure]:
        return [Figure(HEARD, 7)]

    metrics = Metrics("books")
    metrics.add(fails)
    metrics.add(tells)
    with capture_logs() as said:
        found = scraped((await metrics.text()).decode())
    assert found["kaohe_test_heard", (("service", "books"),)] == 7
    assert len(said) == warnings


async def test_durations_are_told_in_buckets_by_route_and_strange_methods_as_one() -> None:
    metrics = Metrics("books")
    for method, seconds in (("GET", 0.004), ("GET", 0.3), ("BREW", 9.0), ("STEEP", 9.0)):
        metrics.answered(method, "read_book", 200, seconds, "/books/{id}")
    found = {
        (name, dict(labels)["method"], dict(labels).get("le")): value
        for (name, labels), value in scraped((await metrics.text()).decode()).items()
        if name.startswith("kaohe_http")
    }
    bucket = "kaohe_http_request_duration_seconds_bucket"
    assert [found[bucket, "GET", le] for le in ("0.005", "0.25", "0.5", "+Inf")] == [1, 1, 2, 2]
    assert found["kaohe_http_request_duration_seconds_count", "OTHER", None] == 2
    assert {method for _, method, _ in found} == {"GET", "OTHER"}


def test_a_value_that_is_a_bound_belongs_to_it() -> None:
    values = Distribution((1, 2))
    for each in (1, 1.5, 2, 3):
        values.add(each)
    assert (values.upto, values.sum) == ([1, 3, 4], 7.5)
