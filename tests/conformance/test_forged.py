"""What others write on a service's topic: nobody takes it for a fact, nothing waits behind it, and
it is kept with its reason.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any

import pytest

from libs.events.envelope import SIGNATURE, KafkaRecord, from_record
from libs.events.pools import Pool
from libs.events.rebuild import from_topic
from libs.events.relay import lost_tail
from libs.events.signatures import Untrusted
from libs.events.verifying import RecordVerifier, all_refused
from tests.conformance.two_services import Play, records, until
from tests.signing import known, signer_of

pytestmark = [pytest.mark.servers, pytest.mark.slow]
Forgery = Callable[[KafkaRecord], KafkaRecord]


def with_header(name: str, value: bytes | None) -> Forgery:
    """None: without it."""

    def forged(record: KafkaRecord) -> KafkaRecord:
        kept = [each for each in record.headers if each[0] != name]
        return replace(record, headers=(*kept, *([(name, value)] if value is not None else [])))

    return forged


def signed_by_another(record: KafkaRecord) -> KafkaRecord:
    plain = with_header(SIGNATURE, None)(record)
    return signer_of("another").signed(plain, from_record(plain))


FORGERIES: dict[str, tuple[Forgery, str]] = {
    "the next position": (with_header("ce_position", b"41"), "does not fit"),
    "other data": (lambda each: replace(each, value=b"{}"), "does not fit"),
    "another owner": (lambda each: replace(each, key=each.key[::-1]), "does not fit"),
    "another type": (with_header("ce_type", b"kaohe.review.Case.Decided"), "does not fit"),
    "another stream": (
        with_header("ce_subject", b"00000000-0000-4000-8000-000000000001"),
        "does not fit",
    ),
    "no signature": (with_header(SIGNATURE, None), "unsigned"),
    "no signature's form": (with_header(SIGNATURE, b"signed!"), "malformed (signature)"),
    "no algorithm": (with_header(SIGNATURE, b"none; 0; AA=="), "not known"),
    "another's signature": (signed_by_another, "not known"),
    "no headers": (lambda each: replace(each, headers=()), "malformed"),
    "no meta": (with_header("kaohe-meta", None), "malformed"),
    "meta that is none": (with_header("kaohe-meta", b"[1]"), "malformed"),
    "no number": (with_header("ce_position", b"first"), "malformed"),
    "a position below all": (with_header("ce_position", b"-1"), "malformed"),
    "a number beyond all": (with_header("ce_position", b"9" * 5000), "malformed"),
    "no text": (with_header("ce_time", b"\xff\xfe"), "malformed"),
    "nothing": (lambda _: KafkaRecord(b"", b"", ()), "malformed"),
}


async def forge(play: Play, *made: KafkaRecord) -> None:
    publisher = play.first.bus.publisher()
    await publisher.publish(play.first.topic, list(made))
    await publisher.end()


async def test_nobody_takes_a_forged_record_and_nothing_waits_behind_it(play: Play) -> None:
    async with play.first.at_work(), play.second.at_work():
        await play.write(40, Random(17))
        await until(lambda: play.everything_heard(play.count))
        last = (await records(play.first))[-1]
        await forge(play, *(forged(last) for forged, _ in FORGERIES.values()))
        await play.write(20, Random(18))
        await until(lambda: play.everything_heard(play.count))
        for stage in (play.said, play.heard):  # its own relay, and who reads it
            await until(partial(are_refused, stage.pool, len(FORGERIES)))
        assert await play.said.log.is_open()
    for stage in (play.said, play.heard):
        reasons = [each.reason for each in await all_refused(stage.pool)]
        for reason, (name, (_, expected)) in zip(reasons, FORGERIES.items(), strict=True):
            assert expected in reason, (name, reason)
    assert await of_topic(play) == await play.said.log.read(0, 1000)


async def are_refused(pool: Pool, count: int) -> bool:
    return len(await all_refused(pool)) == count


async def of_topic(play: Play) -> list[Any]:
    told = from_topic(play.first.bus, play.first.name, play.count, verifier(play, play.said.pool))
    return [each async for batch in told for each in batch]


def verifier(play: Play, pool: Pool) -> RecordVerifier:
    return RecordVerifier(play.first.name, known(play.first.name), pool)


async def test_a_forged_last_record_is_not_recovered(play: Play) -> None:
    async with play.first.at_work():
        await play.write(12, Random(19))
        await until(lambda: play.is_published(play.first, play.said))
    last = (await records(play.first))[-1]
    await forge(play, with_header("ce_position", b"13")(last))
    found = await lost_tail(
        play.said.log, play.first.bus, play.first.name, verifier(play, play.said.pool)
    )
    assert found == []


async def test_records_of_before_they_were_signed_are_facts_still(play: Play) -> None:
    async with play.first.at_work():
        await play.write(12, Random(20))
        await until(lambda: play.is_published(play.first, play.said))
    unsigned = [with_header(SIGNATURE, None)(each) for each in await records(play.first)]
    older = known(play.first.name, signed_from=12)
    for record in unsigned[:11]:
        assert older.event(play.first.name, record) == from_record(record)
    with pytest.raises(Untrusted, match="unsigned"):
        older.event(play.first.name, unsigned[11])
