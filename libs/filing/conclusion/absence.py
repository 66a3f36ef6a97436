"""Who took no part, and who need not."""

from datetime import date

from libs.filing.calendar import anniversary

NEVER_SENT = frozenset({"DRAFT", "GENERATED", "WITHDRAWN"})  # list assessment_status


def is_absent(status: str | None, exempt: bool = False) -> bool:
    """At closing: no record, or one never sent or taken back, and no EXEMPT decision."""
    return not exempt and (status is None or status in NEVER_SENT)


def is_exempt(first_issued_on: date, as_of: date, being_cancelled: bool = False) -> bool:
    """The first certificate is younger than one year, or the certificate is being cancelled."""
    return being_cancelled or as_of < anniversary(first_issued_on, 1)
