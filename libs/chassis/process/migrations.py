"""Tables of a service: plain SQL, forward only, each piece once, told apart by its SHA-256."""

from collections.abc import Sequence
from hashlib import sha256

import asyncpg

from libs.chassis.process.rights import settle, settle_rows
from libs.events.pools import Connection
from libs.events.projection import Projection
from libs.events.versions import prepare

LOCK = 4159
APPLIED = """
CREATE TABLE IF NOT EXISTS migrations (
    name text PRIMARY KEY,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);
"""


async def migrate(
    owner_dsn: str,
    writer: str,
    pieces: Sequence[tuple[str, str]],
    projections: Sequence[Projection] = (),
) -> None:
    """Applies (name, SQL) pieces that are not applied yet, and makes the tables that projections
    need, one transaction each, one process at a time. Raises ValueError for a piece whose text
    changed after it was applied, and for tables that changed under the same version. `writer`, and
    the roles that are called after it, get the rights of rights.toml.
    """
    connection = await asyncpg.connect(owner_dsn)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
        await connection.execute(APPLIED)
        known = {
            row["name"]: row["sha256"]
            for row in await connection.fetch("SELECT name, sha256 FROM migrations")
        }
        for name, sql in pieces:
            digest = sha256(sql.encode()).hexdigest()
            if name not in known:
                async with connection.transaction():
                    await connection.execute(sql)
                    await connection.execute(
                        "INSERT INTO migrations (name, sha256) VALUES ($1, $2)", name, digest
                    )
            elif known[name] != digest:
                raise ValueError(
                    f"migration {name} was changed after it was applied; write a new one"
                )
        for projection in projections:
            async with connection.transaction():
                await prepare(connection, projection, existed=projection.name in known)
        kinds = ("reader", "scoped", "retention")
        roles = {"writer": writer} | {kind: f"{writer}_{kind}" for kind in kinds}
        await settle_rows(connection, roles["scoped"])
        await settle(connection, "service", **{kind: [name] for kind, name in roles.items()})
    finally:
        await connection.close()


async def lists_that_serve(connection: Connection) -> dict[str, int]:
    """The version of each."""
    rows = await connection.fetch("SELECT name, version FROM projections WHERE live ORDER BY name")
    return {row["name"]: row["version"] for row in rows}


async def missing(
    connection: Connection,
    pieces: Sequence[tuple[str, str]],
    projections: Sequence[Projection] = (),
) -> list[str]:
    """What the migration step has not made yet of these, by name."""
    try:
        known = {row["name"] for row in await connection.fetch("SELECT name FROM migrations")}
        made = {
            (row["name"], row["version"])
            for row in await connection.fetch("SELECT name, version FROM projections")
        }
    except asyncpg.UndefinedTableError:
        known, made = set(), set()
    newest = {name: max(v for n, v in made if n == name) for name, _ in made}
    lists = [each.name for each in projections if newest.get(each.name, 0) < each.version]
    return [name for name, _ in pieces if name not in known] + lists
