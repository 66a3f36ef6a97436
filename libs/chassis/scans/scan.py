"""Scans: a ticket, the client's upload into quarantine, its check and encryption; then contents
may refer to it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, ClassVar, Literal
from uuid import UUID

from libs.events.aggregate import Aggregate, evolves
from libs.events.application import UnitOfWork
from libs.events.refusal import Finding, Refused
from libs.events.value import Act, Value

Mime = Literal["image/jpeg", "image/png", "application/pdf"]
UNKNOWN = Finding(rule="FORMAT", facts=(("case", "scan_unknown"),))
NOBODYS = Finding(rule="FORMAT", pointer="/subject", facts=(("case", "scan_subject"),))


class Stored(Value):
    """Where the encrypted bytes lie, and under which of the subject's keys."""

    object: str
    object_version: str
    key_number: int
    # of the plain bytes; of what was stored before anything was built anew, the upload says them
    sha256: str | None = None
    size_bytes: int | None = None


class Scan(Aggregate):
    class UploadRequested(Aggregate.Created):
        scan: UUID
        enterprise: UUID
        subject: UUID  # the enterprise or the person whose key encrypts it
        scan_type: str
        mime: Mime
        size_bytes: int
        sha256: str  # of the plain bytes

    @staticmethod
    def create_id(scan: UUID) -> UUID:
        return scan

    @classmethod
    def request(cls, requested: UploadRequested) -> Scan:
        """A ticket: nothing is stored yet."""
        return cls.begin(requested.scan, requested)

    @evolves(UploadRequested)
    def _requested(self, e: UploadRequested) -> None:
        self.enterprise, self.subject, self.scan_type = e.enterprise, e.subject, e.scan_type
        self.mime, self.size_bytes, self.sha256 = e.mime, e.size_bytes, e.sha256
        self.requested_at, self.requested_by = e.act.at, e.act.by.user
        self.is_lapsed = False
        self.stored: Stored | None = None
        self.original: Stored | None = None

    @property
    def owner(self) -> UUID:
        return self.enterprise

    class UploadCompleted(Aggregate.Event):
        SCHEMA: ClassVar[int] = 2

        stored: Stored
        # as it was uploaded, kept as evidence; None: what is stored is what was uploaded
        original: Stored | None = None

    def complete(self, act: Act, stored: Stored, original: Stored | None) -> None:
        """Completing twice changes nothing. Raises Refused for what was given up."""
        if self.is_lapsed:
            raise Refused([UNKNOWN])
        if not self.is_ready:
            self.record(self.UploadCompleted(act=act, stored=stored, original=original))

    @evolves(UploadCompleted)
    def _completed(self, e: UploadCompleted) -> None:
        self.stored, self.original = e.stored, e.original

    class UploadLapsed(Aggregate.Event):
        """Nobody completed it."""

    def lapse(self, act: Act) -> None:
        """What was completed stays; giving up twice changes nothing."""
        if not (self.is_ready or self.is_lapsed):
            self.record(self.UploadLapsed(act=act))

    @evolves(UploadLapsed)
    def _lapsed(self, _: UploadLapsed) -> None:
        self.is_lapsed = True

    @property
    def is_ready(self) -> bool:
        return self.stored is not None

    def fits(self, item: Aggregate, scan_type: str) -> bool:
        """Whether it may stand in the item's content as this type."""
        of_it = self.owner == item.owner and self.subject in (item.owner, item.id)
        return of_it and self.is_ready and self.scan_type == scan_type


async def whose(
    work: UnitOfWork, owner: UUID, given: UUID | None, kinds: Iterable[type[Aggregate]]
) -> UUID:
    """Whose key encrypts a scan: the owner's own, or that of one of its items of these kinds.
    Raises Refused for what is another's or nobody's: it would get a key.
    """
    if given in (None, owner):
        return owner
    for kind in kinds:
        item = await work.application.find(kind, given)
        if item is not None and item.owner == owner:
            return item.id
    raise Refused([NOBODYS])


async def known_scans(
    work: UnitOfWork, item: Aggregate, wanted: Collection[tuple[UUID, str]]
) -> Mapping[UUID, Mapping[str, Any]]:
    """For (scan, scan type) pairs of an item's content: what their uploads say of each. Raises
    Refused for any that its owner has not uploaded completely, or uploaded as another type or for
    another item.
    """
    known: dict[UUID, Mapping[str, Any]] = {}
    for id, scan_type in wanted:
        scan = await work.find(Scan, id)
        if scan is None or not scan.fits(item, scan_type):
            raise Refused([UNKNOWN])
        known[id] = {
            "mime": scan.mime,
            "size_bytes": scan.size_bytes,
            "sha256": scan.sha256,
            "uploaded_at": scan.requested_at,
            "uploaded_by": scan.requested_by,
        }
    return known
