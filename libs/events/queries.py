"""Queries of read models whose rows come back typed.

people = await select(pool, PersonRow, "SELECT * FROM people WHERE enterprise = $1", enterprise)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from libs.events import walks
from libs.events.pools import Pool, borrowed
from libs.events.rows import row_of
from libs.events.scoped import connection_of_asker
from libs.events.walks import Asked, Place, Walk, Wanted

R = TypeVar("R")


@dataclass(frozen=True)
class Found(Generic[R]):
    """A page of a list. `further`: the place after which the next one begins, where there are fewer
    rows than were asked for and the list goes on all the same.
    """

    walk: Walk
    rows: Sequence[R]
    further: Place | None = None

    def place(self, row: R) -> Place:
        return tuple(getattr(row, column) for column in self.walk.order)


@dataclass(frozen=True)
class Counted:
    """`rows`: how many are wanted of those that were looked at; `is_all`: whether these were all
    there are.
    """

    rows: int
    is_all: bool


def contains(column: str, text: str) -> str:
    """SQL: whether the text is a part of the column, both in their normal form: composition,
    width, case and blanks aside.
    """
    return contains_key(_normal(column), text)


def contains_key(column: str, text: str) -> str:
    """As `contains`, of a column that is in the normal form already: making it takes most of what
    a search costs.
    """
    return f"strpos({column}, {_normal(text)}) > 0"


def _normal(text: str) -> str:
    return f"replace(upper(normalize({text}, NFKC)), ' ', '')"


async def select(pool: Pool, row: type[R], query: str, *arguments: Any) -> list[R]:
    """The query's rows, each as `row`, by name of column. A column that is not there takes the
    field's default: a list that is being built anew still stands as it was.
    """
    async with borrowed(pool) as connection:
        found = await connection.fetch(query, *arguments)
    return [row_of(row, dict(each)) for each in found]


async def select_shown(pool: Pool, row: type[R], query: str, *arguments: Any) -> list[R]:
    """As `select`, of what whoever asks now may see (decision 55)."""
    return [row_of(row, dict(each)) for each in await _planned(pool, query, arguments)]


async def select_one(pool: Pool, row: type[R], query: str, *arguments: Any) -> R | None:
    async with borrowed(pool) as connection:
        found = await connection.fetchrow(query, *arguments)
    return row_of(row, dict(found)) if found else None


async def select_page(
    pool: Pool,
    row: type[R],
    walk: Walk,
    wanted: Wanted,
    after: Place | None,
    limit: int,
    query: str = "SELECT * FROM {rows}",
) -> Found[R]:
    """The rows after a place, `limit` at most, in the walk's order. `query`: what is told of these
    rows, each of which it calls `r`.
    """
    asked = Asked.of(walk, wanted, after)
    told = f"{query.format(rows=asked.rows(limit))} ORDER BY {walk.sorted}"
    rows = [row_of(row, dict(each)) for each in await _planned(pool, told, asked.arguments)]
    if len(rows) >= limit or not asked.others:
        return Found(walk, rows)
    last = await _planned(pool, *asked.end())
    return Found(walk, rows, tuple(last[0].values()) if last else None)


async def summarised(
    pool: Pool, row: type[R], walk: Walk, wanted: Wanted, query: str, *arguments: Any
) -> R:
    """One row about the first rows of the walk, `ROWS` at most. `query` summarises `{rows}`, and
    has a `{}` for each of its arguments.
    """
    asked = Asked.of(walk, wanted, None)
    rows = asked.rows(walks.ROWS)
    told = query.format(*map(asked.parameter, arguments), rows=rows)
    (found,) = await _planned(pool, told, asked.arguments)
    return row_of(row, dict(found))


async def count(pool: Pool, walk: Walk, wanted: Wanted) -> Counted:
    """How many rows are wanted, among the first of the walk, `ROWS` at most."""
    asked = Asked.of(walk, list(wanted), None)
    told = f"SELECT count(*) AS rows FROM {asked.rows(walks.ROWS)}"
    (found,) = await _planned(pool, told, asked.arguments)
    return Counted(found["rows"], is_all=not await _planned(pool, *asked.end()))


async def _planned(pool: Pool, query: str, arguments: Sequence[Any]) -> Sequence[Any]:
    """Its rows, by a plan for these very arguments. PostgreSQL keeps one for any, after five times:
    for a state that nobody is in it would look through all, as if every third were in it.
    """
    async with connection_of_asker(pool) as connection:
        statement = await connection.prepare(query)
        return await statement.fetch(*arguments)
