"""The list renderer: what a service lists becomes a table with filters and pages. A page says which
columns it has; what stands in a cell is said by a function of the item.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

Item = Mapping[str, Any]
MOST_COUNTED = 2000  # of each kind, by a service
NEAR, PIE = 3, 15.7  # working days from which little time is left; circumference of a clock's pie

DAY = r"\d{4}-\d\d-\d\d"
MOMENT = re.compile(rf"({DAY})(?: (\d\d:\d\d|– {DAY}))?")


def counted(count: int) -> str:
    """A service counts no further than so many: there are these, or more."""
    return f"{count}+" if count >= MOST_COUNTED else str(count)


@dataclass(frozen=True)
class Due:
    """Until when: `left` of `days` working days; None where the clock stands or has run out."""

    on: str
    left: int | None
    days: int | None
    is_paused: bool = False

    @property
    def look(self) -> str:
        if self.left is None:
            return "paused" if self.is_paused else ""
        return "over" if self.left < 0 else "near" if self.left <= NEAR else ""

    @property
    def used(self) -> str:
        """Of the pie's circumference, as its stroke-dasharray."""
        if self.left is None or not self.days:
            return "0"
        gone = max(self.days - self.left, 0)
        share = min(gone / self.days, 1)
        return f"{PIE * share:.1f}"


@dataclass(frozen=True)
class Cell:
    """`href` leads somewhere; `chip` is a kind of state; `note` stands below in small; `due` in
    place of the text; `is_live`: an open page shows it as it is now; `title` says more to whoever
    points at it.
    """

    text: str
    href: str = ""
    chip: str = ""
    note: str = ""
    is_code: bool = False
    is_live: bool = False
    due: Due | None = None
    title: str = ""

    @property
    def moment(self) -> list[str]:
        """The day, and its time or another day, if that is all it says: a day stays on one line."""
        found = MOMENT.fullmatch(self.text)
        return [each for each in found.groups() if each] if found else []


@dataclass(frozen=True)
class Tile:
    """A count that is a filter. `stops`: there should be none."""

    label: str
    count: int
    href: str
    is_on: bool = False
    stops: bool = False
    near: int = 0
    over: int = 0


@dataclass(frozen=True)
class Column:
    """The first column of a list names the row."""

    title: str
    cell: Callable[[Item], Cell]


@dataclass(frozen=True)
class ListFilter:
    """A field above the list: with `choices` one of them, else free text or what `type` says.
    `begins`: what is chosen where nothing is, with its name. Hidden without a label.
    """

    name: str
    label: str
    value: str
    choices: Sequence[tuple[str, str]] | None = None
    type: str = "search"
    begins: str = ""


@dataclass(frozen=True)
class ListRow:
    """`id` is what a form sends when the row is chosen; empty where it may not be. `key` is the
    item's id, `label` what its box is called.
    """

    id: str
    key: str
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class ListView:
    """`choose`: the name under which chosen rows are sent, empty for a list to read; `more`: the
    address of the next page.
    """

    titles: tuple[str, ...]
    rows: tuple[ListRow, ...]
    filters: tuple[ListFilter, ...]
    choose: str
    more: str
    empty: str


def list_view(
    items: Iterable[Item],
    columns: Sequence[Column],
    *,
    empty: str,
    filters: Sequence[ListFilter] = (),
    choose: str = "",
    may_choose: Callable[[Item], bool] = lambda _: True,
    next_cursor: str | None = None,
) -> ListView:
    """`empty` is said where there is nothing."""
    rows: list[ListRow] = []
    for item in items:
        cells = tuple(column.cell(item) for column in columns)
        key = str(item.get("id", ""))
        id = key if choose and may_choose(item) else ""
        rows.append(ListRow(id, key, cells[0].text, cells))
    return ListView(
        titles=tuple(column.title for column in columns),
        rows=tuple(rows),
        filters=tuple(filters),
        choose=choose,
        more=_more(filters, next_cursor),
        empty=empty,
    )


def _more(filters: Iterable[ListFilter], cursor: str | None) -> str:
    if cursor is None:
        return ""
    kept = {each.name: each.value for each in filters if each.value}
    return f"?{urlencode({**kept, 'cursor': cursor})}"
