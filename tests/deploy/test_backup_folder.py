"""A backup that is not whole is no backup."""

import json
from pathlib import Path

import pytest

from deploy.embedded.process import StackError
from deploy.keeping.folder import FORMAT, Manifest, SavedFiles, SavedObjects, read, verify, written


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    files = SavedFiles(tmp_path)
    files.write("enterprise/events.copy", b"rows")
    files.write("objects/enterprise/scan", b"sealed")
    manifest = Manifest(
        format=FORMAT,
        made_at="2026-11-28T00:00:00+00:00",
        commit="",
        keys_of={},
        services={},
        others={},
        objects=SavedObjects(count=1, missing=()),
        files=files.written,
    )
    written(manifest, tmp_path)
    return tmp_path


def test_a_whole_backup_is_one(backup: Path) -> None:
    verify(backup, read(backup))


def test_a_file_that_is_missing_is_named(backup: Path) -> None:
    (backup / "objects/enterprise/scan").unlink()
    with pytest.raises(StackError, match="objects/enterprise/scan is missing"):
        verify(backup, read(backup))


def test_a_file_with_other_bytes_is_named(backup: Path) -> None:
    (backup / "enterprise/events.copy").write_bytes(b"rowz")
    with pytest.raises(StackError, match=r"enterprise/events\.copy is not as it was saved"):
        verify(backup, read(backup))


def test_one_that_was_cut_off_has_no_manifest(backup: Path) -> None:
    (backup / "manifest.json").unlink()
    with pytest.raises(StackError, match="no complete backup"):
        read(backup)


def test_one_of_another_format_is_not_read(backup: Path) -> None:
    told = json.loads((backup / "manifest.json").read_text()) | {"format": FORMAT + 1}
    (backup / "manifest.json").write_text(json.dumps(told))
    with pytest.raises(StackError, match="no complete backup"):
        read(backup)


def test_no_file_is_written_twice(tmp_path: Path) -> None:
    files = SavedFiles(tmp_path)
    files.write("a", b"1")
    with pytest.raises(FileExistsError):
        files.write("a", b"2")
