"""A visitor who follows every link there is."""

import re
from collections import deque
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit

from services.portal.pages import kind
from tests.portal.in_memory import VisitorInMemory

AWAY = re.compile(r"^/(logout|login|language|static|live)\b")
ENOUGH = 400  # pages; nobody has so many in a test


@dataclass(frozen=True)
class Crawled:
    path: str
    via: str  # the page that has the link
    status: int
    page: Any  # None for what is no page
    size: int  # bytes
    actions: frozenset[str]  # where its forms that change something are sent


def crawl(visitor: VisitorInMemory, start: str = "/") -> dict[str, Crawled]:
    """The pages that can be reached, by path; of one route and query the first three."""
    waiting, seen = deque([(start, "")]), {start}
    found: dict[str, Crawled] = {}
    kinds: dict[tuple[str, str], int] = {}
    while waiting:
        assert len(found) < ENOUGH, sorted(found)
        path, via = waiting.popleft()
        visitor.open(path)
        page = visitor.page
        size = len(visitor.content)
        found[path] = Crawled(path, via, visitor.status, page, size, _actions(visitor))
        for link in [] if page is None else page.xpath("//a[@href]"):
            onward = urldefrag(urljoin(visitor.path, link.get("href")))[0]
            if onward in seen or not onward.startswith("/") or AWAY.match(onward):
                continue
            seen.add(onward)
            what = _kind(onward)
            kinds[what] = kinds.get(what, 0) + 1
            if kinds[what] <= 3:
                waiting.append((onward, path))
    return found


def _kind(path: str) -> tuple[str, str]:
    """The page, and which filters are set."""
    url = urlsplit(path)
    return kind(url.path), " ".join(sorted(parse_qs(url.query)))


def _actions(visitor: VisitorInMemory) -> frozenset[str]:
    if visitor.page is None:
        return frozenset()
    forms = visitor.page.xpath('//form[translate(@method, "POST", "post") = "post"]')
    told = [each.get("action") for each in forms]
    told += [each.get("formaction") for each in visitor.page.xpath("//button[@formaction]")]
    return frozenset(
        urljoin(visitor.path, each or "") for each in told if not AWAY.match(each or "")
    )
