"""A service's application by ASGI, made once and lent to whichever service in memory is asked."""

import asyncio
from typing import Any

import httpx
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from libs.chassis.app import app_of
from libs.chassis.service.service import Service

_made: dict[int, tuple[Service, FastAPI]] = {}


class Unexpected:
    """Inside of what answers 500: keeps what the service did not expect, and the operation."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except Exception as error:
            scope["app"].state.unexpected = error
            raise
        finally:
            scope["app"].state.operation = getattr(scope.get("route"), "name", "")


def served(service: Service) -> FastAPI:
    """To make one takes a third of a second."""
    known = _made.get(id(service))
    if known is None or known[0] is not service:
        app = app_of(service)
        app.user_middleware.append(Middleware(Unexpected))
        known = _made[id(service)] = service, app
    return known[1]


async def answer(
    app: FastAPI, ports: Any, runtime: Any, request: httpx.Request
) -> tuple[str, httpx.Response]:
    """The operation that was asked for, and its answer. Raises what the service did not expect, in
    place of its answer 500.
    """
    app.state.ports, app.state.runtime, app.state.unexpected = ports, runtime, None
    asked = httpx.ASGITransport(app).handle_async_request(request)
    response = await asyncio.create_task(
        asked
    )  # as a server does: who asked is of nothing after it
    content = b"".join([part async for part in response.aiter_raw()])
    if app.state.unexpected:
        raise app.state.unexpected
    # may be handed on by a transport as it is, compressed or not
    answered = httpx.Response(
        response.status_code, headers=response.headers, content=content, request=request
    )
    return app.state.operation, answered
