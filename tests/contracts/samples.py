"""Recorded samples: the exact bytes of events, kept for ever, so that every later reader is tried
on them.

`samples/<type>/v<schema>-<where from>.json`. Personal data in them is sealed under KEY, which
opens nothing else.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import UUID

from libs import published
from libs.events.aggregate import Aggregate
from libs.events.codec import encode
from libs.events.personal import Opener, Sealer
from libs.published.event import PublishedEvent

FOLDER = Path(__file__).with_name("samples")
KEY = Sealer(UUID(int=0), 1, bytes(32))
OPENER = Opener({(KEY.subject, KEY.number): KEY.key})


@dataclass(frozen=True)
class Sample:
    type: str
    schema: int
    data: bytes
    name: str

    def __str__(self) -> str:
        return f"{self.type}/{self.name}"


@cache
def samples() -> tuple[Sample, ...]:
    return tuple(
        Sample(
            path.parent.name,
            int(path.name.partition("-")[0].removeprefix("v")),
            path.read_bytes(),
            path.name,
        )
        for path in sorted(FOLDER.glob("*/v*-*.json"))
    )


@cache
def readers() -> dict[str, list[type[PublishedEvent]]]:
    """By stored type, the contract classes that read it."""
    for module in pkgutil.iter_modules(published.__path__, f"{published.__name__}."):
        importlib.import_module(module.name)
    found: dict[str, list[type[PublishedEvent]]] = {}
    for kind in _below(PublishedEvent):
        if kind.TOPIC:
            found.setdefault(kind.TOPIC, []).append(kind)
    return found


def _below(kind: type[PublishedEvent]) -> Iterator[type[PublishedEvent]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def record(event: Aggregate.Event, source: str) -> bool:
    """Keeps the bytes of an event that others read, if there are none of its type and schema from
    this source yet.
    """
    path = FOLDER / event.TOPIC / f"v{event.SCHEMA}-{source}.json"
    if event.TOPIC not in readers() or path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encode(event, KEY))
    return True
