"""Pages: each says what is on it. A page is a route in a module of its room and a template; the
module is found by its `router`.
"""

from importlib import import_module
from pkgutil import walk_packages

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import Match

_modules = [import_module(each.name) for each in walk_packages(__path__, f"{__name__}.")]
_routers: list[APIRouter] = [each.router for each in _modules if hasattr(each, "router")]


def _openness(route: APIRoute) -> list[int]:
    """Part by part: `/people/new` stands before `/people/{id:uuid}`, that before
    `/people/{kind}`.
    """
    return [
        0 if not part.startswith("{") else 1 if ":" in part else 2 for part in route.path.split("/")
    ]


_routes = [route for each in _routers for route in each.routes if isinstance(route, APIRoute)]
_routes.sort(key=_openness)
ROUTER = APIRouter()
ROUTER.routes.extend(_routes)


def kind(path: str) -> str:
    """The page that an address is of, without what it names: `/cases/{id}`; the address itself for
    what is no page.
    """
    scope = {"type": "http", "method": "GET", "path": path}
    fits = (each.path for each in _routes if each.matches(scope)[0] is Match.FULL)
    return next(fits, path)
