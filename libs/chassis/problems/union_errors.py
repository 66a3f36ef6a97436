"""Validation errors of unions. Pydantic reports every branch of a union and puts the branches'
names into the location: here only the errors of the closest branch are kept, at locations of the
body's own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Place = tuple[str | int, ...]
STRANGE = ("extra_forbidden", "missing")


@dataclass(frozen=True)
class Located:
    """An error and its location. `branch`: the alternative of the union at `union` that was
    tried.
    """

    error: Mapping[str, Any]
    place: Place
    union: Place = ()
    branch: str | int | None = None
    misfit: bool = False  # the value there is of another kind than this branch


def nearest(errors: Sequence[Mapping[str, Any]], body: Any) -> list[Located]:
    """The errors of each union's closest branch, without those implied by others (too_short when
    an element failed).
    """
    read = [_read(error, body) for error in errors]
    best = _best(read)
    kept = [each for each in read if each.branch in (None, best.get(each.union))]
    above = {each.place[:length] for each in kept for length in range(len(each.place))}
    return [
        each for each in kept if not (each.error["type"] == "too_short" and each.place in above)
    ]


def _read(error: Mapping[str, Any], body: Any) -> Located:
    place: list[str | int] = []
    union: Place = ()
    branch, value, location = None, body, error["loc"]
    if not location or location[0] != "body":
        return Located(error, tuple(location))
    for number, step in enumerate(location[1:], 2):
        is_last = number == len(location)
        if _holds(value, step):
            place, value = [*place, step], value[step]
        elif is_last and error["type"] == "missing" and isinstance(value, dict):
            place = [*place, step]
        elif branch is None:
            union, branch = tuple(place), step
    return Located(
        error, tuple(place), union, branch, branch is not None and location[-1] == branch
    )


def _holds(value: Any, step: str | int) -> bool:
    return (
        step in value
        if isinstance(value, dict)
        else isinstance(value, list) and isinstance(step, int) and step < len(value)
    )


def _best(read: Iterable[Located]) -> Mapping[Place, str | int | None]:
    """Each union's closest branch: of the value's kind, with the fewest fields too many or too
    few; else the first.
    """
    distances: dict[tuple[Place, str | int], tuple[bool, int]] = {}
    for each in read:
        if each.branch is not None:
            misfit, strange = distances.get((each.union, each.branch), (False, 0))
            is_strange = each.error["type"] in STRANGE and len(each.place) == len(each.union) + 1
            distances[each.union, each.branch] = (misfit or each.misfit, strange + is_strange)
    best: dict[Place, str | int | None] = {}
    for union, branch in sorted(distances, key=distances.__getitem__):
        best.setdefault(union, branch)
    return best
