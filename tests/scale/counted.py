"""What a service asks of its read models, with the rows that PostgreSQL looks at to answer it."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from libs.events.pools import Connection

EXPLAIN = "EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF, FORMAT JSON) "
Plan = Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    by: str  # an operation, a reader, an effect
    sql: str
    arguments: tuple[Any, ...] = field(repr=False)
    rows: int
    plan: Plan = field(repr=False)


class Counted:
    """In place of a pool: one connection, on which every statement is explained as it is carried
    out. `by`: who asks.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection, self.by = connection, ""
        self.most: dict[tuple[str, str], Asked] = {}  # of each asker and statement
        self.answered: set[str] = set()  # operations, as wanted
        self._turn = asyncio.Lock()

    async def execute(self, query: str, *arguments: Any) -> None:
        """A change, whose explanation carries it out."""
        async with self._turn:
            await self._explain(query, arguments)

    async def fetch(self, query: str, *arguments: Any, **_: Any) -> Any:
        async with self._turn:
            await self._explain(query, arguments)
            return await self.connection.fetch(query, *arguments)

    async def fetchrow(self, query: str, *arguments: Any, **_: Any) -> Any:
        return next(iter(await self.fetch(query, *arguments)), None)

    async def fetchval(self, query: str, *arguments: Any, **_: Any) -> Any:
        row = await self.fetchrow(query, *arguments)
        return None if row is None else row[0]

    async def prepare(self, query: str, **_: Any) -> "Prepared":
        return Prepared(self, query)

    @asynccontextmanager
    async def acquire(self, **_: Any) -> AsyncIterator["Counted"]:
        yield self

    async def _explain(self, query: str, arguments: tuple[Any, ...]) -> None:
        told = json.loads(await self.connection.fetchval(EXPLAIN + query, *arguments))
        plan = told[0]["Plan"]
        asked = Asked(self.by, query, arguments, sum(map(looked_at, nodes(plan))), plan)
        before = self.most.get((self.by, query))
        if before is None or before.rows < asked.rows:
            self.most[self.by, query] = asked


@dataclass(frozen=True)
class Prepared:
    """A statement that is planned anew each time, as an explained one is."""

    counted: Counted
    query: str

    async def fetch(self, *arguments: Any) -> Any:
        return await self.counted.fetch(self.query, *arguments)


def nodes(plan: Plan) -> Iterator[Plan]:
    yield plan
    for each in plan.get("Plans", ()):
        yield from nodes(each)


def looked_at(node: Plan) -> int:
    """Rows of a table that the node took or passed over."""
    if "Relation Name" not in node or "Scan" not in node["Node Type"]:
        return 0
    passed_over = sum(node.get(f"Rows Removed by {why}", 0) for why in ("Filter", "Index Recheck"))
    return int((node["Actual Rows"] + passed_over) * node["Actual Loops"])
