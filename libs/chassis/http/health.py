"""Whether a service lives, may be asked; what it is; its figures. Outside /api/v1, for operators
and orchestrators.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from libs.chassis.http.version import ServiceVersion
from libs.chassis.ports.ports import Check
from libs.chassis.problems.kinds import KINDS
from libs.chassis.process.metrics import Metrics
from libs.events.errors import Unavailable

CHECK_TIMEOUT = 2.0  # seconds a check may take


@dataclass(kw_only=True)
class Health:
    """`draining` is set when the process is told to stop: it is alive, and takes no more
    requests.
    """

    checks: Mapping[str, Check] = field(default_factory=dict)
    version: Callable[[], Awaitable[ServiceVersion]] | None = None
    draining: bool = False


async def results(checks: Mapping[str, Check]) -> dict[str, dict[str, Any]]:
    """Every check at once: `{name: {ok, says}}`, in words that hold no values."""
    answers = await asyncio.gather(*(_checked(check) for check in checks.values()))
    return dict(zip(checks, answers, strict=True))


async def _checked(check: Check) -> dict[str, Any]:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT):
            said = await check()
        return {"ok": True} if said is None else {"ok": True, "says": said}
    except Unavailable as error:
        return {"ok": False, "says": error.waited_for}
    except Exception as error:
        return {"ok": False, "says": type(error).__name__}


def health_router(health: Health, metrics: Metrics) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/health/live")
    async def live() -> dict[str, bool]:
        return {"live": True}

    @router.get("/health/ready")
    async def ready() -> Response:
        checks = await results(health.checks)
        well = not health.draining and all(check["ok"] for check in checks.values())
        return JSONResponse({"ready": well, "checks": checks}, 200 if well else 503)

    @router.get("/version")
    async def version() -> ServiceVersion | None:
        return await health.version() if health.version else None

    @router.get("/metrics")
    async def figures() -> Response:
        return Response(await metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    @router.get("/problems/{slug}")
    async def about(slug: str, request: Request) -> Response:
        """The page behind a problem's `type`."""
        found = [kind for kind in KINDS if kind.slug == slug]
        return JSONResponse(
            [{"status": k.status, "title": k.title, "detail": k.detail} for k in found],
            200 if found else 404,
        )

    return router
