"""The services of the running stack as their processes have them, doing nothing: for commands that
look into all of them.
"""

import importlib
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from libs.chassis.process.settings import load
from libs.chassis.run import open_runtime
from libs.chassis.service.runtime import Runtime


@asynccontextmanager
async def opened(told: Mapping[str, Any]) -> AsyncIterator[dict[str, Runtime]]:
    """By name, with their own roles and rights."""
    async with AsyncExitStack() as stack:
        found = {}
        for name, place in told["services"].items():
            os.environ.update(place["settings"])
            found[name] = await open_runtime(
                importlib.import_module(f"services.{name}.main").SERVICE, load(name), stack
            )
        yield found
