"""The portal over five services in memory, on a port of its own, for a real browser: what a test
of pages needs a browser for, and no servers.
"""

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import httpx
import uvicorn

from tests.in_memory.installation import Installation
from tests.portal.in_memory import PortalInMemory, ToServices
from tests.portal.read_models import InstallationOnPostgres, ReadModels

T = TypeVar("T")


class FromAnyThread(InstallationOnPostgres):
    """The browser's requests and what a test does beside them take turns."""

    def __init__(self, read_models: ReadModels) -> None:
        self._turn = threading.Lock()
        super().__init__(read_models)

    def run(self, what: Coroutine[Any, Any, T]) -> T:
        with self._turn:
            return super().run(what)


class ToServicesElsewhere(ToServices):
    """They run in a loop of their own. `is_away`: nothing answers."""

    is_away = False

    def __init__(self, installation: Installation) -> None:
        super().__init__(installation)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.is_away:
            raise httpx.ConnectError("away", request=request)
        await request.aread()
        self.asked.append(request.url)
        return await asyncio.to_thread(self._answer, request)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        return self._installation.run(self._installation.answer(request))


class ServedPortal(PortalInMemory):
    def __init__(self, read_models: ReadModels, url: str) -> None:
        installation = FromAnyThread(read_models)
        self.way = ToServicesElsewhere(installation)
        super().__init__(installation, url, lambda _: self.way)
        self.url, self._runner = url, asyncio.Runner()

    def run(self, what: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(what)

    def close(self) -> None:
        self._runner.close()

    async def meanwhile(self, act: Callable[[], T]) -> T:
        """What others do, from a test that looks at a browser."""
        return await asyncio.to_thread(act)


@contextmanager
def serving(read_models: ReadModels) -> Iterator[ServedPortal]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        portal = ServedPortal(read_models, f"http://127.0.0.1:{listening.getsockname()[1]}")
        config = uvicorn.Config(
            portal.app,
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=2,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield portal
        finally:
            server.should_exit = True
            thread.join()
            portal.close()
