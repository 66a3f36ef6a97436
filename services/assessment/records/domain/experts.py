"""Whom the province has asked about a record, by name (decision 60)."""

from services.assessment.records.domain.record import Record
from services.assessment.records.domain.status import Status


def is_before(record: Record, expert: str) -> bool:
    """Whether it lies before this expert now."""
    return record.status is Status.EXPERT and record.expert == expert
