"""Connections that send nothing, or their headers a byte at a time: they are cut."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


def impatient(seconds: float) -> type[HttpToolsProtocol]:
    """The server's protocol, which closes a connection unless a request's headers are whole within
    that time after it was opened, or after they began.
    """

    class Impatient(HttpToolsProtocol):
        waiting: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._wait()

        def on_message_begin(self) -> None:
            super().on_message_begin()
            self._wait()

        def on_headers_complete(self) -> None:
            self._leave_off()
            super().on_headers_complete()

        def connection_lost(self, exc: Exception | None) -> None:
            self._leave_off()
            super().connection_lost(exc)

        def _wait(self) -> None:
            if self.waiting is None:
                self.waiting = self.loop.call_later(seconds, self.transport.abort)

        def _leave_off(self) -> None:
            if self.waiting is not None:
                self.waiting.cancel()
                self.waiting = None

    return Impatient
