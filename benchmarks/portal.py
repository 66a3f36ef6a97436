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
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx
from lxml import html

from benchmarks import report
from benchmarks.client import Client
from benchmarks.stack import actor, enterprise, stack
from deploy.browser.chromium import chromium, sign_in
from deploy.demo import performance, staff

CLERK = (
    "/",
    "/enterprise",
    "/enterprise/filings",
    "/people",
    "/people/filings",
    "/contracts",
    "/projects",
    "/assessment",
)
OFFICER = ("/", "/cases")
OFFICERS = 20  # of a hundred users
LINE = {"latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 90_000, "offline": False}
CALLS = re.compile(r"(\d+) calls")


@dataclass
class Visitor:
    """`cookie`: of a session that is signed in."""

    cookie: str
    pages: Sequence[str]


@dataclass
class Opened:
    seconds: list[float] = field(default_factory=list)
    bytes: list[int] = field(default_factory=list)
    calls: list[int] = field(default_factory=list)


def firm(told: dict[str, Any], seed: int) -> str:
    """With something on every page of the menu: its credit code."""
    random = Random(seed)
    made = enterprise(told, random)
    path = f"{made.path}/information"
    made.clerk.do("PUT", "enterprise", path, made.page, version=made.version)
    made.add("ENT_INIT")
    people = staff.Staff(made.clerk, made.uscc, random)
    people.file(staff.hire(people, random, ((None, "ARCH"),)))
    item = made.clerk.get("enterprise", made.path)["information"]["certificates"][0]["items"][0]
    named = list(people.people.values())
    done = performance.Performance(
        made.clerk, made.id, made.uscc, made.name, named, str(item["id"]), random
    )
    done.project(done.contract("示范学校教学楼"), "示范学校教学楼")
    return made.uscc


async def signed_in(url: str, **chosen: str) -> str:
    """By the development issuer's page; the session's cookie."""
    async with httpx.AsyncClient(base_url=url, follow_redirects=True, timeout=60) as browser:
        page = await browser.get("/login/start?next=/enterprise")
        form = html.document_fromstring(page.text).forms[0]
        where = str(page.url.join(form.action))
        await browser.post(where, data={**dict(form.form_values()), **chosen})
        return next(each.value or "" for each in browser.cookies.jar if each.name == "kaohe")


async def visitors(told: dict[str, Any], users: int) -> list[Visitor]:
    clerks = users * (100 - OFFICERS) // 100
    with ThreadPoolExecutor(2) as threads:
        codes = list(threads.map(lambda seed: firm(told, seed), range(clerks)))
    url = told["portal"]["url"]
    found = [Visitor(await signed_in(url, uscc=code), CLERK) for code in codes]
    account = {"account": "city_officer/410100"}
    found += [Visitor(await signed_in(url, **account), OFFICER) for _ in range(users - clerks)]
    return found


def register(told: dict[str, Any], count: int) -> None:
    """As many enterprises that nobody visits."""
    with ThreadPoolExecutor(2) as threads:
        list(
            threads.map(lambda seed: enterprise(told, Random(seed)), range(10_000, 10_000 + count))
        )


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
        people = await visitors(told, given.users)
        say(f"{len(people)} users are signed in")
        await asyncio.to_thread(register, told, given.enterprises - len(people))
        actor(told, "CITY_OFFICER", city="410100").get("review", "/cases")
        await crowd(url, people, argparse.Namespace(rate=given.rate, seconds=5))  # warm
        kept, statuses = await crowd(url, people, given)
        seconds = [each for page in kept.values() for each in page.seconds]
        calls = [each for page in kept.values() for each in page.calls]
        return {
            "users": len(people),
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
        "enterprises": (3000, "registered"),
        "rate": (20, "pages a second"),
        "seconds": (60, "for how long"),
    }
    return report.run("portal", __doc__, argv, options, measure)


if __name__ == "__main__":
    sys.exit(main())
