"""The list of publicities 公示 and announcements 公告; it is for everybody."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from libs.events.pools import Pool
from libs.events.queries import Found, select_page
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.events.walks import Walk
from services.review.publicity.domain import Publicity, Standing


@dataclass(frozen=True)
class PublicityRow:
    id: UUID
    standing: str
    first_day: date
    last_day: date
    announced_on: date | None = None
    opened_with: int = 0  # results


LATEST_FIRST = Walk("publicities", ("first_day", "id"), by=(("standing",),), newest_first=True)
publicities = ReadModel("publicities", PublicityRow, walks=[LATEST_FIRST])


@publicities.on(Publicity.PublicityOpened)
def _opened(e: Publicity.PublicityOpened, at: StoredEvent) -> Iterator[Change]:
    yield publicities.put(
        PublicityRow(
            id=at.stream,
            standing=Standing.OPEN,
            first_day=e.first_day,
            last_day=e.last_day,
            opened_with=len(e.results),
        )
    )


@publicities.on(Publicity.ResultAnnounced)
def _announced(e: Publicity.ResultAnnounced, at: StoredEvent) -> Iterator[Change]:
    yield publicities.change(id=at.stream, standing=Standing.ANNOUNCED, announced_on=e.announced_on)


@dataclass(frozen=True, kw_only=True)
class ListedPublicity(PublicityRow):
    """With the number of results that were taken back since it opened."""

    removed: int

    @property
    def results(self) -> int:
        """How many it shows."""
        return self.opened_with - self.removed


TOLD = """
SELECT r.*, (
    SELECT count(*) FROM publicity_results o WHERE o.publicity = r.id AND o.removed
  ) AS removed
FROM {rows}
"""


async def latest_first(
    pool: Pool, standing: str | None, after: tuple[Any, ...] | None, limit: int
) -> Found[ListedPublicity]:
    """`after`: first day and id of the last one seen."""
    wanted = [("standing", standing)]
    return await select_page(pool, ListedPublicity, LATEST_FIRST, wanted, after, limit, TOLD)
