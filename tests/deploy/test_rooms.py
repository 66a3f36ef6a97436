"""A room of a service is part of it."""

import importlib
from pathlib import Path
from typing import Any

import pytest

from deploy.embedded.places import SERVICES
from tests.servers import ROOT


@pytest.mark.parametrize("name", SERVICES)
def test_every_room_with_routes_is_part_of_its_service(name: str) -> None:
    service = importlib.import_module(f"services.{name}.main").SERVICE
    rooms = sorted((ROOT / "services" / name).glob("*/routes.py"))
    forgotten = [
        str(path.relative_to(ROOT)) for path in rooms if _module(path).router not in service.routers
    ]
    assert not forgotten, f"services/{name}/main.py does not name the routers of {forgotten}"


def _module(path: Path) -> Any:
    return importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
