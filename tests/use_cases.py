"""The use cases of a service, found in the `commands` of its rooms."""

import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any, NamedTuple

from libs.events.commands import UseCase
from tests.servers import ROOT


class Found(NamedTuple):
    room: str
    name: str
    action: str | None


def use_cases(service: str) -> list[Found]:
    """Each once, where it is defined, under the name by which routes call it."""
    package = import_module(f"services.{service}")
    modules = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    names = [each.name for each in modules if each.name.endswith(".commands")]
    return [case for name in names for case in _defined(name)]


def uncalled(service: str) -> list[str]:
    """Use cases that no route, policy or effect calls."""
    folder = ROOT / "services" / service
    text = "\n".join(path.read_text() for path in sorted(folder.rglob("*.py")))
    names = [case.name for case in use_cases(service)]
    return [name for name in names if not re.search(rf"\bcommands\.{name}\b", text)]


def _defined(module: str) -> Iterator[Found]:
    room = module.split(".")[-2]
    for name, case in vars(import_module(module)).items():
        if isinstance(case, UseCase) and not _is_imported(case, module):
            yield Found(room, name, case.action)


def _is_imported(case: UseCase[..., Any], module: str) -> bool:
    home = case._decide.__module__
    return home.startswith("services.") and home != module
