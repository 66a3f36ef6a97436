"""The states of a record (domain book 5.7). The moves between them are data: list
`assessment_transition`.
"""

from enum import StrEnum

MOVES = "assessment_transition"


class Status(StrEnum):
    DRAFT = "DRAFT"
    GENERATED = "GENERATED"
    SENT = "SENT"
    CITY_REVIEW = "CITY_REVIEW"
    CITY_PASSED = "CITY_PASSED"
    PROV_REVIEW = "PROV_REVIEW"
    EXPERT = "EXPERT"
    ONSITE = "ONSITE"
    RETURNED = "RETURNED"
    WITHDRAWN = "WITHDRAWN"
    CONCLUDED = "CONCLUDED"
    PUBLICITY = "PUBLICITY"
    OBJECTION = "OBJECTION"
    ANNOUNCED = "ANNOUNCED"
    RECTIFYING = "RECTIFYING"
    RECHECK = "RECHECK"
    WITHDRAWAL_PROPOSED = "WITHDRAWAL_PROPOSED"
    CLOSED = "CLOSED"


def as_told(status: str) -> str:
    """Of a record that was sent: to the authority, one that was withdrawn stays so until it is sent
    again, whatever is generated.
    """
    return Status.WITHDRAWN if status == Status.GENERATED else status


# code list `review_level` → the state in which that level reviews
UNDER_REVIEW = {"CITY": Status.CITY_REVIEW, "PROV": Status.PROV_REVIEW}
# sent, and neither come back nor concluded
AWAITED = frozenset(
    {
        Status.SENT,
        Status.CITY_REVIEW,
        Status.PROV_REVIEW,
        Status.CITY_PASSED,
        Status.EXPERT,
        Status.ONSITE,
    }
)
