"""Lists at the size of Henan: each page of each list beside fifty rows of a table in its order.

The read models of all services hold one enterprise's story as often as is asked for, with its
persons, cases and record (tests/scale). Every list is asked as each kind of caller would, without a
filter, with each and with each two; then its statements are carried out again and again.
"""

import argparse
import asyncio
import logging
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import structlog

from benchmarks import report
from benchmarks.servers import postgres
from tests.scale.asking import questions
from tests.scale.counting import Counting
from tests.scale.installation import Tables

TIMES = 15
FLOOR = "SELECT * FROM cases ORDER BY id LIMIT 51"
SLOWEST = 12


async def measure(given: argparse.Namespace, say: report.Say) -> dict[str, Any]:
    async with postgres() as dsn:
        return await asyncio.to_thread(measured, dsn, given.enterprises, say)


def measured(dsn: str, enterprises: int, say: report.Say) -> dict[str, Any]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with Tables(dsn) as tables:
        counting = Counting.begun(tables)
        say(f"making {enterprises:,} enterprises")
        counting.fill(enterprises)
        lists = [each for each in questions(counting.story) if each.is_list]
        say(f"asking {len(lists):,} pages")
        for each in lists:
            counting.ask(each)
        floor = seconds(counting, "review", FLOOR)
        pages = sorted(timed(counting, floor), key=lambda page: -page[1]["ms"])
        return {
            "persons": rows(counting, "personnel", "people"),
            "cases": rows(counting, "review", "cases"),
            "pages": len(pages),
            "floor_ms": round(floor * 1000, 2),
            "slowest_ratio": pages[0][1]["ratio"],
            "median_ratio": statistics.median(page["ratio"] for _, page in pages),
            "slowest": dict(pages[:SLOWEST]),
        }


def timed(counting: Counting, floor: float) -> Iterator[tuple[str, dict[str, float]]]:
    """Each page's statement, by what was asked, numbered where callers differ."""
    seen = Counter[str]()
    for (service, by, sql), asked in counting.reads.items():
        took = seconds(counting, service, sql, *asked.arguments)
        figures = {"ms": round(took * 1000, 2), "ratio": round(took / floor, 1), "rows": asked.rows}
        seen[by] += 1
        yield f"{by} #{seen[by]}", figures


def seconds(counting: Counting, service: str, sql: str, *arguments: Any) -> float:
    """The median of as many times as it is planned and carried out, as lists are."""
    connection, took = counting.tables.counted[service].connection, []

    async def page() -> None:
        await (await connection.prepare(sql)).fetch(*arguments)

    for _ in range(TIMES):
        begun = time.perf_counter()
        counting.tables.run(page())
        took.append(time.perf_counter() - begun)
    return statistics.median(took)


def rows(counting: Counting, service: str, table: str) -> int:
    connection = counting.tables.counted[service].connection
    return int(counting.tables.run(connection.fetchval(f"SELECT count(*) FROM {table}")))


def main(argv: Sequence[str] | None = None) -> int:
    options = {"enterprises": (30_000, "enterprises in the tables")}
    return report.run("lists", __doc__, argv, options, measure)


if __name__ == "__main__":
    sys.exit(main())
