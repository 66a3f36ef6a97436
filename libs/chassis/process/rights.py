"""Rights of database roles: rights.toml says which, `settle` grants and revokes until the database
says the same (decision 55).
"""

import asyncio
import tomllib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

import asyncpg

from libs.events.pools import Connection

TABLE: Mapping[str, Any] = tomllib.loads(Path(__file__).with_name("rights.toml").read_text())
PUBLIC = "PUBLIC"  # as in GRANT: every role there is
DatabaseKind = Literal["service", "keys", "portal"]

# what there is to have rights on, each with whoever has one besides its owner
HELD = """
WITH things AS (
    SELECT 'DATABASE ' || quote_ident(datname) AS thing, datdba AS owner,
           coalesce(datacl, acldefault('d', datdba)) AS acl, false AS walled
    FROM pg_database WHERE datname = current_database()
    UNION ALL
    SELECT 'SCHEMA ' || nspname, nspowner, coalesce(nspacl, acldefault('n', nspowner)), false
    FROM pg_namespace WHERE nspname IN ('public', 'building')
    UNION ALL
    SELECT format('TABLE %s.%I', relnamespace::regnamespace, relname), relowner,
           coalesce(relacl, acldefault('r', relowner)), relforcerowsecurity
    FROM pg_class
    WHERE relnamespace::regnamespace::text IN ('public', 'building')
    AND relkind IN ('r', 'p', 'v', 'm', 'f')
    UNION ALL
    SELECT format('FUNCTION %s.%I', pronamespace::regnamespace, proname), proowner,
           coalesce(proacl, acldefault('f', proowner)), false
    FROM pg_proc WHERE pronamespace::regnamespace::text IN ('public', 'building')
)
SELECT thing, walled, coalesce(rolname, 'PUBLIC') AS role, privilege_type AS verb
FROM things LEFT JOIN LATERAL aclexplode(acl) AS held ON grantee <> owner
LEFT JOIN pg_roles ON pg_roles.oid = grantee
"""
OPEN = """
SELECT oid::regprocedure::text FROM pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner)))
WHERE pronamespace = 'pg_catalog'::regnamespace AND proname ~ $1 AND grantee = 0
"""
# tables without the wall, each with its columns that may name an enterprise
UNWALLED = """
SELECT c.oid::regclass::text AS name, relname, array_agg(attname::text) AS columns
FROM pg_class c JOIN pg_attribute ON attrelid = c.oid
WHERE relnamespace::regnamespace::text IN ('public', 'building') AND relkind = 'r' AND attnum > 0
AND atttypid = 'uuid'::regtype
AND NOT (relrowsecurity AND relforcerowsecurity AND EXISTS (
    SELECT FROM pg_policy WHERE polrelid = c.oid AND polname = 'one_enterprise'))
GROUP BY c.oid, relname
"""
WALL = """
DROP POLICY IF EXISTS everything ON {table};
DROP POLICY IF EXISTS one_enterprise ON {table};
CREATE POLICY everything ON {table} USING (true) WITH CHECK (true);
CREATE POLICY one_enterprise ON {table} AS RESTRICTIVE FOR SELECT TO "{role}"
    USING ({column} = current_setting('kaohe.enterprise')::uuid);
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
"""
SHORTLY, PAUSE = "SET LOCAL lock_timeout = '100ms'; ", 1.0  # seconds between two turns
KNOWN = "SELECT rolname FROM pg_roles WHERE rolname = ANY($1) AND rolname <> current_user"


class Right(NamedTuple):
    """`thing` as GRANT names it, with its kind: `TABLE public.events`."""

    role: str
    verb: str
    thing: str


async def settle(connection: Connection, database: DatabaseKind, **roles: Collection[str]) -> None:
    """Makes the rights of these roles, by what they are in rights.toml, and of PUBLIC those that it
    has a line for, in one transaction; roles that are not there are passed over. The caller owns
    the database.
    """
    named = [name for names in roles.values() for name in names]
    there = {row["rolname"] for row in await connection.fetch(KNOWN, named)}
    is_to_be = {kind: [name for name in names if name in there] for kind, names in roles.items()}
    rows = await connection.fetch(HELD)
    found = {Right(row["role"], row["verb"], row["thing"]) for row in rows if row["verb"]}
    things = {row["thing"]: row["walled"] for row in rows}
    wanted = set(_wanted(database, things, is_to_be))
    ours = {*there, PUBLIC}
    statements = [
        f"REVOKE {verb} ON {thing} FROM {_quoted(role)}"
        for role, verb, thing in sorted(found - wanted)
        if role in ours
    ]
    statements += [
        f"GRANT {verb} ON {thing} TO {_quoted(role)}"
        for role, verb, thing in sorted(wanted - found)
    ]
    if statements:  # several in one call are one transaction
        await connection.execute("; ".join(statements))


async def settle_rows(connection: Connection, scoped: str) -> None:
    """Forces row-level security on the log and on the tables of lists, those that are being built
    included: this role sees the rows of the enterprise that it is told, all others see all. Nothing
    where there is no such role.
    """
    if not await connection.fetch(KNOWN, [scoped]):
        return
    named = TABLE["rows"]
    kernel = TABLE["service"]["tables"].keys() - named.keys()
    for row in await connection.fetch(UNWALLED):
        column = named.get(row["relname"], named["*"])
        if row["relname"] not in kernel and column in row["columns"]:
            await _walled(connection, WALL.format(table=row["name"], role=scoped, column=column))


async def _walled(connection: Connection, statement: str) -> None:
    """Takes the table for itself in short turns, so that nobody who serves queues behind it for as
    long as a reader keeps the table open.
    """
    while True:
        try:
            async with connection.transaction():
                await connection.execute(SHORTLY + statement)
            return
        except asyncpg.LockNotAvailableError:
            await asyncio.sleep(PAUSE)


async def close_catalogue(connection: Connection, owner: str) -> bool:
    """Takes from PUBLIC what PostgreSQL gives it: functions with which whoever may only read holds
    locks that others wait for, or writes. Its owner keeps what the log's own functions call.
    Whether nothing is left open: only a superuser of the server can close it.
    """
    closed, kept = TABLE["catalogue"]["closed"], TABLE["catalogue"]["owner"]
    functions = [row["oid"] for row in await connection.fetch(OPEN, closed)]
    if functions:
        await connection.execute(f"REVOKE EXECUTE ON FUNCTION {', '.join(functions)} FROM PUBLIC")
    await connection.execute(f'GRANT EXECUTE ON FUNCTION {", ".join(kept)} TO "{owner}"')
    return not await connection.fetch(OPEN, closed)


def _wanted(
    database: DatabaseKind, things: Mapping[str, bool], roles: Mapping[str, Collection[str]]
) -> Iterator[Right]:
    for thing, is_walled in things.items():
        for kind, verbs in allowed(database, thing, is_walled).items():
            for role in roles.get(kind, ()):
                yield from (Right(role, verb, thing) for verb in verbs.split())


def allowed(database: DatabaseKind, thing: str, is_walled: bool) -> Mapping[str, str]:
    """Verbs by what a role is. `is_walled`: of this table the role of askers sees one enterprise's
    rows alone.
    """
    kind, name = thing.split(" ", 1)
    rows: Mapping[str, Any] = TABLE[database]
    if kind == "DATABASE":
        return dict(rows["database"])
    table: Mapping[str, dict[str, str]] = rows.get(f"{kind.lower()}s", {})
    lists: Mapping[str, dict[str, str]] = rows.get("lists", {})
    name = name.rpartition(".")[2].strip('"')
    return table.get(name, table.get("*", {})) | lists.get("*" if is_walled else name, {})


def _quoted(role: str) -> str:
    return role if role == PUBLIC else f'"{role}"'
