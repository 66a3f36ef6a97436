"""Which backups stay."""

from pathlib import Path
from typing import Any

import pytest

from deploy.cli import __main__ as cli
from deploy.cli import keeping
from deploy.keeping.backup import Made
from deploy.keeping.folder import MANIFEST, Manifest, SavedObjects

MADE = Made(
    Manifest(
        format=1,
        made_at="",
        commit="",
        keys_of={},
        services={},
        others={},
        objects=SavedObjects(count=0, missing=()),
        files={},
    ),
    1.0,
    0.0,
)
OLD = ("20261126T023000Z", "20261127T023000Z", "20261128T023000Z")


@pytest.fixture
def backups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of three; one more is made at once."""

    async def made(_: Any, path: Path) -> Made:
        whole(path)
        return MADE

    monkeypatch.setattr(keeping, "installation", lambda: None)
    monkeypatch.setattr(keeping, "back_up", made)
    for name in OLD:
        whole(tmp_path / name)
    return tmp_path


def whole(path: Path) -> None:
    path.mkdir()
    (path / MANIFEST).touch()


def said(*words: str) -> int:
    return int(cli.app_for(words)(words, result_action="return_value") or 0)


@pytest.mark.parametrize("few", ["-14", "-1", "0"])
def test_who_would_keep_none_is_refused_and_all_stay(
    few: str, backups: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        said("backup", str(backups), "--keep", few)
    assert refused.value.code
    assert ">= 1" in "".join(capsys.readouterr())
    assert [each.name for each in keeping.whole_in(backups)] == list(OLD)


def test_the_newest_stay_and_the_new_one_is_of_them(backups: Path) -> None:
    assert said("backup", str(backups), "--keep", "2") == 0
    first, new = keeping.whole_in(backups)
    assert first.name == OLD[-1]
    assert new.name > OLD[-1]
