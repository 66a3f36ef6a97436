"""Asking the running system wrongly, and what every answer to that must be: a problem as
interfaces.md has it, and nothing changed.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import cycle
from typing import Any
from uuid import uuid4

import httpx

from deploy.demo.stage import API
from libs.chassis.problems.kinds import ProblemKind
from tests.journeys.conftest import System

# stands where something wrong is sent: no answer and no log may repeat it
CANARY = "canary-7f3a-金丝雀"
NUMBER = "410105197003041235"  # the same for numbers of persons, wherever they are sent
MEMBERS = {"type", "title", "status", "detail", "instance", "trace_id", "errors"}
ITEM = {"rule", "severity", "pointer", "zh", "en"}
LANGUAGES = {"zh": "zh-CN,zh;q=0.9", "en": "en-GB; q=0.9, zh; q=0.4"}
PLACES = {"ENT": "org", "CITY": "city", "PROV": "city"}
ANYBODY = ""


@dataclass(frozen=True)
class Wrong:
    """A request with something wrong, and how it is answered. `items`: (rule, pointer) of what
    must be told; else the kind itself.
    """

    what: str
    kind: ProblemKind
    service: str
    method: str
    path: str
    token: str = field(repr=False)
    items: frozenset[tuple[str, str]] = frozenset()
    content: bytes | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __str__(self) -> str:
        return f"{self.what}: {self.method} {self.service}{self.path}"

    def with_body(self, body: Any) -> "Wrong":
        return replace(self, content=json.dumps(body).encode())


class Asker:
    """Everybody, one connection."""

    def __init__(self, system: Any, transport: httpx.BaseTransport | None = None) -> None:
        """`system`: where actors and services are, at work or in memory."""
        self.system: System = system
        self.client = httpx.Client(timeout=30, transport=transport)
        self.token = cache(self._token)
        self._languages = cycle(LANGUAGES)

    def _token(self, role: str, place: str = "") -> str:
        """Of a role at an enterprise or office; nobody's where the role is PUBLIC."""
        if role == "PUBLIC":
            return ANYBODY
        claim = PLACES.get(role.partition("_")[0])
        return self.system.actor(role, **({claim: place} if claim else {})).token

    def head(self, service: str) -> int:
        return int(self._events(service, limit=1)["head"])

    def _events(self, service: str, **query: int) -> dict[str, Any]:
        url = f"{self.system.urls[service]}{API}/events"
        return dict(
            self.client.get(url, params=query, headers=bearer(self.token("AUDITOR"))).json()
        )

    @contextmanager
    def nothing_written(self, *services: str) -> Iterator[None]:
        before = {each: self.head(each) for each in services}
        yield
        found = [
            written
            for each in services
            for written in self._events(each, after=before[each], limit=20)["items"]
        ]
        assert not found, [(each["position"], each["type"]) for each in found]

    def send(self, wrong: Wrong, language: str = "zh") -> httpx.Response:
        usual = (
            {"Idempotency-Key": str(uuid4()), "If-Match": '"1"', "Content-Type": "application/json"}
            if wrong.method != "GET"
            else {}
        )
        headers = {
            **bearer(wrong.token),
            **usual,
            "Accept-Language": LANGUAGES[language],
            **wrong.headers,
        }
        url = f"{self.system.urls[wrong.service]}{API}{wrong.path}"
        given = {name: value for name, value in headers.items() if value}
        return self.client.request(wrong.method, url, content=wrong.content, headers=given)

    def faults(self, wrongs: Iterable[Wrong]) -> list[str]:
        """What is wrong with the answers; the languages take turns."""
        return [fault for wrong in wrongs for fault in self._faults(wrong)]

    def _faults(self, wrong: Wrong) -> list[str]:
        language = next(self._languages)
        answer = self.send(wrong, language)
        return [
            f"{wrong}: {fault} in {answer.status_code} {answer.text[:1500]}"
            for fault in faults(wrong, answer, language)
        ]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}" if token else ""}


def faults(wrong: Wrong, answer: httpx.Response, language: str) -> Iterator[str]:
    if (answer.status_code, answer.headers.get("Content-Type")) != (
        wrong.kind.status,
        "application/problem+json",
    ):
        yield f"no problem of status {wrong.kind.status}"
        return
    problem, kind, chosen = answer.json(), wrong.kind, list(LANGUAGES).index(language)
    if problem.keys() != MEMBERS or not all(each.keys() >= ITEM for each in problem["errors"]):
        yield "members missing or too many"
    if [problem["type"], problem["title"], problem["detail"]] != [
        kind.type,
        kind.title[chosen],
        kind.detail[chosen],
    ]:
        yield f"not {kind.type} in {language}"
    if (answer.headers["Content-Language"], problem["status"]) != (language, kind.status):
        yield "headers and body differ"
    if problem["trace_id"] != answer.headers["traceparent"].split("-")[1]:
        yield "another trace"
    if not all(
        each["zh"] and each["en"] and "{" not in each["zh"] + each["en"]
        for each in problem["errors"]
    ):
        yield "no words"
    missing = (wrong.items or {(kind.rule, kind.pointer)}) - {
        (each["rule"], each["pointer"]) for each in problem["errors"]
    }
    yield from (f"{rule} not told at '{pointer}'" for rule, pointer in sorted(missing))
    yield from (f"repeats {each}" for each in (CANARY, NUMBER) if each in answer.text)
