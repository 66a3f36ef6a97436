"""A Docker engine's client: `DOCKER` names it, if it is not `docker`."""

import json
import os
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.patience import PATIENCE

# as an operator is told to run it: no root, no rights, nothing to be written
CONFINED = (
    *("--read-only", "--tmpfs", "/tmp:size=64m,mode=1777"),
    *("--cap-drop", "ALL", "--security-opt", "no-new-privileges"),
    *("--network", "host"),
)


def docker(*arguments: str, check: bool = True) -> str:
    command = [os.environ.get("DOCKER", "docker"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def image() -> str:
    return os.environ["KAOHE_TEST_IMAGE"]


def inspected(what: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = json.loads(docker("inspect", what))
    return found[0]


def arguments(settings: Mapping[str, str], secrets: Path) -> list[str]:
    """Settings as variables, the folder of secrets read-only."""
    given = [part for name, value in settings.items() for part in ("-e", f"{name}={value}")]
    return [*CONFINED, "-v", f"{secrets}:/run/secrets:ro", *given, image()]


class Container:
    """Of the image, with a command; removed at the end of the block."""

    def __init__(self, settings: Mapping[str, str], secrets: Path, *command: str) -> None:
        self._started = ["run", "-d", *arguments(settings, secrets), *command]

    def __enter__(self) -> "Container":
        self.id = docker(*self._started)
        return self

    def __exit__(self, *_: object) -> None:
        docker("rm", "-f", self.id)

    @property
    def state(self) -> dict[str, Any]:
        return dict(inspected(self.id)["State"])

    @property
    def log(self) -> str:
        return docker("logs", self.id)

    def becomes(self, health: str) -> None:
        end = time.monotonic() + PATIENCE
        while (found := self.state["Health"]["Status"]) != health:
            assert self.state["Running"], self.log
            assert time.monotonic() < end, f"{found}: {self.log}"
            time.sleep(0.5)

    def stop(self) -> int:
        """By SIGTERM; its status."""
        docker("stop", "-t", "20", self.id)
        return int(self.state["ExitCode"])
