"""The list of publicities 公示 and announcements 公告; it is for everybody."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from libs.events.pools import Pool
from libs.events.queries import select
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from services.review.publicity.domain import Publicity, Standing


@dataclass(frozen=True)
class PublicityRow:
    id: UUID
    standing: str
    first_day: date
    last_day: date
    announced_on: date | None = None


publicities = ReadModel("publicities", PublicityRow)


@publicities.on(Publicity.PublicityOpened)
def _opened(e: Publicity.PublicityOpened, at: StoredEvent) -> Iterator[Change]:
    yield publicities.put(
        PublicityRow(
            id=at.stream, standing=Standing.OPEN, first_day=e.first_day, last_day=e.last_day
        )
    )


@publicities.on(Publicity.ResultAnnounced)
def _announced(e: Publicity.ResultAnnounced, at: StoredEvent) -> Iterator[Change]:
    yield publicities.change(id=at.stream, standing=Standing.ANNOUNCED, announced_on=e.announced_on)


@dataclass(frozen=True, kw_only=True)
class ListedPublicity(PublicityRow):
    """With the number of results that it shows."""

    results: int


LATEST_FIRST = """
SELECT p.*, (
    SELECT count(*) FROM publicity_results r WHERE r.publicity = p.id AND NOT r.removed
  ) AS results
FROM publicities p
WHERE ($1::text IS NULL OR p.standing = $1)
  AND ($2::date IS NULL OR (p.first_day, p.id) < ($2, $3::uuid))
ORDER BY p.first_day DESC, p.id DESC LIMIT $4
"""


async def latest_first(
    pool: Pool, standing: str | None, after: tuple[Any, ...] | None, limit: int
) -> list[ListedPublicity]:
    """`after`: first day and id of the last one seen."""
    place = after or (None, None)
    return await select(pool, ListedPublicity, LATEST_FIRST, standing, *place, limit)
