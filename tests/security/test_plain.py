"""The search for texts reads folders in which servers work."""

from pathlib import Path

import pytest

from tests.security import plain


def test_a_file_deleted_between_listing_and_reading_holds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As PostgreSQL does with pg_internal.init."""
    (tmp_path / "gone").write_bytes(b"anything")
    (tmp_path / "here").write_bytes(b"... 13800138000 ...")
    (tmp_path / "empty").touch()
    listed = list(tmp_path.rglob("*"))
    (tmp_path / "gone").unlink()
    monkeypatch.setattr(Path, "rglob", lambda *_: iter(listed))
    monkeypatch.setattr(Path, "is_file", lambda *_: True)

    found = plain.in_files(tmp_path, plain.needles({"mobile": "13800138000"}))

    assert found == {"here": {"mobile"}}
