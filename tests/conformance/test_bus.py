"""What every bus keeps, on whatever Kafka and PostgreSQL are given, whoever dies and whatever is
lost on the way.
"""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from random import Random
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from aiokafka import AIOKafkaProducer

from deploy.embedded.outside import kafka_security
from libs.chassis.replicas.clock import RandomIds, SystemClock
from libs.events.application import Application, UnitOfWork
from libs.events.bell import Bell
from libs.events.envelope import DATASCHEMA, KafkaRecord, from_record, to_record
from libs.events.errors import Unavailable
from libs.events.keyring import MemoryKeyRing
from libs.events.policy import Policy
from libs.events.reader import Applier, Fenced, Reader
from libs.events.rebuild import from_topic
from libs.events.records import StoredEvent
from libs.events.verifying import RecordVerifier
from libs.events.worker import Worker
from tests.conformance.echo import Done, Echo, hear, note
from tests.conformance.faults import KafkaProxy, Mode, Proxy
from tests.conformance.member import URL, process
from tests.conformance.stage import assert_whole, in_place_of, opened, unit
from tests.conformance.two_services import Play, records, topics, until
from tests.events.commands import asked
from tests.patience import PATIENCE
from tests.signing import known, signer_of

pytestmark = [
    *(pytest.mark.servers, pytest.mark.slow),
    pytest.mark.usefixtures("as_promised"),
]
STREAM = UUID(int=1)


@asynccontextmanager
async def between(dsn: str) -> AsyncIterator[tuple[Proxy, str]]:
    """A proxy before the database, and the DSN that goes through it."""
    url = urlsplit(dsn)
    async with Proxy(url.hostname or "", url.port or 5432).at_work() as proxy:
        yield proxy, in_place_of(dsn, netloc=f"127.0.0.1:{proxy.port}")


@asynccontextmanager
async def behind_proxies(play: Play) -> AsyncIterator[tuple[Proxy, Proxy]]:
    """Both services reach their databases through proxies."""
    async with between(play.said.dsn) as (one, first), between(play.heard.dsn) as (two, second):
        play.first, play.second = replace(play.first, dsn=first), replace(play.second, dsn=second)
        yield one, two


@asynccontextmanager
async def before_kafka(play: Play) -> AsyncIterator[KafkaProxy]:
    """Both services reach the broker through a proxy."""
    host, _, port = play.first.kafka.partition(",")[0].rpartition(":")
    async with KafkaProxy(host, int(port)).at_work() as proxy:
        through, client = f"127.0.0.1:{proxy.port}", {"request_timeout_ms": 2000}
        play.first, play.second = (
            replace(each, kafka=through, client=client) for each in (play.first, play.second)
        )
        yield proxy


async def test_what_is_said_is_told_and_heard_in_order_and_once(play: Play) -> None:
    async with play.first.at_work(), play.second.at_work():
        await play.write(1200, Random(1), writers=12)
        await play.carried()


async def test_a_reaction_that_meets_a_command_is_decided_again(play: Play) -> None:
    """Between loading and writing, each time, somebody else writes to the same stream."""
    echoes, late, met = (
        Application(play.heard.log, MemoryKeyRing(), RandomIds()),
        Policy("late"),
        set[int](),
    )

    @late.on(Done)
    async def hear_late(work: UnitOfWork, fact: Done, at: StoredEvent) -> None:
        await hear(work, fact, at)
        if at.position not in met and await echoes.find(Echo, at.stream):
            met.add(at.position)
            await note(echoes, asked(), at.stream)

    await play.write(40, Random(18))
    applier = Applier(
        Reader("late", play.first.name, policy=late), echoes, play.heard.pool, SystemClock(), Bell()
    )
    for fact in await play.said.log.read(0, play.count):
        await applier.resume()
        with suppress(Fenced):  # a reader looks again where it stands
            await applier.apply([fact], 0)
    assert await play.everything_heard(play.count)
    assert met


@pytest.mark.parametrize("who", ["relay", "reader"])
async def test_whoever_is_killed_loses_and_doubles_nothing(play: Play, who: str) -> None:
    random = Random(2)
    async with process(play.first) as relay, process(play.second) as reader:
        writing = asyncio.create_task(play.write(1500, random, pause=0.08))
        victim = relay if who == "relay" else reader
        for _ in range(5):
            await asyncio.sleep(random.uniform(0.7, 2.0))
            await victim.dies()
        await writing
        await play.carried()
    assert victim.starts >= 6


@pytest.mark.parametrize("signum", [signal.SIGKILL, signal.SIGSTOP])
async def test_a_standby_takes_over_and_a_leader_that_wakes_up_writes_nothing(
    play: Play, signum: signal.Signals
) -> None:
    async with process(play.first, kept=False) as leader, play.second.at_work():
        await play.write(8, Random(3))
        await until(lambda: play.is_published(play.first, play.said))
        async with process(play.first):
            writing = asyncio.create_task(play.write(400, Random(4), pause=0.05))
            await asyncio.sleep(1)
            leader.send(signum)
            await writing
            await play.carried()
            leader.send(signal.SIGCONT)
            await play.write(400, Random(5), pause=0.02)
            await play.carried()


async def test_a_standby_whose_connection_went_dead_takes_over_all_the_same(play: Play) -> None:
    async with (
        process(play.first, kept=False) as leader,
        play.second.at_work(),
        between(play.said.dsn) as (proxy, dsn),
    ):
        await play.write(8, Random(20))
        await until(lambda: play.is_published(play.first, play.said))
        async with replace(play.first, dsn=dsn).at_work():
            await until(lambda: connected(play))
            proxy.becomes(Mode.BLACKHOLE)
            await asyncio.sleep(1)  # it asks twice a second whether it may lead
            proxy.becomes(Mode.PASS)
            leader.kill()
            await play.write(40, Random(21))
            await play.carried()


async def connected(play: Play) -> bool:
    """Whether somebody asks again and again whether he may lead."""
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE usename = current_user AND query LIKE "
        "'SELECT public.try_to_lead%'"
    )
    return bool(await play.said.pool.fetchval(query))


async def test_an_append_whose_answer_is_lost_stands_once(play: Play) -> None:
    async with between(play.said.dsn) as (proxy, dsn), opened(dsn) as stage:
        proxy.becomes(Mode.LOSTACK, 0.1)
        await play.write(400, Random(6), log=stage.log)
        proxy.becomes(Mode.PASS)
        assert proxy.destroyed
    assert await assert_whole(play.said.pool) == play.count


async def test_relay_and_reader_go_on_where_the_database_s_answers_were_lost(play: Play) -> None:
    async with behind_proxies(play) as proxies, play.first.at_work(), play.second.at_work():
        for proxy in proxies:
            proxy.becomes(Mode.LOSTACK, 0.05)
        await play.write(600, Random(7), pause=0.05)
        for proxy in proxies:
            proxy.becomes(Mode.PASS)
            assert proxy.destroyed
        await play.carried()


async def test_a_database_that_answers_nobody_is_told_and_found_again(play: Play) -> None:
    async with (
        behind_proxies(play) as proxies,
        opened(play.first.dsn) as stage,
        play.first.at_work(),
        play.second.at_work(),
    ):
        await play.write(40, Random(8), log=stage.log)
        for proxy in proxies:
            proxy.becomes(Mode.BLACKHOLE)
        async with asyncio.timeout(PATIENCE):
            with pytest.raises(Unavailable):
                await stage.log.append(unit(STREAM, 0))
        for proxy in proxies:
            proxy.becomes(Mode.PASS)
        await play.write(40, Random(9), log=stage.log)
        await play.carried()


async def test_records_whose_acknowledgement_is_lost_are_told_once(play: Play) -> None:
    async with before_kafka(play) as proxy, play.first.at_work(), play.second.at_work():
        proxy.becomes(Mode.LOSTACK, 0.4)
        await play.write(400, Random(10), pause=0.1)
        proxy.becomes(Mode.PASS)
        assert proxy.destroyed
        await play.carried()


async def test_a_broker_away_for_longer_than_the_client_waits_gets_everything_in_order(
    play: Play,
) -> None:
    """Refusing for longer than a request may take, then silent for longer than a producer is
    believed in.
    """
    async with before_kafka(play) as proxy, play.first.at_work(), play.second.at_work():
        await play.write(40, Random(11))
        await until(lambda: play.is_published(play.first, play.said))
        for mode, seconds in ((Mode.RESET, 5.0), (Mode.BLACKHOLE, 11.0)):
            writing = asyncio.create_task(play.write(200, Random(12), pause=0.1))
            proxy.becomes(mode)
            await asyncio.sleep(seconds)
            await writing
            proxy.becomes(Mode.PASS)
            await play.write(8, Random(19), pause=0.5)  # what comes afterwards stands behind it
            await play.carried()


async def test_who_leaves_a_topic_while_the_broker_is_away_is_not_cancelled(play: Play) -> None:
    """Nobody asked for that: a worker that took it for its own end fell silent for ever."""

    async def look_in(away: asyncio.Event, seconds: float) -> None:
        async with bus.reading(play.first.topic, 0) as subscription:
            await subscription.next(1, 0.01)
            await away.wait()
            await asyncio.sleep(seconds)

    async with before_kafka(play) as proxy:
        bus, away = play.first.bus, asyncio.Event()
        looking = [asyncio.create_task(look_in(away, n * 0.02)) for n in range(20)]
        await asyncio.sleep(1.0)
        proxy.becomes(Mode.RESET)
        away.set()
        left = await asyncio.gather(*looking, return_exceptions=True)
    assert [each for each in left if each is not None] == []


async def test_a_loop_that_is_cancelled_by_nobody_ends_the_process(play: Play) -> None:
    async def gives_up() -> None:
        raise asyncio.CancelledError

    with pytest.raises(RuntimeError, match="relay"):
        await Worker(play.first.dsn, {"relay": gives_up}).run()


async def test_a_topic_that_lost_its_tail_gets_it_back(play: Play) -> None:
    async with play.second.at_work():
        async with play.first.at_work():
            await play.write(300, Random(13))
            await play.carried()
        await cut(play, 100)
        async with play.first.at_work():
            await play.write(100, Random(14))
            await play.carried()


async def test_a_tail_lost_under_the_relay_s_hands_comes_back_too(play: Play) -> None:
    """What it tells before it notices stands too early on the topic: whoever takes exactly the
    next position reads it all the same.
    """
    async with play.first.at_work(), play.second.at_work():
        await play.write(300, Random(15))
        await play.carried()
        await cut(play, 100)
        await play.write(100, Random(16))
        await until(lambda: play.everything_heard(play.count))
        log, name = await play.said.log.read(0, 1000), play.first.name
        verifier = RecordVerifier(name, known(name), play.said.pool)
        assert [
            each
            async for batch in from_topic(play.first.bus, name, play.count, verifier)
            for each in batch
        ] == log


async def test_a_backlog_larger_than_the_topic_takes_at_once_is_published(play: Play) -> None:
    """As one that came up while the broker was away; a topic takes a mebibyte where nothing else
    is set.
    """
    for n in range(0, 400, 20):
        await play.said.log.append(unit(STREAM, n, 20, text="x" * 10_000))
    async with play.first.at_work():
        await until(lambda: play.is_published(play.first, play.said))
    assert len(await records(play.first)) == 400


async def cut(play: Play, length: int) -> None:
    """A broker cannot be made to lose the end of a topic: the topic is made again, with its
    beginning only.
    """
    kept = (await records(play.first))[:length]
    await topics(play.first.kafka, play.first.topic, drop=True)
    publisher = play.first.bus.publisher()
    while kept:
        count, _ = await publisher.publish(play.first.topic, kept)
        kept = kept[count:]
    await publisher.end()


async def test_a_topic_that_says_otherwise_where_schemas_are_is_gone_on_with(play: Play) -> None:
    """As one that was begun before its records named the service, or one whose service moved."""
    async with play.first.at_work():
        await play.write(40, Random(23))
        await until(lambda: play.is_published(play.first, play.said))
    before = await records(play.first)
    await topics(play.first.kafka, play.first.topic, drop=True)
    publisher = play.first.bus.publisher()
    await publisher.publish(play.first.topic, [elsewhere(each) for each in before])
    await publisher.end()
    async with play.first.at_work():
        await play.said.log.append(unit(STREAM, 0))

        async def is_told() -> bool:
            return len(await records(play.first)) == len(before) + 1

        await until(is_told)
        assert await play.said.log.is_open()


def elsewhere(record: KafkaRecord) -> KafkaRecord:
    """As it was written before."""
    headers = [
        (name, value.removeprefix(URL.encode()) if name == DATASCHEMA else value)
        for name, value in record.headers
    ]
    assert tuple(headers) != record.headers
    return replace(record, headers=tuple(headers))


async def test_a_record_of_its_own_that_the_log_does_not_have_closes_it(play: Play) -> None:
    """As after a restore from an old copy."""
    async with play.first.at_work():
        await play.write(40, Random(17))
        await until(lambda: play.is_published(play.first, play.said))
        last = (await records(play.first))[-1]
        publisher = play.first.bus.publisher()
        lost = replace(from_record(last), position=41)
        record = signer_of(play.first.name).signed(to_record(play.first.name, lost, URL), lost)
        await publisher.publish(play.first.topic, [record])
        await publisher.end()
        with suppress(Unavailable):  # a relay that began anew has noticed by itself
            await play.said.log.append(unit(STREAM, 0))  # else it notices as it tells

        async def is_closed() -> bool:
            return not await play.said.log.is_open()

        await until(is_closed)
        with pytest.raises(Unavailable):
            await play.said.log.append(unit(STREAM, 1))


async def test_a_topic_is_read_to_its_true_end(play: Play) -> None:
    """Its end offset is none: markers of transactions stand there, and what was aborted."""
    producer = AIOKafkaProducer(
        bootstrap_servers=play.first.kafka, transactional_id=play.first.name, **kafka_security()
    )
    await producer.start()
    async with producer.transaction():
        for n in range(3):
            await producer.send_and_wait(play.first.topic, b"%d" % n)
    await producer.begin_transaction()
    await producer.send_and_wait(play.first.topic, b"aborted")
    await producer.abort_transaction()
    await producer.stop()
    async with asyncio.timeout(PATIENCE):
        assert [each.value for each in await records(play.first)] == [b"0", b"1", b"2"]
