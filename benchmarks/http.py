"""The product's HTTP path beside a bare FastAPI route that does nothing, one raw SELECT, or one
raw INSERT.

The product reads an enterprise's page (its stream replayed, personal data opened, the reading
written down before it is shown) and saves it (rights, checks by rule, version, idempotency, sealed
personal data, one event, durable). The bare routes read and write the same bytes with no more than
that. Each caller keeps one connection and asks again when it is answered; all take turns in one
run. `cpu_ms` is what the answering process worked for each request; the product's also relays its
events and keeps its read models meanwhile.
"""

import argparse
import asyncio
import os
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import orjson

from benchmarks import report
from benchmarks.client import Client
from benchmarks.stack import ROOT, enterprise, stack
from deploy.demo.filing import DemoEnterprise
from deploy.embedded.outside import in_database
from deploy.embedded.process import reserve

API = "/api/v1"
RATIOS = {"read": "bare_select", "save": "bare_insert"}
Once = Callable[[Client], Awaitable[None]]


class Caller:
    """One enterprise's clerk: saves its page from the version he has seen last, reads it."""

    def __init__(self, made: DemoEnterprise) -> None:
        self._path, self._token = f"{API}{made.path}", f"Bearer {made.clerk.token}"
        self._body, self._version = orjson.dumps(made.page), 1

    async def read(self, client: Client) -> None:
        status, _, body = await client.ask("GET", self._path, Authorization=self._token)
        assert status == 200, body

    async def save(self, client: Client) -> None:
        headers = {
            "Authorization": self._token,
            "Idempotency-Key": str(uuid4()),
            "If-Match": f'"{self._version}"',
        }
        status, found, body = await client.ask(
            "PUT",
            f"{self._path}/information",
            self._body,
            Content_Type="application/json",
            **headers,
        )
        assert status == 200, body
        self._version = int(found["etag"].strip('"'))


class Bare:
    """The same bytes, asked of the bare application."""

    def __init__(self, body: bytes) -> None:
        self._body, self._id = body, ""

    async def nothing(self, client: Client) -> None:
        await client.ask("GET", "/nothing")

    async def insert(self, client: Client) -> None:
        status, _, body = await client.ask(
            "POST", "/pages", self._body, Content_Type="application/json"
        )
        assert status == 200, body
        self._id = orjson.loads(body)["id"]

    async def select(self, client: Client) -> None:
        status, _, body = await client.ask("GET", f"/pages/{self._id}")
        assert status == 200, body


async def asked(url: str, each: Sequence[Once], seconds: float) -> list[float]:
    """Durations of all answers; as many callers at once as there are ways to ask."""
    times: list[float] = []
    end = time.perf_counter() + seconds

    async def ask(once: Once) -> None:
        async with Client(url) as client:
            while (began := time.perf_counter()) < end:
                await once(client)
                times.append(time.perf_counter() - began)

    await asyncio.gather(*(ask(once) for once in each))
    return times


@dataclass(frozen=True)
class Measured:
    """One measurement: durations of all answers, and what the answering process worked
    meanwhile.
    """

    times: list[float]
    cpu: float


@dataclass(frozen=True)
class Way:
    """Who is asked, where, by whom at once."""

    pid: int
    url: str
    callers: list[Once]

    async def measured(self, seconds: float) -> Measured:
        before = worked(self.pid)
        times = await asked(self.url, self.callers, seconds)
        return Measured(times, worked(self.pid) - before)


def worked(pid: int) -> float:
    """Seconds of CPU of a process, all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def bare_application(told: dict[str, Any]) -> AsyncIterator[tuple[int, str]]:
    port = reserve()
    dsn = in_database(told["postgres"], "postgres")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "benchmarks.bare", dsn, str(port), env={"PYTHONPATH": str(ROOT)}
    )
    try:
        for _ in range(200):
            try:
                async with Client(f"http://127.0.0.1:{port}") as client:
                    await client.ask("GET", "/nothing")
                break
            except OSError:
                await asyncio.sleep(0.1)
        yield process.pid, f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


async def measure(given: argparse.Namespace, say: report.Say) -> dict[str, Any]:
    found: dict[str, list[Measured]] = {}
    with stack() as told:
        product = told["pids"]["enterprise"], told["services"]["enterprise"]["url"]
        async with bare_application(told) as bare:
            for number in range(given.rounds + 1):
                # New enterprises in each round: a page is saved a few times, not hundreds of times.
                made = [
                    await asyncio.to_thread(enterprise, told, Random())
                    for _ in range(given.callers)
                ]
                for name, way in ways(made, product, bare).items():
                    one = await way.measured(given.seconds)
                    if number:  # the first round warms up
                        found.setdefault(name, []).append(one)
                if number:
                    say(
                        f"round {number}: "
                        + ", ".join(
                            f"{name} {len(each[-1].times) / given.seconds:,.0f}/s"
                            for name, each in found.items()
                        )
                    )
    return {"callers": given.callers} | summary(found, given.seconds)


def ways(
    made: Sequence[DemoEnterprise], product: tuple[int, str], bare: tuple[int, str]
) -> dict[str, Way]:
    """In this order: what is read has been written."""
    callers, plain = (
        [Caller(each) for each in made],
        [Bare(orjson.dumps(each.page)) for each in made],
    )
    return {
        "bare_nothing": Way(*bare, [each.nothing for each in plain]),
        "bare_insert": Way(*bare, [each.insert for each in plain]),
        "bare_select": Way(*bare, [each.select for each in plain]),
        "save": Way(*product, [each.save for each in callers]),
        "read": Way(*product, [each.read for each in callers]),
    }


def summary(found: dict[str, list[Measured]], seconds: float) -> dict[str, Any]:
    rates = {name: [len(one.times) / seconds for one in rounds] for name, rounds in found.items()}
    cpu = {
        name: sum(one.cpu for one in rounds) * 1000 / sum(len(one.times) for one in rounds)
        for name, rounds in found.items()
    }
    figures = {
        name: {"per_second": round(statistics.median(rates[name]))}
        | report.milliseconds([each for one in rounds for each in one.times])
        | {"cpu_ms": round(cpu[name], 2)}
        for name, rounds in found.items()
    }
    pairs = [(own, other) for own, same in RATIOS.items() for other in (same, "bare_nothing")]
    return {
        "requests": figures,
        "ratio": {
            f"{own}_to_{other}": round(
                statistics.median(o / b for o, b in zip(rates[own], rates[other], strict=True)), 3
            )
            for own, other in pairs
        },
        "ratio_of_cpu": {
            f"{own}_to_{other}": round(cpu[own] / cpu[other], 1)
            for own, other in pairs
            if cpu[other]
        },
    }


def main(argv: Sequence[str] | None = None) -> int:
    options = {
        "callers": (8, "at once"),
        "rounds": (4, "after one to warm up"),
        "seconds": (0.7, "of each measurement"),
    }
    return report.run("http", __doc__, argv, options, measure)


if __name__ == "__main__":
    sys.exit(main())
