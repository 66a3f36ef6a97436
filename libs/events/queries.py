"""Queries of read models whose rows come back typed.

people = await select(pool, PersonRow, "SELECT * FROM people WHERE enterprise = $1", enterprise)
"""

from typing import Any, TypeVar

from libs.events.pools import Pool
from libs.events.rows import row_of

R = TypeVar("R")


async def select(pool: Pool, row: type[R], query: str, *arguments: Any) -> list[R]:
    """The query's rows, each as `row`, by name of column. A column that is not there takes the
    field's default: a list that is being built anew still stands as it was.
    """
    return [row_of(row, dict(each)) for each in await pool.fetch(query, *arguments)]


async def select_one(pool: Pool, row: type[R], query: str, *arguments: Any) -> R | None:
    found = await pool.fetchrow(query, *arguments)
    return row_of(row, dict(found)) if found else None
