"""Records beyond the bound of who claims to have sent them: told by their number (decision 59)."""

from __future__ import annotations

from uuid import NAMESPACE_URL, UUID, uuid5

from libs.events.aggregate import Aggregate, evolves
from libs.events.strict import Instant
from libs.events.value import Act
from services.review.authority.domain.decision import OWNER


class Unbelieved(Aggregate):
    class RecordsNotAnswered(Aggregate.Created):
        """So many within the hour since then, none of them authentic, each without a receipt."""

        claimed: str  # office and id of the key that they name; empty: of no key of ours
        since: Instant
        count: int
        last_offset: int

    @staticmethod
    def create_id(claimed: str, since: Instant, count: int, last_offset: int) -> UUID:
        said = f"{claimed}/{since.isoformat()}/{count}/{last_offset}"
        return uuid5(NAMESPACE_URL, f"/authority/unbelieved/{said}")

    @classmethod
    def tell(
        cls, act: Act, claimed: str, since: Instant, count: int, last_offset: int
    ) -> Unbelieved:
        told = cls.RecordsNotAnswered(
            act=act,
            claimed=claimed,
            since=since,
            count=count,
            last_offset=last_offset,
        )
        return cls.begin(cls.create_id(claimed, since, count, last_offset), told)

    @evolves(RecordsNotAnswered)
    def _not_answered(self, e: RecordsNotAnswered) -> None:
        self.claimed = e.claimed
        self.count = e.count

    @property
    def owner(self) -> UUID:
        return OWNER
