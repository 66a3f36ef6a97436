"""A list that changes on a database of an earlier commit: built anew beside the one that stands,
compared with it, and swapped in while it is read.

`enterprise-f1b6fbe.sql.gz` is the enterprise service's database as `./kaohe demo` of that commit
left it, before lists had versions.
"""

import asyncio
import gzip
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from libs.chassis.process.migrations import migrate
from libs.chassis.replicas.clock import RandomIds, SystemClock
from libs.events.application import Application
from libs.events.bell import Bell
from libs.events.building import NextVersion, build
from libs.events.errors import Unavailable
from libs.events.following import follow_log
from libs.events.pools import Pool, open_pool
from libs.events.projection import Projection, digest
from libs.events.queries import select
from libs.events.reader import Applier, Reader
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.events.store import Log
from services.enterprise.filings.lists import OwnFilingRow, filings
from services.enterprise.information.domain import Enterprise
from services.enterprise.information.lists import enterprises
from services.enterprise.legacy.lists import legacy_filings
from services.enterprise.main import LISTS, SERVICE
from tests.conformance.stage import PASSWORD, forget, in_place_of
from tests.corpus import corpus
from tests.patience import PATIENCE

pytestmark = [pytest.mark.servers]
EVERY = "SELECT * FROM filings ORDER BY id"
NEXT = LISTS.version + 1
# digest of the lists of that earlier commit, which have fewer columns than today's
STANDING = "1d19a688e763a23b88757bd9221d99ce5c05df1ff5d6e0ba1d0620d7cb61744c"


@dataclass(frozen=True)
class FilingRowWithSender(OwnFilingRow):
    sent_by: str | None = None


def with_sender(*, mark: str = "", revised: tuple[str, ...] = ()) -> Projection:
    """The next version of the list of filings: it has who sent each. `mark`: it says something
    else about receipts.
    """
    model = ReadModel("filings", FilingRowWithSender, indexes=filings.indexes)

    @model.on(Enterprise.FilingSent)
    def _sent(e: Enterprise.FilingSent, at: StoredEvent) -> Iterator[Change]:
        changes = {"status": "SENT", "round": e.round, "receipt_no": e.receipt_no + mark}
        yield model.change(id=e.filing, sent_at=e.act.at, sent_by=e.act.by.user, **changes)

    @model.on(Enterprise.FilingDrafted)
    def _drafted(e: Enterprise.FilingDrafted, at: StoredEvent) -> Iterator[Change]:
        (drafted,) = filings.changes(e, at)
        yield model.merge(**drafted.values)

    for topic, kind in filings.kinds.items():
        if topic not in model.kinds:
            model.on(kind)(lambda e, at: filings.changes(e, at))
    models: list[ReadModel[Any]] = [enterprises, model, legacy_filings]
    return Projection(LISTS.name, models, version=NEXT, revised=revised)


@dataclass
class Old:
    """The database of f1b6fbe, opened by today's code as `writer`."""

    owner: str
    writer: str
    pool: Pool
    application: Application

    async def prepare(self, projection: Projection) -> None:
        """What a process of the service does at its start."""
        others = [each for each in SERVICE.projections if each.name != projection.name]
        user = self.writer.partition("//")[2].partition(":")[0]
        await migrate(self.owner, user, SERVICE.migrations, [projection, *others])

    def applier(self, projection: Projection) -> Applier:
        reader = Reader("enterprise.lists", "enterprise", projection=projection)
        return Applier(reader, self.application, self.pool, SystemClock(), Bell())

    def next(self, projection: Projection) -> NextVersion:
        reader = Reader("enterprise.lists", "enterprise", projection=projection)
        return NextVersion(reader, self.application, self.pool, SystemClock(), Bell())

    async def follow(self, applier: Applier) -> None:
        await follow_log(applier, self.application.log, Bell())

    async def live_version(self) -> int:
        return int(
            await self.pool.fetchval(
                "SELECT version FROM projections WHERE live AND name = $1", LISTS.name
            )
        )

    async def digest(self, projection: Projection) -> str:
        async with self.pool.acquire() as connection, connection.transaction():
            return await digest(connection, projection)


@pytest.fixture
async def old(database: str) -> AsyncIterator[Old]:
    name = f"writer_{uuid4().hex[:12]}"
    connection = await asyncpg.connect(database)
    try:
        dump = (corpus.FOLDER / "enterprise-f1b6fbe.sql.gz").read_bytes()
        await connection.execute(gzip.decompress(dump).decode())
        await connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}'")
    finally:
        await connection.close()
    writer = in_place_of(database, user=name)
    pool = await open_pool(writer)
    application = Application(Log(pool, SystemClock()), corpus.Keys(), RandomIds())
    yield Old(database, writer, pool, application)
    await pool.close()
    await forget(database, writer)


async def test_the_lists_of_an_earlier_commit_are_version_one_and_stay(old: Old) -> None:
    await old.prepare(LISTS)
    assert await old.live_version() == 1
    assert await old.digest(LISTS) == STANDING
    await old.prepare(LISTS)  # every start does it


async def test_until_the_next_version_is_built_the_standing_list_serves_with_defaults(
    old: Old,
) -> None:
    projection = with_sender()
    await old.prepare(projection)
    rows = await select(old.pool, FilingRowWithSender, EVERY)
    assert len(rows) == 3
    assert {row.sent_by for row in rows} == {None}
    assert await old.live_version() == 1


async def test_the_next_version_is_built_from_the_whole_log_and_takes_its_place(old: Old) -> None:
    await old.prepare(LISTS)
    before = await old.digest(LISTS)
    projection = with_sender()
    await old.prepare(projection)
    next = old.next(projection)
    await finished(build(next, old.follow), old)
    rows = await select(old.pool, FilingRowWithSender, EVERY)
    assert all(row.sent_by for row in rows if row.sent_at)
    assert any(row.sent_at for row in rows)
    assert [(row["name"], row["position"]) for row in await readers(old)] == [
        ("enterprise.lists", 94)
    ]
    assert before != await old.digest(projection)


async def test_reading_never_stops_while_a_list_is_swapped(old: Old) -> None:
    projection = with_sender()
    await old.prepare(projection)
    seen: list[int] = []

    async def read() -> None:
        while True:
            seen.append(len(await select(old.pool, FilingRowWithSender, EVERY)))

    reading = asyncio.create_task(read())
    await finished(build(old.next(projection), old.follow), old)
    await asyncio.sleep(0.2)
    reading.cancel()
    with suppress(asyncio.CancelledError):
        await reading
    assert set(seen) == {3}


async def test_the_standing_list_is_followed_with_the_columns_it_has_and_then_with_all(
    old: Old,
) -> None:
    projection = with_sender()
    await old.prepare(projection)
    standing = old.applier(projection)
    await old.pool.execute("UPDATE readers SET position = 0 WHERE name = 'enterprise.lists'")
    await standing.resume()
    await standing.apply(await old.application.log.read(0, 1000), 0)
    assert await old.digest(LISTS) == STANDING
    await finished(build(old.next(projection), old.follow), old)
    await old.pool.execute("UPDATE filings SET sent_by = NULL")
    await old.pool.execute("UPDATE readers SET position = 0 WHERE name = 'enterprise.lists'")
    await standing.resume()
    await standing.apply(await old.application.log.read(0, 1000), 0)
    rows = await select(old.pool, FilingRowWithSender, EVERY)
    assert all(row.sent_by for row in rows if row.sent_at)


async def test_a_next_version_that_says_something_else_does_not_take_the_place(old: Old) -> None:
    projection = with_sender(mark="!")
    await old.prepare(projection)
    with pytest.raises(Unavailable, match="differs in filings"):
        await old.follow(old.next(projection))
    assert await old.live_version() == 1


async def test_what_it_means_to_say_otherwise_is_not_compared(old: Old) -> None:
    projection = with_sender(mark="!", revised=("filings.receipt_no",))
    await old.prepare(projection)
    await finished(build(old.next(projection), old.follow), old)


async def test_tables_that_change_under_the_same_version_stop_the_start(old: Old) -> None:
    projection = with_sender()
    await old.prepare(projection)
    await finished(build(old.next(projection), old.follow), old)
    model = ReadModel("filings", OwnFilingRow)
    changed = Projection(LISTS.name, [enterprises, model, legacy_filings], version=NEXT)
    with pytest.raises(ValueError, match="give it the next version"):
        await old.prepare(changed)


async def test_the_serving_role_swaps_only_what_its_owner_prepared(old: Old) -> None:
    await old.prepare(LISTS)
    with pytest.raises(asyncpg.RaiseError, match=f"has no version {NEXT}"):
        await old.pool.execute("SELECT swap_projection($1, $2)", LISTS.name, NEXT)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await old.pool.execute("UPDATE projections SET tables = '{events}'")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await old.pool.execute("DROP TABLE filings")


async def readers(old: Old) -> list[asyncpg.Record]:
    return await old.pool.fetch("SELECT name, position FROM readers WHERE name LIKE '%lists%'")


async def finished(building: Coroutine[Any, Any, None], old: Old) -> None:
    """Runs until the next version stands."""
    task = asyncio.create_task(building)
    async with asyncio.timeout(PATIENCE):
        while not task.done() and await old.live_version() != NEXT:
            await asyncio.sleep(0.02)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
