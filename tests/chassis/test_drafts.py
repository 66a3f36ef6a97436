"""What was typed and not saved: kept sealed, for one's own enterprise, until 保存 or its time."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from cryptography.exceptions import InvalidTag

from libs.chassis.drafts import drafts
from libs.chassis.drafts.drafts import (
    MOST,
    STEP,
    Drafts,
    DraftTable,
    MemoryDrafts,
    Place,
    PostgresDrafts,
    SealedDraft,
)
from libs.chassis.in_memory import Answers, MemoryClock, ServiceInMemory, token
from libs.events.keyring import MemoryKeyRing
from libs.events.pools import open_pool
from libs.filing.identifiers import enterprise_id
from libs.published import enterprise
from services.personnel.main import SERVICE
from tests.given import clerk
from tests.servers import fresh_database

USCC, FOREIGN = "91410100MA00000002", "91410100MA00000010"
CLERK = token("ENT_CLERK", org=USCC)
PATH = "/drafts/person/new"
TYPED = {"basic": {"name": "张三", "id_no": "41010519800101"}, "any": [None, {"x": 1}]}
OURS = enterprise_id(USCC)


@pytest.fixture
async def personnel() -> ServiceInMemory:
    """It knows the enterprise."""
    nothing_filed: Answers = {frozenset({"enterprise_filed", "enterprise_sent"}): lambda *_: []}
    made = ServiceInMemory(SERVICE, answers=nothing_filed)
    registered = enterprise.EnterpriseRegistered(
        act=clerk(), uscc=USCC, name="甲设计有限公司", supervising_city_code="410100"
    )
    await made.hear(registered, stream=OURS)
    return made


async def kept(service: ServiceInMemory, path: str = PATH, content: Any = TYPED) -> Any:
    answer = await service.ask(CLERK, "PUT", path, {"content": content, "version": 3})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_what_was_typed_is_there_again_whatever_it_is(personnel: ServiceInMemory) -> None:
    for content in (TYPED, {"id_no": "no number at all", "deep": [[[[{}]]]]}):
        at = await kept(personnel, content=content)
        read = await personnel.ask(CLERK, "GET", PATH)
        assert read.json() == {"content": content, "version": 3} | at
    assert not [each for each in personnel.types if each != "Reading.PersonalDataRead"]


async def test_a_draft_is_its_enterprises_alone(personnel: ServiceInMemory) -> None:
    await kept(personnel)
    colleague = token("ENT_LEGAL", "another", org=USCC)
    assert (await personnel.ask(colleague, "GET", PATH)).json()["content"] == TYPED
    foreign = token("ENT_CLERK", org=FOREIGN)
    assert (await personnel.ask(foreign, "GET", PATH)).status_code == 404
    assert (await personnel.ask(foreign, "DELETE", PATH)).status_code == 204
    for role, claims in (("PROV_LEAD", {"city": "410000"}), ("AUDITOR", {}), ("SYS_ADMIN", {})):
        assert (await personnel.ask(token(role, **claims), "GET", PATH)).status_code == 403
    assert (await personnel.ask(CLERK, "GET", PATH)).status_code == 200


async def test_a_draft_is_dropped_by_its_author_and_by_saving_that_form(
    personnel: ServiceInMemory,
) -> None:
    await kept(personnel)
    assert (await personnel.ask(CLERK, "DELETE", PATH)).status_code == 204
    assert (await personnel.ask(CLERK, "GET", PATH)).status_code == 404
    await kept(personnel)
    added = (await personnel.ask(CLERK, "POST", "/people", {"name": "张三"})).json()
    assert (await personnel.ask(CLERK, "GET", PATH)).status_code == 404
    path = f"/drafts/person/{added['id']}"
    await kept(personnel)
    await kept(personnel, path)
    refused = await personnel.ask(CLERK, "PUT", f"/people/{added['id']}", {}, version=99)
    assert refused.status_code == 412
    assert (await personnel.ask(CLERK, "GET", path)).status_code == 200
    saved = await personnel.ask(
        CLERK, "PUT", f"/people/{added['id']}", {}, version=added["version"]
    )
    assert saved.status_code == 200, saved.text
    assert (await personnel.ask(CLERK, "GET", path)).status_code == 404
    assert (await personnel.ask(CLERK, "GET", PATH)).status_code == 200  # of another form


async def test_a_form_that_the_service_does_not_have_keeps_nothing(
    personnel: ServiceInMemory,
) -> None:
    answer = await personnel.ask(CLERK, "PUT", "/drafts/contract/new", {"content": {}})
    assert answer.status_code == 404


async def test_a_draft_over_1_mib_is_too_large_and_the_one_before_stays(
    personnel: ServiceInMemory,
) -> None:
    await kept(personnel)
    large = await personnel.ask(CLERK, "PUT", PATH, {"content": {"x": "长" * (1 << 20)}})
    assert large.status_code == 413
    assert (await personnel.ask(CLERK, "GET", PATH)).json()["content"] == TYPED


async def test_numbers_and_characters_that_json_cannot_carry_break_nothing(
    personnel: ServiceInMemory,
) -> None:
    headers = {"Authorization": f"Bearer {CLERK}", "Content-Type": "application/json"}
    for content, status in (
        ('{"x": 123456789012345678901234567890}', 200),
        ('{"x": "\\ud800"}', 200),
        ('{"x": ' + "[" * 300 + "]" * 300 + "}", 200),
        ('{"x": 1e999}', 400),
    ):
        asked = personnel_request(f'{{"content": {content}}}', headers)
        assert (await personnel.answer(asked)).status_code == status, content
        assert (await personnel.ask(CLERK, "GET", PATH)).status_code == 200, content


def personnel_request(content: str, headers: dict[str, str]) -> httpx.Request:
    url = f"http://personnel/api/v1{PATH}"
    return httpx.Request("PUT", url, content=content.encode(), headers=headers)


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.servers)])
async def table(request: pytest.FixtureRequest) -> AsyncIterator[DraftTable]:
    if request.param == "memory":
        yield MemoryDrafts()
        return
    async with fresh_database(request.getfixturevalue("postgres")) as dsn:
        pool = await open_pool(dsn, 2)
        await pool.execute(drafts.SCHEMA)
        yield PostgresDrafts(pool)
        await pool.close()


async def test_a_draft_is_not_there_after_its_time_and_sweeping_deletes_it(
    table: DraftTable,
) -> None:
    clock = MemoryClock()
    kept_drafts = Drafts(table, MemoryKeyRing(), clock, timedelta(days=30))
    old, new = Place(OURS, "person", "old"), Place(OURS, "person", "new")
    await kept_drafts.keep(old, TYPED, None)
    clock.at += timedelta(days=20)
    await kept_drafts.keep(new, TYPED, 7)
    clock.at += timedelta(days=10)
    assert await kept_drafts.find(old) is None
    await kept_drafts.sweep()
    clock.at -= timedelta(days=5)
    assert await kept_drafts.find(old) is None
    found = await kept_drafts.find(new)
    assert found
    assert (found.content, found.version) == (TYPED, 7)


async def test_what_is_kept_later_takes_the_place_of_what_was(table: DraftTable) -> None:
    kept_drafts = Drafts(table, MemoryKeyRing(), MemoryClock(), timedelta(days=1))
    place = Place(OURS, "person", "new")
    for content in (TYPED, {"basic": {"name": "李四"}}):
        await kept_drafts.keep(place, content, None)
    found = await kept_drafts.find(place)
    assert found
    assert found.content == {"basic": {"name": "李四"}}
    await kept_drafts.drop(place)
    assert await kept_drafts.find(place) is None


async def test_savings_at_once_drop_their_own_and_no_others(table: DraftTable) -> None:
    places = [Place(OURS, "person", f"p{number}") for number in range(5)]
    row = SealedDraft(1, b"sealed", MemoryClock().at)
    for place in places:
        await table.put(place, row)
    dropped, left = places[:3], places[3:]
    nothing_there = Place(uuid4(), "person", "p4")
    await asyncio.gather(*(table.drop(place) for place in (*dropped, nothing_there)))
    found = [await table.find(place, row.kept_at - timedelta(1)) for place in places]
    assert found == [None] * len(dropped) + [row] * len(left)


async def test_the_oldest_of_too_many_goes_and_nobody_elses(table: DraftTable) -> None:
    clock, other = MemoryClock(), Place(uuid4(), "person", "new")
    row = SealedDraft(1, b"sealed", clock.at - timedelta(days=9))
    await table.put(other, row)
    for number in range(MOST + 1):
        at = clock.at + timedelta(seconds=number)
        await table.put(Place(OURS, "person", f"n-{number}"), SealedDraft(1, b"sealed", at))
    long_ago = clock.at - timedelta(days=10)
    assert await table.find(Place(OURS, "person", "n-0"), long_ago) is None
    assert await table.find(Place(OURS, "person", "n-1"), long_ago)
    assert await table.find(other, long_ago) == row


async def test_sweeping_goes_in_small_steps(table: DraftTable) -> None:
    clock = MemoryClock()
    for number in range(STEP + 3):
        await table.put(Place(UUID(int=number), "person", "new"), SealedDraft(1, b"", clock.at))
    assert await table.sweep(clock.at - timedelta(seconds=1)) == 0
    assert [await table.sweep(clock.at) for _ in range(3)] == [STEP, 3, 0]


async def test_a_sealed_draft_opens_at_its_own_place_alone() -> None:
    table = MemoryDrafts()
    kept_drafts = Drafts(table, MemoryKeyRing(), MemoryClock(), timedelta(days=1))
    place, other = Place(OURS, "person", "new"), Place(OURS, "person", "another")
    await kept_drafts.keep(place, TYPED, None)
    sealed = table.rows[place]
    assert b"41010519800101" not in sealed.sealed
    table.rows[other] = sealed
    with pytest.raises(InvalidTag):
        await kept_drafts.find(other)
