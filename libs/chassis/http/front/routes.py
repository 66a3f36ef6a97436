"""`/` and `/docs` of a service. Everything comes from its own origin: Swagger UI is a package."""

from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template

import fastapi_swagger
from fastapi import APIRouter, Response

from libs.chassis.problems.kinds import NOT_FOUND
from libs.chassis.problems.problem import Stopped

HERE = Path(__file__).parent
SWAGGER = files(fastapi_swagger) / "resources"
KINDS = {"css": "text/css", "js": "text/javascript"}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "public, max-age=3600",
}


def front_router(service: str, title: tuple[str, str]) -> APIRouter:
    """`title`: what the service is, in Chinese and English. Its routes raise Stopped (404) for a
    schema that there is not.
    """
    router = APIRouter(include_in_schema=False)
    words = {"service": escape(service), "zh": escape(title[0]), "en": escape(title[1])}

    @router.get("/")
    async def front() -> Response:
        return _page("index.html", words)

    @router.get("/docs")
    async def docs() -> Response:
        return _page("docs.html", words)

    @router.get("/docs/{name}")
    async def asset(name: str) -> Response:
        """Raises Stopped (404) for what the pages do not use."""
        if (text := _assets().get(name)) is None:
            raise Stopped(NOT_FOUND)
        return Response(text, media_type=KINDS[name.rpartition(".")[2]], headers=HEADERS)

    return router


def _page(name: str, words: dict[str, str]) -> Response:
    text = Template((HERE / name).read_text()).substitute(words)
    return Response(text, media_type="text/html", headers=HEADERS)


@cache
def _assets() -> dict[str, str]:
    own = {name: (HERE / name).read_text() for name in ("front.css", "docs.js")}
    package = ("swagger-ui.css", "swagger-ui-bundle.js")
    return own | {name: (SWAGGER / name).read_text() for name in package}
