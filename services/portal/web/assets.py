"""The style sheet, the script and the pictures: one file each, named after their content, so that a
browser may keep them for ever, and compressed, as no page is (decision 67). htmx comes from its
wheel.
"""

import gzip
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from libs.chassis.http.browsers import GZIP
from services.portal import STATIC

FOREVER = "public, max-age=31536000, immutable"
TYPES = {
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
}


class Assets:
    """`url(name)` for a template; the router hands them out."""

    def __init__(self) -> None:
        htmx = Path(str(files("django_htmx"))) / "static" / "django_htmx" / "htmx-2.min.js"
        parts = {
            "portal.css": [STATIC / "tokens.css", STATIC / "portal.css"],
            "portal.js": [htmx, STATIC / "portal.js"],
            "icon.svg": [STATIC / "icon.svg"],
            "net.svg": [STATIC / "net.svg"],
        }
        self._content = {
            name: b"\n".join(each.read_bytes() for each in found) for name, found in parts.items()
        }
        self._short = {name: gzip.compress(each, 9) for name, each in self._content.items()}
        self._tags = {
            name: sha256(content).hexdigest()[:16] for name, content in self._content.items()
        }

    def url(self, name: str) -> str:
        return f"/static/{self._tags[name]}/{name}"

    def router(self) -> APIRouter:
        router = APIRouter()
        router.get("/static/{tag}/{name}")(self._read)
        return router

    async def _read(self, request: Request, tag: str, name: str) -> Response:
        if self._tags.get(name) != tag:
            raise HTTPException(404)
        kind = TYPES[name.rpartition(".")[2]]
        headers = {
            "Cache-Control": FOREVER,
            "Content-Type": f"{kind}; charset=utf-8",
            "Vary": "Accept-Encoding",
        }
        if not GZIP.search(request.headers.get("accept-encoding", "")):
            return Response(self._content[name], headers=headers)
        return Response(self._short[name], headers=headers | {"Content-Encoding": "gzip"})
