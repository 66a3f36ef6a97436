"""Versions of read models: a changed list is built anew beside the one that stands, from the whole
log or topic, compared with it, and put in its place in one transaction.

The standing tables are in the schema `public`, the next ones in `building`. While they are built
(libs/events/building.py), the standing ones are read and followed as before, and what the new
version adds shows its default. The role that serves owns neither: `swap_projection` runs with its
owner's rights and takes the names of the tables from `projections`, which only the owner writes
(decision 41).
"""

from libs.events.pools import Connection
from libs.events.projection import Layout, Projection

SCHEMA = """
CREATE TABLE projections (
    name    text    NOT NULL,
    version int     NOT NULL,
    sha256  text,             -- of the SQL of its tables; unknown of those made before versions
    tables  text[]  NOT NULL,
    live    boolean NOT NULL,
    PRIMARY KEY (name, version)
);
CREATE UNIQUE INDEX projections_live ON projections (name) WHERE live;
CREATE SCHEMA building;
CREATE FUNCTION swap_projection(swapped text, next int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    standing text[];
    made     text[];
    each     text;
BEGIN
    SELECT tables INTO standing FROM public.projections WHERE name = swapped AND live;
    SELECT tables INTO made FROM public.projections
    WHERE name = swapped AND version = next AND NOT live;
    IF made IS NULL THEN RAISE EXCEPTION '% has no version % to swap in', swapped, next; END IF;
    FOREACH each IN ARRAY standing LOOP
        EXECUTE format('DROP TABLE IF EXISTS public.%I', each);
    END LOOP;
    FOREACH each IN ARRAY made LOOP
        EXECUTE format('ALTER TABLE building.%I SET SCHEMA public', each);
    END LOOP;
    DELETE FROM public.projections WHERE name = swapped AND version < next;
    UPDATE public.projections SET live = true WHERE name = swapped AND version = next;
END $$;
"""
STANDING = "SELECT version, sha256 FROM projections WHERE name = $1 AND live"
LIVE = "SELECT version FROM projections WHERE name = $1 AND live"
COLUMNS = """
SELECT table_name, array_agg(column_name::text) AS columns FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = ANY($1) GROUP BY table_name
"""


async def prepare(connection: Connection, projection: Projection, *, existed: bool) -> None:
    """Makes the tables that this version needs: in their place where there are none yet, else
    beside those that stand. `existed`: they were made before versions were. The caller owns the
    database and began a transaction. Raises ValueError for tables that changed while the version
    did not.
    """
    name = projection.name
    if existed and not await connection.fetchval(LIVE, name):
        await _note(connection, name, 1, None, list(projection.tables), live=True)
    live = await connection.fetchrow(STANDING, name)
    if live is None:
        await connection.execute(projection.sql)
        await _note(connection, name, *_identity(projection), list(projection.tables), live=True)
    elif live["version"] < projection.version:
        await _begin(connection, projection)
    elif live["version"] == projection.version and live["sha256"] not in (None, projection.sha256):
        raise ValueError(f"the tables of {name} changed: give it the next version")


async def _begin(connection: Connection, projection: Projection) -> None:
    """The next version's tables, empty, unless they are there already; what was begun of another
    one is dropped.
    """
    name = projection.name
    begun = await connection.fetch("SELECT * FROM projections WHERE name = $1 AND NOT live", name)
    if any((each["version"], each["sha256"]) == _identity(projection) for each in begun):
        return
    for table in {table for each in begun for table in each["tables"]}:
        await connection.execute(f"DROP TABLE IF EXISTS building.{table}")
    await connection.execute("DELETE FROM projections WHERE name = $1 AND NOT live", name)
    await connection.execute("DELETE FROM readers WHERE name LIKE $1 || '/%'", name)
    await connection.execute("SET LOCAL search_path = building")
    await connection.execute(projection.sql)
    await connection.execute("SET LOCAL search_path = public")
    await _note(connection, name, *_identity(projection), list(projection.tables), live=False)


def _identity(projection: Projection) -> tuple[int, str]:
    return projection.version, projection.sha256


async def _note(
    connection: Connection,
    name: str,
    version: int,
    sha256: str | None,
    tables: list[str],
    *,
    live: bool,
) -> None:
    row = (name, version, sha256, tables, live)
    await connection.execute("INSERT INTO projections VALUES ($1, $2, $3, $4, $5)", *row)


async def layout(connection: Connection, projection: Projection) -> Layout | None:
    """The tables as they stand, where they are those of an earlier version; None: of this one."""
    live = await connection.fetchval(LIVE, projection.name)
    if live is None or live >= projection.version:
        return None
    rows = await connection.fetch(COLUMNS, list(projection.tables))
    return {row["table_name"]: frozenset(row["columns"]) for row in rows}


async def is_building(connection: Connection, projection: Projection) -> bool:
    """Whether this version's tables are made and do not stand in their place yet."""
    waits = "SELECT EXISTS (SELECT FROM projections WHERE name = $1 AND version = $2 AND NOT live)"
    return bool(await connection.fetchval(waits, projection.name, projection.version))
