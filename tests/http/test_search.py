"""What is looked for by a part of its name or number is found however it is written."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from libs.chassis.identity.access import Scope
from libs.chassis.replicas.directory import listings
from libs.events.pools import Pool, open_pool
from libs.events.projection import Projection, flush
from libs.events.readmodel import Change
from services.enterprise.information import lists as enterprises
from services.enterprise.information.lists import EnterpriseRow
from services.enterprise.main import LISTS as ENTERPRISE
from services.personnel.main import LISTS as PERSONNEL
from services.personnel.people import lists as people
from services.personnel.people.lists import PersonRow
from services.projects.contracts import lists as contracts
from services.projects.contracts.lists import ContractRow
from services.projects.main import LISTS as PROJECTS
from services.projects.projects import lists as projects
from services.projects.projects.lists import ProjectRow
from tests.given import AT, id_of
from tests.given import ENTERPRISE as OWNER

pytestmark = [pytest.mark.servers]
HERE, ANYWHERE = id_of("here"), Scope(everything=True)
SPELT = ["É座", "E\u0301座", "é座", "Ｅ\u0301座", "HTÉ座"]


async def opened(database: str, made: Projection, row: Change) -> Pool:
    connection = await asyncpg.connect(database, statement_cache_size=0)
    try:
        await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        await connection.execute(made.sql + listings.sql)
        await flush(connection, made, [row])
    finally:
        await connection.close()
    return await open_pool(database)


@pytest.fixture
async def firms(database: str) -> AsyncIterator[Pool]:
    row = EnterpriseRow(HERE, "91410100MA4444449G", "HT É座设计", "410100", AT)
    pool = await opened(database, ENTERPRISE, enterprises.enterprises.put(row))
    yield pool
    await pool.close()


@pytest.fixture
async def staff(database: str) -> AsyncIterator[Pool]:
    row = PersonRow(HERE, OWNER, "HT É座", [], [])
    pool = await opened(database, PERSONNEL, people.people.put(row))
    yield pool
    await pool.close()


@pytest.mark.parametrize("text", SPELT)
async def test_an_enterprise_is_found_by_a_part_of_its_name(firms: Pool, text: str) -> None:
    found = await enterprises.within_reach(firms, ANYWHERE, None, text, None, 10, only_sent=True)
    assert [each.id for each in found.rows] == [HERE]
    other = await enterprises.within_reach(firms, ANYWHERE, None, "座É", None, 10, only_sent=True)
    assert list(other.rows) == []


@pytest.mark.parametrize("text", SPELT)
async def test_a_person_is_found_by_a_part_of_the_name(staff: Pool, text: str) -> None:
    async def named(name: str) -> list[Any]:
        found = await people.within_reach(
            staff,
            ANYWHERE,
            enterprise=None,
            name=name,
            filed=None,
            only_filed=False,
            after=None,
            limit=10,
        )
        return [each.id for each in found.rows]

    assert (await named(text), await named("座É")) == ([HERE], [])


@pytest.mark.parametrize("text", SPELT)
async def test_a_contract_and_a_project_are_found_by_name_and_number(
    database: str, text: str
) -> None:
    for name, number in (("HT É座", "1"), ("合同", "HT É座-1")):
        row = ContractRow(HERE, OWNER, number, name, is_placeholder=False)
        pool = await opened(database, PROJECTS, contracts.contracts.put(row))
        found = await contracts.within_reach(
            pool, ANYWHERE, enterprise=None, text=text, after=None, limit=10
        )
        assert [each.id for each in found.rows] == [HERE]
        await pool.close()
    project = ProjectRow(HERE, OWNER, HERE, saved=True, name="HT É座")
    pool = await opened(database, PROJECTS, projects.projects.put(project))
    listed = await projects.within_reach(
        pool,
        ANYWHERE,
        enterprise=None,
        contract=None,
        selectable=None,
        text=text,
        after=None,
        limit=10,
    )
    assert [each.id for each in listed.rows] == [HERE]
    await pool.close()
