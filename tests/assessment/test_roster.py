"""Who is due in a campaign, and who of them was absent when it closed."""

import json
from collections.abc import AsyncIterator
from typing import Any, cast
from uuid import UUID

import pytest

from libs.chassis.identity.access import Scope
from libs.events.pools import Pool
from services.assessment.campaigns import roster
from services.assessment.main import SERVICE
from tests.assessment.given import CAMPAIGN
from tests.conformance.stage import staged
from tests.scale.counted import Counted

pytestmark = pytest.mark.servers
EVERYTHING = Scope(everything=True)
SENT, BEGUN, FILED, REGISTERED, BUILDER, FOREIGN = (UUID(int=n) for n in range(1, 7))


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    async with staged(database, *SERVICE.projections) as stage:
        await campaign(stage.pool)
        yield stage.pool


async def campaign(pool: Pool, phase: str = "OPEN") -> None:
    await pool.execute("DELETE FROM campaigns")
    await pool.execute(
        "INSERT INTO campaigns VALUES ($1, 2024, '2024', $2, '2024-09-02', '2024-10-31', '{}')",
        *(CAMPAIGN, phase),
    )


async def registered(pool: Pool, *enterprises: UUID) -> None:
    for each in enterprises:
        await pool.execute(
            "INSERT INTO directory VALUES ($1, $2, '示例公司', '410100', NULL, false)",
            *(each, f"{each.int:018}"),
        )


async def approved(pool: Pool, enterprise: UUID, cert_no: str) -> None:
    """Registered, and filed with one certificate."""
    await registered(pool, enterprise)
    filing = UUID(int=enterprise.int + 100)
    content = json.dumps({"certificates": [{"cert_no": cert_no}]})
    await pool.execute(
        "INSERT INTO enterprise_filings VALUES ($1, $2, 'ENT_INIT', false, $3, 1, 1, '')",
        *(filing, enterprise, content),
    )
    await pool.execute("INSERT INTO filed_enterprises VALUES ($1, $2, 1)", enterprise, filing)


async def record(pool: Pool, enterprise: UUID, status: str) -> None:
    await pool.execute(
        "INSERT INTO records VALUES ($1, $2, $1, $3, $4, 1, 1, now())",
        *(enterprise, CAMPAIGN, f"2024-{enterprise.int}", status),
    )


async def four(pool: Pool) -> None:
    """One has sent its record, one has begun it, one has filed, one has done nothing."""
    for each in (SENT, BEGUN, FILED):
        await approved(pool, each, "A141000001")
    await registered(pool, REGISTERED)
    await record(pool, SENT, "SENT")
    await record(pool, BEGUN, "GENERATED")


async def close(pool: Pool) -> None:
    for each in await roster.absent(pool, CAMPAIGN):
        await pool.execute("INSERT INTO absences VALUES ($1, $2)", CAMPAIGN, each)
    await campaign(pool, "CLOSED")


async def lines(pool: Pool, scope: Scope = EVERYTHING, after: str | None = None) -> dict[UUID, Any]:
    found = await roster.due(
        pool, CAMPAIGN, scope, (after,) if after else None, 50, only_sent=False
    )
    return {each.enterprise: each.absent for each in found.rows}


async def test_before_anybody_has_filed_all_four_are_due(pool: Pool) -> None:
    await registered(pool, SENT, BEGUN, FILED, REGISTERED)
    assert await lines(pool) == dict.fromkeys((SENT, BEGUN, FILED, REGISTERED), False)


async def test_who_files_nothing_is_due_and_absent_like_who_sends_nothing(pool: Pool) -> None:
    await four(pool)
    assert list(await lines(pool)) == [SENT, BEGUN, FILED, REGISTERED]
    await close(pool)
    assert await lines(pool) == {SENT: False, BEGUN: True, FILED: True, REGISTERED: True}


async def test_who_holds_no_licence_of_the_scope_is_not_due(pool: Pool) -> None:
    await approved(pool, BUILDER, "C141000001")
    await approved(pool, FOREIGN, "AW341000001")  # issued by a city
    assert await lines(pool) == {}
    assert await roster.absent(pool, CAMPAIGN) == []
    await record(pool, BUILDER, "SENT")
    assert list(await lines(pool)) == [BUILDER]


async def test_who_comes_after_the_closing_was_not_due(pool: Pool) -> None:
    await four(pool)
    await close(pool)
    await registered(pool, UUID(int=9))
    assert UUID(int=9) not in await lines(pool)


async def test_an_enterprise_reads_its_own_line(pool: Pool) -> None:
    await four(pool)
    await close(pool)
    assert await lines(pool, Scope(enterprise=REGISTERED)) == {REGISTERED: True}
    assert await lines(pool, Scope(enterprise=SENT)) == {SENT: False}


@pytest.mark.parametrize("phase", ["OPEN", "CLOSED"])
async def test_a_page_reads_as_many_rows_among_five_thousand_as_among_fifty(
    pool: Pool, phase: str
) -> None:
    await campaign(pool, phase)
    await fill(pool, 1, 100)
    among_hundred = await rows_read(pool)
    await fill(pool, 101, 5000)
    assert await rows_read(pool) <= among_hundred


async def fill(pool: Pool, first: int, last: int) -> None:
    """So many enterprises, all filed, every other with a record, the rest absent."""
    for each in (
        "INSERT INTO directory SELECT md5('' || n)::uuid, lpad('' || n, 18, '0'), 'n', '410100',"
        " NULL, true FROM generate_series($1::int, $2::int) n",
        "INSERT INTO filed_enterprises SELECT md5('' || n)::uuid, md5('f' || n)::uuid, 1"
        " FROM generate_series($1::int, $2::int) n",
        "INSERT INTO enterprise_filings SELECT md5('f' || n)::uuid, md5('' || n)::uuid, 'ENT_INIT',"
        """ false, '{"certificates": [{"cert_no": "A141000001"}]}', 1, n, '' """
        " FROM generate_series($1::int, $2::int) n",
    ):
        await pool.execute(each, first, last)
    await pool.execute(
        "INSERT INTO records SELECT md5('r' || n)::uuid, $3, md5('' || n)::uuid, n, 'SENT', 1, 1,"
        " now() FROM generate_series($1::int, $2::int, 2) n",
        *(first, last, CAMPAIGN),
    )
    await pool.execute(
        "INSERT INTO absences SELECT $3, md5('' || n)::uuid"
        " FROM generate_series($1::int + 1, $2::int, 2) n",
        *(first, last, CAMPAIGN),
    )


async def rows_read(pool: Pool) -> float:
    """By one page of the roster, the second."""
    async with pool.acquire() as connection:
        counted = Counted(connection)
        await roster.due(
            cast(Pool, counted), CAMPAIGN, EVERYTHING, (f"{50:018}",), 50, only_sent=False
        )
    return sum(each.rows for each in counted.most.values())
