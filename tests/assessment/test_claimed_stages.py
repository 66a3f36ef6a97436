"""What other enterprises claim is looked up by the stages in question: in the list as an earlier
commit left it, while that is rebuilt, and in the new one by its index.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
import orjson
import pytest
from hypothesis import example
from hypothesis import given as examples
from hypothesis import strategies as st

from libs.chassis.process.migrations import migrate
from libs.chassis.replicas.clock import RandomIds, SystemClock
from libs.chassis.service.service import KERNEL_TABLES
from libs.events.application import Application
from libs.events.bell import Bell
from libs.events.building import NextVersion, build
from libs.events.following import follow_log
from libs.events.pools import Pool
from libs.events.projection import Projection
from libs.events.reader import Applier, Reader
from libs.events.readmodel import ReadModel
from libs.events.testing import given
from libs.filing.content.record import PerformanceChoice
from libs.filing.facts.projects import StageClaim
from services.assessment.campaigns.lists import campaigns
from services.assessment.main import LISTS
from services.assessment.records.domain.record import Record
from services.assessment.records.lists import records
from services.assessment.wizard.claimed_stages import (
    ELSEWHERE,
    ClaimedStagesRow,
    claimed_elsewhere,
    claimed_stages,
)
from tests.assessment import given as the
from tests.conformance.stage import Stage, staged
from tests.corpus import corpus
from tests.patience import PATIENCE

OURS = given(Record, the.started()).aggregate
CLAIM = StageClaim("4101052403010101", "示范办公楼设计", "示范业主", "D1")
NAMED = CLAIM._replace(project_code=None)

few = st.sampled_from([None, "", "a", "b"])
stage_claims = st.builds(StageClaim, few, few, few, st.sampled_from([None, "D1", "D2"]))


@examples(stage_claims, stage_claims)
@example(CLAIM, NAMED)
def test_whatever_is_the_same_stage_is_looked_up(own: StageClaim, other: StageClaim) -> None:
    if own.same_as(other):
        assert any(set(mark) <= set(other) for mark in own.marks)


def test_what_all_name_alike_is_not_looked_up() -> None:
    both = tuple(PerformanceChoice(project_id=id) for id in (the.PROJECT, the.PLACEHOLDER))
    claims = the.sources().claims(the.wizard(performances=both))
    assert [each.name for each in claims] == ["示范办公楼设计"]


def as_before() -> Projection:
    """The list as version 1 had it."""
    model = ReadModel("claimed_stages", ClaimedStagesRow, key=("record",))
    for kind in claimed_stages.kinds.values():
        model.on(kind)(claimed_stages.changes)
    return Projection(LISTS.name, [campaigns, records, model])


# On PostgreSQL


class Other(NamedTuple):
    """A record of another enterprise."""

    claims: Sequence[StageClaim]
    campaign: UUID = OURS.campaign
    status: str = "SENT"
    round: int = 1


async def hold(pool: Pool, others: Sequence[Other]) -> None:
    """The lists have these records and no others."""
    await pool.execute("DELETE FROM records")
    await pool.execute("DELETE FROM claimed_stages")
    for n, each in enumerate(others, start=1000):
        await hold_one(pool, UUID(int=n), UUID(int=n), each)


async def hold_one(pool: Pool, id: UUID, enterprise: UUID, other: Other) -> None:
    await pool.execute(
        "INSERT INTO records VALUES ($1, $2, $3, $4, $5, $6, 1, now())",
        *(id, other.campaign, enterprise, str(id), other.status, other.round),
    )
    claims = orjson.dumps([list(each) for each in other.claims]).decode()
    await pool.execute("INSERT INTO claimed_stages VALUES ($1, $2)", id, claims)


@pytest.fixture
async def stage(database: str) -> AsyncIterator[Stage]:
    async with staged(database, LISTS) as made:
        yield made


@pytest.mark.servers
@pytest.mark.parametrize(
    ("own", "other"),
    [
        (CLAIM, Other([CLAIM])),
        (CLAIM, Other([CLAIM._replace(name="改了名", client_name=None)])),
        (CLAIM, Other([CLAIM._replace(stage="D2"), NAMED])),
        (NAMED, Other([CLAIM])),
        (CLAIM, Other([CLAIM], status="RETURNED")),
    ],
)
async def test_a_claim_of_the_same_stage_is_found(
    stage: Stage, own: StageClaim, other: Other
) -> None:
    await hold(stage.pool, [other, Other([CLAIM._replace(project_code="1", name="别处")])])
    found = await claimed_elsewhere(stage.pool, OURS, [own])
    assert found == list(other.claims)


@pytest.mark.servers
@pytest.mark.parametrize(
    "other",
    [
        Other([CLAIM._replace(stage="D2")]),
        Other([CLAIM._replace(project_code="1", name="别处")]),
        Other([CLAIM], campaign=UUID(int=77)),
        Other([CLAIM], status="GENERATED", round=0),
        Other([CLAIM], status="WITHDRAWN"),
    ],
)
async def test_no_other_claim_is_found(stage: Stage, other: Other) -> None:
    await hold(stage.pool, [other])
    await hold_one(stage.pool, OURS.id, OURS.enterprise, Other([CLAIM]))
    assert await claimed_elsewhere(stage.pool, OURS, [CLAIM]) == []


@pytest.mark.servers
async def test_as_many_rows_are_read_among_five_thousand_enterprises_as_among_fifty(
    stage: Stage,
) -> None:
    await fill(stage.pool, 1, 50)
    among_fifty = await rows_read(stage.pool)
    await fill(stage.pool, 51, 5000)
    assert await rows_read(stage.pool) <= among_fifty


async def fill(pool: Pool, first: int, last: int) -> None:
    """A record each of so many enterprises, every one with claims of its own."""
    await pool.execute(
        """
        INSERT INTO records
        SELECT md5('' || n)::uuid, $1, md5('e' || n)::uuid, n, 'SENT', 1, 1, now()
        FROM generate_series($2::int, $3::int) n
        """,
        *(OURS.campaign, first, last),
    )
    await pool.execute(
        """
        INSERT INTO claimed_stages
        SELECT md5('' || n)::uuid, jsonb_build_array(
            jsonb_build_array('code ' || n, 'name ' || n, 'client', 'D1'),
            jsonb_build_array('code ' || n, 'name ' || n, 'client', 'D2'))
        FROM generate_series($1::int, $2::int) n
        """,
        *(first, last),
    )


async def rows_read(pool: Pool) -> int:
    """By the query, of a stage that one of them claims."""
    within = ['[["code 7","D1"]]', '[["name 7","client","D1"]]']
    plan = await pool.fetchval(
        f"EXPLAIN (ANALYZE, FORMAT JSON) {ELSEWHERE}", OURS.campaign, OURS.enterprise, within
    )
    return sum(scanned(orjson.loads(plan)[0]["Plan"]))


def scanned(node: dict[str, Any]) -> list[int]:
    """Rows that each scan of the plan looked at."""
    counts = [value for name, value in node.items() if name.startswith("Rows Removed by")]
    here = (node["Actual Rows"] + sum(counts)) * node["Actual Loops"]
    below = [each for child in node.get("Plans", ()) for each in scanned(child)]
    return [*below, here] if "Scan" in node["Node Type"] else below


@pytest.mark.servers
async def test_the_list_of_an_earlier_commit_serves_until_it_is_rebuilt_with_the_index(
    database: str,
) -> None:
    async with staged(database, as_before()) as stage:
        application = Application(stage.log, corpus.Keys(), RandomIds())
        await put_log(stage.owner)
        await follow_once(stage, application)
        before = await found(stage.pool)
        assert before

        user = urlsplit(stage.dsn).username or ""
        await migrate(stage.owner, user, KERNEL_TABLES, [LISTS])
        assert await found(stage.pool) == before
        assert await version(stage.pool) == 1

        await rebuild(stage, application)
        assert await found(stage.pool) == before
        assert await indexes(stage.pool) == {"claimed_stages_pkey", "claimed_stages_by_mark"}


async def put_log(owner: str) -> None:
    """The log that the demo of an earlier commit left."""
    log = [
        (at.position, at.stream, at.version, at.type, at.owner, at.data, at.meta, at.recorded_at)
        for at in corpus.log("demo", "assessment")
    ]
    connection = await asyncpg.connect(owner)
    try:
        await connection.copy_records_to_table("events", records=log)
    finally:
        await connection.close()


async def follow_once(stage: Stage, application: Application) -> None:
    reader = Reader(LISTS.name, "assessment", projection=as_before())
    applier = Applier(reader, application, stage.pool, SystemClock(), Bell())
    await applier.resume()
    await applier.apply(await stage.log.read(0, 1000), 0)


async def found(pool: Pool) -> list[StageClaim]:
    """What another enterprise of the campaign would be told of the first record's claims."""
    row = await pool.fetchrow(
        """
        SELECT r.campaign, c.claims FROM records r JOIN claimed_stages c ON c.record = r.id
        WHERE r.round > 0 ORDER BY r.id LIMIT 1
        """
    )
    assert row
    started = Record.start(the.CLERK, row["campaign"], UUID(int=1), "2024-410100-7K3M9Q")
    claims = [StageClaim(*each) for each in orjson.loads(row["claims"])]
    return sorted(await claimed_elsewhere(pool, started, claims), key=repr)


async def rebuild(stage: Stage, application: Application) -> None:
    """Follows the log into the next version until that has taken the place."""
    reader = Reader(LISTS.name, "assessment", projection=LISTS)
    next = NextVersion(reader, application, stage.pool, SystemClock(), Bell())
    building = asyncio.create_task(
        build(next, lambda each: follow_log(each, application.log, Bell()))
    )
    async with asyncio.timeout(PATIENCE):
        while not building.done() and await version(stage.pool) == 1:
            await asyncio.sleep(0.02)
    building.cancel()
    with suppress(asyncio.CancelledError):
        await building


async def version(pool: Pool) -> int:
    query = "SELECT version FROM projections WHERE live AND name = $1"
    return int(await pool.fetchval(query, LISTS.name))


async def indexes(pool: Pool) -> set[str]:
    rows = await pool.fetch("SELECT indexname FROM pg_indexes WHERE tablename = 'claimed_stages'")
    return {row["indexname"] for row in rows}
