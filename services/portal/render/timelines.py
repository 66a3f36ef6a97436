"""The timeline renderer: the steps of an item's history as a person reads them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from services.portal.render.words import N_, UNNAMED

SYSTEM = "SYSTEM"  # the role of a service
BY_ITSELF = N_("系统自动办理")


class Names(Protocol):
    def item(self, code: Any) -> Mapping[str, Any]: ...


class Speaker(Protocol):
    language: str

    def __call__(self, text: str) -> str: ...

    def happened(self, type: str) -> str: ...


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


def _who(step: Mapping[str, Any], people: Mapping[str, str], says: Callable[[str], str]) -> str:
    """What a service did by itself, nobody did."""
    if step["role"] == SYSTEM:
        return says(BY_ITSELF)
    return people.get(step["user"]) or says(UNNAMED)


def timeline(
    steps: Iterable[Mapping[str, Any]], roles: Names, people: Mapping[str, str], words: Speaker
) -> list[TimelineStep]:
    """Newest first. `people`: names by account, as far as they are known."""
    says: Callable[[str], str] = words
    made = [
        TimelineStep(
            at=each["at"],
            what=words.happened(each["type"]),
            who=_who(each, people, says),
            account=each["user"],
            role={} if each["role"] == SYSTEM else roles.item(each["role"]),
            round=each.get("round"),
            position=each["position"],
            digest=each["data_sha256"],
        )
        for each in steps
    ]
    return made[::-1]
