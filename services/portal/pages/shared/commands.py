"""What pages do with a refusal: its items as messages, in the visitor's language."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.portal.render.posted import whole
from services.portal.render.view import Message
from services.portal.web.language import say
from services.portal.web.visit import Visit


def messages(visit: Visit, items: Iterable[Mapping[str, Any]]) -> list[Message]:
    """`errors[]` of a problem, or `findings[]` of a check."""
    return [
        Message(
            rule=each.get("rule") or "",
            severity=each.get("severity") or "B",
            text=say(visit.language, each),
            pointer=each.get("pointer") or "",
            acknowledged=bool(each.get("acknowledged")),
        )
        for each in items
    ]


def of_rows(
    items: Iterable[Mapping[str, Any]], part: str, chosen: Sequence[str]
) -> list[dict[str, Any]]:
    """Refusals of what was chosen in a list, `at`: the id of the row that each is about; empty
    where it is about none.
    """
    found: list[dict[str, Any]] = []
    for each in items:
        _, name, number, *_ = f"{each.get('pointer') or ''}//".split("/")
        place = whole(number) if name == part else None
        is_there = place is not None and place < len(chosen)
        found.append({**each, "at": chosen[place or 0] if is_there else ""})
    return found


def actions(checked: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """`allowed_actions[]` of a check, by action; none of what tells none."""
    return {each["action"]: each for each in checked.get("allowed_actions") or ()}
