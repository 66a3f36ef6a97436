"""What pages do with a refusal: its items as messages, in the visitor's language."""

from collections.abc import Iterable, Mapping
from typing import Any

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


def actions(checked: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """`allowed_actions[]` of a check, by action; none of what tells none."""
    return {each["action"]: each for each in checked.get("allowed_actions") or ()}
