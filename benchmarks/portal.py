"""The portal under people: signed-in clerks and officers open pages, at a steady rate.

Thousands of enterprises are registered; those whose clerks are signed in have information, people,
a contract, a project. Arrivals do not wait for answers. What a page is made of is counted: bytes of
HTML, calls to services (told by the portal in Server-Timing). At the end a browser that has nothing
yet opens a page over a line of 1.6 Mbit/s.
"""

import argparse
import asyncio
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from benchmarks import report
from benchmarks.client import Client
from benchmarks.stack import actor, stack
from benchmarks.visitors import Visitor, register, visitors
from deploy.browser.chromium import chromium, sign_in

LINE = {"latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 90_000, "offline": False}
CALLS = re.compile(r"(\d+) calls")


@dataclass
class Opened:
    seconds: list[float] = field(default_factory=list)
    bytes: list[int] = field(default_factory=list)
    calls: list[int] = field(default_factory=list)


async def opened(url: str, visitor: Visitor, path: str, kept: dict[str, Opened]) -> int:
    began = time.perf_counter()
    async with Client(url) as client:
        status, headers, body = await client.ask("GET", path, Cookie=f"kaohe={visitor.cookie}")
    told = CALLS.search(headers.get("server-timing", ""))
    kept[path].seconds.append(time.perf_counter() - began)
    kept[path].bytes.append(len(body))
    kept[path].calls.append(int(told[1]) if told else 0)
    return status


async def crowd(
    url: str, people: Sequence[Visitor], given: argparse.Namespace
) -> tuple[dict[str, Opened], Counter[int]]:
    """Arrivals at a steady rate, whoever is still being answered."""
    random, kept = Random(1), defaultdict[str, Opened](Opened)
    asked, began = [], time.perf_counter()
    for number in range(given.rate * given.seconds):
        await asyncio.sleep(max(0.0, began + number / given.rate - time.perf_counter()))
        visitor = random.choice(people)
        page = random.choice(visitor.pages)
        asked.append(asyncio.create_task(opened(url, visitor, page, kept)))
    return dict(kept), Counter(await asyncio.gather(*asked))


async def first_visit(url: str) -> dict[str, float]:
    """A browser without anything kept, already known to the issuer."""
    async with chromium() as browser:
        context = await browser.new_context(locale="zh-CN")
        page = await context.new_page()
        await sign_in(page, url, "city_officer/410100")
        line = await context.new_cdp_session(page)
        await line.send("Network.enable")
        await line.send("Network.clearBrowserCache")
        await line.send("Network.emulateNetworkConditions", LINE)
        sent: list[str] = []
        page.on("request", lambda each: sent.append(each.resource_type))
        await page.goto(f"{url}/cases", wait_until="load")
        timing = await page.evaluate("performance.getEntriesByType('navigation')[0].toJSON()")
    return {
        "interactive_ms": round(timing["domInteractive"]),
        "loaded_ms": round(timing["loadEventEnd"]),
        **{f"{kind}s": sent.count(kind) for kind in ("stylesheet", "script")},
    }


def rows(kept: dict[str, Opened]) -> Iterator[tuple[str, dict[str, float]]]:
    for path, each in sorted(kept.items()):
        yield (
            path,
            {
                "pages": len(each.seconds),
                "p95_ms": round(report.percentile(each.seconds, 0.95) * 1000, 1),
                "kB": round(max(each.bytes) / 1000, 1),
                "calls": max(each.calls),
            },
        )


async def measure(given: argparse.Namespace, say: report.Say) -> dict[str, Any]:
    with stack() as told:
        url = told["portal"]["url"]
        people = await asyncio.to_thread(visitors, told, given.users, given.firms, say)
        await asyncio.to_thread(register, told, given.enterprises - given.firms, say)
        actor(told, "CITY_OFFICER", city="410100").get("review", "/cases")
        await crowd(url, people, argparse.Namespace(rate=given.rate, seconds=5))  # warm
        kept, statuses = await crowd(url, people, given)
        seconds = [each for page in kept.values() for each in page.seconds]
        calls = [each for page in kept.values() for each in page.calls]
        return {
            "users": len(people),
            "firms": given.firms,
            "enterprises": given.enterprises,
            "pages_a_second": given.rate,
            "answers": {str(status): count for status, count in statuses.items()},
            "p50_ms": round(report.percentile(seconds, 0.5) * 1000, 1),
            "p95_ms": round(report.percentile(seconds, 0.95) * 1000, 1),
            "calls_in_the_median": report.percentile(calls, 0.5),
            "largest_page_kB": max(max(each.bytes) for each in kept.values()) / 1000,
            "first_visit": await first_visit(url),
            "by_page": dict(rows(kept)),
        }


def main(argv: Sequence[str] | None = None) -> int:
    options: dict[str, tuple[float, str]] = {
        "users": (200, "signed in"),
        "firms": (160, "enterprises whose clerks they are, in turn"),
        "enterprises": (3000, "registered"),
        "rate": (20, "pages a second"),
        "seconds": (60, "for how long"),
    }
    return report.run("portal", __doc__, argv, options, measure)


if __name__ == "__main__":
    sys.exit(main())
