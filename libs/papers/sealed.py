"""Encryption of what is too large to stand in memory: frames of a megabyte, each bound to its name,
its number and whether it is the last (the STREAM construction), so that none can be exchanged,
moved or cut off.
"""

from hashlib import sha256
from typing import BinaryIO
from uuid import UUID

from cryptography.exceptions import InvalidTag

from libs.events.personal import Opener, Sealer

MARK = b"KHFRAME1"  # what is sealed whole begins with a random nonce
FRAME = 1 << 20
TAGGED = FRAME + 28  # with its nonce and tag


class SealedWriter:
    """Takes bytes in clear, as a zip archive writes them, and writes frames to a file."""

    def __init__(self, sealer: Sealer, name: str, file: BinaryIO) -> None:
        self._sealer, self._name, self._file = sealer, name, file
        self._waiting = bytearray()
        self._frames, self.size_bytes = 0, 0
        self._hash = sha256()
        file.write(MARK)

    @property
    def sha256(self) -> str:
        """Of the bytes in clear."""
        return self._hash.hexdigest()

    def write(self, data: bytes) -> int:
        self._hash.update(data)
        self.size_bytes += len(data)
        self._waiting += data
        while len(self._waiting) > FRAME:
            self._frame(bytes(self._waiting[:FRAME]), last=False)
            del self._waiting[:FRAME]
        return len(data)

    def flush(self) -> None:
        """A frame is written when it is full."""

    def finish(self) -> None:
        self._frame(bytes(self._waiting), last=True)

    def _frame(self, data: bytes, last: bool) -> None:
        purpose = _purpose(self._name, self._frames, last)
        self._file.write(self._sealer.encrypt(purpose, data))
        self._frames += 1


def opened(opener: Opener, subject: UUID, number: int, name: str, sealed: bytes) -> bytes:
    """In clear, whether it was sealed in frames or, as earlier commits did, whole. Raises
    InvalidTag.
    """
    if not sealed.startswith(MARK):
        return opener.decrypt(subject, number, name, sealed)
    starts = range(len(MARK), len(sealed), TAGGED)
    if not starts:
        raise InvalidTag  # there is always a last one
    return b"".join(
        opener.decrypt(
            subject,
            number,
            _purpose(name, frame, last=start == starts[-1]),
            sealed[start : start + TAGGED],
        )
        for frame, start in enumerate(starts)
    )


def _purpose(name: str, frame: int, last: bool) -> str:
    return f"{name}/{frame}/{'last' if last else 'more'}"
