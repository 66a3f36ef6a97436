"""What leaves with every page, and what is asked of everything that comes in."""

import hmac
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import MutableHeaders, UploadFile
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.portal.web.sessions import Session

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",  # no meaning without TLS
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}

FILE = "_file:"  # how the name of an input for files begins
FIELDS = 20_000  # in a form: the largest has rows without end
TEXT = 4 << 20  # bytes of a form without files, and of one text in a form with files
BODY = 256 << 20  # bytes of a form with files: each slot of the largest form with its largest file


class Headers:
    """Middleware: no page leaves without them, and none is kept by anybody but the browser. HEAD is
    answered as GET is, without the page.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                add_headers(MutableHeaders(scope=message))
            elif is_head:
                message = {**message, "body": b""}
            await send(message)

        is_head = scope.get("method") == "HEAD"
        asked = {**scope, "method": "GET"} if is_head else scope
        await self._app(asked, receive, with_headers if scope["type"] == "http" else send)


def add_headers(headers: MutableHeaders) -> None:
    """What every answer says to the browser."""
    headers["Content-Security-Policy"] = CSP
    for name, value in HEADERS.items():
        headers[name] = value
    headers.setdefault("Cache-Control", "no-store")


class Limits:
    """Middleware: a body that is too large is read to its end, so that the browser sees the answer,
    and kept nowhere.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        has_files = headers.get(b"content-type", b"").startswith(b"multipart/form-data")
        most, taken = BODY if has_files else TEXT, 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                while message.get("more_body"):
                    message = await receive()
                raise HTTPException(413)
            return message

        await self._app(scope, counted, send)


class Forged(Exception):
    """A form that no page of this session has sent."""


async def check_form(request: Request, session: Session, own: str) -> dict[str, Any]:
    """What was posted. Raises Forged unless it names the session's token and comes from here,
    HTTPException for what is no form.
    """
    origin = request.headers.get("origin")
    if origin is not None and origin != own:
        raise Forged
    posted = await form_of(request)
    given = str(next(iter(posted.pop("_csrf", ())), ""))
    if not hmac.compare_digest(given.encode(), session.csrf.encode()):
        raise Forged
    return posted


async def form_of(request: Request) -> dict[str, list[Any]]:
    """What a form sent, by name: texts, and files where an input takes files. Raises HTTPException
    for what is no form, or a too large one.
    """
    try:
        form = await request.form(max_fields=FIELDS, max_part_size=TEXT)
    except UnicodeError as error:  # in a character set of its own
        raise HTTPException(400) from error
    except HTTPException as error:
        is_too_much = "exceeded" in error.detail or "Too many" in error.detail
        raise HTTPException(413 if is_too_much else error.status_code) from error
    found: dict[str, list[Any]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            found.setdefault(_sound(name), []).append(_sound(value))
        elif name.startswith(FILE):
            found.setdefault(_sound(name), []).append(_with_sound_name(value))
    return found


def _with_sound_name(file: UploadFile) -> UploadFile:
    file.filename = _sound(file.filename or "")
    return file


def _sound(text: str) -> str:
    """Without halves of characters, which no service can be told."""
    return text.encode("utf-8", "replace").decode()


def came_from(request: Request) -> str:
    """The page of the portal from which a link was followed; `/` where that is not told."""
    told = urlsplit(request.headers.get("referer", ""))
    if told.netloc != request.url.netloc or told.path.startswith("/login"):
        return "/"
    return f"{told.path}?{told.query}" if told.query else told.path


def local_path(given: str | None) -> str:
    """A path of the portal to go on to, `/` for anything else: no address of another place."""
    text = given or "/"
    try:
        url = urlsplit(text)
    except ValueError:  # no address at all
        return "/"
    if url.scheme or url.netloc or not text.startswith("/") or text.startswith(("//", "/\\")):
        return "/"
    return "/" if any(ord(each) < 32 or each == "\\" for each in text) else text
