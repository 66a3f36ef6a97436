"""What somebody does with a DSN that was stolen: the table of rights beside the live catalogue, and
attacks tried on a real server; decision 55 says which of them succeeded before.
"""

import asyncio
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest

from deploy.cli.retention import forgotten
from deploy.embedded import provision
from deploy.embedded.outside import in_database
from libs.chassis.process.migrations import migrate
from libs.chassis.process.rights import TABLE
from libs.events.append import Appended, append_all
from libs.events.errors import Repeated
from services.enterprise.main import SERVICE
from tests.conformance.stage import assert_whole, now, opened, unit
from tests.security.databases import KINDS, Place, cells, do

pytestmark = pytest.mark.servers
BY_NOBODY = (
    "SELECT pg_advisory_lock(4157)",
    "SELECT pg_advisory_lock_shared(4157)",
    "SELECT pg_advisory_xact_lock(4157)",
    "SELECT pg_try_advisory_lock(4158)",
    "SELECT lo_create(0)",
    "SELECT lo_from_bytea(0, 'x')",
    "SELECT pg_logical_emit_message(false, 'x', 'y')",
    "SELECT pg_notify('appended', 'x')",
    "CREATE TABLE mine (x int)",
    "CREATE TEMPORARY TABLE mine (x int)",
    "CREATE SCHEMA mine",
    "CREATE FUNCTION append_all(at timestamptz) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION try_to_lead() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    "UPDATE events SET version = version",
    "DELETE FROM events",
    "TRUNCATE events",
    "UPDATE commands SET status = 200",
    "DELETE FROM commands",
    "INSERT INTO migrations (name, sha256) VALUES ('mine', '')",
    "UPDATE projections SET live = live",
    "LOCK TABLE events IN ACCESS EXCLUSIVE MODE",
    "ALTER TABLE events DISABLE TRIGGER ALL",
    "DROP FUNCTION append_all",
    "SET ROLE {owner}",
    "SET SESSION AUTHORIZATION {owner}",
    "ALTER ROLE {owner} PASSWORD 'mine'",
    "ALTER DATABASE {name} SET search_path = mine",
    "SET temp_file_limit = -1",
)
COLUMNS = "position, stream_id, version, type, owner, data, meta, recorded_at"
EVENT = "1, gen_random_uuid(), 1, 'test.Done', gen_random_uuid(), '', '', now()"
BY_FUNCTION_ALONE = (
    f"INSERT INTO events ({COLUMNS}) SELECT {EVENT}",
    f"COPY events ({COLUMNS}) FROM stdin",
    "INSERT INTO commands SELECT gen_random_uuid(), '', 200, '', gen_random_uuid(), 1, 1, now()",
)
BY_NO_READER = (
    *BY_FUNCTION_ALONE,
    "SELECT try_to_lead()",
    "SELECT append(now(), '{{}}', '{{}}')",
    "SELECT append_all(now(), '{{}}', '{{}}')",
    "SELECT swap_projection('enterprise.lists', 99)",
    "INSERT INTO closed VALUES ('mine')",
    "INSERT INTO readers VALUES ('mine', 'mine', 0, 0)",
    "DELETE FROM parked",
    "SELECT 1 FROM events FOR UPDATE",
    "LOCK TABLE events IN SHARE MODE",
    "SET ROLE {name}",
    "SET ROLE {name}_scoped",
)
MANY = 200


async def test_the_catalogue_grants_what_the_table_says_and_no_more(at: Place) -> None:
    """Every role × table, function, schema and database × verb."""
    roles = {
        at.role(kind): kind for kind in ("writer", "reader", "scoped", "retention", "stranger")
    }
    found = await cells(at.owners, "service", roles)
    assert [cell for cell, is_right in found.items() if not is_right] == []
    assert len(found) > 400


async def test_the_catalogue_of_keys_is_as_the_table_too(at: Place) -> None:
    roles = {at.role("keys"): "keys", at.role("stranger"): "stranger", at.name: "another's"}
    found = await cells(in_database(at.admin, at.keys), "keys", roles)
    assert [cell for cell, is_right in found.items() if not is_right] == []


async def test_every_table_of_the_kernel_has_a_line(at: Place) -> None:
    """Else it would be written as if it were a list."""
    rows = await do(
        at.owners,
        "SELECT array_agg(relname::text) FROM pg_class WHERE relkind = 'r' "
        "AND relnamespace = 'public'::regnamespace",
    )
    lists = {table for each in at.projections for table in each.tables}
    assert set(rows) - lists == TABLE["service"]["tables"].keys() - {"*"}


async def test_no_role_is_another_but_who_writes_reads_for_an_enterprise(at: Place) -> None:
    roles = ", ".join(f"'{at.role(kind)}'" for kind in (*KINDS, "scoped"))
    connection = await asyncpg.connect(at.admin)
    try:
        rows = await connection.fetch(
            "SELECT member::regrole::text, roleid::regrole::text AS role, inherit_option, "
            f"admin_option FROM pg_auth_members WHERE member::regrole::text IN ({roles})"
        )
    finally:
        await connection.close()
    assert [tuple(row) for row in rows] == [(at.name, at.role("scoped"), False, False)]


@pytest.mark.parametrize("statement", BY_NOBODY)
@pytest.mark.parametrize("kind", ["reader", "writer", "retention"])
async def test_nobody_who_serves_or_reads_can(at: Place, kind: str, statement: str) -> None:
    await refused(at, kind, statement)


@pytest.mark.parametrize("statement", BY_NO_READER)
async def test_who_only_reads_cannot(at: Place, statement: str) -> None:
    await refused(at, "reader", statement)


@pytest.mark.parametrize(
    "statement",
    [*BY_NO_READER, "SELECT 1 FROM events", "SELECT 1 FROM commands", "SELECT 1 FROM drafts"],
)
async def test_who_forgets_commands_can_do_nothing_else(at: Place, statement: str) -> None:
    await refused(at, "retention", statement)


async def test_old_commands_are_forgotten_and_young_ones_answer_as_before(at: Place) -> None:
    old, young = uuid4(), uuid4()
    async with opened(at.dsn("writer")) as stage:
        for id, days in ((old, 100), (young, 3), (uuid4(), 0)):
            async with stage.pool.acquire() as connection:
                await append_all(
                    connection, [unit(uuid4(), 0, id=id)], now() - timedelta(days=days)
                )
        before = await stage.log.command(young)
        assert await forgotten(at.dsn("retention"), timedelta(days=90)) == 1
        assert await stage.log.command(old) is None
        assert await forgotten(at.dsn("retention"), timedelta(0)) == 0  # nobody forgets so soon
        assert await stage.log.command(young) == before
        with pytest.raises(Repeated):
            await stage.log.append(unit(uuid4(), 0, id=young))
        await stage.log.append(unit(uuid4(), 0, id=old))


@pytest.mark.parametrize("kind", ["reader", "writer"])
async def test_nobody_else_forgets_commands(at: Place, kind: str) -> None:
    await refused(at, kind, "SELECT forget_commands('1 day', 1)")


@pytest.mark.parametrize("statement", BY_FUNCTION_ALONE)
async def test_who_writes_appends_by_the_logs_function_alone(at: Place, statement: str) -> None:
    await refused(at, "writer", statement)
    async with opened(at.dsn("writer")) as stage:
        await stage.log.append(unit(uuid4(), 0, id=uuid4()))


async def test_the_log_is_written_whatever_the_callers_path_says(at: Place) -> None:
    """A schema with tables and a lock of the same names, before the true ones in the path."""
    writer = at.role("writer")
    await do(
        at.dsn("owner"),
        "CREATE SCHEMA theirs",
        "CREATE TABLE theirs.events (LIKE public.events)",
        "CREATE TABLE theirs.closed (topic text)",
        "CREATE TABLE theirs.commands (LIKE public.commands)",
        "CREATE FUNCTION theirs.pg_advisory_xact_lock(bigint) RETURNS void LANGUAGE sql AS ''",
        "CREATE FUNCTION theirs.append_all(timestamptz, new_event[], new_command[]) RETURNS bigint "
        "LANGUAGE sql AS 'SELECT 99'",
        f"GRANT ALL ON SCHEMA theirs TO {writer}",
        f"GRANT ALL ON ALL TABLES IN SCHEMA theirs TO {writer}",
    )
    before = await do(at.owners, "SELECT count(*) FROM public.events")
    connection = await asyncpg.connect(at.dsn("writer"))
    try:
        await connection.execute("SET search_path = theirs, public, pg_catalog")
        answers = await append_all(connection, [unit(uuid4(), 0, id=uuid4())], now())
    finally:
        await connection.close()
    assert answers == [Appended(before + 1)]
    assert await do(at.owners, "SELECT count(*) FROM public.events") == before + 1
    assert await do(at.owners, "SELECT count(*) FROM theirs.events") == 0
    await do(at.dsn("owner"), "DROP SCHEMA theirs CASCADE")


async def test_nobody_appends_while_another_append_is_not_committed(at: Place) -> None:
    """The lock is taken inside the function, by its owner's right to it."""
    async with opened(at.dsn("writer")) as stage, stage.pool.acquire() as connection:
        async with connection.transaction():
            await append_all(connection, [unit(uuid4(), 0)], now())
            other = asyncio.create_task(stage.log.append(unit(uuid4(), 0)))
            await asyncio.sleep(0.2)
            assert not other.done()
        await other
        await assert_whole(stage.pool)


async def refused(at: Place, kind: str, statement: str) -> None:
    asked = statement.format(name=at.name, owner=at.role("owner"))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await do(at.dsn(kind), "SET default_transaction_read_only = off", "BEGIN", asked)


async def test_who_only_reads_reads_the_whole_log_and_every_list(at: Place) -> None:
    for table in ("events", "commands", *at.projections[0].tables):
        assert await do(at.dsn("reader"), f"SELECT count(*) FROM {table}") >= 0


async def test_a_reader_takes_few_of_the_connections(at: Place) -> None:
    """All others get in meanwhile."""
    most = TABLE["roles"]["reader"]["connections"]
    held: list[asyncpg.Connection[asyncpg.Record]] = []
    try:
        for _ in range(MANY):
            with suppress(asyncpg.TooManyConnectionsError):
                held.append(await asyncpg.connect(at.dsn("reader"), timeout=10))
        assert len(held) == most
        for kind in ("writer", "owner"):
            assert await do(at.dsn(kind), "SELECT 1") == 1
    finally:
        for connection in held:
            connection.terminate()


@pytest.mark.parametrize("kind", ["owner", "writer", "reader", "keys"])
async def test_a_role_connects_to_no_database_but_its_own(at: Place, kind: str) -> None:
    own = at.keys if kind == "keys" else at.name
    other = at.name if kind == "keys" else at.keys
    assert await do(at.dsn(kind, own), "SELECT 1") == 1
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied for database"):
        await do(at.dsn(kind, other), "SELECT 1")


async def test_a_stranger_connects_to_none(at: Place) -> None:
    for database in (at.name, at.keys):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await do(at.dsn("stranger", database), "SELECT 1")


@pytest.mark.parametrize("kind", ["writer", "reader"])
async def test_a_session_begins_with_the_bounds_of_its_role(at: Place, kind: str) -> None:
    bounds = dict(TABLE["roles"][kind])
    assert bounds.pop("connections")
    for setting, value in bounds.items():
        assert await do(at.dsn(kind), f"SHOW {setting}") == value


async def test_what_was_granted_otherwise_is_taken_back_at_the_next_migration(at: Place) -> None:
    """Also what a folder of an earlier commit has."""
    await do(
        at.owners,
        f"GRANT INSERT, DELETE ON events TO {at.role('reader')}",
        f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {at.role('writer')}",
        f"GRANT TEMPORARY ON DATABASE {at.name} TO PUBLIC",
        "GRANT EXECUTE ON FUNCTION append_all TO PUBLIC",
    )
    await migrate(at.dsn("owner"), at.name, SERVICE.migrations, SERVICE.projections)
    await test_the_catalogue_grants_what_the_table_says_and_no_more(at)


async def test_keys_are_added_and_never_changed(at: Place) -> None:
    keys = at.dsn("keys", at.keys)
    await do(keys, "INSERT INTO subject_keys VALUES (gen_random_uuid(), 1, '')")
    for attack in ("UPDATE subject_keys SET number = 2", "DELETE FROM subject_keys"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await do(keys, attack)


async def test_provisioning_again_changes_nothing(at: Place) -> None:
    names = {kind: at.role(kind) for kind in ("owner", "writer", "reader", "scoped")}
    await provision.database(at.admin, at.name, names, at.secrets)
    await test_the_catalogue_grants_what_the_table_says_and_no_more(at)
