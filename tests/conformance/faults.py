"""A proxy between a client and its server that harms what passes, on command."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from enum import StrEnum
from random import Random
from typing import Self

PRODUCE, METADATA, FIND_COORDINATOR = 0, 3, 10  # numbers of Kafka's requests
SLOWNESS = 0.3  # seconds that what passes waits for


class Mode(StrEnum):
    PASS = "pass"
    RESET = "reset"  # every connection is cut, new ones too
    # bytes vanish and nobody is told; a connection that has lost some stays dead
    BLACKHOLE = "blackhole"
    LOSTACK = "lostack"  # a request is delivered, and in place of its answer the connection is cut
    SLOW = "slow"  # whatever passes waits for a while first


class Proxy:
    """Clients connect to 127.0.0.1:`port`. `destroyed` counts answers."""

    def __init__(self, host: str, port: int, random: Random | None = None) -> None:
        self._host, self._port, self._random = host, port, random or Random(1)
        self._mode, self._open = Mode.PASS, set[asyncio.StreamWriter]()
        self.port, self.chance, self.destroyed = 0, 1.0, 0

    def becomes(self, mode: Mode, chance: float = 1.0) -> None:
        """`chance`: of an answer to be destroyed."""
        self._mode, self.chance = mode, chance
        if mode is Mode.RESET:
            for writer in self._open:
                writer.transport.abort()

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[Self]:
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            self.becomes(Mode.RESET)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers = {writer}
        with suppress(OSError):
            if self._mode is not Mode.RESET:
                there, back = await asyncio.open_connection(self._host, self._port)
                writers.add(back)
                self._open |= writers
                link = self._link()
                pumps = [
                    asyncio.create_task(link.asked(reader, back)),
                    asyncio.create_task(link.answered(there, writer)),
                ]
                await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
                for pump in pumps:
                    pump.cancel()
        for each in writers:
            each.transport.abort()
        self._open -= writers

    def _link(self) -> "Link":
        return Link(self)

    def swallows(self) -> bool:
        return self._mode is Mode.BLACKHOLE

    def delays(self) -> bool:
        return self._mode is Mode.SLOW

    def destroys(self) -> bool:
        if self._mode is not Mode.LOSTACK or self._random.random() >= self.chance:
            return False
        self.destroyed += 1
        return True


class Link:
    """One connection through the proxy."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy, self._dead = proxy, False

    async def asked(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            while data := await self._next(source):
                await self._pass(self._request(data), sink)

    async def answered(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            while data := await self._next(source):
                if self._may_be_lost(data) and self._proxy.destroys():
                    return
                await self._pass(self._answer(data), sink)
        if self._is_dead():
            await asyncio.Event().wait()  # nor is anybody told of the end

    async def _pass(self, data: bytes, sink: asyncio.StreamWriter) -> None:
        if self._proxy.delays():
            await asyncio.sleep(SLOWNESS)
        if not self._is_dead():
            sink.write(data)
            await sink.drain()

    def _is_dead(self) -> bool:
        self._dead = self._dead or self._proxy.swallows()
        return self._dead

    async def _next(self, source: asyncio.StreamReader) -> bytes:
        return await source.read(65536)

    def _request(self, data: bytes) -> bytes:
        return data

    def _answer(self, data: bytes) -> bytes:
        return data

    def _may_be_lost(self, _: bytes) -> bool:
        return True


class KafkaProxy(Proxy):
    """The broker's own address in its answers becomes the proxy's, or clients would go round it.
    Only answers to writers are destroyed. Plain text only.
    """

    def _link(self) -> "Link":
        return KafkaLink(
            self,
            *(self._host.encode() + struct.pack(">i", port) for port in (self._port, self.port)),
        )


class KafkaLink(Link):
    def __init__(self, proxy: Proxy, broker: bytes, instead: bytes) -> None:
        super().__init__(proxy)
        self._broker, self._instead = broker, instead
        self._kinds: dict[bytes, int] = {}  # of the requests in flight, by correlation id

    async def _next(self, source: asyncio.StreamReader) -> bytes:
        size = await source.readexactly(4)
        return size + await source.readexactly(int.from_bytes(size))

    def _request(self, data: bytes) -> bytes:
        self._kinds[data[8:12]] = int.from_bytes(data[4:6])
        return data

    def _answer(self, data: bytes) -> bytes:
        kind = self._kinds.pop(data[4:8], None)
        return (
            data.replace(self._broker, self._instead)
            if kind in (METADATA, FIND_COORDINATOR)
            else data
        )

    def _may_be_lost(self, data: bytes) -> bool:
        return self._kinds.get(data[4:8]) == PRODUCE
