"""Lists of the review service, within the caller's scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from libs.chassis.access import Scope
from libs.events.pools import Pool

Row = Any

CASES = """
SELECT c.* FROM cases c
WHERE ($1::boolean OR c.unit = $2 OR c.enterprise = $3)
  AND ($4::text IS NULL OR c.state = $4) AND ($5::text IS NULL OR c.level = $5) AND ($6::text IS NULL OR c.subject_kind = $6)
  AND ($7::uuid IS NULL OR c.enterprise = $7) AND ($8::text IS NULL OR c.assignee = $8) AND ($9::date IS NULL OR c.due_on < $9)
  AND ($10::uuid IS NULL OR c.filing = $10)
  AND ($11::date IS NULL OR (c.due_on, c.id) > ($11, $12::uuid))
ORDER BY c.due_on, c.id LIMIT $13
"""


@dataclass(frozen=True)
class Filter:
    state: str | None = None
    level: str | None = None
    kind: str | None = None
    enterprise: UUID | None = None
    assignee: str | None = None
    due_before: date | None = None
    filing: UUID | None = None


async def cases(pool: Pool, scope: Scope, only: Filter, after: tuple[date, UUID] | None, limit: int) -> Sequence[Row]:
    day, id = after or (None, None)
    return await pool.fetch(
        CASES, scope.everything, scope.city, scope.enterprise, only.state, only.level, only.kind, only.enterprise, only.assignee,
        only.due_before, only.filing, day, id, limit,
    )  # fmt: skip
