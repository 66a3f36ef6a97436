"""Nothing is left out of a backup, or of what is restored, without a word."""

import asyncio
from pathlib import Path

import pytest

from deploy.embedded.places import SERVICES
from deploy.embedded.process import StackError
from deploy.installation.installation import Installation, installation
from deploy.keeping import restore
from deploy.keeping.backup import back_up
from deploy.keeping.folder import SavedDatabase
from tests.deploy.test_restore_ends import MANIFEST

BESIDE = ("KAOHE_KEYS_OWNER_DSN", "PORTAL_DB__OWNER_DSN")


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Every DSN that a backup needs is told."""
    for name in SERVICES:
        for whose in ("DSN", "OWNER_DSN"):
            monkeypatch.setenv(f"{name.upper()}_DB__{whose}", "postgresql://nobody/nothing")
    for each in BESIDE:
        monkeypatch.setenv(each, "postgresql://nobody/nothing")
    return monkeypatch


def test_a_whole_installation_is_one(whole: pytest.MonkeyPatch) -> None:
    installation().must_be_whole()


@pytest.mark.parametrize("variable", ["REVIEW_DB__DSN", "REVIEW_DB__OWNER_DSN", *BESIDE])
def test_a_backup_that_would_lack_something_is_not_made(
    variable: str, whole: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole.delenv(variable)
    with pytest.raises(
        StackError, match=f"缺少设置 {variable} / nothing was backed up.*{variable}"
    ):
        asyncio.run(back_up(installation(), tmp_path / "backup"))
    assert not list(tmp_path.iterdir())


async def test_all_that_is_missing_is_named_at_once(
    whole: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for each in ("REVIEW_DB__DSN", "REVIEW_DB__OWNER_DSN", "PORTAL_DB__OWNER_DSN"):
        whole.delenv(each)
    with pytest.raises(StackError, match="REVIEW_DB__DSN, REVIEW_DB__OWNER_DSN, PORTAL_DB__OWNER"):
        await back_up(installation(), tmp_path / "backup")


def test_a_variable_may_come_from_a_file(whole: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "dsn").write_text("postgresql://nobody/nothing\n")
    whole.delenv("REVIEW_DB__DSN")
    whole.setenv("REVIEW_DB__DSN_FILE", str(tmp_path / "dsn"))
    installation().must_be_whole()


def test_the_stack_has_what_it_has() -> None:
    Installation({"enterprise": {}}, admin="postgresql://nobody/nothing").must_be_whole()


def test_a_database_that_the_backup_has_is_not_passed_over(whole: pytest.MonkeyPatch) -> None:
    whole.delenv("PORTAL_DB__OWNER_DSN")
    portal = {"portal": SavedDatabase(folder="portal", tables={})}
    manifest = MANIFEST.model_copy(update={"others": portal})
    place = Installation({name: {} for name in manifest.services})
    with pytest.raises(StackError, match="nothing was changed: the backup has portal"):
        restore._same_installation(place, manifest)
