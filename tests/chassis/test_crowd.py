"""Many callers at once: who is turned away, and what the log says of a dependency that is away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import uuid4

import asyncpg
import httpx
import pytest
import structlog

from libs.chassis.process.settings import Http
from libs.events import pools
from libs.events.errors import Conflict, Unavailable
from tests.chassis import ledgers
from tests.chassis.bank import Bank, new_enterprise
from tests.chassis.issuer import FakeIssuer
from tests.chassis.ledgers import OURS, World

LATER = "/api/v1/ledgers?min_position=ledgers/8"
NOW = "/api/v1/ledgers"
PATIENCE = 5.0  # seconds that a question to the database may take here
ENTERPRISES = 200
LINE = {"text": "租金", "payer": "张三丰"}


async def test_beyond_the_bound_one_is_told_at_once_when_to_come_again(
    world: World, issuer: FakeIssuer
) -> None:
    served = ledgers.app(world, issuer, http=Http(most_at_once=2))
    clerk = ledgers.client(served, issuer.token("ENT_CLERK", org=ledgers.USCC))
    inside = [asyncio.create_task(clerk.get(LATER)) for _ in range(2)]
    await asyncio.sleep(0.05)
    with structlog.testing.capture_logs() as lines:
        beyond = await clerk.get(NOW)
    assert (beyond.status_code, beyond.headers["retry-after"]) == (503, "5")
    assert beyond.json()["errors"]
    assert (await clerk.get("/health/live")).status_code == 200
    assert [(each["dependency"], each["waited_for"]) for each in lines if "dependency" in each] == [
        ("this process", "one of 2 requests to end")
    ]
    world.reached["ledgers"] = 8
    assert [(await each).status_code for each in inside] == [200, 200]
    assert (await clerk.get(NOW)).status_code == 200


@pytest.mark.parametrize(
    ("raised", "dependency", "waited_for"),
    [
        (Unavailable("issuer", "its keys (ConnectError)"), "issuer", "its keys (ConnectError)"),
        (Conflict(OURS), "log", "a stream that others went on changing"),
        (asyncpg.TooManyConnectionsError(), "database", "a read model (TooManyConnectionsError)"),
    ],
)
async def test_a_503_says_in_the_log_which_dependency_waited_for_what(
    clerk: httpx.AsyncClient, world: World, raised: Exception, dependency: str, waited_for: str
) -> None:
    world.raised = raised
    with structlog.testing.capture_logs() as lines:
        answer = await clerk.post(NOW, json={"text": "x"}, headers=key())
    assert answer.status_code == 503
    [line] = [each for each in lines if each["event"] == "unavailable"]
    said = line["operation"], line["dependency"], line["waited_for"]
    assert said == ("open_ledger", dependency, waited_for)


@asynccontextmanager
async def all_connections(bank: Bank) -> AsyncIterator[None]:
    """But the appender's own, in the hands of somebody who does nothing with them."""
    pool = bank.runtime.pool
    async with AsyncExitStack() as stack:
        for _ in range(pool.get_max_size() - 1):
            await stack.enter_async_context(pool.acquire(timeout=10))
        yield


@pytest.mark.servers
async def test_two_hundred_enterprises_at_once_are_all_answered_and_none_twice(
    the_bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each clicks twice, and all wait for a connection for longer than an answer may take."""
    monkeypatch.setattr(pools, "ANSWER", PATIENCE)
    crowd = [new_enterprise() for _ in range(ENTERPRISES)]
    clerks = [the_bank.sign_in("ENT_CLERK", org=uscc) for uscc, _ in crowd]
    for clerk in clerks:
        body = {"city": "410100"}
        assert (await clerk.post("/api/v1/books", json=body, headers=key())).status_code == 201
    async with all_connections(the_bank):
        asked = [
            asyncio.create_task(clerk.post(f"/api/v1/books/{id}/lines", json=LINE, headers=once))
            for clerk, (_, id) in zip(clerks, crowd, strict=True)
            for once in [key() | {"If-Match": '"1"'}] * 2
        ]
        await asyncio.sleep(0.1)  # all of them have come as far as they come
        await asyncio.sleep(PATIENCE + 0.5)
    answers = await asyncio.gather(*asked)
    assert {each.status_code for each in answers} == {200}
    written = [row["stream_id"] for row in await the_bank.events("LineWritten")]
    assert all(written.count(enterprise) == 1 for _, enterprise in crowd)


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}
