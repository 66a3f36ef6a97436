"""The services of the running stack as their processes have them, doing nothing: for commands that
look into all of them.
"""

import importlib
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
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
            service = importlib.import_module(f"services.{name}.main").SERVICE
            with _environment(place["settings"]):
                settings = load(name)
            found[name] = await open_runtime(service, settings, stack)
        yield found


@contextmanager
def _environment(settings: Mapping[str, str]) -> Iterator[None]:
    """With these variables, and afterwards as it was."""
    before = dict(os.environ)
    os.environ.update(settings)
    try:
        yield
    finally:
        for name in settings:
            del os.environ[name]
        os.environ.update(before)
