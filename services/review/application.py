"""Commands of the review service: load, decide, save."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from libs.events.aggregate import Aggregate
from libs.events.application import Unit, use_case
from libs.events.errors import NotFound
from libs.filing.filing import Decision, ReturnedItem, Reviewed
from libs.filing.reference import names, reporting_units
from services.review.application_of_records import RecordApplication
from services.review.domain import reviewing
from services.review.domain.case import Case
from services.review.domain.office import AuthorityKey, Office
from services.review.domain.reference import CLOCK, Reference


@dataclass(frozen=True)
class Opinion:
    """What an officer decides on one case, and exactly what he saw."""

    case: UUID
    decision: Decision
    round: int
    reviewed: Reviewed
    items: tuple[ReturnedItem, ...] = ()
    comment: str = ""


class ReviewApplication(RecordApplication):
    @use_case
    async def open_case(self, unit: Unit, id: UUID) -> Aggregate:
        case = await unit.load(Case, id)
        reviewing.take(case, unit.act)
        return case

    @use_case
    async def decide(self, unit: Unit, opinions: Sequence[Opinion]) -> Aggregate:
        """One event a case; several cases in one command are decided together or not at all."""
        for opinion in opinions:
            case = await unit.load(Case, opinion.case)
            reviewing.decide(
                case,
                unit.act,
                opinion.decision,
                opinion.round,
                opinion.reviewed,
                items=opinion.items,
                comment=opinion.comment,
            )
        return case

    @use_case
    async def change_reference(
        self, unit: Unit, kind: str, items: Sequence[Mapping[str, Any]]
    ) -> Aggregate:
        if kind not in names():
            raise NotFound
        reference = await self._reference(unit, kind)
        reference.change(unit.act, tuple(dict(item) for item in items))
        return reference

    @use_case
    async def set_clock(self, unit: Unit, offset_seconds: int) -> Aggregate:
        reference = await self._reference(unit, CLOCK)
        reference.set_clock(unit.act, offset_seconds)
        return reference

    @use_case
    async def register_key(self, unit: Unit, code: str, key: AuthorityKey) -> Aggregate:
        if code not in reporting_units():
            raise NotFound
        office = await unit.find(Office, Office.create_id(code)) or unit.add(
            Office.begin_for(unit.act, code)
        )
        office.register_key(unit.act, key)
        return office

    @use_case
    async def revoke_key(self, unit: Unit, code: str, key_id: str) -> Aggregate:
        office = await unit.load(Office, Office.create_id(code))
        if key_id not in office.keys:
            raise NotFound
        office.revoke_key(unit.act, key_id)
        return office

    async def _reference(self, unit: Unit, kind: str) -> Reference:
        return await unit.find(Reference, Reference.create_id(kind)) or unit.add(
            Reference.begin_for(unit.act, kind)
        )
