"""Bugs that tests plant to see themselves fail: KAOHE_PLANTED names those of this process. Without
it there are none, and a service of profile `prod` does not start with it.
"""

import asyncio
import os
from collections.abc import Coroutine
from typing import Any

NAMES = frozenset(
    {"lock and read in one", "overtaking batch", "offset first", "no look-up", "stale round"}
)
PLANTED = frozenset(filter(None, os.environ.get("KAOHE_PLANTED", "").split(",")))

if unknown := PLANTED - NAMES:
    raise ValueError(f"nobody knows how to plant {sorted(unknown)}")


def planted(name: str) -> bool:
    return name in PLANTED


def locking_as_it_reads(schema: str) -> str:
    """The lock is no statement of its own: what is read after it is as old as the statement."""
    lock, read = "    PERFORM pg_advisory_xact_lock(4157);\n", " INTO head, is_closed;"
    assert (schema.count(lock), schema.count(read)) == (2, 1)
    return schema.replace(lock, "").replace(
        read, " INTO head, is_closed FROM pg_advisory_xact_lock(4157);"
    )


def nobody_waits_for(sending: Coroutine[Any, Any, Any]) -> None:
    task = asyncio.create_task(sending)
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
