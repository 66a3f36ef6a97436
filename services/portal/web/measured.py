"""Figures of the portal: how long its pages take, and the services that it asks for them."""

import time
from collections.abc import Iterable

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from libs.chassis.http.tracing import Incoming, answered
from libs.chassis.process import pooled
from libs.chassis.process.metrics import BUCKETS, REQUESTS, Figure, Kind, Measure, Metrics
from libs.events.figures import Distribution
from services.portal.web.live import Live

CALLS = Measure(
    "kaohe_portal_call_duration_seconds",
    Kind.HISTOGRAM,
    "Of a question to a service, by its answer; status 0: it did not answer",
    ("to", "status"),
)
LISTENING = Measure(
    "kaohe_portal_listening_pages", Kind.GAUGE, "Open pages that are told to look again"
)
MEASURES = (REQUESTS, CALLS, LISTENING, *pooled.MEASURES)
FORWARDED = ("forwarded", "x-forwarded-for", "via")


class Calls:
    """How long the services take to answer the portal."""

    def __init__(self) -> None:
        self._durations: dict[tuple[str, int], Distribution] = {}

    def answered(self, service: str, status: int, seconds: float) -> None:
        key = service, status
        if key not in self._durations:
            self._durations[key] = Distribution(BUCKETS)
        self._durations[key].add(seconds)

    async def figures(self) -> Iterable[Figure]:
        return [
            Figure(CALLS, durations, [service, str(status)])
            for (service, status), durations in self._durations.items()
        ]


async def listening(live: Live) -> Iterable[Figure]:
    return [Figure(LISTENING, live.count)]


class Measured:
    """Middleware: how long each page took."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, began = 0, time.perf_counter()

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with Incoming(scope) as span:
            try:
                await self._app(scope, receive, noting)
            except BaseException:
                status = status or 500
                raise
            finally:
                route = scope.get("route")
                name, path = getattr(route, "name", "-"), getattr(route, "path", "-")
                seconds = time.perf_counter() - began
                self._metrics.answered(scope["method"], name, status, seconds, path)
                if span:
                    answered(span, "portal", scope["method"], path, status)


def metrics_router(metrics: Metrics) -> APIRouter:
    """`GET /metrics`, which raises HTTPException (404) for what came through a proxy."""
    router = APIRouter()

    @router.get("/metrics")
    async def figures(request: Request) -> Response:
        """For whoever operates it, not for whoever visits: through a proxy there is no such
        page.
        """
        if any(each in request.headers for each in FORWARDED):
            raise HTTPException(404)
        return Response(await metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return router
