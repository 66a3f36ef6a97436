"""The clone and its stack."""

from pathlib import Path
from typing import Any

from deploy.embedded.lock import running
from deploy.embedded.places import Home
from deploy.embedded.process import StackError

ROOT = Path(__file__).parents[2]
HOME = Home(ROOT / ".kaohe")


def endpoints() -> dict[str, Any]:
    """Raises StackError while the stack is not up."""
    supervisor, found = running(HOME), HOME.endpoints
    if supervisor and found is None:
        raise StackError(
            "系统正在启动，请稍候，或再运行 ./kaohe up 等它启动完",
            "the stack is starting: wait, or run ./kaohe up, which waits for it",
        )
    if found is None or not supervisor:
        raise StackError("系统没有启动：请运行 ./kaohe up", "the stack is not up: run ./kaohe up")
    return found
