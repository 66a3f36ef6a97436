"""Costs as the logs of a national year grow: append, command, list, search, generate, rebuild.

All five services stand on one PostgreSQL, where one enterprise has done the whole manual. The year
of the province is written around it (benchmarks/national), and at each size the same things are
done: a ratio compares one installation with itself. A yardstick, the same two thousand events made
a read model anew, is held beside each figure: what it says of the machine at that moment is taken
out of `ratio` and left in `as_measured`.
"""

import argparse
import asyncio
import logging
import statistics
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import asyncpg
import httpx
import orjson
import structlog

from benchmarks import report
from benchmarks.national.growing import Year
from benchmarks.national.population import ENTERPRISES, nation
from benchmarks.national.standing import Standing, StandingService
from benchmarks.national.year import LOGS, events_of
from benchmarks.servers import postgres
from deploy.demo import staff
from libs.chassis.http.commands import API
from libs.chassis.in_memory import token
from libs.events.rebuild import from_log, rebuilt
from services.personnel.main import LISTS
from tests.in_memory.firm import Firm as Story
from tests.in_memory.firm import open_campaign
from tests.in_memory.installation import CITY
from tests.servers import fresh_database

SEED = 2024
WINDOW = 5_000  # events: those of whose append the cost is told
ROUNDS = 7  # of requests, each beside a yardstick
EACH = 9  # times in a round that a request is made
YARDSTICK = 2_000  # events
PAGE = 20  # cases, full at the smallest size too
Figures = dict[str, float]
SIZES = """SELECT relname, pg_total_relation_size(oid) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"""
FACTS = "SELECT sum(length(data) + length(meta)) FROM events"
KEYS = "SELECT pg_total_relation_size('subject_keys')"


@dataclass
class Scale:
    """One installation as it grows."""

    at: Standing
    story: Story
    year: Year
    say: report.Say
    random: Random = field(default_factory=lambda: Random(SEED))

    @classmethod
    def begun(cls, at: Standing, say: report.Say) -> "Scale":
        story = Story(at, 9)
        story.file()
        story.hire()
        campaign = open_campaign(at)
        story.make_record(campaign, [story.project()])
        return cls(at, story, Year(at.logs, at.keys, nation(SEED)), say)

    # Growing

    def grow(self, events: int) -> Figures:
        """What it costs to write and to follow."""
        began, before = time.perf_counter(), self.year.events
        self.at.run(self.year.grow(events - WINDOW))
        called, appended = self._appends()
        yardstick = self.rebuild(YARDSTICK)
        self.at.run(self.year.grow(events))
        seconds = time.perf_counter() - began
        called, appended = self._appends(called, appended)
        written = self.year.events - before
        yardstick = (yardstick + self.rebuild(YARDSTICK)) / 2
        self.say(f"{self.year.events:,} events; {written / seconds:,.0f} a second")
        began = time.perf_counter()
        taken = self.at.catch_up()
        follow = time.perf_counter() - began
        self.say(f"read models took {taken:,} facts; {taken / follow:,.0f} a second")
        return {
            "append": called / appended * 1e6,
            "yardstick": yardstick,
            "written_per_second": written / seconds,
            "followed_per_second": taken / follow,
        }

    def _appends(self, seconds: float = 0.0, events: int = 0) -> tuple[float, int]:
        """Spent in calls that append, and appended, since then."""
        figures = [self.at.logs[name].figures for name in LOGS]
        return sum(f.seconds.sum for f in figures) - seconds, sum(
            f.events for f in figures
        ) - events

    # Asking

    def figures(self) -> dict[str, tuple[float, float]]:
        """Microseconds of each figure, and of the yardstick beside it."""
        found: dict[str, list[tuple[float, float]]] = {}
        for _ in range(ROUNDS):
            yardstick = self.rebuild(YARDSTICK)
            for name, request in self._requests().items():
                found.setdefault(name, []).append((self._median(*request), yardstick))
        yardstick = self.rebuild(YARDSTICK)
        head = self.at.run(self.at.logs["personnel"].head())
        rebuild = (self.rebuild(head), (yardstick + self.rebuild(YARDSTICK)) / 2)
        return {name: _middle(pairs) for name, pairs in found.items()} | {"rebuild": rebuild}

    def _requests(self) -> dict[str, tuple[str, str, str, str]]:
        """By figure: service, who asks, method, path."""
        clerk, officer = token("ENT_CLERK", org=self.story.uscc), token("CITY_OFFICER", city=CITY)
        return {
            "command": ("personnel", clerk, "POST", "/people"),
            "list": ("review", officer, "GET", f"/cases?limit={PAGE}&sort=due_on"),
            "list_own": ("personnel", clerk, "GET", "/people?limit=50"),
            "search": ("review", officer, "GET", f"/cases?limit={PAGE}&q=示范"),
            "search_rare": ("review", officer, "GET", f"/cases?limit={PAGE}&q={self.story.uscc}"),
            "generate": ("assessment", clerk, "POST", f"{self.story.record.path}:generate"),
        }

    def _median(self, service: str, token: str, method: str, path: str) -> float:
        took = []
        for _ in range(EACH):
            request = self._request(service, token, method, path)
            began = time.perf_counter()
            answer = self.at.run(self._service(service).answer_alone(request))
            took.append((time.perf_counter() - began) * 1e6)
            assert answer.status_code < 300, answer.text
        return statistics.median(took)

    def _request(self, service: str, token: str, method: str, path: str) -> httpx.Request:
        headers, body = {"Authorization": f"Bearer {token}"}, None
        if method == "POST":
            headers["Idempotency-Key"] = str(self.at[service].ids.new())
        if path == "/people":
            body = staff.person(self.random, "新示范", self.story.uscc, None, "ARCH")
        elif method == "POST":
            headers["If-Match"] = f'"{self.story.record.now["version"]}"'
        return httpx.Request(
            method, f"http://{service}{API}{path}", headers=headers, json=body if body else None
        )

    def _service(self, name: str) -> StandingService:
        return next(each for each in self.at.standing if each.service.name == name)

    def rebuild(self, upto: int) -> float:
        """Microseconds an event, of the lists of persons and their filings made anew; of as many
        events as there are.
        """
        head = self.at.run(self.at.logs["personnel"].head())
        return self.at.run(self._rebuilt(min(upto, head)))

    async def _rebuilt(self, upto: int) -> float:
        codec = self.at["personnel"].application.codec
        async with fresh_database(self.at.postgres) as dsn:
            target = await asyncpg.connect(dsn)
            source = await asyncpg.connect(self.at.dsns["personnel"])
            try:
                began = time.perf_counter()
                await rebuilt(target, LISTS, codec, from_log(source, upto))
                return (time.perf_counter() - began) / upto * 1e6
            finally:
                await target.close()
                await source.close()

    def sizes(self) -> Figures:
        """Bytes on disk for each event of the logs, indexes among them; `facts`: what of it is
        data and meta, as topics carry them.
        """
        found: Counter[str] = Counter()
        for dsn in self.at.dsns.values():
            for name, size in self.at.run(_told(dsn, SIZES)):
                found[name if name in ("events", "commands") else "read_models"] += size
            [[facts]] = self.at.run(_told(dsn, FACTS))
            found["facts"] += facts or 0
        [[found["keys"]]] = self.at.run(self.at.keys.pool.fetch(KEYS))
        events = sum(self.at.run(log.head()) for log in self.at.logs.values())
        return {name: round(size / events, 1) for name, size in sorted(found.items())}


async def _told(dsn: str, query: str) -> list[asyncpg.Record]:
    """By a connection that waits as long as it takes."""
    connection = await asyncpg.connect(dsn)
    try:
        return list(await connection.fetch(query))
    finally:
        await connection.close()


def _middle(pairs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The round whose figure stands in the middle, beside its yardstick."""
    return sorted(pairs, key=lambda pair: pair[0] / pair[1])[len(pairs) // 2]


def resident() -> float:
    """MiB of this process."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


async def measure(given: argparse.Namespace, say: report.Say) -> dict[str, Any]:
    sizes = sorted(int(each) for each in given.events.split(","))
    async with postgres() as dsn:
        return await asyncio.to_thread(measured, dsn, sizes, say)


def measured(dsn: str, sizes: Sequence[int], say: report.Say) -> dict[str, Any]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    found: dict[str, Figures] = {}
    with Standing(dsn) as at:
        scale = Scale.begun(at, say)
        for size in sizes:
            grown = scale.grow(size)
            append = grown.pop("append"), grown.pop("yardstick")
            pairs = {"append": append} | scale.figures()
            costs = {name: round(cost, 1) for name, (cost, _) in pairs.items()}
            beside = {f"{name}_beside": cost / yard for name, (cost, yard) in pairs.items()}
            rates = {name: round(rate, 1) for name, rate in grown.items()}
            found[str(size)] = costs | rates | {"resident_mib": round(resident(), 1)}
            found[str(size)] |= {name: round(value, 4) for name, value in beside.items()}
            say(orjson.dumps({str(size): found[str(size)]}).decode())
        return summary(found, scale.year) | {"bytes_per_event": scale.sizes()}


def summary(found: dict[str, Figures], year: Year) -> dict[str, Any]:
    first, *_, last = found.values()
    names = [name.removesuffix("_beside") for name in last if name.endswith("_beside")]
    events = sum(map(events_of, nation(SEED)))
    return {
        "microseconds": found,
        "ratio": {n: round(last[f"{n}_beside"] / first[f"{n}_beside"], 2) for n in names},
        "as_measured": {n: round(last[n] / first[n], 2) for n in names},
        "enterprises": year.enterprises,
        "people": year.people,
        "events": year.events,
        "national_enterprises": ENTERPRISES,
        "national_events": events,
        "national_hours": round(events / last["written_per_second"] / 3600, 1),
    }


def main(argv: Sequence[str] | None = None) -> int:
    options = {"events": ("10000,100000,1000000", "sizes of the year's logs, in events")}
    return report.run("scale", __doc__, argv, options, measure)


if __name__ == "__main__":
    sys.exit(main())
