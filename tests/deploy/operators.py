"""What an operator starts, as the tools see it with which he does: compose.yaml, the overlays."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from deploy.embedded.places import SERVICES
from deploy.image import material
from deploy.installation.installation import Installation
from libs.chassis.process.settings import ServiceSettings, load
from tests.servers import ROOT

BIN = Path(sys.executable).parent
SECRETS = "/run/secrets/"


def _said(*command: str | Path) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@cache
def compose(profile: str) -> dict[str, Any]:
    """The profile's services and secrets, put together by Compose itself."""
    files = ["-f", "deploy/compose.yaml", "--profile", profile]
    found = _said(BIN / "docker-compose", *files, "config", "--format", "json")
    return dict(json.loads(found))


@cache
def objects(overlay: str) -> tuple[dict[str, Any], ...]:
    """The overlay's objects, put together by kubectl itself."""
    found = _said(BIN / "kubectl", "kustomize", f"deploy/kubernetes/overlays/{overlay}")
    return tuple(yaml.safe_load_all(found))


def of_kind(overlay: str, kind: str) -> list[dict[str, Any]]:
    return [each for each in objects(overlay) if each["kind"] == kind]


def pods(overlay: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and specification of whatever runs."""
    for each in objects(overlay):
        spec = each.get("spec", {})
        if each["kind"] == "CronJob":
            spec = spec["jobTemplate"]["spec"]
        if "template" in spec:
            yield each["metadata"]["name"], spec["template"]["spec"]


def container(overlay: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = dict(pods(overlay))[name]["containers"][0]
    return found


def variables(overlay: str, container: Mapping[str, Any]) -> dict[str, str]:
    """With what the overlay's ConfigMap says, and one in another's value, as a pod has them."""
    (said,) = of_kind(overlay, "ConfigMap")
    found: dict[str, str] = {}
    for each in container["env"]:
        value = each.get("value") or said["data"][each["valueFrom"]["configMapKeyRef"]["key"]]
        found[each["name"]] = re.sub(r"\$\((\w+)\)", lambda name: found[name[1]], value)
    return found


def settings(name: str, variables: Mapping[str, str], folder: Path, patch: Any) -> ServiceSettings:
    """As the service reads them, secrets in `folder`."""
    for variable, value in variables.items():
        patch.setenv(variable, re.sub(rf"^{SECRETS}(kaohe/)?", f"{folder}/", value))
    return load(name)


def secrets(folder: Path) -> Path:
    """What an operator makes first."""
    material.made(material.Folder(folder), material.HOSTS)
    return folder


def assert_may_back_up(place: Installation) -> None:
    """It has every service's settings and owner, and the databases beside them."""
    place.must_be_whole()
    for name in SERVICES:
        assert place.settings(name).profile == "prod"
        assert f"{name}_owner:" in place.owner_dsn(name)
    assert place.others().keys() == {"keys", "portal"}
