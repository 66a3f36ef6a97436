"""deploy/compose.yaml, one of its profiles, as a project of its own with secrets of its own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deploy.image import material
from deploy.installation.places import ROOT
from tests.image.smarthost import PASSWORD, USER

DOMAIN, PROJECT = "kaohe.test", "kaohe-check"
HTTPS = int(os.environ.get("KAOHE_CHECK_PORT", "8443"))
PATIENCE = 1200.0  # seconds: thirty processes start on whatever machine this is
SETTINGS: dict[str, dict[str, str]] = {"full": {}, "small": {"KAOHE_BOOTSTRAP": "kafka1:9092"}}
FILES = ("deploy/compose.yaml", "tests/compose/smarthost.yaml")
COMMAND = (
    str(Path(sys.executable).with_name("docker-compose")),
    *(part for each in FILES for part in ("-f", each)),
)


class CheckFailed(Exception):
    """Says what is not as it should be."""


class Installation:
    def __init__(self, folder: Path, profile: str) -> None:
        self.secrets, self.profile = folder, profile
        secrets = material.Folder(folder)
        secrets.once("smarthost_password", lambda: PASSWORD)
        material.made(secrets, (*material.HOSTS, "smarthost"))
        self._settings = {
            "COMPOSE_PROJECT_NAME": PROJECT,
            "KAOHE_SECRETS": str(folder),
            "KAOHE_HTTPS": f"127.0.0.1:{HTTPS}",
            "KAOHE_SMARTHOST": "smarthost:587",
            "KAOHE_SMARTHOST_USER": USER,
            "KAOHE_SMARTHOST_CA": "/run/secrets/ca",
        } | SETTINGS[profile]

    def compose(self, *arguments: str, **settings: str) -> str:
        """What it says. Raises CheckFailed with what it complains of."""
        done = subprocess.run(
            [*COMMAND, "--profile", self.profile, *arguments],
            cwd=ROOT,
            env=os.environ | self._settings | settings,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise CheckFailed(f"compose {' '.join(arguments)}:\n{done.stderr[-3000:]}")
        return done.stdout

    @contextmanager
    def up(self) -> Iterator[None]:
        """Everything runs and is well; removed at the end, data too."""
        try:
            self.compose("up", "-d")
            self.becomes_well()
            yield
        finally:
            self.compose("down", "--volumes", "--timeout", "5")

    def becomes_well(self) -> None:
        end = time.monotonic() + PATIENCE
        while ill := self.ill():
            if time.monotonic() > end:
                told = self.compose("logs", "--tail", "20", ill[0].removeprefix(f"{PROJECT}-")[:-2])
                raise CheckFailed(f"not well: {ill}\n{told[-3000:]}")
            time.sleep(2)

    def ill(self) -> list[str]:
        """Containers that are not what they are there for: steps done, others healthy."""
        said = self.compose("ps", "--all", "--format", "json").splitlines()
        return [each["Name"] for each in map(json.loads, said) if not is_well(each)]

    def letters(self) -> list[dict[str, Any]]:
        """What has arrived at the smarthost."""
        said = self.compose("logs", "--no-log-prefix", "smarthost").splitlines()
        return [json.loads(line) for line in said if line.startswith("{")]

    def volume_removed(self, name: str) -> None:
        """The data of a server that is gone."""
        docker = os.environ.get("DOCKER", "docker")
        subprocess.run(
            [docker, "volume", "rm", f"{PROJECT}_{name}"], check=True, stdout=subprocess.DEVNULL
        )

    def count(self) -> int:
        return len(self.compose("ps", "--format", "json").splitlines())


def is_well(container: Mapping[str, Any]) -> bool:
    if container["State"] == "exited":
        return int(container["ExitCode"]) == 0
    return container["State"] == "running" and container["Health"] in ("healthy", "")
