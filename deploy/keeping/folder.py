"""A backup as a folder: files, and `manifest.json`, written last, which names each of them with its
SHA-256 and says of each log how far it goes.
"""

import json
import os
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, ValidationError

from deploy.embedded.process import StackError

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 1 << 20


def file_of(folder: str, table: str) -> str:
    return f"{folder}/{table}.copy"


class Saved(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SavedFile(Saved):
    size: int
    sha256: str


class SavedTable(Saved):
    rows: int
    columns: tuple[str, ...]


class SavedDatabase(Saved):
    folder: str
    tables: Mapping[str, SavedTable]

    def file_of(self, table: str) -> str:
        return file_of(self.folder, table)


class SavedService(SavedDatabase):
    """`last_leaf`: the leaf hash of the log's last event. `migrations` and `lists` say for which
    code its tables are: SHA-256 by name; version by name.
    """

    head: int
    last_leaf: str
    migrations: Mapping[str, str]
    lists: Mapping[str, int]


class SavedObjects(Saved):
    """`missing`: named by a log, and not in the store when the backup was made."""

    count: int
    missing: tuple[str, ...]


class Manifest(Saved):
    """`keys_of`: fingerprints of the key files without which nothing in here can be used."""

    format: int
    made_at: str
    commit: str
    keys_of: Mapping[str, tuple[str, ...]]
    services: Mapping[str, SavedService]
    others: Mapping[str, SavedDatabase]  # the keys' database, the portal's
    objects: SavedObjects
    files: Mapping[str, SavedFile]

    @property
    def events(self) -> int:
        return sum(each.head for each in self.services.values())


class SavedFiles:
    """Writes files below a folder that is not called a backup until all of it is there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.written: dict[str, SavedFile] = {}

    def open(self, name: str) -> "FileBeingSaved":
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return FileBeingSaved(self, name, path.open("xb"))

    def write(self, name: str, data: bytes) -> None:
        with self.open(name) as file:
            file.write(data)


class FileBeingSaved:
    def __init__(self, files: SavedFiles, name: str, file: BinaryIO) -> None:
        self._files, self._name, self._file = files, name, file
        self._digest, self._size = sha256(), 0

    def __enter__(self) -> "FileBeingSaved":
        return self

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self._digest.update(data)
        self._size += len(data)

    async def copied(self, data: bytes) -> None:
        """As asyncpg hands over what COPY tells."""
        self.write(data)

    def __exit__(self, *_: object) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._files.written[self._name] = SavedFile(
            size=self._size, sha256=self._digest.hexdigest()
        )


def written(manifest: Manifest, path: Path) -> None:
    """The manifest, whole or not at all."""
    new = path / f"{MANIFEST}.new"
    with new.open("w") as file:
        file.write(manifest.model_dump_json(indent=1))
        file.flush()
        os.fsync(file.fileno())
    new.rename(path / MANIFEST)


def read(path: Path) -> Manifest:
    """Raises StackError for a folder that is no backup, or none that this code reads."""
    try:
        found = json.loads((path / MANIFEST).read_text())
        if found["format"] != FORMAT:
            raise ValueError(f"format {found['format']}")
        return Manifest.model_validate(found)
    except (OSError, KeyError, TypeError, ValueError, ValidationError) as error:
        raise StackError(
            f"{path} 不是完整的备份，没有改动任何数据",
            f"{path} is no complete backup, nothing was changed ({type(error).__name__})",
        ) from None


def verify(path: Path, manifest: Manifest) -> None:
    """Every file as it was saved. Raises StackError, which names those that are not."""
    if wrong := _wrong(path, manifest):
        raise StackError(
            f"备份不完整或已损坏，没有改动任何数据：{'、'.join(wrong[:5])}",
            f"the backup is broken, nothing was changed: {', '.join(wrong[:5])}"
            + (f" and {len(wrong) - 5} more" if len(wrong) > 5 else ""),
        )


def _wrong(path: Path, manifest: Manifest) -> Sequence[str]:
    found = []
    for name, saved in manifest.files.items():
        try:
            if _of(path / name) != saved:
                found.append(f"{name} is not as it was saved")
        except OSError:
            found.append(f"{name} is missing")
    return found


def _of(path: Path) -> SavedFile:
    digest = sha256()
    with path.open("rb") as file:
        while data := file.read(CHUNK):
            digest.update(data)
        return SavedFile(size=file.tell(), sha256=digest.hexdigest())
