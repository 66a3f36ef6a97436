"""A change that was made from a version which no longer stands, side by side with what was saved
meanwhile: the lines that a page shows, and the inputs that carry both.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.portal.render.forms import Definition, Renderer
from services.portal.render.merging import Meeting, merged
from services.portal.render.posted import MINE, content_of, flat

Inputs = Sequence[tuple[str, str]]
NAMES = ("reference", "month")  # kinds of field that tell a row from others


@dataclass(frozen=True)
class StaleLine:
    """`begun`, `theirs`, `mine`: as they are read; empty for what is not there."""

    pointer: str
    place: str
    who: str
    begun: str
    theirs: str
    mine: str


@dataclass(frozen=True)
class StaleView:
    """`inputs`: what is merged, and mine wherever somebody has to choose."""

    lines: tuple[StaleLine, ...]
    inputs: Inputs

    @property
    def to_choose(self) -> int:
        return sum(each.who == "both" for each in self.lines)


def stale_view(
    renderer: Renderer, form: Definition, begun: Any, theirs: Any, mine: Any
) -> StaleView:
    """Three contents of one form: from which typing began, as saved by others, as typed."""
    begun, theirs, mine = (content_of(form, flat(form, each)) for each in (begun, theirs, mine))
    found = merged(begun, theirs, mine, _named_by(form))
    inputs = list(_inputs(flat(form, found.content)))
    for each in found.to_choose:
        inputs += _inputs(flat(form, each.mine, each.pointer), MINE)
    lines = tuple(_line(renderer, form, each) for each in found.meetings)
    return StaleView(lines, inputs)


def _named_by(form: Definition) -> dict[str, str]:
    """Rows that choose something, or are of a month, by the field that says which."""
    return {
        part["path"]: part["fields"][0]["name"]
        for part in form["parts"]
        if part["rows"] and part["fields"] and part["fields"][0]["kind"]["type"] in NAMES
    }


def _inputs(fields: Mapping[str, Sequence[str]], before: str = "") -> Iterator[tuple[str, str]]:
    for name, values in fields.items():
        for value in values:
            yield f"{before}{name}", value


def _line(renderer: Renderer, form: Definition, met: Meeting) -> StaleLine:
    """A place that was changed, as it is read on each side."""
    any_side = next(each for each in (met.theirs, met.mine, met.begun) if each is not None)
    return StaleLine(
        pointer=met.pointer,
        place=renderer.place(form, met.pointer, any_side),
        who=met.who,
        begun=renderer.shown(form, met.pointer, met.begun),
        theirs=renderer.shown(form, met.pointer, met.theirs),
        mine=renderer.shown(form, met.pointer, met.mine),
    )
