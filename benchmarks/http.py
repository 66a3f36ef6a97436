"""The product's HTTP path beside a bare FastAPI route that does nothing, one raw SELECT, or one raw INSERT.

The product reads an enterprise's page (its stream replayed, personal data opened, the reading written down before it is shown) and saves
it (rights, checks by rule, version, idempotency, sealed personal data, one event, durable). The bare routes read and write the same
bytes with no more than that. Each caller keeps one connection and asks again when it is answered; all take turns in one run.
"""

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from random import Random
from typing import Any
from uuid import uuid4

import orjson

from benchmarks import report
from benchmarks.client import Client
from benchmarks.stack import ROOT, enterprise, stack
from deploy.demo.filing import Enterprise
from deploy.embedded.process import reserve
from deploy.embedded.provision import in_database

API = "/api/v1"
RATIOS = {"read": "bare_select", "save": "bare_insert"}
Once = Callable[[Client], Awaitable[None]]


class Caller:
    """One enterprise's clerk: saves its page from the version he has seen last, reads it."""

    def __init__(self, made: Enterprise) -> None:
        self._path, self._token = f"{API}{made.path}", f"Bearer {made.clerk.token}"
        self._body, self._version = orjson.dumps(made.page), 1

    async def read(self, client: Client) -> None:
        status, _, body = await client.ask("GET", self._path, Authorization=self._token)
        assert status == 200, body

    async def save(self, client: Client) -> None:
        headers = {"Authorization": self._token, "Idempotency-Key": str(uuid4()), "If-Match": f'"{self._version}"'}
        status, found, body = await client.ask("PUT", f"{self._path}/information", self._body, Content_Type="application/json", **headers)
        assert status == 200, body
        self._version = int(found["etag"].strip('"'))


class Bare:
    """The same bytes, asked of the bare application."""

    def __init__(self, body: bytes) -> None:
        self._body, self._id = body, ""

    async def nothing(self, client: Client) -> None:
        await client.ask("GET", "/nothing")

    async def insert(self, client: Client) -> None:
        status, _, body = await client.ask("POST", "/pages", self._body, Content_Type="application/json")
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


@asynccontextmanager
async def bare_application(told: dict[str, Any]) -> AsyncIterator[str]:
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
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


async def measure(given: argparse.Namespace, say: report.Say) -> dict[str, Any]:
    times: dict[str, list[list[float]]] = {}
    with stack() as told:
        async with bare_application(told) as bare_url:
            for number in range(given.rounds + 1):
                # New enterprises in each round: a page is saved a few times, not hundreds of times.
                made = [await asyncio.to_thread(enterprise, told, Random()) for _ in range(given.callers)]
                for name, (url, each) in ways(made, told["services"]["enterprise"]["url"], bare_url).items():
                    found = await asked(url, each, given.seconds)
                    if number:  # the first round warms up
                        times.setdefault(name, []).append(found)
                if number:
                    say(f"round {number}: " + ", ".join(f"{name} {len(each[-1]) / given.seconds:,.0f}/s" for name, each in times.items()))
    return summary(times, given.seconds) | {"callers": given.callers}


def ways(made: Sequence[Enterprise], url: str, bare_url: str) -> dict[str, tuple[str, list[Once]]]:
    """In this order: what is read has been written."""
    callers, bare = [Caller(each) for each in made], [Bare(orjson.dumps(each.page)) for each in made]
    return {
        "bare_nothing": (bare_url, [each.nothing for each in bare]),
        "bare_insert": (bare_url, [each.insert for each in bare]),
        "bare_select": (bare_url, [each.select for each in bare]),
        "save": (url, [each.save for each in callers]),
        "read": (url, [each.read for each in callers]),
    }


def summary(times: dict[str, list[list[float]]], seconds: float) -> dict[str, Any]:
    rates = {name: [len(each) / seconds for each in rounds] for name, rounds in times.items()}
    figures = {
        name: {"per_second": round(statistics.median(rates[name]))} | report.milliseconds([each for one in rounds for each in one])
        for name, rounds in times.items()
    }
    to = {
        f"{own}_to_{other}": round(statistics.median(o / b for o, b in zip(rates[own], rates[other], strict=True)), 3)
        for own, same in RATIOS.items()
        for other in (same, "bare_nothing")
    }
    return {"requests": figures, "ratio": to}


def main(argv: Sequence[str] | None = None) -> int:
    options = {"callers": (8, "at once"), "rounds": (4, "after one to warm up"), "seconds": (0.7, "of each measurement")}
    return report.run("http", __doc__, argv, options, measure)


if __name__ == "__main__":
    sys.exit(main())
