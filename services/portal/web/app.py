"""The portal as an ASGI application: its pages, what leaves with each, and what a visitor sees when
something is refused.
"""

from collections.abc import Iterable

import httpx
import structlog
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from libs.chassis.process.metrics import Metrics
from libs.events.errors import Unavailable
from services.portal.settings import PortalSettings
from services.portal.web.accounts import Accounts
from services.portal.web.api import ServiceProblem, Unreachable
from services.portal.web.assets import Assets
from services.portal.web.clock import ServicesClock
from services.portal.web.language import language_of
from services.portal.web.live import Live
from services.portal.web.measured import Calls, Measured, listening, metrics_router
from services.portal.web.security import Forged, Headers, Limits, add_headers, local_path
from services.portal.web.sessions import Sessions
from services.portal.web.signin import SignIn
from services.portal.web.templates import environments
from services.portal.web.visit import SignInNeeded, Site, here, to_sign_in

log = structlog.get_logger()


def application(
    settings: PortalSettings,
    sessions: Sessions,
    accounts: Accounts,
    client: httpx.AsyncClient,
    pages: APIRouter,
    live: Live | None = None,
) -> FastAPI:
    """`live`: what open pages listen to; without it they hear nothing."""
    app = FastAPI(title="Kaohe portal", docs_url=None, redoc_url=None, openapi_url=None)
    assets, clock, calls, metrics = Assets(), ServicesClock(), Calls(), Metrics("portal")
    app.state.metrics = metrics
    app.state.site = Site(
        settings=settings,
        sessions=sessions,
        accounts=accounts,
        sign_in=SignIn(settings.auth, settings.url),
        client=client,
        environments=environments(assets, clock),
        clock=clock,
        live=live or Live(),
        calls=calls,
    )
    metrics.add(calls.figures)
    metrics.add(lambda: listening(app.state.site.live))
    for router in (assets.router(), metrics_router(metrics), pages):
        app.include_router(router)
    app.add_middleware(Limits)
    app.add_middleware(Headers)
    app.add_middleware(Measured, metrics=metrics)
    app.exception_handler(SignInNeeded)(_sign_in)
    app.exception_handler(Forged)(_forged)
    app.exception_handler(ServiceProblem)(_refused)
    for away in (Unreachable, Unavailable):
        app.exception_handler(away)(_away)
    app.exception_handler(HTTPException)(_http)
    app.exception_handler(RequestValidationError)(_unreadable)
    app.exception_handler(Exception)(_failed)
    return app


async def _sign_in(request: Request, _: Exception) -> Response:
    return await to_sign_in(request)


async def _forged(request: Request, _: Exception) -> Response:
    return await _error(request, 403, "forged")


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, ServiceProblem)
    if error.status == 401:
        return await to_sign_in(request)
    status = 502 if error.status >= 500 and error.status != 503 else error.status
    return await _error(request, status, "refused", error.errors)


async def _away(request: Request, _: Exception) -> Response:
    return await _error(request, 503, "away")


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 405 and request.method == "GET":
        # where a form was sent to, and refused: whoever opens that address again wants its page
        return RedirectResponse(request.url.path.rpartition("/")[0] or "/", 303)
    answer = await _error(request, error.status_code, "http")
    answer.headers.update(error.headers or {})
    return answer


async def _unreadable(request: Request, error: Exception) -> Response:
    """An address that somebody changed by hand: there is no such page, or not with such a query."""
    assert isinstance(error, RequestValidationError)
    is_path = any(each["loc"][0] == "path" for each in error.errors())
    return await _error(request, 404 if is_path else 400, "http")


async def _failed(request: Request, error: Exception) -> Response:
    log.error("failed", path=request.url.path, exc_info=error)
    answer = await _error(request, 500, "failed")
    add_headers(answer.headers)  # it leaves past all middleware
    return answer


async def _error(
    request: Request, status: int, why: str, errors: Iterable[dict[str, object]] = ()
) -> Response:
    """A page that says what the visitor can do. It asks nobody for anything."""
    site: Site = request.app.state.site
    language = language_of(request)
    text = (
        site.environments[language]
        .get_template("shared/error.html")
        .render(status=status, why=why, errors=list(errors), language=language, back=_back(request))
    )
    headers = {"Retry-After": "2"} if status == 503 else {}
    return Response(text, status, headers, "text/html; charset=utf-8")


def _back(request: Request) -> str:
    """Where one tries again: this page, or the one whose form was sent; the first page where nobody
    says which.
    """
    if request.method == "GET":
        return local_path(here(request))
    own, page = request.app.state.site.settings.url, request.headers.get("referer", "")
    return local_path(page.removeprefix(own)) if page.startswith(f"{own}/") else "/"
