"""A real Keycloak with the realm of deploy/keycloak, and one user of it."""

import asyncio
import json
import os
import signal
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
from jgo.maven import MavenContext

from deploy.embedded.kafka import java
from deploy.embedded.process import LAUNCH, reserve
from tests.patience import PATIENCE
from tests.servers import ROOT

VERSION = "26.4.0"
# it lives for one test: what the second compiler makes never pays for itself
BRIEFLY = "-XX:TieredStopAtLevel=1"
REALM = ROOT / "deploy" / "keycloak" / "realm.json"


def unpacked(folder: Path) -> Path:
    """The distribution, from the Maven cache or Maven Central."""
    mirror = os.environ.get("KAOHE_MAVEN")
    context = MavenContext(remote_repos={"mirror": mirror}) if mirror else MavenContext()
    project = context.project("org.keycloak", "keycloak-quarkus-dist")
    archive = project.at_version(VERSION).artifact(packaging="zip").resolve()
    with zipfile.ZipFile(archive) as file:
        file.extractall(folder)
    return folder / f"keycloak-{VERSION}"


def realm(portal: str, user: dict[str, Any]) -> str:
    text = REALM.read_text().replace("${KAOHE_PORTAL_URL}", portal)
    return json.dumps(json.loads(text) | {"users": [user]})


def java_home() -> str:
    return str(Path(java()).resolve().parents[1])


@asynccontextmanager
async def keycloak(folder: Path, portal: str, user: dict[str, Any]) -> AsyncIterator[str]:
    """Its issuer's address."""
    home, port = await asyncio.to_thread(unpacked, folder), reserve()
    imported = home / "data" / "import"
    imported.mkdir(parents=True)
    (imported / "realm.json").write_text(realm(portal, user))
    command = [home / "bin" / "kc.sh", "start-dev", "--import-realm"]
    settings = ["--http-host=127.0.0.1", f"--http-port={port}", "--cache=local"]
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *LAUNCH,
            "as_is",
            "SIGTERM",
            "/bin/sh",
            *map(str, command),
            *settings,
            env=os.environ | {"JAVA_HOME": java_home(), "JAVA_OPTS_APPEND": BRIEFLY},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            process_group=0,
        )
    try:
        issuer = f"http://127.0.0.1:{port}/realms/kaohe"
        await answers(f"{issuer}/.well-known/openid-configuration", folder / "log", process)
        yield issuer
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def answers(url: str, log: Path, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(PATIENCE), httpx.AsyncClient() as client:
        while True:
            assert process.returncode is None, said(log)
            with suppress(httpx.HTTPError):
                if (await client.get(url)).is_success:
                    return
            await asyncio.sleep(0.5)


def said(log: Path) -> str:
    return log.read_text()[-3000:]
