"""Row-level security for who asks: pages of lists, and streams of the log, that an enterprise reads
are read by a role that sees its rows alone, whatever the query says: the second wall behind `Scope`
and `Reach` (decision 55).
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from typing import NamedTuple
from uuid import UUID

from libs.events.pools import Connection, Pool, borrowed, give_up


class Scoped(NamedTuple):
    """The database role whose policies look at `kaohe.enterprise`, and the enterprise."""

    role: str
    enterprise: UUID
    reads: bool = False  # a command decides on what its neighbours have done, too


# Streams for who sees what is theirs alone, as the role that row-level security narrows.
OF_ASKERS = """
CREATE FUNCTION streams_of_askers(
    as_role text, askers uuid[], ids uuid[], afters int[], uptos int[]
) RETURNS TABLE (number int, event events) LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM set_config('role', as_role, true);
    IF current_user = session_user THEN
        RAISE 'streams are read for an enterprise by a role of its own';
    END IF;
    FOR part IN 1 .. cardinality(ids) LOOP
        PERFORM set_config('kaohe.enterprise', askers[part]::text, true);
        RETURN QUERY SELECT part, each FROM public.events AS each
            WHERE stream_id = ids[part] AND version > afters[part] AND version <= uptos[part]
            ORDER BY version;
    END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION streams_of_askers FROM PUBLIC;
"""
STREAMS_OF_ASKERS = "SELECT number, (event).* FROM public.streams_of_askers($1, $2, $3, $4, $5)"
AS_ASKER = "BEGIN READ ONLY; SET LOCAL ROLE \"{}\"; SET LOCAL kaohe.enterprise = '{}'"
SCOPED: ContextVar[Scoped | None] = ContextVar("scoped", default=None)


def reader() -> Scoped | None:
    """Who sees of the log what is theirs alone; None: whoever asks now sees all of it."""
    asker = SCOPED.get()
    return asker if asker and asker.reads else None


def is_shown(owner: UUID) -> bool:
    """Whether whoever reads now may see what this enterprise owns."""
    asker = reader()
    return asker is None or asker.enterprise == owner


@contextmanager
def beyond_own() -> Iterator[None]:
    """What is looked up in here is looked up for the system, which tells its answer alone."""
    before = SCOPED.set(None)
    try:
        yield
    finally:
        SCOPED.reset(before)


@asynccontextmanager
async def connection_of_asker(pool: Pool) -> AsyncIterator[Connection]:
    """A connection on which whoever asks now sees what is theirs; for nobody in particular, and
    for those whose rights reach further, everything.
    """
    asker = SCOPED.get()
    async with borrowed(pool) as connection:
        if asker is None:
            yield connection
            return
        is_everybodys = False
        try:
            await connection.execute(AS_ASKER.format(*asker))
            yield connection
            await connection.execute("COMMIT")
            is_everybodys = True
        finally:
            if not is_everybodys:  # whoever had it next would see as this asker does
                give_up(connection)
