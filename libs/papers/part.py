"""A part of a packet as events tell of it: never the bytes, only where they lie, under whose key,
and what they are.
"""

from uuid import UUID

from libs.events.value import Value


class Entry(Value):
    """One file; no name of a person is in its name."""

    name: str
    mime: str
    size_bytes: int
    sha256: str


class Part(Value):
    """The form of one filing with its scans: an encrypted zip in the bucket of the service that
    keeps the filing.
    """

    bucket: str
    object: str
    object_version: str
    subject: UUID  # whose key encrypts it: the enterprise's or the person's
    key_number: int
    sha256: str  # of the plain zip
    size_bytes: int
    entries: tuple[Entry, ...]
    missing: tuple[str, ...] = ()  # scans that storage no longer has
