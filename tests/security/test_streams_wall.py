"""The second wall before the log: what an enterprise reads of it, the database shows it as to a
role that sees its own alone, also where the first wall, `Reach`, is switched off (decision 55).
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import asyncpg
import pytest

from deploy.demo.stage import RequestRefused
from libs.chassis.identity.access import Reach
from libs.chassis.process.rights import settle_rows
from libs.chassis.replicas.clock import RandomIds, SystemClock
from libs.events.application import Application
from libs.events.errors import NotFound
from libs.events.keyring import MemoryKeyRing
from libs.events.pools import open_pool
from libs.events.scoped import SCOPED, Scoped, beyond_own
from libs.events.store import Log
from tests.events.commands import asked, note, open
from tests.events.ledger import Ledger
from tests.in_memory.firm import Firm
from tests.patience import PATIENCE
from tests.portal.in_memory import read_models
from tests.portal.read_models import InstallationOnPostgres, ReadModels
from tests.security.databases import Place, do

__all__ = ["read_models"]
pytestmark = pytest.mark.servers
OURS = UUID(int=1)


@pytest.fixture
async def log(at: Place) -> AsyncIterator[Log]:
    pool = await open_pool(at.dsn("writer"), 4)
    made = Log(pool, SystemClock())
    running = asyncio.create_task(made.run())
    yield made
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await pool.close()


@pytest.fixture
def ledgers(log: Log) -> Application:
    return Application(log, MemoryKeyRing(), RandomIds())


async def opened(ledgers: Application) -> UUID:
    """A ledger, which owns itself."""
    return (await open(ledgers, asked(), uuid4(), "someone")).aggregate.id


@contextmanager
def reading(at: Place, enterprise: UUID, *, reads: bool = True) -> Iterator[None]:
    token = SCOPED.set(Scoped(at.role("scoped"), enterprise, reads))
    try:
        yield
    finally:
        SCOPED.reset(token)


async def test_of_an_item_nobody_has_read_the_database_shows_an_enterprise_its_own(
    at: Place, log: Log, ledgers: Application
) -> None:
    ours, theirs = [await opened(ledgers) for _ in range(2)]
    with reading(at, ours):
        assert len(await log.stream(ours)) == 1
        assert await log.stream(theirs) == []
    assert len(await log.stream(theirs)) == 1  # the connection is everybody's again


async def test_those_who_ask_at_once_see_each_their_own(
    at: Place, log: Log, ledgers: Application
) -> None:
    """In one statement, as they came."""
    streams = [await opened(ledgers) for _ in range(8)]
    await note(ledgers, asked(), streams[3], "sent")

    async def seen(owner: UUID) -> list[int]:
        with reading(at, owner):
            return [len(each) for each in await asyncio.gather(*map(log.stream, streams))]

    found = await asyncio.gather(*map(seen, streams))
    for number, lengths in enumerate(found):
        own = 2 if number == 3 else 1
        assert lengths == [own if n == number else 0 for n in range(8)]


@pytest.mark.parametrize("version", [None, 1])
async def test_what_the_process_has_at_hand_is_no_way_around(
    at: Place, ledgers: Application, version: int | None
) -> None:
    theirs = await opened(ledgers)
    assert await ledgers.read(Ledger, theirs, version)
    with reading(at, OURS), pytest.raises(NotFound):
        await ledgers.read(Ledger, theirs, version)
    with reading(at, OURS), pytest.raises(NotFound):
        await ledgers.history(theirs)
    with reading(at, theirs):
        assert (await ledgers.read(Ledger, theirs, version)).id == theirs


async def test_a_command_decides_on_its_neighbours_too(at: Place, ledgers: Application) -> None:
    """Who holds a claim, and what is found by a check before an act."""
    theirs = await opened(ledgers)
    with reading(at, OURS, reads=False):
        assert await ledgers.read(Ledger, theirs)


async def test_what_the_system_looks_up_for_an_answer_may_be_anothers(
    at: Place, ledgers: Application
) -> None:
    theirs = await opened(ledgers)
    with reading(at, OURS):
        with beyond_own():
            assert await ledgers.read(Ledger, theirs)
        with pytest.raises(NotFound):
            await ledgers.read(Ledger, theirs)


@pytest.mark.parametrize("kind", ["reader", "stranger"])
async def test_only_the_service_asks_for_whoever_it_likes(at: Place, kind: str) -> None:
    nothing = ", ".join(["'{}'"] * 4)
    call = f"SELECT * FROM public.streams_of_askers('{at.role('scoped')}', {nothing})"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await do(at.dsn(kind), call)


async def test_the_role_that_reads_for_an_enterprise_sees_its_events_whatever_it_asks(
    at: Place, ledgers: Application
) -> None:
    ours, _ = [await opened(ledgers) for _ in range(2)]
    connection = await asyncpg.connect(at.dsn("writer"))
    try:
        async with connection.transaction():
            await connection.execute(f"SET LOCAL kaohe.enterprise = '{ours}'")
            await connection.execute(f"SET LOCAL ROLE {at.role('scoped')}")
            owners = await connection.fetch("SELECT DISTINCT owner FROM events")
    finally:
        await connection.close()
    assert [row["owner"] for row in owners] == [ours]


def test_with_the_first_wall_off_no_route_tells_of_what_is_anothers(
    read_models: ReadModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`Reach` covers everybody: an enterprise reads its own all the same."""
    read_models.empty()
    at = InstallationOnPostgres(read_models)
    ours, theirs = Firm(at), Firm(at, seed=2, name="郑州另一建筑设计有限公司")
    theirs.file()
    theirs.hire()
    person = theirs.clerk.get("personnel", "/people", limit=1)["items"][0]["id"]

    async def everybody(*_: object) -> bool:
        return True

    monkeypatch.setattr(Reach, "_covers", everybody)
    for service, path in (
        ("enterprise", theirs.enterprise.path),
        ("enterprise", f"{theirs.enterprise.path}/history"),
        ("personnel", f"/people/{person}"),
        ("personnel", f"/people/{person}/history"),
    ):
        theirs.clerk._call("GET", service, path)
        with pytest.raises(RequestRefused, match="→ 404"):
            ours.clerk._call("GET", service, path)


@pytest.mark.parametrize("role", ["none", "writer"])
async def test_by_a_role_that_is_none_of_its_own_nothing_is_read(
    at: Place, log: Log, ledgers: Application, role: str
) -> None:
    theirs = await opened(ledgers)
    token = SCOPED.set(Scoped(at.name if role == "writer" else role, OURS, reads=True))
    try:
        with pytest.raises(asyncpg.RaiseError, match="a role of its own"):
            await log.stream(theirs)
    finally:
        SCOPED.reset(token)


async def test_while_somebody_reads_the_log_the_wall_waits_and_nobody_waits_behind_it(
    at: Place, ledgers: Application
) -> None:
    """Raising it takes the table for itself, for which a long reader makes it wait."""
    await do(at.dsn("owner"), "DROP POLICY one_enterprise ON events")
    reader = await asyncpg.connect(at.dsn("reader"))
    step = await asyncpg.connect(at.dsn("owner"))
    try:
        async with reader.transaction():
            await reader.fetchval("SELECT count(*) FROM events")
            raising = asyncio.create_task(settle_rows(step, at.role("scoped")))
            for _ in range(20):
                await opened(ledgers)
                await asyncio.sleep(0.05)
            assert not raising.done()
        await asyncio.wait_for(raising, PATIENCE)
    finally:
        await reader.close()
        await step.close()
    standing = (
        "SELECT 1 FROM pg_policies WHERE (tablename, policyname) = ('events', 'one_enterprise')"
    )
    assert await do(at.dsn("owner"), standing) == 1
