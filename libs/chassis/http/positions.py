"""Read your writes: `min_position=personnel/123,projects/45` waits until the read models have
followed that far.
"""

import asyncio
import re
import time
from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Query, Request

from libs.chassis.ports.ports import ports_of
from libs.chassis.problems import formats
from libs.chassis.problems.kinds import MALFORMED
from libs.chassis.problems.problem import Stopped
from libs.events.errors import Unavailable

CATCH_UP_TIMEOUT = 2.0  # seconds; then 503 with Retry-After
PAUSE = 0.02
FORM = re.compile(r"[a-z]+/[0-9]{1,18}(,[a-z]+/[0-9]{1,18})*")


def parse(text: str) -> dict[str, int]:
    """Raises Stopped (400)."""
    if not FORM.fullmatch(text):
        raise _malformed(
            "应为“服务/位置”，以逗号分隔", "Must be service/position, separated by commas"
        )
    wanted: dict[str, int] = {}
    for part in text.split(","):
        service, _, position = part.partition("/")
        wanted[service] = max(int(position), wanted.get(service, 0))
    return wanted


async def _caught_up(
    request: Request,
    min_position: Annotated[
        str | None,
        Query(
            description="Wait until these positions are visible, at most 2 s",
            max_length=200,
        ),
    ] = None,
) -> None:
    if min_position is None:
        return
    wanted, deadline = parse(min_position), time.monotonic() + CATCH_UP_TIMEOUT
    while behind(wanted, await ports_of(request).positions()):
        if time.monotonic() > deadline:
            raise Unavailable("read models", "the positions that the request names")
        await asyncio.sleep(PAUSE)


CaughtUp = Depends(_caught_up)  # as a route's dependency: dependencies=[CaughtUp]


def behind(wanted: Mapping[str, int], reached: Mapping[str, int]) -> bool:
    """Whether what is wanted is still to come. Raises Stopped for a service not followed here."""
    if wanted.keys() - reached.keys():
        known = sorted(reached)
        raise _malformed(
            f"本服务只读取 {'、'.join(known)}", f"This service follows only {', '.join(known)}"
        )
    return any(reached[service] < position for service, position in wanted.items())


def _malformed(zh: str, en: str) -> Stopped:
    return Stopped(MALFORMED, (formats.item(zh, en, "/query/min_position"),))
