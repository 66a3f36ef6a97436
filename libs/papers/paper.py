"""A paper as it is printed, before it is HTML or PDF: a title, facts, ruled sections, places to
sign. Values are plain text.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any
from unicodedata import east_asian_width

WIDTHS = (4, 40)  # of a table's columns, in half-width characters: narrowest, widest


@dataclass(frozen=True, repr=False)
class Pair:
    label: str
    value: str
    wide: bool = False  # takes the whole line


@dataclass(frozen=True, repr=False)
class Section:
    """Lines of labels with their values, or a table."""

    heading: str = ""
    lines: tuple[tuple[Pair, ...], ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    note: str = ""

    @property
    def widths(self) -> list[int]:
        """How much of the line each column needs, relative to the others."""
        return [
            min(2 + max(WIDTHS[0], *map(_width, column)), WIDTHS[1])
            for column in zip(self.columns, *self.rows, strict=True)
        ]


@dataclass(frozen=True, repr=False)
class Paper:
    title: str
    subtitle: str
    sections: tuple[Section, ...]
    signatures: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """For templates."""
        return asdict(self) | {
            "sections": [asdict(each) | {"widths": each.widths} for each in self.sections]
        }


def lines(pairs: Iterable[Pair]) -> tuple[tuple[Pair, ...], ...]:
    """Two pairs a line; a wide one has its own."""
    return tuple(_lines(pairs))


def _lines(pairs: Iterable[Pair]) -> Iterator[tuple[Pair, ...]]:
    waiting: Pair | None = None
    for pair in pairs:
        if pair.wide and waiting:
            yield (waiting,)
            waiting = None
        if pair.wide:
            yield (pair,)
        elif waiting:
            yield (waiting, pair)
            waiting = None
        else:
            waiting = pair
    if waiting:
        yield (waiting,)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
