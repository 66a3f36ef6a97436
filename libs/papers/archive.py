"""Zip archives whose bytes follow from their content alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say
# nothing is gained by pressing them again
PRESSED = ("image/jpeg", "image/png", "application/pdf", "application/zip")


@dataclass(frozen=True, repr=False)
class File:
    name: str
    mime: str
    data: bytes

    @property
    def sha256(self) -> str:
        return sha256(self.data).hexdigest()


def pack(files: Iterable[File]) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for file in files:
            add(archive, file)
    return buffer.getvalue()


def add(archive: ZipFile, file: File) -> None:
    entry = ZipInfo(file.name, EPOCH)
    entry.compress_type = ZIP_STORED if file.mime in PRESSED else ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    archive.writestr(entry, file.data)


class Pipe:
    """What an archive is written to, and taken from while it is written."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def write(self, data: bytes) -> int:
        self._waiting += data
        return len(data)

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def taken(self) -> bytes:
        """All that was written since the last time."""
        taken, self._waiting = bytes(self._waiting), bytearray()
        return taken


def unpack(data: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def safe(name: str) -> str:
    """A label as the name of one file or folder."""
    return "".join("、" if char in '/\\:*?"<>|' else char for char in name).strip(". ")
