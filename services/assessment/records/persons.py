"""In one campaign a person counts for one enterprise (A19): the record that is sent first claims
them, in the unit of the sending.
"""

from libs.events import claims
from libs.events.application import UnitOfWork
from services.assessment.records.domain.record import Record

KIND = "campaign-person"


async def claim(work: UnitOfWork, record: Record, before: frozenset[str]) -> None:
    """Every chosen person counts for this record from now on; who was dropped since the last
    sending (`before`) is free.
    """
    await free(work, record, before)
    holder = claims.Holder(enterprise=record.enterprise, subject=record.id)
    for person_key in sorted(record.claimed):
        await claims.take(work, KIND, _key(record, person_key), claims.PERSONS, holder)


async def free(work: UnitOfWork, record: Record, before: frozenset[str]) -> None:
    """Gives back whom the record no longer needs; `before`: whom it had claimed."""
    for person_key in sorted(before - record.claimed):
        await claims.free(work, KIND, _key(record, person_key), record.id)


async def is_claimed_elsewhere(work: UnitOfWork, record: Record, person_key: str | None) -> bool:
    """Whether the person counts for another record of the campaign."""
    if person_key is None:
        return False
    holder = await claims.holder(work, KIND, _key(record, person_key))
    return holder is not None and holder.subject != record.id


def _key(record: Record, person_key: str) -> str:
    return f"{record.campaign}/{person_key}"
