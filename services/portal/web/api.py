"""The services' APIs, called with the visitor's own token."""

import asyncio
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote
from uuid import uuid4

import httpx

from libs.chassis.process import trace
from libs.events.spans import SpanKind, span
from services.portal.web.clock import ServicesClock
from services.portal.web.measured import Calls

API = "/api/v1"
# which logs a service's lists follow: what `min_position` may name there (contracts/readers.json)
FOLLOWS = {
    "enterprise": ("enterprise", "personnel", "review"),
    "personnel": ("personnel", "enterprise", "review"),
    "projects": ("projects", "assessment", "enterprise", "personnel", "review"),
    "assessment": ("assessment", "enterprise", "personnel", "projects", "review"),
    "review": ("review", "enterprise", "personnel", "assessment"),
}
ADDRESS = re.compile(r"[\w/:%.~-]+")  # no query, nothing that ends a line
CHECK = ":check"  # POST only for the sake of what it judges: it changes nothing
BUSY, PAUSE = 503, 0.3  # seconds, after which a service that was busy is asked once more
KEPT = "+/=:,"  # as they stand in keys and versions


@dataclass(frozen=True)
class ServiceAnswer:
    """What a service answered: `body` as JSON, `version` for If-Match, `position` of the event;
    `allows`: the methods that the visitor's role may use at this address.
    """

    body: Any
    version: int | None
    position: str | None
    status: int
    allows: frozenset[str] = frozenset()


class ServiceProblem(Exception):
    """A refusal: a problem document (RFC 9457)."""

    def __init__(
        self,
        service: str,
        status: int,
        document: Mapping[str, Any],
        allows: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(f"{service} {status}")
        self.service, self.status, self.document = service, status, document
        self.allows = allows

    @property
    def errors(self) -> list[dict[str, Any]]:
        """`{rule, severity, pointer, zh, en}` each."""
        return list(self.document.get("errors", ()))

    def with_errors(self, errors: Iterable[Mapping[str, Any]]) -> Self:
        """The same refusal, told otherwise."""
        document = {**self.document, "errors": list(errors)}
        return type(self)(self.service, self.status, document, self.allows)


class Unreachable(Exception):
    """A service does not answer."""


def is_away(error: Exception) -> bool:
    """Whether the service could not answer, rather than would not."""
    return isinstance(error, Unreachable) or (
        isinstance(error, ServiceProblem) and error.status >= 500
    )


class ServiceClient:
    """`positions`: how far the visitor's own commands have come, by service; every list waits for
    them, so that nobody misses what he just did. It grows with each command. `clock`: follows the
    services'.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        urls: Mapping[str, str],
        token: str | None,
        language: str,
        positions: dict[str, int],
        clock: ServicesClock,
        measured: Calls,
    ) -> None:
        self._client, self._urls, self._clock = client, urls, clock
        self._measured = measured
        self._headers = {"Accept-Language": language}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self.positions = positions
        self.calls = 0
        self.asked: set[str] = set()  # which services

    async def get(self, service: str, path: str, **query: Any) -> ServiceAnswer:
        """Raises ServiceProblem where the service refuses, also for what is no address of it,
        Unreachable where it does not answer.
        """
        return await self._ask("GET", service, path, query)

    async def list(self, service: str, path: str, **query: Any) -> ServiceAnswer:
        """A list that shows what the visitor did before."""
        return await self.get(service, path, **query, **self._seen(service))

    async def raw(self, service: str, path: str, **query: Any) -> httpx.Response:
        """The answer as it is, for bytes. Raises ServiceProblem where the service refuses."""
        answer = await self._request("GET", service, path, query, None, {})
        if answer.status_code >= 400:
            raise _problem(service, answer)
        return answer

    async def put(self, url: str, data: bytes, headers: Mapping[str, str]) -> None:
        """The bytes of a file to where the service's ticket says. Raises Unreachable."""
        try:
            answer = await self._client.put(url, content=data, headers=dict(headers))
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise Unreachable("s3") from error

    async def do(
        self,
        method: str,
        service: str,
        path: str,
        body: Any = None,
        *,
        version: int | str | None = None,
        key: str = "",
        seeing: bool = False,
    ) -> ServiceAnswer:
        """A command, made from `version`. `key` says which pressing of a button this is: pressed
        twice it is one command. `seeing`: it judges what the visitor did before, as a list does.
        """
        headers = {"Idempotency-Key": quote(key, safe=KEPT) or str(uuid4())}
        if version is not None:
            headers["If-Match"] = f'"{quote(str(version), safe=KEPT)}"'
        query = self._seen(service) if seeing else {}
        answer = await self._ask(method, service, path, query, body, headers)
        if answer.position:
            log, _, position = answer.position.partition("/")
            self.positions[log] = max(int(position), self.positions.get(log, 0))
        return answer

    async def check(
        self, service: str, path: str, body: Any = None, *, seeing: bool = False
    ) -> ServiceAnswer:
        """What the rules say and what may be done now; to whom the service tells neither (a legal
        representative reads only) it is nothing.
        """
        try:
            return await self.do("POST", service, f"{path}{CHECK}", body, seeing=seeing)
        except ServiceProblem as refused:
            if refused.status != 403:
                raise
            return ServiceAnswer({"findings": [], "allowed_actions": []}, None, None, 200)

    def _seen(self, service: str) -> dict[str, str]:
        """How far the service must have followed; nothing before the first command."""
        seen = ",".join(
            f"{each}/{self.positions[each]}" for each in FOLLOWS[service] if each in self.positions
        )
        return {"min_position": seen} if seen else {}

    async def _ask(
        self,
        method: str,
        service: str,
        path: str,
        query: Mapping[str, Any],
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> ServiceAnswer:
        answer = await self._request(method, service, path, query, body, headers or {})
        if answer.status_code >= 400:
            raise _problem(service, answer)
        tag = answer.headers.get("ETag", "").strip('"')
        try:
            told = answer.json() if answer.content else None
        except ValueError as error:  # somebody else answers in its place
            raise Unreachable(service) from error
        return ServiceAnswer(
            body=told,
            version=int(tag) if tag.isdecimal() else None,
            position=answer.headers.get("X-Event-Position"),
            status=answer.status_code,
            allows=_allowed(answer),
        )

    async def _request(
        self,
        method: str,
        service: str,
        path: str,
        query: Mapping[str, Any],
        body: Any,
        headers: Mapping[str, str],
    ) -> httpx.Response:
        if not ADDRESS.fullmatch(path) or "/.." in path:
            raise ServiceProblem(service, 404, {})  # somebody's own invention
        self.calls += 1
        self.asked.add(service)
        given = {name: value for name, value in query.items() if value not in (None, "")}
        try:
            request = self._client.build_request(
                method,
                f"{self._urls[service]}{API}{path}",
                params=given,
                json=body if method != "GET" and body is not None else None,
                headers={**self._headers, **headers},
            )
        except httpx.InvalidURL as error:  # too long for any service
            raise ServiceProblem(service, 414, {}) from error
        answer = await self._answered(service, request)
        if answer.status_code == BUSY and (method == "GET" or path.endswith(CHECK)):
            await asyncio.sleep(PAUSE)
            answer = await self._answered(service, request)
        if said := answer.headers.get("Date"):
            self._clock.hear(said)
        return answer

    async def _answered(self, service: str, request: httpx.Request) -> httpx.Response:
        """In the trace of the page that asks. Raises Unreachable."""
        now, status, began = trace.current.get(), 0, time.perf_counter()
        told = {"http.request.method": request.method, "server.address": service}
        try:
            with span(f"{request.method} {service}", SpanKind.CLIENT, now.parent, told) as parent:
                request.headers["traceparent"] = parent
                answer = await self._client.send(request)
            status = answer.status_code
        except httpx.HTTPError as error:
            raise Unreachable(service) from error
        finally:
            self._measured.answered(service, status, time.perf_counter() - began)
        return answer


def _problem(service: str, answer: httpx.Response) -> ServiceProblem:
    try:
        document = answer.json()
    except ValueError:
        document = {}
    told = document if isinstance(document, dict) else {}
    return ServiceProblem(service, answer.status_code, told, _allowed(answer))


def _allowed(answer: httpx.Response) -> frozenset[str]:
    """As the service says it in its header."""
    methods = answer.headers.get("Allow", "").split(",")
    return frozenset(each.strip() for each in methods)
