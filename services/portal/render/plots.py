"""Plots as inline SVG: where each mark stands. Templates draw them (shared/plots.html), and say the
same in words and in a table.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LEFT, RIGHT, ROW = 96.0, 630.0, 22  # of bars: where they begin and end, height of a row
WIDTH, STEP = 276.0, 36  # of lines: the longest, height of a row
# kinds of bars that have an edge stand inside it
EDGES = {"b4": 0.75, "b5": 0.5}


@dataclass(frozen=True)
class Bar:
    look: str
    x: float
    width: float
    inset: float


@dataclass(frozen=True)
class BarRow:
    label: str
    y: int
    bars: Sequence[Bar]
    part: int
    whole: int

    @property
    def percent(self) -> int:
        return round(100 * self.part / self.whole) if self.whole else 0


@dataclass(frozen=True)
class BarPlot:
    rows: Sequence[BarRow]

    @property
    def height(self) -> int:
        return ROW * len(self.rows) + 26

    @property
    def ticks(self) -> Sequence[float]:
        """Where quarters stand."""
        return [LEFT + (RIGHT - LEFT) * quarter / 4 for quarter in range(5)]


@dataclass(frozen=True)
class Share:
    """A line of a bar plot: `parts` by look, in their order; `part`: what its number counts."""

    label: str
    parts: Mapping[str, int]
    part: int


def bar_plot(shares: Iterable[Share]) -> BarPlot:
    """Each as long as the others, whose parts fill it; the smallest share on top."""
    ordered = sorted(shares, key=_share)
    return BarPlot([_bar_row(n, each) for n, each in enumerate(ordered)])


def _share(each: Share) -> float:
    return each.part / (sum(each.parts.values()) or 1)


def _bar_row(n: int, share: Share) -> BarRow:
    whole = sum(share.parts.values())
    bars: list[Bar] = []
    x = LEFT
    for look, number in share.parts.items():
        width = (RIGHT - LEFT) * number / (whole or 1)
        inset = EDGES.get(look, 0)
        if number:
            bars.append(
                Bar(
                    look,
                    round(x + inset, 1),
                    round(max(width - 2 * inset, 1), 1),
                    inset,
                )
            )
        x += width
    return BarRow(
        label=share.label,
        y=6 + ROW * n,
        bars=bars,
        part=share.part,
        whole=whole,
    )


@dataclass(frozen=True)
class Length:
    """A line with a stroke at each of its numbers, the last of which is its end."""

    label: str
    numbers: Sequence[int]


@dataclass(frozen=True)
class Line:
    label: str
    y: int
    numbers: Sequence[int]
    strokes: Sequence[float]


@dataclass(frozen=True)
class LinePlot:
    lines: Sequence[Line]

    @property
    def height(self) -> int:
        return STEP * len(self.lines) + 4


def line_plot(lengths: Sequence[Length]) -> LinePlot:
    """All to the scale of the longest."""
    longest = max((each.numbers[-1] for each in lengths), default=0) or 1
    lines: list[Line] = []
    for n, each in enumerate(lengths):
        strokes = [round(4 + (WIDTH - 8) * number / longest, 1) for number in each.numbers]
        lines.append(
            Line(
                label=each.label,
                y=4 + STEP * n,
                numbers=each.numbers,
                strokes=strokes,
            )
        )
    return LinePlot(lines)
