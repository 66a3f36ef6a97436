"""Keys that grow old: a new master key, and new numbers, while commands seal and open."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
from cryptography.exceptions import InvalidTag

from deploy.keeping import keys as rotating
from libs.events import keyring
from libs.events.keyring import HELD, MasterKeys, PostgresKeyRing
from libs.events.pools import Pool, open_pool
from tests.events.test_kept import Hands

pytestmark = pytest.mark.servers
OLD, NEW = b"o" * 32, b"n" * 32


@dataclass
class Place:
    """An installation: its keys' database, and the file of master keys that all processes read."""

    pool: Pool
    owner: asyncpg.Connection
    file: list[bytes] = field(default_factory=lambda: [OLD])
    clock: Hands = field(default_factory=Hands)

    @property
    def masters(self) -> MasterKeys:
        return MasterKeys(lambda: list(self.file))

    def process(self) -> PostgresKeyRing:
        return PostgresKeyRing(self.pool, self.masters, b"p" * 32, self.clock)

    async def sealed(self, ring: PostgresKeyRing, subject: UUID) -> dict[str, object]:
        return (await ring.sealers([subject]))[subject].seal("name", "某")["$pii"]


@pytest.fixture
async def place(database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Place]:
    monkeypatch.setattr(rotating, "STEP", 3)
    owner = await asyncpg.connect(database)
    await owner.execute(keyring.SCHEMA)
    pool = await open_pool(database)
    yield Place(pool, owner)
    await pool.close()
    await owner.close()


async def opens(ring: PostgresKeyRing, sealed: dict[str, object]) -> bool:
    name = (UUID(str(sealed["s"])), int(str(sealed["k"])))
    return bool((await ring.opener([name])).open("name", sealed) == "某")


async def test_a_new_master_key_is_taken_up_by_processes_that_run(place: Place) -> None:
    one, other = place.process(), place.process()
    before = await place.sealed(one, uuid4())
    place.file[:] = [NEW, OLD]
    after = await place.sealed(one, uuid4())
    fresh = PostgresKeyRing(place.pool, MasterKeys(lambda: [NEW]), b"p" * 32)
    assert await opens(fresh, after)
    with pytest.raises(InvalidTag):
        await opens(fresh, before)
    assert await opens(other, after)  # it had read the old one alone
    assert await opens(other, before)


async def test_every_key_is_wrapped_anew_while_commands_run(place: Place) -> None:
    ring, said = place.process(), list[dict[str, object]]()
    said += [await place.sealed(ring, uuid4()) for _ in range(10)]
    place.file[:] = [NEW, OLD]

    async def commands() -> None:
        for _ in range(10):
            said.append(await place.sealed(ring, uuid4()))
            assert await opens(place.process(), said[0])

    async def rewrap() -> list[rotating.Progress]:
        return [each async for each in rotating.rewrapped(place.owner, place.masters)]

    steps, _ = await asyncio.gather(rewrap(), commands())
    assert len(steps) > 3
    assert steps[-1].done == 10
    place.file[:] = [NEW]
    assert all([await opens(place.process(), each) for each in said])


async def test_what_was_broken_off_goes_on(place: Place) -> None:
    ring = place.process()
    said = [await place.sealed(ring, uuid4()) for _ in range(10)]
    place.file[:] = [NEW, OLD]
    async for progress in rotating.rewrapped(place.owner, place.masters):
        if progress.done == 6:
            break
    steps = [each async for each in rotating.rewrapped(place.owner, place.masters)]
    assert steps[-1] == (10, 4)
    place.file[:] = [NEW]
    assert all([await opens(place.process(), each) for each in said])


async def test_a_key_whose_master_key_is_gone_stops_it(place: Place) -> None:
    await place.sealed(place.process(), uuid4())
    place.file[:] = [NEW]
    with pytest.raises(InvalidTag):
        _ = [each async for each in rotating.rewrapped(place.owner, place.masters)]


async def test_a_new_number_seals_from_then_on_and_the_old_one_opens(place: Place) -> None:
    ring, subject, other = place.process(), uuid4(), uuid4()
    before, _ = await place.sealed(ring, subject), await place.sealed(ring, other)
    now = datetime.now(UTC) + timedelta(seconds=1)
    _ = [each async for each in rotating.renewed(place.owner, place.masters, now, [subject])]
    place.clock.now = HELD
    after = await place.sealed(ring, subject)
    assert (before["k"], after["k"]) == (1, 2)
    assert await opens(ring, before)
    assert await opens(ring, after)
    assert (await place.sealed(ring, other))["k"] == 1


async def test_only_old_keys_are_followed_and_nobody_who_was_shredded(place: Place) -> None:
    ring, subjects = place.process(), [uuid4() for _ in range(7)]
    for each in subjects:
        await place.sealed(ring, each)
    shredded, young, *old = subjects
    await place.owner.execute("DELETE FROM subject_keys WHERE subject = $1", shredded)
    aged = "UPDATE subject_keys SET made_at = made_at - interval '2 years' WHERE subject <> $1"
    await place.owner.execute(aged, young)
    year = datetime.now(UTC) - timedelta(days=365)
    steps = [each async for each in rotating.renewed(place.owner, place.masters, year)]
    assert steps[-1].done == len(old)
    rows = await place.owner.fetch("SELECT subject FROM subject_keys WHERE number = 2")
    assert {row["subject"] for row in rows} == set(old)
    assert not [each async for each in rotating.renewed(place.owner, place.masters, year)]


async def test_of_two_keys_of_one_name_the_one_that_was_saved_opens_the_log(place: Place) -> None:
    """After a restore: the installation had begun to make keys of its own."""
    ring, subject, same = place.process(), uuid4(), uuid4()
    said = [await place.sealed(ring, each) for each in (subject, same)]
    await place.owner.execute("CREATE TEMPORARY TABLE saved AS TABLE subject_keys")
    await place.owner.execute("TRUNCATE subject_keys")
    await place.sealed(place.process(), subject)
    place.file[:] = [NEW, OLD]
    key = place.masters.unwrapped(
        (same, 1),
        await place.owner.fetchval("SELECT wrapped FROM saved WHERE subject = $1", same),
    )
    again = place.masters.wrapped((same, 1), key)
    await place.owner.execute("INSERT INTO subject_keys VALUES ($1, 1, $2)", same, again)
    assert await rotating.taken(place.owner, place.masters) == 1
    assert all([await opens(place.process(), each) for each in said])
