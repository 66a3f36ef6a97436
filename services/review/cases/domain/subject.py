"""What a case is about, its levels and its states."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal
from uuid import NAMESPACE_URL, UUID, uuid5

from libs.events.value import Value

PROVINCE = "410000"
RECORD = "assessment"


class Level(StrEnum):
    CITY = "CITY"
    PROV = "PROV"
    EXPERT = "EXPERT"


# what a record is while that level has opened it: code list `assessment_status`
UNDER_REVIEW = {Level.CITY: "CITY_REVIEW", Level.PROV: "PROV_REVIEW", Level.EXPERT: "EXPERT"}


class State(StrEnum):
    WAITING = "WAITING"  # nobody at this level has opened it
    TAKEN = "TAKEN"
    ONSITE = "ONSITE"  # waits for the minutes of two inspectors
    # an opinion on a record: it takes effect when the lead signs it, or approves the conclusion
    OPINION = "OPINION"
    DECIDED = "DECIDED"  # the owner has not yet said whether it took effect
    RETURNED = "RETURNED"  # the enterprise has the ball, the clock stands
    WITHDRAWN = "WITHDRAWN"
    CONCLUDED = "CONCLUDED"  # a record's result stands and may be published
    PUBLISHED = "PUBLISHED"
    CLOSED = "CLOSED"


# what the authority has still to do something about; of all else, another has the ball or none
OPEN = (State.WAITING, State.TAKEN, State.ONSITE, State.OPINION)

Kind = Literal["enterprise_filing", "person_filing", "assessment"]


class Subject(Value):
    """What the case is about, as the sent event told it."""

    kind: str  # enterprise_filing, person_filing, assessment
    id: UUID  # stream of the enterprise, the person or the record
    filing: UUID | None  # None for a record
    type: str  # code list `filing_type`, or ASSESSMENT
    no: str  # filing or record number
    receipt_no: str
    enterprise: UUID
    uscc: str
    enterprise_name: str
    unit: str  # supervising unit

    @property
    def is_record(self) -> bool:
        return self.kind == RECORD

    @property
    def case(self) -> UUID:
        """The id of its case."""
        return case_id(self.filing or self.id)

    @property
    def entry(self) -> Level:
        """Where it comes in: enterprises of the province skip the city."""
        return Level.PROV if self.unit == PROVINCE else Level.CITY


def case_id(subject: UUID) -> UUID:
    """One case per filing or record, whatever its round."""
    return uuid5(NAMESPACE_URL, f"/cases/{subject}")
