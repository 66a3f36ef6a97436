"""A whole service on real PostgreSQL and Kafka: from a click to the topic and the read models."""

import asyncio
from base64 import b64decode
from uuid import UUID, uuid4

import httpx
import pytest

from libs.chassis.replicas.clock import RandomIds
from libs.chassis.routers.audit import ACCESS
from libs.events.codec import canonical
from libs.events.envelope import from_record, to_record, topic_of
from libs.events.records import StoredEvent
from tests.chassis.bank import Bank, away, new_enterprise, until
from tests.signing import signer_of

pytestmark = pytest.mark.servers


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


async def opened(bank: Bank, uscc: str) -> httpx.AsyncClient:
    """The clerk of an enterprise that has opened its book."""
    clerk = bank.sign_in("ENT_CLERK", org=uscc)
    answer = await clerk.post("/api/v1/books", json={"city": "410100"}, headers=key())
    assert answer.status_code == 201, answer.text
    return clerk


LINE = {"text": "租金", "payer": "张三丰"}


async def test_what_was_written_is_in_the_next_list(the_bank: Bank) -> None:
    uscc, enterprise = new_enterprise()
    clerk = the_bank.sign_in("ENT_CLERK", org=uscc)
    answer = await clerk.post("/api/v1/books", json={"city": "410100"}, headers=key())
    assert (answer.status_code, answer.headers["etag"], answer.headers["location"]) == (
        201,
        '"1"',
        f"/api/v1/books/{enterprise}",
    )
    position = answer.headers["x-event-position"]
    listed = await clerk.get("/api/v1/books", params={"min_position": position})
    assert (position.split("/")[0], listed.json()["items"]) == (the_bank.name, [str(enterprise)])


async def test_the_topic_is_the_log_byte_for_byte(the_bank: Bank) -> None:
    uscc, _ = new_enterprise()
    await opened(the_bank, uscc)
    rows = await the_bank.events()
    topic = topic_of(the_bank.name)

    async def told() -> list[StoredEvent]:
        _, records = await the_bank.runtime.bus.tail(topic, 0)
        return [from_record(record) for record in records] if len(records) >= len(rows) else []

    log = await the_bank.runtime.log.read(0, len(rows))
    assert (await until(told))[: len(rows)] == log


async def test_fifty_at_once_with_one_key_are_one_event_and_equal_answers(the_bank: Bank) -> None:
    uscc, enterprise = new_enterprise()
    clerk, once = the_bank.sign_in("ENT_CLERK", org=uscc), key()
    answers = await asyncio.gather(
        *(clerk.post("/api/v1/books", json={"city": "410100"}, headers=once) for _ in range(50))
    )
    told = {
        (
            a.status_code,
            a.json()["city"],
            a.headers["etag"],
            a.headers["x-event-position"],
            a.headers["location"],
        )
        for a in answers
    }
    assert len(told) == 1, told
    assert [a.headers.get("idempotency-replayed") for a in answers].count(None) == 1
    assert len([row for row in await the_bank.events() if row["stream_id"] == enterprise]) == 1


async def test_a_key_used_for_another_request_is_refused_and_changes_nothing(
    the_bank: Bank,
) -> None:
    uscc, enterprise = new_enterprise()
    clerk, once = await opened(the_bank, uscc), key() | {"If-Match": '"1"'}
    assert (
        await clerk.post(f"/api/v1/books/{enterprise}/lines", json=LINE, headers=once)
    ).json() == 1
    answer = await clerk.post(
        f"/api/v1/books/{enterprise}/lines", json=LINE | {"text": "other"}, headers=once
    )
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/key-reused")
    assert (await clerk.get(f"/api/v1/books/{enterprise}")).headers["etag"] == '"2"'


async def test_a_change_from_a_stale_version_is_refused_with_the_present_one(
    the_bank: Bank,
) -> None:
    uscc, enterprise = new_enterprise()
    clerk, path = await opened(the_bank, uscc), f"/api/v1/books/{enterprise}/lines"
    assert (
        await clerk.post(path, json=LINE, headers=key() | {"If-Match": '"1"'})
    ).status_code == 200
    stale = await clerk.post(path, json=LINE, headers=key() | {"If-Match": '"1"'})
    without = await clerk.post(path, json=LINE, headers=key())
    assert (stale.status_code, stale.headers["etag"], without.status_code) == (412, '"2"', 428)


async def test_of_two_changes_from_one_version_one_is_stale(the_bank: Bank) -> None:
    uscc, enterprise = new_enterprise()
    clerk, path = await opened(the_bank, uscc), f"/api/v1/books/{enterprise}/lines"
    answers = await asyncio.gather(
        *(clerk.post(path, json=LINE, headers=key() | {"If-Match": '"1"'}) for _ in range(10))
    )
    assert sorted(a.status_code for a in answers) == [200] + [412] * 9


async def test_a_refused_command_writes_nothing_and_its_key_is_free(the_bank: Bank) -> None:
    uscc, enterprise = new_enterprise()
    clerk, once = await opened(the_bank, uscc), key() | {"If-Match": '"1"'}
    path = f"/api/v1/books/{enterprise}/lines"
    refused = await clerk.post(path, json=LINE | {"text": ""}, headers=once)
    assert (refused.status_code, refused.json()["errors"][0]["rule"]) == (422, "E10")
    assert (await clerk.post(path, json=LINE, headers=once)).status_code == 200
    again = await clerk.post("/api/v1/books", json={"city": "410100"}, headers=key())
    assert (again.status_code, again.json()["errors"][0]["rule"]) == (409, "E24")


async def test_officers_reach_the_enterprises_of_their_city(the_bank: Bank) -> None:
    uscc, enterprise = new_enterprise()
    await opened(the_bank, uscc)

    async def seen_by(city: str, role: str = "CITY_OFFICER") -> int:
        officer = the_bank.sign_in(role, city=city)
        return (await officer.get(f"/api/v1/books/{enterprise}")).status_code

    async def listed() -> bool:
        return await seen_by("410100") == 200

    await until(listed)
    stranger = await the_bank.sign_in("ENT_CLERK", org=new_enterprise()[0]).get(
        f"/api/v1/books/{enterprise}"
    )
    assert (
        await seen_by("410200"),
        await seen_by("410000", "PROV_OFFICER"),
        stranger.status_code,
    ) == (
        404,
        200,
        404,
    )


async def test_reading_personal_data_is_an_event(the_bank: Bank) -> None:
    uscc, enterprise = new_enterprise()
    clerk = await opened(the_bank, uscc)
    await clerk.post(
        f"/api/v1/books/{enterprise}/lines", json=LINE, headers=key() | {"If-Match": '"1"'}
    )
    assert (await clerk.get(f"/api/v1/books/{enterprise}")).json() == [["租金", "张三丰"]]
    (read,) = [
        row for row in await the_bank.events("PersonalDataRead") if row["owner"] == enterprise
    ]
    assert str(enterprise).encode() in read["data"]
    assert b'"operation":"read_book"' in read["data"]


async def test_a_read_that_cannot_be_written_down_shows_nothing(the_bank: Bank) -> None:
    uscc, enterprise = new_enterprise()
    clerk = await opened(the_bank, uscc)
    await the_bank.runtime.log.close("a test")
    try:
        answer = await clerk.get(f"/api/v1/books/{enterprise}")
    finally:
        await the_bank.runtime.log.reopen("a test")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert (await clerk.get(f"/api/v1/books/{enterprise}")).status_code == 200


async def test_that_a_stream_was_read_is_written_down(the_bank: Bank) -> None:
    uscc, enterprise = new_enterprise()
    await opened(the_bank, uscc)
    auditor, log = the_bank.sign_in("AUDITOR"), the_bank.runtime.log
    [first, *_] = await log.stream(enterprise)
    asked = f"/api/v1/events?stream={enterprise}&limit=1"
    [told] = (await auditor.get(asked)).json()["items"]
    assert (told["stream"], told["position"]) == (str(enterprise), first.position)
    [read] = await log.read(await log.head() - 1, 1)
    assert (read.type, read.payload["subjects"], read.payload["act"]["by"]["role"]) == (
        "chassis.Reading.PersonalDataRead",
        [str(enterprise)],
        "AUDITOR",
    )
    rest = await auditor.get(f"{asked}&after={first.position}")
    assert [each["position"] for each in rest.json()["items"]] != [first.position]
    nothing = await auditor.get(f"/api/v1/events?stream={uuid4()}")
    assert nothing.json()["items"] == []


async def test_auditors_read_the_log_and_personal_data_is_sealed_in_it(the_bank: Bank) -> None:
    uscc, enterprise = new_enterprise()
    clerk = await opened(the_bank, uscc)
    answer = await clerk.post(
        f"/api/v1/books/{enterprise}/lines", json=LINE, headers=key() | {"If-Match": '"1"'}
    )
    position = int(answer.headers["x-event-position"].split("/")[1])
    page = (
        await the_bank.sign_in("AUDITOR").get(
            "/api/v1/events", params={"after": position - 1, "limit": 1}
        )
    ).json()
    (told,), (stands,) = page["items"], await the_bank.runtime.log.read(position - 1, 1)
    assert (b64decode(told["data"]), b64decode(told["meta"]), told["leaf"]) == (
        stands.data,
        stands.meta,
        stands.leaf.hex(),
    )
    assert (told["type"], told["owner"], "张三丰".encode() in stands.data) == (
        "chassis.Book.LineWritten",
        str(enterprise),
        False,
    )
    assert page["head"] >= position
    operations = {row.operation for row in ACCESS}
    assert operations == {"read_events", "read_parked", "read_refused_records"}
    assert [(await clerk.get(f"/api/v1/{path}")).status_code for path in ("events", "parked")] == [
        403,
        403,
    ]


async def told(bank: Bank, position: int, **facts: object) -> None:
    """A fact on the topic that tells the clock."""
    meta = canonical(
        {
            "id": RandomIds().new(),
            "correlation": RandomIds().new(),
            "causation": None,
            "trace": "",
            "schema": 1,
        }
    )
    stream, at = UUID(int=4), bank.runtime.clock.now()
    act = {"by": {"user": "operator", "role": "SYS_ADMIN"}, "at": at}
    fact = StoredEvent(
        position,
        stream,
        position,
        "review.Reference.ClockSet",
        stream,
        canonical({"act": act, **facts}),
        meta,
        at,
    )
    publisher = bank.runtime.bus.publisher()
    record = to_record(bank.source, fact, "http://bank.example")
    signed = signer_of(bank.source).signed(record, fact)
    await publisher.publish(topic_of(bank.source), [signed])
    await publisher.end()


async def test_the_development_clock_is_followed_and_what_cannot_be_applied_is_parked(
    the_bank: Bank,
) -> None:
    day = 24 * 3600
    before = the_bank.runtime.clock.now()
    await told(the_bank, 1, offset_seconds=10 * day)

    async def jumped() -> bool:
        return (the_bank.runtime.clock.now() - before).days >= 10

    await until(jumped)
    await told(the_bank, 2, offset_seconds="tomorrow")
    auditor = the_bank.sign_in("AUDITOR")

    async def parked() -> object:
        return (await auditor.get("/api/v1/parked")).json()

    (found,) = await until(parked)
    assert (found["reader"], found["position"], found["reason"]) == (
        f"{the_bank.name}.clock",
        2,
        "ValidationError",
    )
    ready = (await auditor.get("/health/ready")).json()
    assert ready["checks"]["parked"] == {"ok": True, "says": 1}


async def test_all_is_well_and_said_so(the_bank: Bank) -> None:
    async def well() -> bool:
        return (await the_bank.sign_in("AUDITOR").get("/health/ready")).status_code == 200

    assert await until(well)


async def test_a_loop_that_waits_is_named(the_bank: Bank) -> None:
    states = the_bank.runtime.worker.states
    name = f"relay {topic_of(the_bank.name)}"
    states[name].becomes("a record is too large")
    ready = await the_bank.sign_in("AUDITOR").get("/health/ready")
    states[name].becomes("")
    assert ready.status_code == 503
    assert ready.json()["checks"]["loops"] == {"ok": False, "says": name}


async def test_while_the_database_is_away_every_route_says_so_and_afterwards_all_goes_on(
    the_bank: Bank,
) -> None:
    uscc, enterprise = new_enterprise()
    clerk = await opened(the_bank, uscc)
    officer, auditor = the_bank.sign_in("CITY_OFFICER", city="410100"), the_bank.sign_in("AUDITOR")

    async def everything() -> list[httpx.Response]:
        line = key() | {"If-Match": '"1"'}
        return [
            await clerk.get("/api/v1/books"),
            await clerk.get(f"/api/v1/books/{enterprise}"),
            await clerk.get(f"/api/v1/books?min_position={the_bank.name}/1"),
            await clerk.post(f"/api/v1/books/{enterprise}/lines", json=LINE, headers=line),
            await officer.get(f"/api/v1/books/{enterprise}"),
            await auditor.get("/api/v1/events"),
            await auditor.get("/api/v1/parked"),
            await auditor.get("/health/ready"),
        ]

    async with away(the_bank):
        during = await everything()
    assert [a.status_code for a in during] == [503] * 8
    assert {a.headers["retry-after"] for a in during[:-1]} == {"1"}

    async def again() -> bool:
        return (await auditor.get("/health/ready")).status_code == 200

    await until(again)
    assert [a.status_code for a in await everything()] == [200] * 8
