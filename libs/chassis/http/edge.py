"""The outermost layer of a service's HTTP side: trace, size limit, metrics, one log line a
request, and a problem for what nobody caught. No exception gets past it, so that no server prints
a message that quotes what a person typed.
"""

import asyncio
import time
from email.utils import formatdate

import structlog
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from libs.chassis.http.commands import API
from libs.chassis.http.tracing import Incoming, answered
from libs.chassis.identity.access import allowed_methods, check_asked
from libs.chassis.ports.ports import Ports
from libs.chassis.problems.handlers import internal, unavailable
from libs.chassis.process import trace
from libs.chassis.process.metrics import Metrics
from libs.chassis.process.settings import Http
from libs.events.errors import Unavailable

# values of a body: whoever reads them holds the event loop, in whatever thread; the largest form
# that is filled in has a tenth
MOST_VALUES = 50_000
CROWDED = 5  # seconds after which whoever was turned away may come again
log = structlog.get_logger("http")


class Edge:
    def __init__(self, app: ASGIApp, metrics: Metrics, limit: int, http: Http) -> None:
        """`limit`: the most bytes of a request's body. Of requests to the API `most_at_once` may be
        in the process, also waiting for their turn; whoever comes beyond is told at once.
        """
        self._app, self._metrics, self._limit = app, metrics, limit
        self._most, self._inside = http.most_at_once, 0
        self._patience = http.seconds_for_body
        self._log = log.bind()  # one for all requests, as logs are set up by now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
        answer = _Answer(asked, send, scope["method"])
        with Incoming(scope) as span:
            await self._traced(asked, receive, answer)
            if span:
                service: str = scope["app"].state.ports.service
                route = getattr(asked.get("route"), "path", "-")
                answered(span, service, answer.method, route, answer.status)

    async def _traced(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        began = time.perf_counter()
        try:
            await self._within_bounds(scope, _limited(receive, self._limit, self._patience), answer)
        except Exception as error:
            log.error("failed", exc_info=error)
            if not answer.status:
                await internal(Request(scope))(scope, receive, answer)
        finally:
            seconds = time.perf_counter() - began
            route = scope.get("route")
            operation, path = getattr(route, "name", "-"), getattr(route, "path", "-")
            self._metrics.answered(answer.method, operation, answer.status, seconds, path)
            self._log.info(
                "answered",
                method=answer.method,
                operation=operation,
                status=answer.status,
                ms=round(seconds * 1000, 1),
            )

    async def _within_bounds(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not scope["path"].startswith(API):  # a probe is answered in the largest crowd
            await self._app(scope, receive, send)
        elif self._inside >= self._most:
            busy = Unavailable("this process", f"one of {self._most} requests to end", CROWDED)
            await unavailable(Request(scope), busy)(scope, receive, send)
        else:
            self._inside += 1
            try:
                await self._app(scope, receive, send)
            finally:
                self._inside -= 1


class _Answer:
    """Sends the answer on, with the headers that every answer has; `Date` is by the service's
    clock, `Allow` tells what the caller's role may do at the address. One that is no problem goes
    only if its route asked how far the caller's rights reach. To HEAD it is GET's, less the body.
    """

    def __init__(self, scope: Scope, send: Send, method: str) -> None:
        self._scope, self._send, self.method, self.status = scope, send, method, 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if message["status"] < 400:
                check_asked(self._scope)
            self.status = message["status"]
            headers, now = MutableHeaders(scope=message), trace.current.get()
            headers["traceparent"], headers["X-Request-ID"] = now.parent, now.request_id
            ports: Ports = self._scope["app"].state.ports
            headers["Date"] = formatdate(ports.clock.now().timestamp(), usegmt=True)
            headers.setdefault("Cache-Control", "no-store")
            if allowed := allowed_methods(self._scope):
                headers["Allow"] = ", ".join(allowed)
        elif self.method == "HEAD" and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)


def _limited(receive: Receive, limit: int, patience: float) -> Receive:
    """Counts bytes and values as they come, before anybody reads them: a length that was announced
    may be wrong, or not be there. A body has to be there within `patience` seconds.
    """
    taken, values, whole = 0, 0, False
    until = time.monotonic() + patience

    async def counted() -> Message:
        nonlocal taken, values, whole
        if whole:  # from here on it waits for the caller to go away
            return await receive()
        try:
            async with asyncio.timeout(max(0.0, until - time.monotonic())):
                message = await receive()
        except TimeoutError as error:
            raise HTTPException(408) from error
        whole = not message.get("more_body", False)
        body = message.get("body", b"")
        taken += len(body)
        values += sum(map(body.count, (b",", b"[", b"{")))
        if taken > limit or values > MOST_VALUES:
            raise HTTPException(413)
        return message

    return counted
