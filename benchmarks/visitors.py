"""Who visits the portal in a benchmark: enterprises with something on every page of the menu, whose
clerks and officers are signed in, among thousands that nobody visits.

All of it goes through the services' own APIs, several enterprises side by side, so that the log
takes them in groups; how far it has come is told while it goes on.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import cycle, islice
from random import Random
from typing import Any, TypeVar

import httpx
from lxml import html

from benchmarks import report
from benchmarks.stack import enterprise
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
SIDE_BY_SIDE = 12
OFTEN = 10  # times that a preparation says how far it has come
BUSY = 503
UNVISITED = 10_000  # seeds from here on
T = TypeVar("T")


@dataclass
class Visitor:
    """`cookie`: of a session that is signed in."""

    cookie: str
    pages: Sequence[str]


def visitors(told: dict[str, Any], users: int, firms: int, say: report.Say) -> list[Visitor]:
    """So many that are signed in: clerks, of so many enterprises in turn, and officers."""
    clerks = users * (100 - OFFICERS) // 100
    seeds = range(min(firms, clerks))
    filed = _side_by_side("firms have filed", lambda seed: firm(told, seed), seeds, say)
    codes = islice(cycle(filed), clerks)
    url, tls = told["portal"]["url"], httpx.create_ssl_context()
    officer = {"account": "city_officer/410100"}
    chosen: list[tuple[dict[str, str], Sequence[str]]] = [({"uscc": code}, CLERK) for code in codes]
    chosen += [(officer, OFFICER)] * (users - clerks)

    def visitor(each: tuple[dict[str, str], Sequence[str]]) -> Visitor:
        who, pages = each
        return Visitor(_signed_in(httpx.Client(verify=tls), url, who), pages)

    return _side_by_side("users are signed in", visitor, chosen, say)


def register(told: dict[str, Any], count: int, say: report.Say) -> None:
    """As many enterprises that nobody visits."""

    def registered(seed: int) -> str:
        return enterprise(told, Random(seed)).id

    seeds = range(UNVISITED, UNVISITED + count)
    _side_by_side("enterprises are registered", registered, seeds, say)


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


def _signed_in(browser: httpx.Client, url: str, chosen: dict[str, str]) -> str:
    """By the development issuer's page; the session's cookie."""
    browser.follow_redirects, browser.timeout = True, httpx.Timeout(60)
    with browser:
        while (answer := _asked(browser, url, chosen)).status_code == BUSY:
            time.sleep(1)
        answer.raise_for_status()
        return next(each.value or "" for each in browser.cookies.jar if each.name == "kaohe")


def _asked(browser: httpx.Client, url: str, chosen: dict[str, str]) -> httpx.Response:
    """The whole way once; BUSY where one of its two sides was."""
    page = browser.get(f"{url}/login/start?next=/v")
    if page.status_code == BUSY:
        return page
    form = html.document_fromstring(page.text).forms[0]
    where = str(page.url.join(form.action))
    return browser.post(where, data={**dict(form.form_values()), **chosen})


def _side_by_side(
    what: str, make: Callable[[Any], T], of: Iterable[Any], say: report.Say
) -> list[T]:
    """One of each, several at a time, in their order."""
    wanted, began = list(of), time.monotonic()
    step = -(-len(wanted) // OFTEN)
    with ThreadPoolExecutor(SIDE_BY_SIDE) as threads:
        asked = [threads.submit(make, each) for each in wanted]
        try:
            for count, each in enumerate(as_completed(asked), 1):
                each.result()
                if count % step == 0:
                    say(f"{count:,} of {len(wanted):,} {what}, {time.monotonic() - began:.0f} s")
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            raise
    return [each.result() for each in asked]
