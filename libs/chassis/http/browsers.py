"""What browsers and slow lines need: what an answer is never used for; and by setting, pages of
other origins that may ask, and long answers in short.

What has an entity tag is never compressed: a strong tag is that of its very bytes (RFC 9110,
8.8.3.3), and it comes back in If-Match.
"""

import re

from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipResponder, IdentityResponder
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from libs.chassis.problems.addresses import METHODS
from libs.chassis.process.settings import Http

KINDS = (
    "application/json",
    "application/problem+json",
    "application/schema+json",
    "text/css",
    "text/html",
    "text/javascript",
)
LEVEL = 1  # most of what it saves, in a tenth of the time
GZIP = re.compile(r"(^|,)[ \t]*(gzip|\*)[ \t]*(?!;[ \t]*q=0(\.0{0,3})?[ \t]*(,|$))(;|,|$)")
ASKED = (
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "X-Request-ID",
    "traceparent",
)
SHOWN = (
    "Content-Language",
    "ETag",
    "Idempotency-Replayed",
    "Link",
    "Location",
    "Retry-After",
    "X-Event-Position",
    "X-Request-ID",
    "traceparent",
)


# of every answer; a page of ours says a policy of its own (`front`)
SAFE = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",  # no meaning without TLS
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Safe:
    """Outermost: no answer leaves without what it says to a browser that opens it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def said(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SAFE.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, said if scope["type"] == "http" else send)


def add_safety(app: FastAPI) -> None:
    """Last of all, so that it stands outermost."""
    app.add_middleware(Safe)


def add_compression(app: FastAPI, http: Http) -> None:
    if http.compress_from:
        app.add_middleware(Compression, minimum=http.compress_from)


def add_cors(app: FastAPI, http: Http) -> None:
    """Without a list no other origin's page may ask. Tokens are no cookies: no credentials."""
    if http.cors:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=http.cors,
            allow_methods=METHODS,
            allow_headers=ASKED,
            expose_headers=SHOWN,
        )


class Compression:
    def __init__(self, app: ASGIApp, minimum: int) -> None:
        """`minimum`: bytes from which an answer is compressed."""
        self._app, self._minimum = app, minimum

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        accepted = ", ".join(Headers(scope=scope).getlist("accept-encoding")).lower()
        responder = (
            _Short(self._app, self._minimum, LEVEL)
            if GZIP.search(accepted)
            else _Plain(self._app, self._minimum)
        )
        await responder(scope, receive, send)


class _Passing(IdentityResponder):
    """Passes on as it is what may not be compressed, or would not get shorter."""

    passes = False

    async def send_with_compression(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = Headers(raw=message["headers"])
            kind = headers.get("content-type", "").partition(";")[0]
            self.passes = "etag" in headers or kind not in KINDS
        if self.passes:
            await self.send(message)
        else:
            await super().send_with_compression(message)


class _Plain(_Passing):
    """Says in Vary that another encoding could be had."""


class _Short(_Passing, GZipResponder):
    pass
