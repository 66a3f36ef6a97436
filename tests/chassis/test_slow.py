"""Whoever sends slowly is cut off, at the headers and in the body; others are answered."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import uvicorn
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from libs.chassis.http.edge import _limited
from libs.chassis.http.slow import impatient

ASKED = b"GET / HTTP/1.1\r\nHost: a\r\n"


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@pytest.fixture
async def port() -> AsyncIterator[int]:
    config = uvicorn.Config(app, port=0, http=impatient(0.3), log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await serving


@pytest.mark.parametrize(
    "sent", [b"", ASKED, ASKED + b"\r\n" + ASKED], ids=["nothing", "a half", "a half after a whole"]
)
async def test_headers_that_do_not_come_cut_the_line(port: int, sent: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    try:
        said = await reader.read()  # until the other side closes
    except ConnectionResetError:
        said = b""
    assert said.count(b"204") == sent.count(b"\r\n\r\n")
    writer.close()


async def test_whoever_sends_in_time_is_answered_on_the_same_line(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(3):
        writer.write(ASKED + b"\r\n")
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 204")
        await asyncio.sleep(0.2)
    writer.close()


async def test_a_body_that_does_not_come_ends_the_request() -> None:
    async def never() -> dict[str, object]:
        await asyncio.Event().wait()
        raise AssertionError

    with pytest.raises(HTTPException) as stopped:
        await _limited(never, 10, 0.05)()
    assert stopped.value.status_code == 408
