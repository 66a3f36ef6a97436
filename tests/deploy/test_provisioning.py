"""`python -m deploy.image.provisioning`: what is missing is said, and the primary is found."""

import secrets
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from deploy.embedded import provision
from deploy.embedded.outside import dsn, hosts
from deploy.embedded.process import reserve
from deploy.image import material, provisioning


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of secrets, named as compose does."""
    material.made(material.Folder(tmp_path), material.HOSTS)
    monkeypatch.setenv("KAOHE_SECRETS", str(tmp_path))
    monkeypatch.setenv("KAOHE_S3_ENDPOINT", "https://s3.kaohe.test")
    monkeypatch.delenv("KAOHE_POSTGRES", raising=False)
    monkeypatch.setattr(sys, "argv", ["provisioning"])
    return tmp_path


def test_a_variable_that_is_missing_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("KAOHE_S3_ENDPOINT")
    assert provisioning.main() == 1
    assert "set KAOHE_S3_ENDPOINT" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["kaohe_dsn", "s3_access"])
def test_a_secret_that_is_missing_is_named(
    name: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / name).unlink()
    assert provisioning.main() == 1
    told = capsys.readouterr().err
    assert f"{name}: No such file" in told
    assert "KAOHE_SECRETS" in told


def test_a_server_that_is_away_is_named_without_its_password(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    away = f"127.0.0.1:{reserve()}"
    monkeypatch.setenv("KAOHE_POSTGRES", f"postgresql://kaohe:hidden@{away},{away}/postgres")
    assert provisioning.main() == 1
    told = capsys.readouterr().err
    assert away in told
    assert "hidden" not in told


def test_whoever_provisions_asks_both_servers_which_is_the_primary(folder: Path) -> None:
    """postgres2 is, once it was promoted."""
    admin = (folder / "kaohe_dsn").read_text()
    for each in (admin, dsn(admin, "keys_owner", "a word", "keys")):
        assert hosts(each) == "postgres1:5432,postgres2:5432"
        assert parse_qs(urlsplit(each).query)["target_session_attrs"] == ["primary"]


@pytest.mark.servers
async def test_a_database_is_made_where_the_primary_is(postgres: str) -> None:
    """Given a server that is gone, named first."""
    user, _, host = urlsplit(postgres).netloc.rpartition("@")
    both = urlsplit(postgres)._replace(netloc=f"{user}@127.0.0.1:{reserve()},{host}").geturl()
    name, word = f"made_{secrets.token_hex(5)}", secrets.token_hex(8)
    owner = f"{name}_owner"
    try:
        await provision.keys_database(both, name, [], {owner: word})
        connection = await asyncpg.connect(dsn(postgres, owner, word, name))
        assert await connection.fetchval("SELECT current_user") == owner
        await connection.close()
    finally:
        admin = await asyncpg.connect(postgres)
        await admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await admin.execute(f"DROP ROLE IF EXISTS {owner}")
        await admin.close()
