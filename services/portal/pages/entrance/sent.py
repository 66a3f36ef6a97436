"""报送到哪了 and 消息与回执: what the enterprise sent last, as the services tell it with 待办;
nothing more is asked.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter, itemgetter
from typing import Any

from services.portal.render.tasks import MENU, list_of, page_of

WATCHED, NEWS = 3, 6  # that are shown
NAMED = 2  # of those sent together
CAME_BACK = frozenset({"RETURNED", "REJECTED"})
TAKEN_BACK = frozenset({"SAVED", "WITHDRAWN", "GENERATED", "VOID"})
SETTLED = frozenset({"APPROVED", "SUPERSEDED", "REJECTED", "ANNOUNCED", "CLOSED"})
Line = Mapping[str, Any]


@dataclass(frozen=True)
class SentView:
    """Things sent together that stand in one state. `code`: the page that has them."""

    line: Line
    names: tuple[str, ...]
    is_more: bool
    href: str
    receipt: str
    code: str

    @property
    def is_record(self) -> bool:
        return self.line["type"] is None

    @property
    def is_under_way(self) -> bool:
        return self.line["state"] not in SETTLED

    @property
    def decision(self) -> str:
        """The state that the last decision led to, whatever followed."""
        state = str(self.line["state"])
        return "APPROVED" if state == "SUPERSEDED" else state

    @property
    def look(self) -> str:
        """Of the point of the track where they stand."""
        if self.line["state"] in CAME_BACK:
            return "bad"
        return "now" if self.is_under_way else "done"


@dataclass(frozen=True)
class News:
    """A receipt, or a decision on what was sent."""

    at: str
    sent: SentView
    is_decision: bool


def sent_views(lines: Iterable[Line]) -> list[SentView]:
    """The latest first; what was taken back is not on its way."""
    latest_first = sorted(lines, key=itemgetter("sent_at"), reverse=True)
    together: dict[tuple[str, str], list[Line]] = {}
    for each in latest_first:
        state = each["state"]
        if state in TAKEN_BACK:
            continue
        sending = each["batch_no"] or each["id"]
        alike = together.setdefault((sending, state), [])
        alike.append(each)
    return [_view(alike) for alike in together.values()]


def _view(lines: Sequence[Line]) -> SentView:
    first = {"kind": "", "action": "", **lines[0]}
    page, pages = page_of(first), list_of(first)
    is_alone = len(lines) == 1
    batch = f"{pages}/receipts/{first['batch_no']}"
    return SentView(
        line=first,
        names=tuple(each["title"] for each in lines[:NAMED]),
        is_more=len(lines) > NAMED,
        href=page if is_alone else pages,
        receipt=f"{page}/receipt" if is_alone else batch,
        code=MENU[pages],
    )


def watched(views: Sequence[SentView]) -> Sequence[SentView]:
    """What is still on its way; else the last that has arrived."""
    under_way = [each for each in views if each.is_under_way]
    return under_way[:WATCHED] or views[:1]


def news(views: Iterable[SentView]) -> Sequence[News]:
    """Receipts and decisions, the latest first."""
    found = [each for view in views for each in _news(view)]
    found.sort(key=attrgetter("at", "is_decision"), reverse=True)
    return found[:NEWS]


def _news(view: SentView) -> Iterator[News]:
    sent_at = view.line["sent_at"]
    decided_at = view.line["decided_at"]
    yield News(sent_at, view, is_decision=False)
    if decided_at and decided_at >= sent_at:
        yield News(decided_at, view, is_decision=True)
