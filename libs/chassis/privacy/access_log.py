"""Reading personal data is an event, one per request; a read that cannot be written down does not
happen (decision 7).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self
from uuid import UUID

from libs.chassis.process import trace
from libs.events.aggregate import Aggregate, evolves
from libs.events.application import Application, Command, UnitOfWork
from libs.events.value import Act


class Reading(Aggregate):
    """A stream of its own for every read, so that readers never wait for each other."""

    class PersonalDataRead(Aggregate.Created):
        reading: UUID
        enterprise: UUID  # whose data
        subjects: tuple[UUID, ...]  # items that were shown
        operation: str

    @staticmethod
    def create_id(reading: UUID) -> UUID:
        return reading

    @property
    def owner(self) -> UUID:
        return self.enterprise

    @classmethod
    def note(
        cls, act: Act, reading: UUID, enterprise: UUID, subjects: tuple[UUID, ...], operation: str
    ) -> Self:
        """A read, in a stream that ends with it."""
        read = cls.PersonalDataRead(
            act=act, reading=reading, enterprise=enterprise, subjects=subjects, operation=operation
        )
        return cls.begin(reading, read)

    @evolves(PersonalDataRead)
    def _read(self, e: PersonalDataRead) -> None:
        self.enterprise, self.subjects, self.operation = e.enterprise, e.subjects, e.operation


async def record(
    application: Application, act: Act, read: Mapping[UUID, tuple[UUID, ...]], operation: str
) -> None:
    """One request's, by enterprise: whose data. Raises Unavailable if it cannot be written: then
    nothing is shown.
    """
    work = UnitOfWork(application, Command(act, trace=trace.current.get().parent))
    for enterprise, subjects in read.items():
        id = application.ids.new()
        noted = work.add(Reading.note(act, id, enterprise, subjects, operation))
    if read:
        await application.save(work, noted)
