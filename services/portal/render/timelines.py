"""The timeline renderer: the steps of an item's history as a person reads them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from services.portal.render.event_names import EVENT_NAMES


class Names(Protocol):
    def item(self, code: Any) -> Mapping[str, Any]: ...


class Speaker(Protocol):
    language: str

    def __call__(self, text: str) -> str: ...


@dataclass(frozen=True)
class TimelineStep:
    at: str
    what: str
    who: str
    account: str
    role: Mapping[str, Any]
    round: int | None
    position: int
    digest: str


def timeline(
    steps: Iterable[Mapping[str, Any]], roles: Names, people: Mapping[str, str], words: Speaker
) -> list[TimelineStep]:
    """Newest first. `people`: names by account, as far as they are known."""
    says: Callable[[str], str] = words
    made = [
        TimelineStep(
            at=each["at"],
            what=says(EVENT_NAMES.get(each["type"].rpartition(".")[2], each["type"])),
            who=people.get(each["user"], each["user"]),
            account=each["user"],
            role=roles.item(each["role"]),
            round=each.get("round"),
            position=each["position"],
            digest=each["data_sha256"],
        )
        for each in steps
    ]
    return made[::-1]
