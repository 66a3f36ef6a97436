"""Pages: each says what is on it. A page is a route in a module of its room and a template; the
module is found by its `router`.
"""

from importlib import import_module
from pkgutil import walk_packages

from fastapi import APIRouter
from fastapi.routing import APIRoute

_modules = [import_module(each.name) for each in walk_packages(__path__, f"{__name__}.")]
_routers: list[APIRouter] = [each.router for each in _modules if hasattr(each, "router")]


def _is_named(route: APIRoute) -> list[bool]:
    """Part by part: `/enterprise/register` stands before `/enterprise/{kind}`."""
    return [part.startswith("{") for part in route.path.split("/")]


_routes = [route for each in _routers for route in each.routes if isinstance(route, APIRoute)]
_routes.sort(key=_is_named)
ROUTER = APIRouter()
ROUTER.routes.extend(_routes)
