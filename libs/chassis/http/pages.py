"""Cursor pages: `{items, next_cursor}` and a Link to the next one.

async def list_cases(reach: Granted, page: Page) -> Listed[CaseLine]:
    rows = await cases(pool, reach.scope, after=page.after, limit=page.fetch)
    return page.of(rows, key=lambda row: (row.sent_at.isoformat(), str(row.id)))
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel

from libs.chassis.problems import formats
from libs.chassis.problems.kinds import MALFORMED
from libs.chassis.problems.problem import Stopped
from libs.events.queries import Found
from libs.events.strict import IN_URL

T = TypeVar("T")
R = TypeVar("R")
Keys = tuple[str, ...]


class Listed(BaseModel, Generic[T]):
    items: list[T]
    next_cursor: str | None = None


class Paging:
    """Where a page begins and how long it is."""

    def __init__(
        self, request: Request, response: Response, limit: int, cursor: str | None
    ) -> None:
        self._request, self._response = request, response
        self.limit = limit
        self._cursor = cursor

    @property
    def fetch(self) -> int:
        """Rows to ask for: one more than is shown tells whether there is a next page."""
        return self.limit + 1

    def after(self, *parts: Callable[[str], Any]) -> tuple[Any, ...] | None:
        """The sort key of the last item seen, each part read by its function; None on the first
        page, and for the cursor of no parts, which every list takes. Raises Stopped (400).
        """
        if self._cursor is None:
            return None
        try:
            if not (key := decode(self._cursor)):
                return None
            return tuple(_storable(read(part)) for read, part in zip(parts, key, strict=True))
        except ValueError as error:
            raise _malformed() from error

    def of(self, rows: Sequence[R], key: Callable[[R], Keys], show: Callable[[R], T]) -> Listed[T]:
        """The page of the rows fetched; `key` is what they are ordered by, `show` the item that is
        answered for a row.
        """
        items = [show(row) for row in rows[: self.limit]]
        more = len(rows) > self.limit
        return self._listed(items, key(rows[self.limit - 1]) if more else None)

    def along(self, found: Found[R], show: Callable[[R], T]) -> Listed[T]:
        """As `of`, for rows that were found on a walk: the page may be short though the list goes
        on, and has a next one then.
        """
        items = [show(row) for row in found.rows[: self.limit]]
        more = len(found.rows) > self.limit
        last = found.place(found.rows[self.limit - 1]) if more else found.further
        return self._listed(items, tuple(map(str, last)) if last else None)

    def _listed(self, items: list[T], last: Keys | None) -> Listed[T]:
        if last is None:
            return Listed(items=items)
        following = encode(last)
        url = self._request.url.include_query_params(cursor=following)
        self._response.headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'
        return Listed(items=items, next_cursor=following)


async def _paging(
    request: Request,
    response: Response,
    limit: Annotated[int, Query(ge=1, le=200, description="Items on a page"), IN_URL] = 50,
    cursor: Annotated[
        str | None,
        Query(
            max_length=500,
            description="`next_cursor` of the page before. A page may be short, even empty, and"
            " have one: none is the end of the list",
        ),
    ] = None,
) -> Paging:
    return Paging(request, response, limit, cursor)


Page = Annotated[Paging, Depends(_paging)]


def _storable(part: Any) -> Any:
    """ValueError for what no column holds: a query would fail on it."""
    if (isinstance(part, int) and part.bit_length() > 31) or (
        isinstance(part, str) and b"\0" in part.encode()
    ):
        raise ValueError("never given out")
    return part


def encode(key: Keys) -> str:
    return urlsafe_b64encode(json.dumps(key, separators=(",", ":")).encode()).decode().rstrip("=")


def decode(cursor: str) -> Keys:
    """Raises ValueError for what was never given out."""
    key = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    if not isinstance(key, list) or not all(isinstance(part, str) for part in key):
        raise ValueError("not a cursor")
    return tuple(key)


def _malformed() -> Stopped:
    return Stopped(
        MALFORMED, (formats.item("无效的翻页位置", "Not a cursor of this list", "/query/cursor"),)
    )
