"""Rows of tables into files and back, by COPY in PostgreSQL's binary form: over the connection that
the services use, with TLS where it has TLS, and without programs of the server's version.
"""

from collections.abc import Awaitable, Callable, Collection
from pathlib import Path

from deploy.keeping.folder import SavedDatabase, SavedFiles, SavedTable, file_of
from libs.events.pools import Connection

# with the columns that take a value
TABLES = """
SELECT relname AS name, array_agg(attname::text ORDER BY attnum) AS columns,
       relforcerowsecurity AS walled
FROM pg_class c JOIN pg_attribute ON attrelid = c.oid
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0
AND NOT attisdropped AND attgenerated = ''
GROUP BY relname, relforcerowsecurity ORDER BY relname
"""

EMPTY_COPY = 'CREATE TEMPORARY TABLE saved ON COMMIT DROP AS TABLE public."{}" WITH NO DATA'


async def save(
    connection: Connection, folder: str, without: Collection[str], files: SavedFiles
) -> SavedDatabase:
    """All rows of all tables but these, as the connection's snapshot has them."""
    tables = {}
    for row in await connection.fetch(TABLES):
        if row["name"] in without:
            continue
        with files.open(file_of(folder, row["name"])) as file:
            told = await connection.copy_from_table(
                row["name"],
                schema_name="public",
                columns=row["columns"],
                output=file.copied,
                format="binary",
            )
        tables[row["name"]] = SavedTable(rows=_count(told), columns=tuple(row["columns"]))
    return SavedDatabase(folder=folder, tables=tables)


async def load(connection: Connection, path: Path, saved: SavedDatabase) -> None:
    """Into tables that are empty. The caller owns them, and began a transaction. Row-level security
    is not in COPY's way meanwhile.
    """
    walled = {row["name"] for row in await connection.fetch(TABLES) if row["walled"]}
    for table, each in saved.tables.items():
        wall = f'ALTER TABLE public."{table}" {{}} ROW LEVEL SECURITY'
        if table in walled:
            await connection.execute(wall.format("NO FORCE"))
        await _copy(connection, path / saved.file_of(table), table, each)
        if table in walled:
            await connection.execute(wall.format("FORCE"))


Settle = Callable[[Connection, str], Awaitable[None]]


async def merge(connection: Connection, path: Path, saved: SavedDatabase, settle: Settle) -> None:
    """Into tables that may hold rows: those stay as they are. `settle`: asked of each table before,
    with what was saved beside it in the temporary table `saved`.
    """
    for table, each in saved.tables.items():
        async with connection.transaction():
            await connection.execute(EMPTY_COPY.format(table))
            names = ", ".join(f'"{name}"' for name in each.columns)
            await _copy(connection, path / saved.file_of(table), table, each, into="saved")
            await settle(connection, table)
            await connection.execute(
                f'INSERT INTO public."{table}" ({names}) SELECT {names} FROM saved '
                "ON CONFLICT DO NOTHING"
            )


async def _copy(
    connection: Connection, file: Path, table: str, saved: SavedTable, into: str = ""
) -> None:
    await connection.copy_to_table(
        into or table,
        schema_name=None if into else "public",
        source=file,
        columns=list(saved.columns),
        format="binary",
    )


def _count(told: str) -> int:
    """Of `COPY 12`."""
    return int(told.rpartition(" ")[2])
