"""Two changes of one content, merged: what only one side changed stands as that side has it; where
both changed the same place, somebody has to choose. Rows are the same row if they have the same id.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from services.portal.render.posted import pattern_of

THEIRS, MINE, BOTH = "theirs", "mine", "both"


@dataclass(frozen=True)
class Meeting:
    """A place that somebody changed. `who`: theirs, mine or both; None for what is not there."""

    pointer: str
    who: str
    begun: Any
    theirs: Any
    mine: Any

    @property
    def is_row(self) -> bool:
        return any(isinstance(each, Mapping) for each in (self.begun, self.theirs, self.mine))


@dataclass(frozen=True)
class Merged:
    """`content`: where both changed it as theirs has it; None in place of a row of mine that they
    removed. `meetings`: in the order of the content.
    """

    content: dict[str, Any]
    meetings: tuple[Meeting, ...]

    @property
    def to_choose(self) -> list[Meeting]:
        return [each for each in self.meetings if each.who == BOTH]


def merged(
    begun: Any, theirs: Any, mine: Any, named_by: Mapping[str, str] = MappingProxyType({})
) -> Merged:
    """Contents of one form. `named_by`: the field that tells rows apart which the service gives no
    id, by their pattern.
    """
    merging = _Merging(named_by)
    content = merging.value(begun or {}, theirs or {}, mine or {}, "")
    return Merged(content or {}, tuple(merging.meetings))


class _Merging:
    def __init__(self, named_by: Mapping[str, str]) -> None:
        self._named_by = named_by
        self.meetings: list[Meeting] = []

    def value(self, begun: Any, theirs: Any, mine: Any, at: str) -> Any:
        """What stands there now."""
        if theirs == mine:
            return theirs
        sides = (begun, theirs, mine)
        if all(each is None or isinstance(each, Mapping) for each in sides):
            return self._fields(begun or {}, theirs or {}, mine or {}, at)
        if all(map(_are_rows, sides)):
            return list(self._rows(begun or (), theirs or (), mine or (), at))
        return self._met(at, begun, theirs, mine)

    def _met(self, at: str, begun: Any, theirs: Any, mine: Any) -> Any:
        """What stands there now."""
        who = THEIRS if begun == mine else MINE if begun == theirs else BOTH
        self.meetings.append(Meeting(at, who, begun, theirs, mine))
        return mine if who == MINE else theirs

    def _fields(
        self,
        begun: Mapping[str, Any],
        theirs: Mapping[str, Any],
        mine: Mapping[str, Any],
        at: str,
    ) -> dict[str, Any]:
        """Theirs in their order, then mine."""
        names = dict.fromkeys([*theirs, *mine])
        found = {
            name: self.value(begun.get(name), theirs.get(name), mine.get(name), f"{at}/{name}")
            for name in names
        }
        return {name: value for name, value in found.items() if value is not None}

    def _rows(
        self, begun: Sequence[Any], theirs: Sequence[Any], mine: Sequence[Any], at: str
    ) -> Iterator[Any]:
        """Theirs in their order, then mine that they do not have."""
        field = self._named_by.get(pattern_of(at), "")
        before, here, there = (_by_name(rows, field) for rows in (begun, mine, theirs))
        number = 0
        for id in dict.fromkeys([*there, *here]):
            old, their, my = before.get(id), there.get(id), here.get(id)
            place = f"{at}/{number}"
            if their is not None and my is not None:
                row = self.value(old or {}, their, my, place)
            else:
                row = self._met(place, old, their, my) if their != my else None
                if row is None and not self._waits(place):
                    continue
            number += 1
            yield row

    def _waits(self, place: str) -> bool:
        """Whether somebody has to choose between this row and none."""
        last = self.meetings[-1]
        return last.pointer == place and last.who == BOTH


def _by_name(
    rows: Sequence[Mapping[str, Any]], field: str
) -> dict[tuple[str, int], Mapping[str, Any]]:
    """By the service's own names, else by what stands in the field; a row that has neither is
    known by all that stands in it. Of alike ones each is another.
    """
    found: dict[tuple[str, int], Mapping[str, Any]] = {}
    known = Counter[str]()
    for row in rows:
        own = row.get("id") or row.get("scan") or row.get(field)
        name = str(own or sorted(row.items()))
        found[name, known[name]] = row
        known[name] += 1
    return found


def _are_rows(value: Any) -> bool:
    return value is None or (
        isinstance(value, list) and all(isinstance(each, Mapping) for each in value)
    )
