"""A visitor who follows every link there is."""

import re
from collections import deque
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag, urljoin

from tests.portal.in_memory import VisitorInMemory

AWAY = re.compile(r"^/(logout|login|language|static|live)\b")
ENOUGH = 400  # pages; nobody has so many in a test


@dataclass(frozen=True)
class Crawled:
    path: str
    status: int
    page: Any  # None for what is no page
    actions: frozenset[str]  # where its forms that change something are sent


def crawl(visitor: VisitorInMemory, start: str = "/") -> dict[str, Crawled]:
    """All pages that can be reached, by path; of addresses that differ in their query only, the
    first three.
    """
    waiting, seen = deque([start]), {start}
    found: dict[str, Crawled] = {}
    queries: dict[str, int] = {}
    while waiting:
        assert len(found) < ENOUGH, sorted(found)
        path = waiting.popleft()
        visitor.open(path)
        page = visitor.page
        found[path] = Crawled(path, visitor.status, page, _actions(visitor))
        for link in [] if page is None else page.xpath("//a[@href]"):
            onward = urldefrag(urljoin(visitor.path, link.get("href")))[0]
            bare = onward.partition("?")[0]
            if onward in seen or not onward.startswith("/") or AWAY.match(onward):
                continue
            seen.add(onward)
            queries[bare] = queries.get(bare, 0) + 1
            if queries[bare] <= 3:
                waiting.append(onward)
    return found


def _actions(visitor: VisitorInMemory) -> frozenset[str]:
    if visitor.page is None:
        return frozenset()
    forms = visitor.page.xpath('//form[translate(@method, "POST", "post") = "post"]')
    told = [each.get("action") for each in forms]
    told += [each.get("formaction") for each in visitor.page.xpath("//button[@formaction]")]
    return frozenset(
        urljoin(visitor.path, each or "") for each in told if not AWAY.match(each or "")
    )
