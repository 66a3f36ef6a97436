"""The services as the portal knows them."""

import json

from services.portal.web.api import FOLLOWS
from tests.servers import ROOT


def test_a_list_is_asked_to_wait_for_those_logs_only_that_its_service_follows() -> None:
    readers = json.loads((ROOT / "contracts" / "readers.json").read_text())
    follows: dict[str, set[str]] = {service: set() for service in FOLLOWS}
    for name, reader in readers.items():
        follows[name.partition(".")[0]].add(reader["source"])
    assert {service: set(logs) for service, logs in FOLLOWS.items()} == follows
