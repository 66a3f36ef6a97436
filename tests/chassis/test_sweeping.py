"""What nobody completed, and what no event names, go from a real S3 server, each with an event."""

from datetime import timedelta
from io import BytesIO
from uuid import UUID, uuid4

import httpx
import pytest
import structlog

from libs.chassis.scans import sweeping
from libs.chassis.scans.sweeping import Sweeper, SweepingTimes
from tests.chassis.bank import Bank, new_enterprise
from tests.chassis.test_scans import (
    complete,
    jpeg,
    put,
    quarantined,
    s3,
    stored,
    ticket,
    uploaded,
)
from tests.chassis.test_service import opened

pytestmark = pytest.mark.servers
AT_ONCE, NEVER = timedelta(0), timedelta(days=9)


@pytest.fixture
async def clerk(the_bank: Bank) -> httpx.AsyncClient:
    return await opened(the_bank, new_enterprise()[0])


def sweeper(
    bank: Bank,
    *,
    forgotten: timedelta = NEVER,
    orphaned: timedelta = NEVER,
    spent: timedelta = NEVER,
    caught_up: bool = True,
) -> Sweeper:
    storage = bank.runtime.appliers[f"{bank.name}.storage"]

    async def shows_all() -> bool:
        return caught_up and await bank.runtime._shows_all(storage)

    return Sweeper(bank.runtime, SweepingTimes(forgotten, orphaned, spent), shows_all)


def left_over(bank: Bank, count: int = 1) -> list[str]:
    """Objects that a process put before it ended."""
    names = [str(uuid4()) for _ in range(count)]
    for each in names:
        s3(bank).put_object(
            bucket_name=bank.name, object_name=each, data=BytesIO(b"sealed"), length=6
        )
    return names


async def of(bank: Bank, type: str, scan: str) -> int:
    rows = await bank.events(type)
    return sum(row["stream_id"] == UUID(scan) for row in rows)


async def test_an_upload_that_nobody_completes_is_given_up_with_an_event(
    the_bank: Bank, clerk: httpx.AsyncClient
) -> None:
    data = jpeg("red")
    sent, never = await ticket(clerk, data), await ticket(clerk, data)
    assert await put(sent, data) == 200
    done = await uploaded(clerk, data)
    await sweeper(the_bank).sweep()
    assert quarantined(the_bank)[sent["scan"]] == len(data)
    for _ in range(2):  # a second time nothing is left to do
        await sweeper(the_bank, forgotten=AT_ONCE).sweep()
    assert sent["scan"] not in quarantined(the_bank)
    lapsed = [await of(the_bank, "UploadLapsed", each["scan"]) for each in (sent, never)]
    assert (lapsed, await of(the_bank, "UploadLapsed", done)) == ([1, 1], 0)
    again = await complete(clerk, sent["scan"])
    assert (again.status_code, again.json()["errors"][0]["rule"]) == (422, "FORMAT")
    assert (await clerk.get(f"/api/v1/scans/{done}")).status_code == 200


async def test_a_used_tickets_place_is_freed_when_it_is_over(
    the_bank: Bank, clerk: httpx.AsyncClient
) -> None:
    data = jpeg("blue")
    done, waiting = await uploaded(clerk, data), await ticket(clerk, data)
    assert await put(waiting, data) == 200
    await sweeper(the_bank, spent=AT_ONCE).sweep()
    assert done not in quarantined(the_bank)
    assert (await complete(clerk, waiting["scan"])).status_code == 200


async def test_an_object_that_no_event_names_goes_after_its_time_with_an_event(
    the_bank: Bank, clerk: httpx.AsyncClient
) -> None:
    scan, (orphan,) = await uploaded(clerk, jpeg("green")), left_over(the_bank)
    await sweeper(the_bank).sweep()
    assert orphan in stored(the_bank)
    await sweeper(the_bank, orphaned=AT_ONCE, caught_up=False).sweep()
    assert orphan in stored(the_bank)  # what is not read yet may name it
    await sweeper(the_bank, orphaned=AT_ONCE).sweep()
    assert orphan not in stored(the_bank)
    swept = [row for row in await the_bank.events("OrphanSwept") if orphan.encode() in row["data"]]
    assert len(swept) == 1
    assert (await clerk.get(f"/api/v1/scans/{scan}")).status_code == 200


async def test_one_look_takes_a_bounded_number_and_goes_on_from_there(
    the_bank: Bank, clerk: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "STEP", 2)
    await uploaded(clerk, jpeg("white"))
    names = left_over(the_bank, 5)
    looks = sweeper(the_bank, orphaned=AT_ONCE)
    for _ in range(len(stored(the_bank)) // 2 + 1):
        before = len(stored(the_bank))
        await looks.sweep()
        assert before - len(stored(the_bank)) <= 2
    assert not stored(the_bank).keys() & set(names)


async def test_where_most_are_unknown_the_log_is_at_fault_and_nothing_goes(
    the_bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log that was restored without its tail does not cost the files of what it lost."""
    monkeypatch.setattr(sweeping, "FEW", 3)
    names = left_over(the_bank, len(stored(the_bank)) + 4)
    with structlog.testing.capture_logs() as told:
        await sweeper(the_bank, orphaned=AT_ONCE).sweep()
    assert set(names) <= stored(the_bank).keys()
    assert [each["event"] for each in told if each["log_level"] == "error"] == ["alarm"]
    for each in names:
        s3(the_bank).remove_object(bucket_name=the_bank.name, object_name=each)
