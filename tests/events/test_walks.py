"""A page of a list: which index is walked, what is looked for among the rows walked, and where the
next page begins.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

import pytest

from libs.events import walks
from libs.events.pools import Connection, Pool, open_pool
from libs.events.projection import Projection
from libs.events.queries import Counted, Found, count, select_page
from libs.events.readmodel import ReadModel
from libs.events.walks import Asked, Walk, Wanted

BY_PLACE = Walk("things", ("place", "id"), by=(("kind", "owner"), ("owner",)))


@dataclass(frozen=True)
class ThingRow:
    id: int
    place: int
    owner: int
    kind: str


things = ReadModel("things", ThingRow, walks=[BY_PLACE])


def test_a_list_has_an_index_for_its_order_and_for_each_way_to_narrow_it() -> None:
    assert things.indexes == {
        "things_in_order": "(place, id)",
        "things_by_kind_and_owner": "(kind, owner, place, id)",
        "things_by_owner": "(owner, place, id)",
    }


def test_the_order_of_the_key_needs_no_index_of_its_own() -> None:
    assert Walk("things", ("id",)).indexes == {}


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        ([], ()),
        ([("kind", "a")], ()),
        ([("owner", 1)], ("owner",)),
        ([("owner", 1), ("kind", "a")], ("kind", "owner")),
        ([("owner", 1), ("kind", None)], ("owner",)),
        ([("owner", 1), ("place", 3)], ("place",)),
        ([("place", 3), ("id", 7)], ("id",)),
    ],
)
def test_the_first_index_whose_columns_are_all_wanted_is_walked(
    wanted: list[tuple[str, Any]], index: tuple[str, ...]
) -> None:
    asked = Asked.of(BY_PLACE, wanted, None)
    assert {each.partition(" ")[0] for each in asked.served} == {f"r.{name}" for name in index}
    given = {name for name, value in wanted if value is not None}
    assert len(asked.others) == len(given) - len(index)


def test_a_read_model_refuses_a_walk_of_another_table_key_or_column() -> None:
    for walk in (
        Walk("others", ("id",)),
        Walk("things", ("id",), key=("place",)),
        Walk("things", ("nowhere", "id")),
    ):
        with pytest.raises(TypeError):
            ReadModel("things", ThingRow, walks=[walk])


def test_two_walks_have_indexes_of_names_of_their_own() -> None:
    by_owner = Walk("things", ("owner", "id"), by=(("kind",),), called="owned")
    assert by_owner.indexes == {
        "things_owned_in_order": "(owner, id)",
        "things_owned_by_kind": "(kind, owner, id)",
    }
    unnamed = Walk("things", ("owner", "id"), by=(("kind",),))
    assert ReadModel("things", ThingRow, walks=[BY_PLACE, by_owner])
    with pytest.raises(TypeError):
        ReadModel("things", ThingRow, walks=[BY_PLACE, unnamed])


# On PostgreSQL


@pytest.fixture
async def pool(database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Pool]:
    """A hundred things of three owners, every tenth of them rare; a page looks at twenty."""
    monkeypatch.setattr(walks, "ROWS", 20)
    opened = await open_pool(database)
    await opened.execute(Projection("test.things", [things]).sql)
    await opened.execute(
        "INSERT INTO things SELECT n, n / 2, n % 3, CASE n % 10 WHEN 0 THEN 'rare' ELSE 'plain' END"
        " FROM generate_series(1, 100) n"
    )
    yield opened
    await opened.close()


async def pages(pool: Pool, walk: Walk, wanted: Wanted, limit: int = 3) -> list[Found[ThingRow]]:
    """All of them, each begun where the one before ended; one row more than is shown is asked
    for, as routes do.
    """
    found: list[Found[ThingRow]] = []
    after = None
    while True:
        page = await select_page(pool, ThingRow, walk, wanted, after, limit + 1)
        found.append(page)
        more = len(page.rows) > limit
        after = page.place(page.rows[limit - 1]) if more else page.further
        if after is None:
            return found


def shown(found: list[Found[ThingRow]], limit: int = 3) -> list[int]:
    return [row.id for page in found for row in page.rows[:limit]]


@pytest.mark.servers
@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        ([], lambda n: True),
        ([("owner", 1)], lambda n: n % 3 == 1),
        ([("owner", 1), ("owner", 2)], lambda n: False),
        ([("kind", "rare")], lambda n: n % 10 == 0),
        ([("owner", 1), ("kind", "rare")], lambda n: n % 30 == 10),
        ([("r.id > {}", 90), ("strpos(r.kind, {}) > 0", "lai")], lambda n: n > 90 and n % 10),
        ([("kind", "nothing")], lambda n: False),
    ],
)
async def test_who_follows_the_pages_sees_each_row_once_and_in_order(
    pool: Pool, wanted: list[tuple[str, Any]], fits: Any, newest_first: bool
) -> None:
    walk = Walk("things", ("place", "id"), by=BY_PLACE.by, newest_first=newest_first)
    expected = [n for n in range(1, 101) if fits(n)]
    found = await pages(pool, walk, wanted)
    assert shown(found) == (expected[::-1] if newest_first else expected)


@pytest.mark.servers
async def test_a_page_looks_no_further_than_it_says_and_leads_on_from_there(pool: Pool) -> None:
    found = await select_page(pool, ThingRow, BY_PLACE, [("kind", "rare")], None, 5)
    assert [row.id for row in found.rows] == [10, 20]
    assert found.further == (10, 20)


@pytest.mark.servers
@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ([], Counted(20, is_all=False)),
        ([("kind", "rare")], Counted(2, is_all=False)),
        ([("r.kind = {}", "rare"), ("owner", 1)], Counted(2, is_all=False)),
        ([("kind", "rare"), ("owner", 1)], Counted(4, is_all=True)),
        ([("place", 3)], Counted(2, is_all=True)),
    ],
)
async def test_no_more_rows_are_counted_than_a_page_looks_at(
    pool: Pool, wanted: list[tuple[str, Any]], expected: Counted
) -> None:
    assert await count(pool, BY_PLACE, wanted) == expected


@pytest.mark.servers
async def test_at_the_end_of_the_list_nothing_leads_on(pool: Pool) -> None:
    found = await select_page(pool, ThingRow, BY_PLACE, [("kind", "nothing")], (41, 83), 5)
    assert (found.rows, found.further) == ([], None)


@pytest.mark.servers
async def test_what_is_told_of_the_rows_found_keeps_their_order(pool: Pool) -> None:
    told = "SELECT r.id, r.place, o.owner, r.kind FROM {rows} JOIN things o ON o.id = 101 - r.id"
    found = await select_page(pool, ThingRow, BY_PLACE, [], None, 3, told)
    assert [(row.id, row.owner) for row in found.rows] == [(1, 1), (2, 0), (3, 2)]


@pytest.mark.servers
async def test_a_page_is_planned_for_what_is_asked_however_often_it_is_asked(pool: Pool) -> None:
    async with pool.acquire() as connection:
        only = cast(Pool, OneConnection(connection))
        for _ in range(10):
            await select_page(only, ThingRow, BY_PLACE, [("owner", 1)], None, 3)
        kept = "SELECT statement FROM pg_prepared_statements WHERE generic_plans > 0"
        found = [row["statement"] for row in await connection.fetch(kept)]
    assert [each for each in found if "things" in each] == []


class OneConnection:
    """In place of a pool."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[Connection]:
        yield self._connection

    async def fetch(self, query: str, *arguments: Any) -> Any:
        return await self._connection.fetch(query, *arguments)
