"""What `./kaohe contracts` would write, made once for all tests."""

import json
from functools import cache
from typing import Any

from deploy.cli import contracts


@cache
def documents() -> dict[str, str]:
    return contracts.documents()


@cache
def openapi(service: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(documents()[f"openapi/{service}.json"])
    return found
