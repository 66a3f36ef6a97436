"""What an address means: `{id}:check` is an action of its own, and which methods are served there.

Importing it teaches the framework that a parameter of a path ends at a colon. Otherwise
`GET /filings/{f}:check` would be the item whose identifier is `…:check`.
"""

from fastapi import Request
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.routing import Match

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class Segment(StringConvertor):
    regex = "[^/:]+"


register_url_convertor("str", Segment())


def allowed(request: Request) -> str:
    """The methods that are served at the request's address, for the header Allow."""
    found = [method for method in METHODS if _is_served(request, method)]
    return ", ".join(["GET", "HEAD", *found[1:]] if found[:1] == ["GET"] else found)


def _is_served(request: Request, method: str) -> bool:
    scope = {**request.scope, "method": method}
    return any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)
