"""Master keys and the ring of the subjects' keys, whose database is played here; on a real one:
test_keyring.py, test_key_rotation.py.
"""

import asyncio
from collections.abc import Iterable
from hashlib import sha256
from hmac import new as hmac
from typing import Any, cast
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag

from libs.events.codec import canonical
from libs.events.errors import Shredded, Unavailable
from libs.events.keyring import (
    INSERT,
    NEEDED,
    NEWEST,
    MasterKeys,
    MemoryKeyRing,
    Name,
    PostgresKeyRing,
)
from libs.events.pools import Pool
from tests.events.postgres import LOST, A, B, C, Fault, Postgres
from tests.events.test_kept import Hands

OLD, NEW, KEY = b"o" * 32, b"n" * 32, b"k" * 32
NAME, RENAMED, ELSEWHERE = (A, 1), (A, 2), (B, 1)


class KeysDatabase(Postgres):
    """A database that holds the subjects' keys."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.wrapped: dict[Name, bytes] = {}
        self.meanwhile: dict[Name, bytes] = {}  # what another process inserts before this one does
        self.shredded: set[UUID] = set()

    def shred(self, subject: UUID) -> None:
        self.shredded.add(subject)
        self.wrapped = {name: key for name, key in self.wrapped.items() if name[0] != subject}

    def _told(self, names: Iterable[Name]) -> list[dict[str, Any]]:
        return [
            {"subject": subject, "number": number, "wrapped": self.wrapped[subject, number]}
            for subject, number in names
        ]

    def _answer(self, query: str, *given: Any) -> Any:
        if query == NEEDED:
            return self._told(name for name in zip(*given, strict=True) if name in self.wrapped)
        if query == NEWEST:
            numbers = {s: n for s, n in sorted(self.wrapped) if s in given[0]}
            return self._told(numbers.items())
        assert query == INSERT
        self.wrapped |= self.meanwhile
        for subject, number, key in given[0]:
            if subject not in self.shredded:
                self.wrapped.setdefault((subject, number), key)
        return None


@pytest.fixture
def database() -> KeysDatabase:
    return KeysDatabase()


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def ring(database: KeysDatabase, clock: Hands) -> PostgresKeyRing:
    masters = MasterKeys(lambda: [OLD])
    return PostgresKeyRing(cast(Pool, database), masters, b"p" * 32, clock)


def test_a_wrapped_key_is_opened_by_its_master_key_under_its_own_name_alone() -> None:
    masters = MasterKeys(lambda: [OLD])
    wrapped = masters.wrapped(NAME, KEY)
    assert masters.unwrapped(NAME, wrapped) == KEY
    assert KEY not in wrapped
    assert masters.wrapped(NAME, KEY) != wrapped  # another nonce
    for name in (RENAMED, ELSEWHERE):
        with pytest.raises(InvalidTag):
            masters.unwrapped(name, wrapped)
    with pytest.raises(InvalidTag):
        MasterKeys(lambda: [NEW]).unwrapped(NAME, wrapped)


def test_the_newest_master_key_wraps_and_all_of_them_open() -> None:
    before = MasterKeys(lambda: [OLD]).wrapped(NAME, KEY)
    masters = MasterKeys(lambda: [NEW, OLD])
    after = masters.wrapped(NAME, KEY)
    assert [masters.unwrapped(NAME, each) for each in (before, after)] == [KEY, KEY]
    assert MasterKeys(lambda: [NEW]).unwrapped(NAME, after) == KEY
    told = [masters.is_newest(NAME, each) for each in (before, after)]
    assert told == [False, True]
    assert not MasterKeys(lambda: [OLD]).is_newest(NAME, after)


def test_a_new_master_key_is_taken_up_when_a_key_is_wrapped_or_does_not_open() -> None:
    file = [OLD]
    one, other = MasterKeys(lambda: list(file)), MasterKeys(lambda: list(file))
    file[:] = [NEW, OLD]
    wrapped = one.wrapped(NAME, KEY)
    assert one.is_newest(NAME, wrapped)
    assert not other.is_newest(NAME, wrapped)
    assert other.unwrapped(NAME, wrapped) == KEY
    assert other.is_newest(NAME, wrapped)


@pytest.mark.parametrize("error", [OSError("no such file"), ValueError("half a key")])
def test_while_the_file_of_master_keys_is_written_the_known_ones_go_on(error: Exception) -> None:
    told: list[Exception] = []

    def read() -> list[bytes]:
        if told:
            raise told[0]
        return [OLD]

    masters = MasterKeys(read)
    told.append(error)
    wrapped = masters.wrapped(NAME, KEY)
    assert masters.unwrapped(NAME, wrapped) == KEY
    with pytest.raises(InvalidTag):
        masters.unwrapped(ELSEWHERE, wrapped)


async def test_a_subject_s_key_is_made_once_and_asked_for_again_after_half_a_minute(
    database: KeysDatabase, ring: PostgresKeyRing, clock: Hands
) -> None:
    made = await ring.sealers([A])
    assert (made[A].subject, made[A].number, len(made[A].key)) == (A, 1, 32)
    assert database.asked == [NEWEST, INSERT, NEWEST]
    clock.now = 29.75
    assert await ring.sealers([A]) == made
    assert len(database.asked) == 3
    clock.now = 30.0
    assert await ring.sealers([A]) == made
    assert database.asked[3:] == [NEWEST]


async def test_a_key_is_opened_once_and_asked_for_again_after_half_a_minute(
    database: KeysDatabase, ring: PostgresKeyRing, clock: Hands
) -> None:
    sealers = await ring.sealers([A, B])
    database.asked.clear()
    opener = await ring.opener([NAME, ELSEWHERE])
    assert opener.keys == {NAME: sealers[A].key, ELSEWHERE: sealers[B].key}
    clock.now = 29.75
    assert (await ring.opener([NAME])).keys == {NAME: sealers[A].key}
    assert database.asked == [NEEDED]
    database.shred(A)
    clock.now = 30.0
    assert (await ring.opener([NAME, ELSEWHERE])).keys == {ELSEWHERE: sealers[B].key}


async def test_the_newest_of_a_subject_s_keys_seals_and_the_others_open(
    database: KeysDatabase, ring: PostgresKeyRing
) -> None:
    database.wrapped = {
        name: MasterKeys(lambda: [OLD]).wrapped(name, bytes([name[1]]) * 32)
        for name in (NAME, RENAMED)
    }
    sealer = (await ring.sealers([A]))[A]
    assert (sealer.number, sealer.key) == (2, b"\2" * 32)
    assert (await ring.opener([NAME])).keys == {NAME: b"\1" * 32}


async def test_what_is_not_held_is_asked_for_and_who_asks_at_once_asks_together(
    database: KeysDatabase, ring: PostgresKeyRing
) -> None:
    await ring.sealers([A])
    database.asked.clear()
    both, one = await asyncio.gather(ring.sealers([A, B]), ring.sealers([C]))
    assert (set(both), set(one)) == ({A, B}, {C})
    assert database.asked == [NEWEST, INSERT, NEWEST]
    database.asked.clear()
    assert set((await ring.opener([NAME])).keys) == {NAME}
    found = await asyncio.gather(ring.opener([NAME, ELSEWHERE]), ring.opener([(C, 1)]))
    assert [set(each.keys) for each in found] == [{NAME, ELSEWHERE}, {(C, 1)}]
    assert database.asked == [NEEDED, NEEDED]
    sizes = {name: len(cache) for name, cache in ring.caches.items()}
    assert sizes == {"keys": 3, "sealing_keys": 3}


def test_ten_thousand_keys_are_held_of_each_kind(ring: PostgresKeyRing) -> None:
    for cache in ring.caches.values():
        for number in range(10_050):
            cache.put((A, number), KEY, 30.0)
        assert len(cache) == 10_000


async def test_whose_keys_were_deleted_gets_none_and_others_asking_at_once_do(
    database: KeysDatabase, ring: PostgresKeyRing
) -> None:
    database.shred(A)
    with pytest.raises(Shredded):
        await ring.sealers([B, A])
    answers = await asyncio.gather(ring.sealers([A]), ring.sealers([C]), return_exceptions=True)
    assert isinstance(answers[0], Shredded)
    assert isinstance(answers[1], dict)
    assert set(database.wrapped) == {(B, 1), (C, 1)}


async def test_a_key_that_another_process_made_at_once_is_the_one_that_seals(
    database: KeysDatabase, ring: PostgresKeyRing
) -> None:
    theirs = MasterKeys(lambda: [OLD]).wrapped(NAME, KEY)
    database.meanwhile[NAME] = theirs
    assert (await ring.sealers([A]))[A].key == KEY


async def test_a_database_of_keys_that_is_away_is_named(
    database: KeysDatabase, ring: PostgresKeyRing
) -> None:
    database.faults.append(Fault(LOST))
    with pytest.raises(Unavailable, match="keys"):
        await ring.sealers([A])
    assert ring.pool is cast(Pool, database)


def test_persons_are_compared_by_a_keyed_hash(ring: PostgresKeyRing) -> None:
    parts = ("id_no", "410105199001011234")
    assert ring.digest(*parts) == hmac(b"p" * 32, canonical(parts), sha256).hexdigest()
    assert ring.digest(*parts) != ring.digest(*reversed(parts))


async def test_the_ring_in_memory_keeps_the_same_promises() -> None:
    ring = MemoryKeyRing()
    sealers = await ring.sealers([A, B])
    assert [(each.subject, each.number, len(each.key)) for each in sealers.values()] == [
        (A, 1, 32),
        (B, 1, 32),
    ]
    assert await ring.sealers([A]) == {A: sealers[A]}
    assert (await ring.opener([NAME])).keys == {NAME: sealers[A].key}
    assert ring.digest("a", "b") == sha256(canonical(("a", "b"))).hexdigest()
