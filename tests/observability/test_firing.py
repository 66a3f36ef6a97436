"""Each alert fires by what real processes tell under the fault that it is about, and no other
fault's does; none fires while all is well.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from deploy.cli.contracts import services
from libs.chassis.process.settings import Kafka, ServiceSettings
from libs.chassis.service import figures
from libs.events import effects as carrying
from libs.events import pools
from libs.events.effects import Effects
from libs.events.envelope import KafkaRecord, topic_of
from libs.events.errors import Unavailable
from libs.events.records import StoredEvent
from tests.chassis import bank, ledgers
from tests.chassis.bank import Bank, away, new_enterprise, until
from tests.chassis.books import Book
from tests.chassis.issuer import FakeIssuer
from tests.chassis.test_service import told as tell
from tests.observability.rules import Course, Scrape, fired, judged, names, scraped

BOOK = {"city": "410100"}


@dataclass
class Watched:
    """The bank, scraped as Prometheus does."""

    bank: Bank

    @property
    def clerk(self) -> httpx.AsyncClient:
        return self.bank.sign_in("ENT_CLERK", org=new_enterprise()[0])

    async def open_book(self, city: str = "410100") -> int:
        headers = {"Idempotency-Key": str(uuid4())}
        answer = await self.clerk.post("/api/v1/books", json={"city": city}, headers=headers)
        return answer.status_code

    async def text(self) -> str:
        return (await self.clerk.get("/metrics")).text

    async def scrape(self) -> Scrape:
        return scraped(await self.text())

    async def until(self, name: str, is_so: Callable[[float], bool], **labels: str) -> None:
        """Until a figure says so."""

        async def found() -> bool:
            return any(
                is_so(value)
                for (told, given), value in (await self.scrape()).items()
                if told == name and labels.items() <= dict(given).items()
            )

        await until(found)

    async def goes_on(self, well: Scrape) -> Course:
        ill = await self.scrape()
        await asyncio.sleep(1)
        return Course(well, ill, await self.scrape())


pytestmark = pytest.mark.servers


@pytest.fixture
async def watched(settings: tuple[ServiceSettings, str, str]) -> AsyncIterator[Watched]:
    async with at_work(*settings) as found:
        yield found


@asynccontextmanager
async def at_work(
    settings: ServiceSettings, admin: str, source: str, *effects: Effects
) -> AsyncIterator[Watched]:
    """With a fact in its log, and all followed."""
    async with bank.opened(settings, admin, source, effects) as opened:
        found = Watched(opened)
        await found.until("kaohe_worker_leads", bool)
        yield found


async def well(found: Watched) -> Scrape:
    """A book was opened, and everybody has followed."""
    assert await found.open_book() == 201
    await found.until("kaohe_relay_position", lambda position: position > 0)
    await found.until("kaohe_reader_behind_positions", lambda left: left == 0)
    return await found.scrape()


async def test_what_is_told_is_what_is_documented(watched: Watched) -> None:
    await well(watched)
    known = {each.name for each in figures.ALL}
    of_effects = {each for each in known if "_effects_" in each}
    assert names(await watched.text()) == known - of_effects


async def test_while_all_is_well_nothing_fires(watched: Watched, tmp_path: Path) -> None:
    course = await watched.goes_on(await well(watched))
    assert fired(replace(course, ill=course.well, later=course.well), tmp_path) == set()


async def test_the_database_is_away(watched: Watched, tmp_path: Path) -> None:
    before = await well(watched)
    async with away(watched.bank):
        await watched.until("kaohe_worker_leads", lambda leads: not leads)
        assert await watched.open_book() == 503
        ill = await watched.scrape()
        assert await watched.open_book() == 503
        course = Course(before, ill, await watched.scrape(), 15)
    assert fired(course, tmp_path) == {"KaoheNobodyLeads", "KaoheRequestsFail"}


async def test_the_broker_is_away(
    settings: tuple[ServiceSettings, str, str], tmp_path: Path
) -> None:
    async with at_work(*settings) as found:
        before = await well(found)
    there, admin, source = settings
    nowhere = there.model_copy(update={"kafka": Kafka(bootstrap="127.0.0.1:1")})
    async with at_work(nowhere, admin, source) as found:
        assert await found.open_book() == 201
        for seconds in ("kaohe_relay_behind_seconds", "kaohe_reader_behind_seconds"):
            await found.until(seconds, bool)
        course = await found.goes_on(before)
    assert fired(course, tmp_path) == {"KaoheRelayBehind", "KaoheReaderBehind", "KaoheLoopWaits"}


async def test_a_fact_cannot_be_applied(watched: Watched, tmp_path: Path) -> None:
    before = await well(watched)
    await tell(watched.bank, 1, offset_seconds="tomorrow")
    await watched.until("kaohe_reader_parked_facts", bool)
    assert fired(await watched.goes_on(before), tmp_path) == {"KaoheFactsParked"}


async def test_a_position_of_a_topic_is_missing(watched: Watched, tmp_path: Path) -> None:
    before = await well(watched)
    await tell(watched.bank, 7, offset_seconds=0)
    await watched.until("kaohe_reader_behind_seconds", bool)
    assert fired(await watched.goes_on(before), tmp_path) == {"KaoheGap", "KaoheReaderBehind"}


async def test_a_stranger_writes_to_a_topic(watched: Watched, tmp_path: Path) -> None:
    before = await well(watched)
    publisher = watched.bank.runtime.bus.publisher()
    forged = KafkaRecord(b"", secrets.token_bytes(8), ())
    await publisher.publish(topic_of(watched.bank.source), [forged])
    await publisher.end()
    await watched.until("kaohe_topic_refused_records", bool)
    assert fired(await watched.goes_on(before), tmp_path) == {"KaoheRecordsRefused"}


async def test_the_topic_is_ahead_of_the_log(watched: Watched, tmp_path: Path) -> None:
    before = await well(watched)
    await watched.bank.runtime.log.close("kaohe.elsewhere.v1")
    await watched.until("kaohe_log_closed", bool)
    assert fired(await watched.goes_on(before), tmp_path) == {"KaoheLogClosed"}


async def test_appends_are_slow(watched: Watched, tmp_path: Path) -> None:
    before = await well(watched)
    for _ in range(2):
        holder = await asyncpg.connect(watched.bank.admin)
        await holder.execute("SELECT pg_advisory_lock(4157)")  # as whoever appends takes it
        asked = asyncio.create_task(watched.open_book())
        await asyncio.sleep(0.6)
        await holder.close()
        assert await asked == 201
    course = Course(before, before, await watched.scrape())
    assert fired(course, tmp_path) == {"KaoheAppendsSlow"}


async def test_appends_are_not_answered(watched: Watched, tmp_path: Path) -> None:
    before = await well(watched)
    holder = await asyncpg.connect(watched.bank.admin)
    await holder.execute("SELECT pg_advisory_lock(4157)")
    assert await watched.open_book() == 503
    await holder.close()
    found = fired(Course(before, before, await watched.scrape()), tmp_path)
    assert found == {"KaoheAppendsFail", "KaoheRequestsFail", "KaoheRequestsSlow"}


async def test_no_connection_is_free(
    watched: Watched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "TURN", 0.5)
    before = await well(watched)
    pool = watched.bank.runtime.pool
    async with AsyncExitStack() as stack:
        for _ in range(pool.get_max_size()):
            with suppress(TimeoutError):
                await stack.enter_async_context(pool.acquire(timeout=1))
        with suppress(Unavailable):
            await watched.bank.runtime.log.head()
        course = await watched.goes_on(before)
    assert "KaohePoolExhausted" in fired(course, tmp_path)


class Failing:
    """An effect: of a book in one city it fails, of another its dependency is away."""

    def __init__(self) -> None:
        self.effects = Effects("books.mail")
        self.effects.on(Book.BookOpened)(self.carry_out)

    async def carry_out(self, event: Any, _: StoredEvent) -> None:
        if event.city == "410200":
            raise ValueError
        if event.city == "410300":
            raise Unavailable("mail", "its server")


async def test_effects_fail_and_wait(
    settings: tuple[ServiceSettings, str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying, "PAUSE", 0.01)
    async with at_work(*settings, Failing().effects) as found:
        before = await well(found)
        assert names(await found.text()) == {each.name for each in figures.ALL}
        await found.open_book("410200")
        await found.until("kaohe_effects_parked_facts", bool)
        assert fired(await found.goes_on(before), tmp_path) == {"KaoheEffectsParked"}
        await found.open_book("410300")
        await found.until("kaohe_effects_behind_seconds", bool)
        course = await found.goes_on(before)
    waiting = {"KaoheEffectsBehind", "KaoheLoopWaits"}
    assert fired(course, tmp_path) == {"KaoheEffectsParked", *waiting}


def test_a_process_is_away(tmp_path: Path) -> None:
    series = [{"series": 'up{job="kaohe-books",instance="a"}', "values": "1x40 0x80"}]
    assert (judged(series, 40, tmp_path), judged(series, 120, tmp_path)) == (
        set(),
        {"KaoheProcessAway"},
    )


async def test_requests_fail_and_take_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world, issuer = ledgers.World(), FakeIssuer()
    client = ledgers.client(ledgers.app(world, issuer), issuer.token("ENT_CLERK", org=ledgers.USCC))

    async def scrape() -> Scrape:
        return scraped((await client.get("/metrics")).text)

    async def asked() -> None:
        headers = {"Idempotency-Key": str(uuid4())}
        await client.post("/api/v1/ledgers", json={"text": "a"}, headers=headers)

    await asked()
    before, world.raised = await scrape(), ValueError()
    await asked()
    assert fired(Course(before, before, await scrape()), tmp_path) == {"KaoheRequestsFail"}

    world.raised, before = None, await scrape()
    clock = iter(range(1000))
    monkeypatch.setattr("libs.chassis.http.edge.time.perf_counter", lambda: 2.0 * next(clock))
    await asked()
    assert fired(Course(before, before, await scrape()), tmp_path) == {"KaoheRequestsSlow"}


def test_services_tell_no_figure_that_another_tells() -> None:
    own = [each.name for service in services() for each in service.measures]
    assert len({*own, *(each.name for each in figures.ALL)}) == len(own) + len(figures.ALL)
