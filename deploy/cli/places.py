"""The clone and its stack."""

from pathlib import Path
from typing import Any

from deploy.embedded.places import Home
from deploy.embedded.process import StackError
from deploy.embedded.supervisor import running

ROOT = Path(__file__).parents[2]
HOME = Home(ROOT / ".kaohe")


def endpoints() -> dict[str, Any]:
    """Raises StackError while the stack is not up."""
    if (found := HOME.endpoints) is None or not running(HOME):
        raise StackError("the stack is not up: run ./kaohe up")
    return found
