"""What every log keeps, in memory as in PostgreSQL."""

import asyncio
from uuid import UUID, uuid4

import pytest

from libs.chassis.replicas.clock import SystemClock
from libs.events.append import Appended
from libs.events.bell import Watch
from libs.events.errors import Conflict, NotAppended, Repeated, Unavailable
from libs.events.records import NewUnit
from libs.events.store import Log
from libs.events.testing.log import MemoryLog
from tests.conformance.stage import Stage, command, event, together, unit
from tests.patience import PATIENCE

A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)


async def outcomes(log: Log, *units: NewUnit) -> list[object]:
    return list(await asyncio.gather(*(log.append(each) for each in units), return_exceptions=True))


async def whole(log: Log) -> int:
    """Positions from 1 without a gap, versions of each stream likewise. Returns the head."""
    found = await log.read(0, 1000)
    assert [each.position for each in found] == list(range(1, len(found) + 1))
    for stream in {each.stream for each in found}:
        versions = [each.version for each in found if each.stream == stream]
        assert versions == list(range(1, len(versions) + 1))
        assert await log.stream(stream) == [each for each in found if each.stream == stream]
    return len(found)


class Promises:
    async def test_the_answer_is_the_position_of_the_unit_s_last_event(self, log: Log) -> None:
        units = [unit(uuid4(), 0, 2) for _ in range(20)]
        for each, answer in zip(units, await outcomes(log, *units), strict=True):
            assert isinstance(answer, Appended)
            last = await log.at(each.events[-1].stream, 2)
            assert last
            assert last.position == answer.position

    async def test_a_unit_over_several_streams_is_all_or_nothing(self, log: Log) -> None:
        await log.append(unit(A, 0))
        with pytest.raises(Conflict):
            await log.append(together(unit(B, 0), unit(A, 0), unit(C, 0)))
        assert [each.stream for each in await log.read(0, 10)] == [A]
        await log.append(together(unit(B, 0), unit(A, 1), unit(C, 0)))
        assert await whole(log) == 4

    async def test_a_conflict_fails_alone(self, log: Log) -> None:
        await log.append(unit(A, 0))
        answers = await outcomes(
            log, unit(uuid4(), 0), unit(A, 0), unit(uuid4(), 0), unit(B, 5), unit(uuid4(), 0)
        )
        assert [type(answer) for answer in answers] == [
            Appended,
            Conflict,
            Appended,
            Conflict,
            Appended,
        ]
        assert await whole(log) == 4

    @pytest.mark.parametrize("before", [1, 5])
    async def test_an_event_that_leaves_a_gap_in_its_stream_is_a_conflict(
        self, log: Log, before: int
    ) -> None:
        with pytest.raises(Conflict):
            await log.append(unit(A, before))
        await log.append(unit(B, 0))
        with pytest.raises(Conflict):
            await log.append(unit(B, before + 1))
        assert await whole(log) == 1

    async def test_of_two_that_expect_the_same_version_one_is_first(self, log: Log) -> None:
        answers = await outcomes(log, *(unit(A, 0) for _ in range(10)))
        assert (
            sorted(type(answer).__name__ for answer in answers) == ["Appended"] + ["Conflict"] * 9
        )

    async def test_a_stream_s_owner_never_changes(self, log: Log) -> None:
        await log.append(unit(A, 0, owner=B))
        with pytest.raises(NotAppended):
            await log.append(unit(A, 1, owner=C))
        with pytest.raises(NotAppended):
            await log.append(NewUnit(((C, 0),), (event(C, 1, owner=A), event(C, 2, owner=B))))
        await log.append(unit(A, 1, owner=B))
        assert await whole(log) == 2

    @pytest.mark.parametrize(
        "crooked",
        [
            NewUnit((), (event(A, 1),)),
            NewUnit(((A, 0),), (event(A, 2),)),
            NewUnit(((A, 0),), (event(A, 1), event(A, 3))),
            NewUnit(((A, 0),), (event(A, 2), event(A, 1))),
            NewUnit(((A, 0), (B, 0)), (event(A, 1),)),
            NewUnit(((A, 0), (A, 0)), (event(A, 1),)),
        ],
    )
    async def test_versions_follow_the_version_that_was_expected(
        self, log: Log, crooked: NewUnit
    ) -> None:
        with pytest.raises(NotAppended):
            await log.append(crooked)
        assert not await log.read(0, 10)

    async def test_an_event_has_a_largest_size(self, log: Log) -> None:
        await log.append(unit(A, 0, text="x" * (256 * 1024 - len('{"text":""}'))))
        with pytest.raises(NotAppended):
            await log.append(unit(B, 0, text="x" * 256 * 1024))
        assert await whole(log) == 1

    async def test_a_repeat_is_called_a_repeat_although_its_stream_moved_on(self, log: Log) -> None:
        id = uuid4()
        first = await log.append(unit(A, 0, 2, id=id))
        await log.append(unit(A, 2))
        for again in (unit(A, 0, 2, id=id), unit(A, 3, id=id), unit(B, 0, id=id)):
            with pytest.raises(Repeated):
                await log.append(again)
        row = await log.command(id)
        assert row
        assert (row.stream, row.version, row.position, row.fingerprint) == (
            A,
            2,
            first.position,
            b"f",
        )
        assert await log.command(uuid4()) is None

    async def test_a_command_about_a_stream_it_did_not_change_remembers_its_own_last_position(
        self,
        log: Log,
    ) -> None:
        await log.append(unit(A, 0))
        id = uuid4()
        appended = await log.append(unit(B, 0, 3)._replace(command=command(id, A, 1)))
        row = await log.command(id)
        assert row
        assert row.position == appended.position == 4

    async def test_bytes_come_back_as_they_went_in(self, log: Log) -> None:
        new = unit(A, 0, text="考核\n")
        await log.append(new)
        [found] = await log.read(0, 10)
        assert (found.data, found.meta, found.type, found.owner) == (
            new.events[0].data,
            new.events[0].meta,
            "test.Thing.Done",
            A,
        )
        assert [each.version for each in await log.stream(A)] == [1]
        assert await log.stream(A, 0) == []
        assert await log.head() == 1

    async def test_streams_and_the_log_are_read_in_parts(self, log: Log) -> None:
        await log.append(unit(A, 0, 3))
        await log.append(unit(B, 0))
        await log.append(unit(A, 3))
        assert [each.position for each in await log.read(2, 2)] == [3, 4]
        assert [each.version for each in await log.stream(A, 3, after=1)] == [2, 3]
        assert [each.position for each in await log.stream(A, after=3)] == [5]
        assert (await log.stream(C), await log.at(A, 5), await log.at(C, 1)) == ([], None, None)
        found = await log.at(A, 4)
        assert found
        assert found.position == 5

    async def test_streams_that_are_asked_for_at_once_do_not_mix(self, log: Log) -> None:
        for each in (unit(A, 0, 3), unit(B, 0, 2), unit(A, 3)):
            await log.append(each)
        found = await asyncio.gather(
            log.stream(A, 2), log.stream(B), log.stream(A, after=3), log.stream(C), log.stream(A)
        )
        assert [[(each.stream, each.version) for each in one] for one in found] == [
            [(A, 1), (A, 2)],
            [(B, 1), (B, 2)],
            [(A, 4)],
            [],
            [(A, 1), (A, 2), (A, 3), (A, 4)],
        ]

    async def test_a_follower_reads_what_comes(self, log: Log) -> None:
        for before in range(3):
            await log.append(unit(A, before))
            log.doubt()
            for _ in range(2):
                found = await log.follow(before, 10)
                assert [each.version for each in found] == [before + 1]
                assert await log.follow(before + 1, 10) == []

    async def test_an_append_rings_both_bells(self, log: Log) -> None:
        watches = [Watch(log.bell), Watch(log.appended)]
        await log.append(unit(A, 0))
        async with asyncio.timeout(PATIENCE):
            for each in watches:
                await each.wait(2 * PATIENCE)

    async def test_a_closed_log_takes_nothing(self, log: Log) -> None:
        id = uuid4()
        await log.append(unit(A, 0, id=id))
        await log.close("a topic that is ahead")
        for each in (unit(B, 0), unit(A, 0, id=id)):
            with pytest.raises(Unavailable):
                await log.append(each)
        await log.reopen("another topic")
        assert not await log.is_open()
        await log.reopen("a topic that is ahead")
        assert await log.is_open()
        await log.append(unit(A, 1))
        assert await whole(log) == 2


class TestMemoryLog(Promises):
    @pytest.fixture
    def log(self) -> Log:
        return MemoryLog(SystemClock())

    def test_it_replaces_everything_that_asks_the_database(self) -> None:
        public = {name for name, each in vars(Log).items() if callable(each) and name[0] != "_"}
        assert public - vars(MemoryLog).keys() == {"ring", "at"}  # which asks `stream`


@pytest.mark.servers
class TestPostgresLog(Promises):
    @pytest.fixture
    def log(self, stage: Stage) -> Log:
        return stage.log
