"""A file that takes its reader over has taken nothing."""

import asyncio
from threading import Event
from typing import Any

import pytest

from libs.chassis.scans.parser import pool
from libs.chassis.scans.parser.limits import Fault, Unacceptable
from libs.chassis.scans.parser.pool import Nursery, Parser
from libs.events.errors import Unavailable
from tests.patience import PATIENCE

PROBES = "tests.chassis.probes"


def probed() -> dict[str, Any]:
    said, _ = Nursery(PROBES).ask({"call": "clean"}, b"")
    return dict(said["said"])


def test_who_reads_a_file_has_no_secret_no_network_and_no_way_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ENTERPRISE_DB__DSN", "postgresql://secret")
    said = probed()
    assert said.pop("environment").keys() <= {"LC_CTYPE"}  # which the interpreter itself sets
    assert said.pop("descriptors") == [0, 1]
    assert said == dict.fromkeys(said, "PermissionError") | {"more memory": "ValueError"}


@pytest.mark.parametrize(
    ("what", "fault"),
    [("time", Fault.TIME), ("memory", Fault.MEMORY), ("crash", Fault.UNREADABLE)],
)
async def test_who_takes_too_much_is_ended_and_the_next_file_is_read(what: str, fault: str) -> None:
    parser = Parser(work=PROBES)
    with pytest.raises(Unacceptable, match=f"^{fault}$"):
        await parser.count("", what.encode())
    assert await parser.count("", b"nothing") == 1


async def test_a_mistake_of_the_reader_itself_is_not_the_files() -> None:
    parser = Parser(work=PROBES)
    with pytest.raises(Unavailable):
        await parser.count("", b"mistake")
    assert await parser.count("", b"nothing") == 1


def test_the_process_ends_when_no_file_comes_and_the_next_one_starts_another() -> None:
    nursery = Nursery(PROBES, idle=0.0)
    assert nursery.ask({"call": "count"}, b"nothing")[0] == {"pages": 1}
    first = nursery.process
    assert first
    assert first.wait(PATIENCE) == 0
    assert nursery.ask({"call": "count"}, b"nothing")[0] == {"pages": 1}
    assert nursery.process is not first


def test_while_a_file_is_read_nobody_ends_for_want_of_files() -> None:
    nursery = Nursery(PROBES, idle=0.0)
    assert nursery.ask({"call": "count"}, b"time")[0] == {"fault": Fault.TIME}


def test_a_process_that_was_lost_is_replaced_and_the_file_is_read() -> None:
    nursery = Nursery(PROBES)
    assert nursery.ask({"call": "count"}, b"nothing")[0] == {"pages": 1}
    lost = nursery.process
    assert lost
    lost.kill()
    lost.wait()
    assert nursery.ask({"call": "count"}, b"nothing")[0] == {"pages": 1}


async def test_a_few_are_read_at_once_some_wait_and_more_are_turned_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parser, go, arrived = Parser(threads=1, most_waiting=1, work=PROBES), Event(), Event()
    ended = pool._ended

    def slowly(waiting: Any) -> tuple[int, int, int]:
        arrived.set()
        go.wait(10)
        return ended(waiting)

    monkeypatch.setattr(pool, "_ended", slowly)
    at_work = asyncio.create_task(parser.count("", b""))
    await asyncio.to_thread(arrived.wait, 10)
    waiting = asyncio.create_task(parser.count("", b""))
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await parser.count("", b"")
    go.set()
    assert [await at_work, await waiting] == [1, 1]
    assert await parser.count("", b"") == 1
