"""The second wall: what an enterprise asks for is read by a role that sees its rows alone, also
where the first wall, the list's own `Scope`, is switched off.
"""

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from libs.chassis.identity.access import Scope
from libs.events.pools import Pool, open_pool
from libs.events.queries import count, select_page
from libs.events.scoped import SCOPED, Scoped
from libs.events.walks import Asked, Walk, Wanted
from libs.events.walks import Place as Position
from services.enterprise.filings.lists import BY_NUMBER, OwnFilingRow
from services.enterprise.information.lists import BY_CREDIT_CODE, EnterpriseRow
from services.enterprise.packets.lists import NEWEST_FIRST, PacketRow
from services.personnel.filings import lists as person_filings
from tests.in_memory.firm import Firm
from tests.portal.in_memory import read_models
from tests.portal.read_models import SCOPED_ROLE, InstallationOnPostgres, ReadModels
from tests.security.databases import Place, do

__all__ = ["read_models"]
pytestmark = pytest.mark.servers
OURS, THEIRS = UUID(int=1), UUID(int=2)
# without `enterprise`, what a list of a service's own names its rows by is another's business too
OF_NOBODY = {
    *("clock", "reference", "sent_scans", "legacy_filings"),
    *("objects_named", "uploads_begun"),  # of the object store; no request asks for them
}
BESIDE_THEIR_OWN = {
    *(("assessment", "campaigns"), ("assessment", "stages")),
    ("projects", "stages"),
}
LISTS = [(EnterpriseRow, BY_CREDIT_CODE), (OwnFilingRow, BY_NUMBER), (PacketRow, NEWEST_FIRST)]


@pytest.fixture
async def pool(at: Place) -> AsyncIterator[Pool]:
    """Each list with a row of two enterprises."""
    for table, column in (
        ("enterprises", "id"),
        ("filings", "enterprise"),
        ("packets", "enterprise"),
    ):
        await do(at.owners, f"DELETE FROM {table}")
        for number, owner in enumerate((OURS, THEIRS)):
            await do(at.owners, await _row(at, table, {column: f"'{owner}'"}, number))
    made = await open_pool(at.dsn("writer"), 2)
    yield made
    await made.close()


async def _row(at: Place, table: str, given: dict[str, str], number: int) -> str:
    """SQL that adds a row with some value in every column that needs one."""
    connection = await asyncpg.connect(at.owners)
    try:
        columns = await connection.fetch(
            "SELECT attname, format_type(atttypid, NULL) AS type FROM pg_attribute "
            "WHERE attrelid = $1::text::regclass AND attnum > 0 AND attnotnull AND NOT atthasdef",
            table,
        )
    finally:
        await connection.close()
    some = {
        "uuid": f"'{UUID(int=90 + number)}'",
        "jsonb": "'{}'",
        "boolean": "true",
        "date": "'2024-09-02'",
        "timestamp with time zone": "'2024-09-02'",
        "text[]": "'{}'",
    }
    values = {row["attname"]: some.get(row["type"], f"'{number}'") for row in columns} | given
    return f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(values.values())})"


@pytest.mark.parametrize(("row", "walk"), LISTS, ids=["enterprises", "filings", "packets"])
async def test_a_list_that_forgets_whose_it_is_shows_an_enterprise_its_own(
    pool: Pool, at: Place, row: type[object], walk: object
) -> None:
    """`wanted` is empty: the first wall is off. Without the second both rows came."""
    whole = await select_page(pool, row, walk, [], None, 10)  # type: ignore[arg-type]
    assert len(whole.rows) == 2
    token = SCOPED.set(Scoped(at.role("scoped"), OURS))
    try:
        found = await select_page(pool, row, walk, [], None, 10)  # type: ignore[arg-type]
        assert (await count(pool, walk, [])).rows == 1  # type: ignore[arg-type]
    finally:
        SCOPED.reset(token)
    assert [getattr(each, "enterprise", None) or each.id for each in found.rows] == [OURS]  # type: ignore[attr-defined]
    again = await select_page(pool, row, walk, [], None, 10)  # type: ignore[arg-type]
    assert len(again.rows) == 2  # the connection is everybody's again


async def test_a_connection_whose_question_failed_is_nobodys(pool: Pool, at: Place) -> None:
    """It would go on seeing for one enterprise alone."""
    token = SCOPED.set(Scoped(at.role("scoped"), OURS))
    try:
        for _ in range(4):  # twice as many as the pool has
            with pytest.raises(asyncpg.UndefinedTableError):
                await select_page(
                    pool, PacketRow, NEWEST_FIRST, [], None, 9, "SELECT * FROM no, {rows}"
                )
    finally:
        SCOPED.reset(token)
    for _ in range(4):
        assert len((await select_page(pool, PacketRow, NEWEST_FIRST, [], None, 10)).rows) == 2


async def test_who_is_told_no_enterprise_sees_nothing(at: Place, pool: Pool) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(f"SET LOCAL ROLE {at.role('scoped')}")
        with pytest.raises(asyncpg.PostgresError):
            await connection.fetch("SELECT * FROM filings")


@pytest.mark.parametrize(
    "attack", ["UPDATE filings SET id = id", "DELETE FROM filings", "SELECT 1 FROM commands"]
)
async def test_who_reads_for_an_enterprise_does_nothing_else(
    at: Place, pool: Pool, attack: str
) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(f"SET LOCAL kaohe.enterprise = '{OURS}'")
        await connection.execute(f"SET LOCAL ROLE {at.role('scoped')}")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(attack)


async def test_every_list_of_enterprises_stands_behind_the_wall(at: Place) -> None:
    """Forced: for the tables' owner too."""
    walled = await do(
        at.owners,
        "SELECT array_agg(relname::text) FROM pg_class WHERE relnamespace = 'public'::regnamespace "
        "AND relkind = 'r' AND relrowsecurity AND relforcerowsecurity",
    )
    lists = {table for each in at.projections for table in each.tables}
    assert set(walled) == lists - OF_NOBODY | {"events"}


IN_THE_OPEN = """
SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
AND has_table_privilege($1, oid, 'SELECT') AND NOT relforcerowsecurity
"""


def test_what_stands_before_the_wall_is_read_for_an_enterprise_by_name_alone(
    read_models: ReadModels,
) -> None:
    """Of every service's tables: rows that name no enterprise cannot be narrowed to it, so whoever
    reads for one does not read them, but what is told beside its own rows.
    """
    opened = {
        (name, row["relname"])
        for name, pool in read_models.pools.items()
        for row in read_models.runner.run(pool.fetch(IN_THE_OPEN, SCOPED_ROLE))
    }
    assert opened == BESIDE_THEIR_OWN


PEOPLE = ("/people", "/filings")


def test_with_the_first_wall_off_no_route_lists_what_is_anothers(
    read_models: ReadModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service forgets `Scope` and what else narrows a list to its caller: an officer, whom it
    does not narrow, sees both, an enterprise its own.
    """
    read_models.empty()
    at = InstallationOnPostgres(read_models)
    ours, theirs = Firm(at), Firm(at, seed=2, name="郑州另一建筑设计有限公司")
    for firm in (ours, theirs):
        firm.file()
        firm.hire()
    forgotten = {"enterprise", "enterprises.id"}
    asked_of = Asked.of

    def anybodys(walk: Walk, wanted: Wanted, after: Position | None) -> Asked:
        return asked_of(walk, [each for each in wanted if each[0] not in forgotten], after)

    monkeypatch.setattr(Scope, "equal", lambda *_, **__: [])
    monkeypatch.setattr(Asked, "of", anybodys)
    for path in PEOPLE:
        items = ours.clerk.get("personnel", path, limit=200)["items"]
        assert {each["enterprise"] for each in items} == {str(ours.id)}, path
        items = at.officer().actor.get("personnel", path, limit=200)["items"]
        assert {each["enterprise"] for each in items} == {str(ours.id), str(theirs.id)}, path
    filings = ours.clerk.get("enterprise", f"{ours.enterprise.path}/filings")["items"]
    assert len(filings) == 1


def test_with_the_first_wall_off_a_number_finds_nothing_of_anothers(
    read_models: ReadModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A registration number is looked up among all enterprises' filings: the service forgets whose
    they are.
    """
    read_models.empty()
    at = InstallationOnPostgres(read_models)
    ours, theirs = Firm(at), Firm(at, seed=2, name="郑州另一建筑设计有限公司")
    theirs.file()
    theirs.hire(((None, "ARCH"), ("STR2", "STRU")))
    people = theirs.clerk.get("personnel", "/people", limit=200)["items"]
    contents = [
        theirs.clerk.get("personnel", f"/people/{each['id']}")["content"] for each in people
    ]
    (number,) = [row["cert_no"] for each in contents for row in each["registrations"]]

    def found(firm: Firm) -> set[str]:
        items = firm.clerk.get("personnel", "/filings", cert_no=number)["items"]
        return {each["enterprise"] for each in items}

    assert (found(theirs), found(ours)) == ({str(theirs.id)}, set())
    monkeypatch.setattr(person_filings, "_covers", lambda *_: True)
    assert found(theirs) == {str(theirs.id)}
    assert found(ours) == set()
