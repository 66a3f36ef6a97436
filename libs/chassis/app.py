"""A service's HTTP side, put together: routes under /api/v1, their rights, problems, health."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType, ModuleType
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute

from libs.chassis.http import schemas
from libs.chassis.http.browsers import add_compression, add_cors, add_safety
from libs.chassis.http.commands import API, NotModified, not_modified
from libs.chassis.http.edge import Edge
from libs.chassis.http.front.routes import front_router
from libs.chassis.http.health import Health, health_router
from libs.chassis.http.openapi import complete
from libs.chassis.http.strict import strictly
from libs.chassis.http.version import add_version
from libs.chassis.identity.access import Grant, authorised, set_access
from libs.chassis.identity.quota import Quota
from libs.chassis.ports.ports import Ports
from libs.chassis.problems.handlers import add_problem_handlers
from libs.chassis.process.metrics import Metrics
from libs.chassis.process.settings import Http
from libs.chassis.routers import audit, drafts, scan_pages, uploads
from libs.chassis.service.service import Service

MOST_BYTES = 1024 * 1024  # of a request's body; scans do not pass through here

TITLE = "Kaohe "

ABOUT = (
    "河南省勘察设计企业备案与动态考核。列表按游标分页；命令须带 Idempotency-Key，"
    "修改须带 If-Match；未通过的检查以中英文逐项列出（RFC 9457）。 · "
    "Filing and yearly assessment of survey-and-design enterprises in Henan. Lists come in cursor "
    "pages; commands take an Idempotency-Key, changes If-Match; a refusal names every broken rule "
    "in Chinese and English (RFC 9457)."
)


class Api(FastAPI):
    def openapi(self) -> dict[str, Any]:
        fresh = self.openapi_schema is None
        document = super().openapi()
        if not fresh:
            return document
        complete(document, self.state.access, self.state.examples)
        return add_version(document, self.title.removeprefix(TITLE))


def create_app(
    service: str,
    routers: Sequence[APIRouter],
    access: Iterable[Grant],
    ports: Ports | None = None,
    *,
    health: Health | None = None,
    metrics: Metrics | None = None,
    examples: Mapping[str, Any] = MappingProxyType({}),
    http: Http = Http(),
    title: tuple[str, str] = ("", ""),
) -> FastAPI:
    """The application. Without ports it only describes itself; set `app.state.ports` before it
    serves. `examples`: values by name of field, for the document. Raises AccessTableError if a
    route has no row, or a row no route.
    """
    metrics, health = metrics or Metrics(service), health or Health()
    app = _described(service)
    app.state.ports, app.state.health = ports, health
    app.state.metrics = metrics
    app.state.quota = Quota(http.quotas)
    app.state.examples = {"min_position": f"{service}/1", **examples}
    app.state.query_parameters = {}  # by route, as `strictly` has found them
    add_compression(app, http)
    app.add_middleware(Edge, metrics=metrics, limit=MOST_BYTES, http=http)
    add_cors(app, http)
    add_safety(app)
    add_problem_handlers(app)
    app.add_exception_handler(NotModified, not_modified)
    rights = [Depends(authorised), Depends(strictly)]
    for router in routers:
        app.include_router(router, prefix=API, dependencies=rights)
    set_access(app, access, API)
    app.include_router(health_router(health, metrics))
    app.include_router(schemas.router)
    app.include_router(front_router(service, title))
    return app


def _described(service: str) -> Api:
    return Api(
        title=f"{TITLE}{service}",
        description=ABOUT,
        version="1",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # it would lead to the Host that the caller names, before any right
        separate_input_output_schemas=False,
        strict_content_type=True,
        generate_unique_id_function=_name,
        telemetry={"logs": False},  # they would record what people typed
    )


def all_routers(service: Service) -> tuple[APIRouter, ...]:
    """Its own, those of every service, and of drafts where it has forms."""
    return (*service.routers, *(each.router for each in _shared(service)))


def app_of(
    service: Service,
    ports: Ports | None = None,
    *,
    health: Health | None = None,
    metrics: Metrics | None = None,
    http: Http = Http(),
) -> FastAPI:
    """The service's application: its own routes, and those that every service has."""
    return create_app(
        service.name,
        all_routers(service),
        (*service.access, *(row for each in _shared(service) for row in each.ACCESS)),
        ports,
        health=health,
        metrics=metrics,
        examples=service.examples,
        http=http,
        title=service.title,
    )


def health_app(service: str, health: Health, metrics: Metrics) -> FastAPI:
    """Of a process that answers no requests: whether it lives and is ready, what it is, and its
    figures.
    """
    app = FastAPI(title=f"Kaohe {service}", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.health = health
    add_safety(app)
    app.include_router(health_router(health, metrics))
    return app


def _shared(service: Service) -> tuple[ModuleType, ...]:
    every = (audit, uploads, scan_pages)
    return (*every, drafts) if service.drafts else every


def _name(route: APIRoute) -> str:
    return route.name
