"""What leaves with every page, and what is asked of everything that comes in."""

import hmac
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.portal.web.sessions import Session

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class Headers:
    """Middleware: no page leaves without them, and none is kept by anybody but the browser."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = CSP
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


class Forged(Exception):
    """A form that no page of this session has sent."""


async def check_form(request: Request, session: Session, own: str) -> dict[str, Any]:
    """What was posted. Raises Forged unless it names the session's token and comes from here."""
    origin = request.headers.get("origin")
    if origin is not None and origin != own:
        raise Forged
    form = await request.form()
    given = str(form.get("_csrf", ""))
    if not hmac.compare_digest(given.encode(), session.csrf.encode()):
        raise Forged
    return {name: form.getlist(name) for name in form if name != "_csrf"}


def local_path(given: str | None) -> str:
    """A path of the portal to go on to, `/` for anything else: no address of another place."""
    text = given or "/"
    url = urlsplit(text)
    if url.scheme or url.netloc or not text.startswith("/") or text.startswith(("//", "/\\")):
        return "/"
    return "/" if any(ord(each) < 32 or each == "\\" for each in text) else text
