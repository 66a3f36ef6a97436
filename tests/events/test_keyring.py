"""Keys in PostgreSQL: asked for once, held for a short time, and useless soon after deletion."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import asyncpg
import pytest

from libs.events import keyring
from libs.events.errors import Shredded
from libs.events.keyring import HELD, MasterKeys, PostgresKeyRing
from libs.events.pools import open_pool
from tests.events.test_kept import Hands

pytestmark = pytest.mark.servers


class Ring:
    def __init__(self, made: PostgresKeyRing, clock: Hands, admin: asyncpg.Connection) -> None:
        self.made, self.clock, self.admin = made, clock, admin

    async def shred(self, subject: UUID) -> None:
        """As an operator does it, in a process of their own."""
        await self.admin.execute("DELETE FROM subject_keys WHERE subject = $1", subject)


@pytest.fixture
async def ring(database: str) -> AsyncIterator[Ring]:
    admin = await asyncpg.connect(database)
    await admin.execute(keyring.SCHEMA)
    pool, clock = await open_pool(database), Hands()
    yield Ring(
        PostgresKeyRing(pool, MasterKeys(lambda: [b"m" * 32]), b"p" * 32, clock), clock, admin
    )
    await pool.close()
    await admin.close()


async def test_a_key_seals_and_opens(ring: Ring) -> None:
    subject = uuid4()
    sealed = (await ring.made.sealers([subject]))[subject].seal("name", "某")
    opener = await ring.made.opener([(subject, 1)])
    assert opener.open("name", sealed["$pii"]) == "某"


async def test_a_shredded_key_opens_nothing_once_its_time_is_over(ring: Ring) -> None:
    subject = uuid4()
    sealed = (await ring.made.sealers([subject]))[subject].seal("name", "某")
    await ring.made.opener([(subject, 1)])
    await ring.shred(subject)
    ring.clock.now = HELD
    with pytest.raises(KeyError):
        (await ring.made.opener([(subject, 1)])).open("name", sealed["$pii"])


async def test_a_key_used_again_and_again_is_not_held_longer(ring: Ring) -> None:
    subject = uuid4()
    await ring.made.sealers([subject])
    await ring.made.opener([(subject, 1)])
    await ring.shred(subject)
    for seconds in range(int(HELD)):
        ring.clock.now = seconds
        assert (await ring.made.opener([(subject, 1)])).keys
    ring.clock.now = HELD
    assert not (await ring.made.opener([(subject, 1)])).keys


async def test_a_shredded_subject_gets_no_new_key(ring: Ring) -> None:
    subject, other = uuid4(), uuid4()
    await ring.made.sealers([subject, other])
    await ring.shred(subject)
    ring.clock.now = HELD
    for asked in ([subject], [other, subject]):
        with pytest.raises(Shredded):
            await ring.made.sealers(asked)
    third = uuid4()  # whoever asks in the same instant is answered
    asked_at_once = await asyncio.gather(
        ring.made.sealers([subject]), ring.made.sealers([third]), return_exceptions=True
    )
    assert isinstance(asked_at_once[0], Shredded)
    assert isinstance(asked_at_once[1], dict)
    await ring.admin.execute(keyring.SCHEMA)  # as at each start
    with pytest.raises(Shredded):
        await ring.made.sealers([subject])


async def test_of_several_subjects_only_those_not_held_are_asked_for(ring: Ring) -> None:
    one, two = uuid4(), uuid4()
    await ring.made.sealers([one])
    sealers = await ring.made.sealers([one, two])
    opener = await ring.made.opener([(one, 1), (two, 1)])
    assert {each.subject for each in sealers.values()} == {one, two}
    assert set(opener.keys) == {(one, 1), (two, 1)}
