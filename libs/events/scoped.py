"""Row-level security for who asks: pages of lists that an enterprise asks for are read by a role
that sees its rows alone, whatever the query says: the second wall behind `Scope` (decision 55).
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import NamedTuple
from uuid import UUID

from libs.events.pools import Connection, Pool, borrowed, give_up


class Scoped(NamedTuple):
    """The database role whose policies look at `kaohe.enterprise`, and the enterprise."""

    role: str
    enterprise: UUID


AS_ASKER = "BEGIN READ ONLY; SET LOCAL ROLE \"{}\"; SET LOCAL kaohe.enterprise = '{}'"
SCOPED: ContextVar[Scoped | None] = ContextVar("scoped", default=None)


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
