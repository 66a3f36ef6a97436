"""The national year: the same from the same seed, a part of it a prefix of the whole, and written
as the services themselves write.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import islice
from typing import Any

import asyncpg
import orjson
import pytest

from benchmarks.national.growing import Year
from benchmarks.national.population import ENTERPRISES, Firm, nation
from benchmarks.national.standing import Standing
from benchmarks.national.year import LOGS, events_of, is_returned
from libs.chassis.replicas.clock import SystemClock
from libs.events.aggregate import STAMPS
from libs.events.application import Codec
from libs.events.keyring import MemoryKeyRing
from libs.events.projection import digest
from libs.events.rebuild import from_log, rebuilt
from libs.events.records import StoredEvent
from libs.events.testing.log import MemoryLog
from services.personnel.main import LISTS
from tests.conformance.stage import assert_whole
from tests.servers import fresh_database

SEED = 7
FEW = 4  # enterprises, the last of them returned once
BY_CHANCE = {"reviewed": {"data_sha256", "position"}}  # follows the ciphertext and the order

Logs = dict[str, MemoryLog]


def pass_by(firms: Sequence[Firm]) -> tuple[Logs, Codec]:
    """Their year in memory, and what reads it."""
    logs, keys = {name: MemoryLog(SystemClock()) for name in LOGS}, MemoryKeyRing()
    year = Year(logs, keys, iter(firms))
    asyncio.run(year.grow(sum(map(events_of, firms))))
    return logs, Codec(keys, None, {})  # type: ignore[arg-type]  # it only reads


@pytest.fixture(scope="module")
def few() -> tuple[Logs, Codec]:
    return pass_by(list(islice(nation(SEED), FEW)))


def digests(logs: Logs, codec: Codec) -> dict[str, str]:
    """Of the facts of each stream, opened, with the ids that its events have."""
    found: dict[str, str] = {}
    for name, log in logs.items():
        streams: dict[str, list[Any]] = {}
        events = asyncio.run(codec.decode(log.records))
        for at, event in zip(log.records, events, strict=True):
            facts = event.model_dump(mode="json", exclude=STAMPS | BY_CHANCE.keys())
            streams.setdefault(f"{name}/{at.stream}", []).append([at.type, str(at.id), facts])
        found |= {id: sha256(orjson.dumps(facts)).hexdigest() for id, facts in streams.items()}
    return found


def test_the_same_seed_makes_the_same_year(few: tuple[Logs, Codec]) -> None:
    again = pass_by(list(islice(nation(SEED), FEW)))
    assert digests(*again) == digests(*few)


def test_another_seed_makes_another_year(few: tuple[Logs, Codec]) -> None:
    other = pass_by(list(islice(nation(SEED + 1), 1)))
    assert not digests(*other).items() & digests(*few).items()


def test_a_part_is_a_prefix_of_the_whole(few: tuple[Logs, Codec]) -> None:
    part = pass_by(list(nation(SEED, 2 / ENTERPRISES)))
    assert digests(*part).items() < digests(*few).items()


def test_it_has_as_many_events_as_it_says(few: tuple[Logs, Codec]) -> None:
    firms = list(islice(nation(SEED), FEW))
    assert any(map(is_returned, firms))
    logs, _ = few
    assert sum(len(log.records) for log in logs.values()) == sum(map(events_of, firms))


def test_the_whole_is_a_nation() -> None:
    firms = list(nation(SEED))
    assert len({firm.uscc for firm in firms}) == len(firms) == 27_000
    assert round(sum(firm.staff for firm in firms) / 1e6, 1) == 1.3
    assert round(sum(map(events_of, firms)) / 1e6) == 10


def test_nobody_is_there_twice() -> None:
    firms = list(islice(nation(SEED), FEW))
    numbers = [firm.person(n).id_no for firm in firms for n in range(firm.staff)]
    assert len(set(numbers)) == len(numbers)


def test_every_filing_that_was_sent_is_approved_and_its_case_closed(
    few: tuple[Logs, Codec],
) -> None:
    logs, _ = few
    sent = filings(logs, "FilingSent")
    assert filings(logs, "FilingApproved").keys() == sent.keys()
    cases = Counter(
        each.payload["subject"]["filing"] for each in of_type(logs["review"].records, "CaseOpened")
    )
    assert cases == Counter(sent.keys())
    applied = of_type(logs["review"].records, "DecisionTookEffect")
    assert len(applied) == sum(sent.values())
    assert set(sent.values()) == {1, 2}  # one was returned


def filings(logs: Logs, type: str) -> Counter[str]:
    """How often each filing is spoken of so."""
    records = [*logs["enterprise"].records, *logs["personnel"].records]
    return Counter(each.payload["filing"] for each in of_type(records, type))


def of_type(records: Sequence[StoredEvent], type: str) -> list[StoredEvent]:
    return [each for each in records if each.type.rpartition(".")[2] == type]


def test_personal_data_is_sealed(few: tuple[Logs, Codec]) -> None:
    logs, _ = few
    data = b"".join(each.data for each in logs["personnel"].records)
    firm = next(nation(SEED))
    for person in map(firm.person, range(firm.staff)):
        for told in (person.name, person.id_no, person.mobile):
            assert told
            assert f'"{told}"'.encode() not in data


# On PostgreSQL


@pytest.fixture(scope="module")
def standing(postgres: str) -> Iterator[tuple[Standing, Year]]:
    with Standing(postgres) as at:
        year = Year(at.logs, at.keys, nation(SEED))
        at.run(year.grow(1_000))
        at.catch_up()
        yield at, year


@pytest.mark.servers
def test_it_is_written_by_the_append(standing: tuple[Standing, Year]) -> None:
    at, year = standing
    heads = {name: at.run(assert_whole(at.pools[name])) for name in LOGS}
    assert sum(heads.values()) == year.events
    assert year.enterprises > 1
    for name in LOGS:
        commands = at.run(at.pools[name].fetchval("SELECT count(*) FROM commands"))
        assert commands > 0


@pytest.mark.servers
def test_every_stream_replays(standing: tuple[Standing, Year]) -> None:
    at, _ = standing
    for name in LOGS:
        log, application = at.logs[name], at[name].application
        streams = {each.stream for each in at.run(log.read(0, 100_000))}
        for stream in streams:
            replayed = at.run(application.codec.replay(at.run(log.stream(stream))))
            assert replayed.id == stream


@pytest.mark.servers
def test_read_models_are_what_the_log_makes(standing: tuple[Standing, Year], postgres: str) -> None:
    at, _ = standing

    async def anew() -> tuple[str, str]:
        async with at.pools["personnel"].acquire() as live, fresh_database(postgres) as dsn:
            async with live.transaction():
                stands = await digest(live, LISTS)
            target = await asyncpg.connect(dsn)
            try:
                head = await at.logs["personnel"].head()
                codec = at["personnel"].application.codec
                return stands, await rebuilt(target, LISTS, codec, from_log(live, head))
            finally:
                await target.close()

    stands, made = at.run(anew())
    assert stands == made
