"""The migration step has the owner's DSN; who serves has not, and says when the step is missing."""

import os
import re
from contextlib import AsyncExitStack
from hashlib import sha256
from pathlib import Path

import asyncpg
import pytest
from pydantic import ValidationError

from deploy.cli.migration import migrate
from deploy.embedded.process import StackError
from deploy.migrating import migrated
from libs.chassis.process.migrations import missing
from libs.chassis.process.settings import load, load_migration
from libs.chassis.run import NotMigrated, open_runtime
from services.enterprise.main import SERVICE
from services.portal.settings import PortalSettings
from tests.servers import fresh_database

TLS = "postgresql://enterprise:x@db.example/enterprise?sslmode=verify-full"
OWNERS = "postgresql://enterprise_owner:x@db.example/enterprise?sslmode=verify-full"


@pytest.fixture
def production(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Settings with which a service and the portal start in production, and no others."""
    for name in tuple(os.environ):
        if name.startswith(("ENTERPRISE_", "PORTAL_")):
            monkeypatch.delenv(name)
    for name in ("master", "person", "records", "session"):
        (tmp_path / name).write_text(sha256(name.encode()).hexdigest())
        (tmp_path / name).chmod(0o600)
    (tmp_path / "known").write_text("{}")
    settings = {
        "PROFILE": "prod",
        "DB__DSN": TLS,
        "DB__SCOPED_ROLE": "enterprise_scoped",
        "KEYRING__DSN": TLS,
        "KAFKA__BOOTSTRAP": "kafka.example:9093",
        "KAFKA__SECURITY_PROTOCOL": "SSL",
        "S3__ENDPOINT": "https://s3.example",
        "S3__ACCESS_KEY": "a",
        "S3__SECRET_KEY": "b",
        "S3__BUCKET": "enterprise",
        "AUTH__ISSUER": "https://issuer.example",
        "KEYRING__MASTER_KEY_FILE": str(tmp_path / "master"),
        "KEYRING__PERSON_KEY_FILE": str(tmp_path / "person"),
        "RECORDS__KEY_FILE": str(tmp_path / "records"),
        "RECORDS__KNOWN_FILE": str(tmp_path / "known"),
    }
    portal = {
        "URL": "https://portal.example",
        "SESSION_KEY_FILE": str(tmp_path / "session"),
        **{
            f"SERVICES__{name}": "https://api.example"
            for name in ("ENTERPRISE", "PERSONNEL", "PROJECTS", "ASSESSMENT", "REVIEW")
        },
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"ENTERPRISE_{name}", value)
        monkeypatch.setenv(f"PORTAL_{name}", value)
    for name, value in portal.items():
        monkeypatch.setenv(f"PORTAL_{name}", value)
    monkeypatch.delenv("PORTAL_DB__SCOPED_ROLE")  # it reads nothing for an enterprise itself
    return monkeypatch


@pytest.mark.parametrize("query", ["sslmode=require", "sslmode=verify-ca", "sslmode=verify-full"])
def test_production_takes_a_database_with_tls(production: pytest.MonkeyPatch, query: str) -> None:
    for name in ("ENTERPRISE_DB__DSN", "ENTERPRISE_KEYRING__DSN", "PORTAL_DB__DSN"):
        production.setenv(name, f"postgresql://x:y@db.example/z?{query}")
    assert load("enterprise").profile == PortalSettings().profile == "prod"


def test_a_socket_of_the_machine_needs_no_tls(production: pytest.MonkeyPatch) -> None:
    for name in ("ENTERPRISE_DB__DSN", "ENTERPRISE_KEYRING__DSN"):
        production.setenv(name, "postgresql://x:y@/z?host=/run/postgresql")
    assert load("enterprise").profile == "prod"


@pytest.mark.parametrize("query", ["", "?sslmode=prefer", "?sslmode=disable", "?sslmode=allow"])
@pytest.mark.parametrize("name", ["DB__DSN", "KEYRING__DSN"])
def test_production_refuses_a_database_without_tls(
    production: pytest.MonkeyPatch, name: str, query: str
) -> None:
    production.setenv(f"ENTERPRISE_{name}", f"postgresql://x:y@db.example/z{query}")
    with pytest.raises(ValidationError, match="without TLS"):
        load("enterprise")
    if name == "DB__DSN":
        production.setenv("PORTAL_DB__DSN", f"postgresql://x:y@db.example/z{query}")
        with pytest.raises(ValidationError, match="a database without TLS"):
            PortalSettings()


def test_production_reads_for_an_enterprise_by_a_role_of_its_own(
    production: pytest.MonkeyPatch,
) -> None:
    production.delenv("ENTERPRISE_DB__SCOPED_ROLE")
    with pytest.raises(ValidationError, match="DB__SCOPED_ROLE"):
        load("enterprise")
    for none in ("none", "enterprise"):  # nobody, or who serves
        production.setenv("ENTERPRISE_DB__SCOPED_ROLE", none)
        with pytest.raises(ValidationError, match="a role of its own"):
            load("enterprise")
    production.delenv("ENTERPRISE_DB__SCOPED_ROLE")
    production.setenv("ENTERPRISE_PROFILE", "dev")
    production.setenv("ENTERPRISE_DB__DSN", "postgresql:///enterprise")  # as the system's user
    assert load("enterprise").db.scoped_role is None


def test_production_refuses_the_owners_dsn_in_who_serves(production: pytest.MonkeyPatch) -> None:
    for name in ("ENTERPRISE", "PORTAL"):
        production.setenv(f"{name}_DB__OWNER_DSN", OWNERS)
    with pytest.raises(ValidationError, match="the owner's DSN"):
        load("enterprise")
    with pytest.raises(ValidationError, match="the owner's DSN"):
        PortalSettings()


ALL_KEYS = {
    "ENTERPRISE_KEYRING__MASTER_KEY_FILE": "master key",
    "ENTERPRISE_KEYRING__PERSON_KEY_FILE": "person key",
    "ENTERPRISE_RECORDS__KEY_FILE": "key of records",
    "PORTAL_SESSION_KEY_FILE": "session key",
}


def loaded(variable: str) -> object:
    return PortalSettings() if variable.startswith("PORTAL") else load("enterprise")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o444])
@pytest.mark.parametrize(("variable", "name"), ALL_KEYS.items())
def test_production_refuses_a_key_that_others_may_read(
    production: pytest.MonkeyPatch, variable: str, name: str, mode: int
) -> None:
    Path(os.environ[variable]).chmod(mode)
    with pytest.raises(ValidationError, match=f"a {name} that others may read"):
        loaded(variable)


def test_a_mounted_key_of_somebody_else_may_be_the_groups(
    production: pytest.MonkeyPatch,
) -> None:
    for name in ALL_KEYS:
        Path(os.environ[name]).chmod(0o440)
    production.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert load("enterprise").profile == PortalSettings().profile == "prod"
    Path(os.environ["ENTERPRISE_RECORDS__KEY_FILE"]).chmod(0o444)
    with pytest.raises(ValidationError, match="key of records that others"):
        load("enterprise")


@pytest.mark.parametrize("how", ["the same file", "another file with it"])
def test_production_refuses_one_key_for_two_purposes(
    production: pytest.MonkeyPatch, how: str
) -> None:
    master, person = (Path(os.environ[name]) for name in [*ALL_KEYS][:2])
    if how == "the same file":
        production.setenv("ENTERPRISE_KEYRING__PERSON_KEY_FILE", str(master))
    else:
        person.write_text(f"{master.read_text().upper()}\n")
    with pytest.raises(ValidationError, match="one key for two purposes"):
        load("enterprise")


def test_nobody_starts_without_saying_whether_it_is_production(
    production: pytest.MonkeyPatch,
) -> None:
    """What is forgotten is not development, with its clock and its weak settings."""
    production.setenv("ENTERPRISE_DB__OWNER_DSN", OWNERS)
    for name in ("ENTERPRISE", "PORTAL"):
        production.delenv(f"{name}_PROFILE")
    missing_profile = re.compile("profile.*Field required", re.DOTALL)
    for start in (lambda: load("enterprise"), PortalSettings, lambda: load_migration("enterprise")):
        with pytest.raises(ValidationError, match=missing_profile):
            start()


def test_the_step_needs_the_owner_and_in_production_tls(production: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError, match="owner_dsn"):
        load_migration("enterprise")
    production.setenv("ENTERPRISE_DB__OWNER_DSN", OWNERS)
    assert load_migration("enterprise").db.owner_dsn.get_secret_value() == OWNERS
    production.setenv("ENTERPRISE_DB__OWNER_DSN", OWNERS.partition("?")[0])
    with pytest.raises(ValidationError, match="a database without TLS"):
        load_migration("enterprise")


def test_the_command_says_what_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StackError, match="ENTERPRISE_DB__OWNER_DSN"):
        migrate()
    with pytest.raises(StackError, match="nobody"):
        migrate("nobody")
    monkeypatch.setenv("ENTERPRISE_DB__DSN", TLS)
    with pytest.raises(StackError, match="ENTERPRISE_DB__OWNER_DSN Field required"):
        migrate("enterprise")


@pytest.mark.servers
async def test_a_service_without_its_tables_names_them_and_the_step_makes_them(
    production: pytest.MonkeyPatch, postgres: str
) -> None:
    async with fresh_database(postgres) as dsn:
        production.setenv("ENTERPRISE_PROFILE", "dev")
        production.setenv("ENTERPRISE_DB__DSN", dsn)
        settings = load("enterprise")
        with pytest.raises(NotMigrated, match="log, relays"):
            async with AsyncExitStack() as stack:
                await open_runtime(SERVICE, settings, stack)
        production.setenv("ENTERPRISE_DB__OWNER_DSN", dsn)
        await migrated(["enterprise"])
        connection = await asyncpg.connect(dsn)
        try:
            wanted = SERVICE.migrations, SERVICE.projections
            assert await missing(connection, *wanted) == []
            await connection.execute("DELETE FROM migrations WHERE name = 'leader'")
            await connection.execute("DELETE FROM projections WHERE name = 'enterprise.lists'")
            assert await missing(connection, *wanted) == ["leader", "enterprise.lists"]
        finally:
            await connection.close()
