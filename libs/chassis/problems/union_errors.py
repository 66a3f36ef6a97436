"""Where pydantic's errors lie in what was sent. Where one of several alternatives may stand, it
tells of every one that none fits, and puts their names into the place: here only the nearest one's
errors are kept, at places of the body's own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Place = tuple[str | int, ...]
STRANGE = ("extra_forbidden", "missing")


@dataclass(frozen=True)
class Read:
    """An error and its place. `reading`: the alternative that was tried, of those that may stand
    at `union`.
    """

    error: Mapping[str, Any]
    place: Place
    union: Place = ()
    reading: str | int | None = None
    misfit: bool = False  # nothing of this alternative's kind stands there at all


def nearest(errors: Sequence[Mapping[str, Any]], body: Any) -> list[Read]:
    """The errors that help: of alternatives those of the one that comes nearest, and none that
    only follows from another.
    """
    read = [_read(error, body) for error in errors]
    best = _best(read)
    told = [each for each in read if each.reading in (None, best.get(each.union))]
    above = {each.place[:length] for each in told for length in range(len(each.place))}
    # too few are right, not too few
    return [
        each for each in told if not (each.error["type"] == "too_short" and each.place in above)
    ]


def _read(error: Mapping[str, Any], body: Any) -> Read:
    place: list[str | int] = []
    union: Place = ()
    reading, value, location = None, body, error["loc"]
    if not location or location[0] != "body":
        return Read(error, tuple(location))
    for number, step in enumerate(location[1:], 2):
        is_last = number == len(location)
        if _holds(value, step):
            place, value = [*place, step], value[step]
        elif is_last and error["type"] == "missing" and isinstance(value, dict):
            place = [*place, step]
        elif reading is None:
            union, reading = tuple(place), step
    return Read(
        error, tuple(place), union, reading, reading is not None and location[-1] == reading
    )


def _holds(value: Any, step: str | int) -> bool:
    return (
        step in value
        if isinstance(value, dict)
        else isinstance(value, list) and isinstance(step, int) and step < len(value)
    )


def _best(read: Iterable[Read]) -> Mapping[Place, str | int | None]:
    """The alternative that comes nearest: of the kind that stands there, with the fewest fields
    too many or too few; else the first.
    """
    distances: dict[tuple[Place, str | int], tuple[bool, int]] = {}
    for each in read:
        if each.reading is not None:
            misfit, strange = distances.get((each.union, each.reading), (False, 0))
            is_strange = each.error["type"] in STRANGE and len(each.place) == len(each.union) + 1
            distances[each.union, each.reading] = (misfit or each.misfit, strange + is_strange)
    best: dict[Place, str | int | None] = {}
    for union, reading in sorted(distances, key=distances.__getitem__):
        best.setdefault(union, reading)
    return best
