"""Claims: a value that at most one holder has at a time. Taken and freed in the unit of the act
that needs it, so that of two who ask in the same instant exactly one gets it (reservation pattern,
decision 8).

    holder = await claims.holder(work, "person", key)
    if holder and holder.subject != person.id: …refuse, naming holder.enterprise…
    await claims.take(work, "person", key, claims.PERSONS, Holder(enterprise=enterprise,
    subject=person.id))
"""

from __future__ import annotations

from typing import Self
from uuid import NAMESPACE_URL, UUID, uuid5

from libs.events.aggregate import Aggregate, evolves
from libs.events.application import UnitOfWork
from libs.events.value import Act, Value

# owns claims that pass from one enterprise to another
PERSONS = uuid5(NAMESPACE_URL, "/owners/persons")


class Holder(Value):
    enterprise: UUID
    subject: UUID  # the stream on whose behalf: a person, a contract, a record


class Claim(Aggregate):
    """`kind` names what is unique, `key` the value; both are published, so neither may hold
    personal data.
    """

    class ClaimBegun(Aggregate.Created):
        kind: str
        key: str
        kept_for: UUID

    @staticmethod
    def create_id(kind: str, key: str) -> UUID:
        return uuid5(NAMESPACE_URL, f"/claims/{kind}/{key}")

    @classmethod
    def begin_for(cls, act: Act, kind: str, key: str, owner: UUID) -> Self:
        """A value that nobody holds yet; `owner` owns the stream, whoever holds the value."""
        begun = cls.ClaimBegun(act=act, kind=kind, key=key, kept_for=owner)
        return cls.begin(cls.create_id(kind, key), begun)

    @evolves(ClaimBegun)
    def _begun(self, e: ClaimBegun) -> None:
        self.kind, self.key, self.kept_for = e.kind, e.key, e.kept_for
        self.holder: Holder | None = None

    @property
    def owner(self) -> UUID:
        return self.kept_for

    class ClaimTaken(Aggregate.Event):
        holder: Holder

    def take(self, act: Act, holder: Holder) -> None:
        """Taking what one holds changes nothing. Raises ValueError if another holds it: whoever
        asks looks first.
        """
        if self.holder not in (None, holder):
            raise ValueError("held by another")
        if self.holder is None:
            self.record(self.ClaimTaken(act=act, holder=holder))

    @evolves(ClaimTaken)
    def _taken(self, e: ClaimTaken) -> None:
        self.holder = e.holder

    class ClaimFreed(Aggregate.Event):
        pass

    def free(self, act: Act, subject: UUID) -> None:
        """Only the subject that holds it frees it."""
        if self.holder and self.holder.subject == subject:
            self.record(self.ClaimFreed(act=act))

    @evolves(ClaimFreed)
    def _freed(self, e: ClaimFreed) -> None:
        self.holder = None


async def holder(work: UnitOfWork, kind: str, key: str) -> Holder | None:
    """The claim's current holder; None: it is free."""
    claim = await work.find(Claim, Claim.create_id(kind, key))
    return claim.holder if claim else None


async def take(work: UnitOfWork, kind: str, key: str, owner: UUID, new: Holder) -> None:
    """Takes the claim in this unit of work. Raises ValueError if another holds it; if another is
    quicker, the append conflicts, and the command is decided again and sees that holder.
    """
    claim = await work.find(Claim, Claim.create_id(kind, key))
    (claim or work.add(Claim.begin_for(work.act, kind, key, owner))).take(work.act, new)


async def free(work: UnitOfWork, kind: str, key: str, subject: UUID) -> None:
    """Frees the claim in this unit of work if the subject holds it."""
    if claim := await work.find(Claim, Claim.create_id(kind, key)):
        claim.free(work.act, subject)
