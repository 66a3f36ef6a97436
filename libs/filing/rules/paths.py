"""Places in a form (RFC 6901): what changed, and what lies where."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from difflib import SequenceMatcher
from hashlib import sha256
from typing import Any, NamedTuple

from libs.events.codec import canonical
from libs.events.strict import spelt_once
from libs.events.texts import lines
from libs.events.value import Value

# of a record: rows and parts as they are named outside the form, and the rows of each step
OUTSIDE = {
    "/commitment": "/enterprise/commitment",
    "/equipment": "/enterprise/equipment",
    "/self_check": "/enterprise/self_check",
    "/certificates": "/qualifications/certificates",
    "/excluded_certificates": "/qualifications/excluded_certificates",
    "/persons": "/people/persons",
    "/performances": "/performance/performances",
    "/nil_declaration": "/performance/nil_declaration",
    "/si_proofs": "/social-insurance/si_proofs",
}
STEPS = {
    "/qualifications": "/qualifications/certificates",
    "/people": "/people/persons",
    "/performance": "/performance/performances",
    "/social-insurance": "/social-insurance/si_proofs",
}
ROW = re.compile("0|[1-9][0-9]{0,8}")
ROOTS = ("/information", "/content")  # a pointer may be given from outside the form


class Moved(NamedTuple):
    """Where a value that differs stood and where it stands now; None: it was, or is, not there."""

    old: str | None
    new: str | None


def normal(pointer: str) -> str:
    """From the root of the form."""
    root = next((each for each in ROOTS if pointer == each or pointer.startswith(each + "/")), "")
    return pointer.removeprefix(root).rstrip("/")


def in_record(pointer: str) -> str:
    """A place in a record, as its form has it: rules and readers of a record also name its rows
    without their step, and a whole step by its rows.
    """
    place = normal(pointer)
    for root in ("/choices", "/steps"):
        place = place.removeprefix(root) if covers(root, place) else place
    place = STEPS.get(place, place)
    above = next((each for each in OUTSIDE if covers(each, place)), "")
    return OUTSIDE[above] + place.removeprefix(above) if above else place


def covers(above: str, pointer: str) -> bool:
    """Whether the pointer lies at or below another."""
    above = normal(above)
    return pointer == above or pointer.startswith(above + "/")


def plain(content: Value | None) -> Any:
    return content.model_dump(mode="json", by_alias=True) if content is not None else None


def values(content: Value | None) -> Any:
    """As contents are compared, in whatever spelling they were stored: amounts as numbers, dates
    as days, texts as they are cleaned today; an empty text is none, and a scan is the same whatever
    its file is called.
    """
    return _unnamed(_spoken(content)) if content is not None else None


def digest(*contents: Value) -> str:
    """SHA-256 of their values: the same where nothing has changed, in whatever spelling."""
    said = [_spelt(_spoken(each)) for each in contents]
    return sha256(canonical(said)).hexdigest()


def changed(before: Value | None, after: Value | None) -> list[str]:
    """Pointers of every value that differs, rows that came or went by their own pointer."""
    found = differing(values(before), values(after))
    return [each.old if each.old is not None else str(each.new) for each in found]


def at(content: Value | None, pointer: str) -> Any:
    """The value at a pointer, as it is compared; None where there is nothing."""
    return lookup(values(content), pointer)


def lookup(value: Any, pointer: str) -> Any:
    """What stands at a pointer into plain data; None where there is nothing."""
    for step in normal(pointer).split("/")[1:]:
        value = _below(value, step)
    return value


def differing(
    before: Any, after: Any, whole: Callable[[Any], bool] = lambda _: False
) -> Iterator[Moved]:
    """Every value that differs between plain data, rows that came or went as a whole; what is
    `whole` is one value.
    """
    everywhere = Moved("", "")
    return _differing(before, after, everywhere, whole)


def moved(before: Any, after: Any, pointer: str) -> str | None:
    """Where that which stood at a pointer stands now, rows found again; None where it went."""
    now = ""
    for step in normal(pointer).split("/")[1:]:
        to: str | int | None = step
        if isinstance(before, list) and isinstance(after, list):
            kept, others = _paired(before, after)
            to = dict([*kept, *others]).get(int(step) if is_row(step) else None)
        if to is None:
            return None
        now = f"{now}/{to}"
        before = _below(before, step)
        after = _below(after, str(to))
    return now


def is_row(step: str) -> bool:
    """Whether a step of a pointer is the number of a row (RFC 6901)."""
    return ROW.fullmatch(step) is not None


def _spoken(content: Value) -> Any:
    return _value(content.model_dump(by_alias=True))


def _unnamed(value: Any) -> Any:
    if isinstance(value, dict):
        names = value.keys() - {"file_name"} if "scan_type" in value else value.keys()
        return {name: _unnamed(value[name]) for name in value if name in names}
    return [_unnamed(each) for each in value] if isinstance(value, list) else value


def _value(given: Any) -> Any:
    if isinstance(given, str):
        return lines(given) or None
    if isinstance(given, dict):
        return {name: _value(each) for name, each in given.items()}
    return [_value(each) for each in given] if isinstance(given, tuple | list) else given


def _spelt(value: Any) -> Any:
    """As JSON, each value in one spelling."""
    if isinstance(value, dict):
        return {name: _spelt(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_spelt(each) for each in value]
    return spelt_once(value) if isinstance(value, Decimal) else value


def _below(value: Any, step: str) -> Any:
    if isinstance(value, dict):
        return value.get(step.replace("~1", "/").replace("~0", "~"))
    if isinstance(value, list) and is_row(step) and int(step) < len(value):
        return value[int(step)]
    return None


def _differing(before: Any, after: Any, at: Moved, whole: Callable[[Any], bool]) -> Iterator[Moved]:
    if whole(before) or whole(after):
        if before != after:
            yield at
    elif isinstance(before, dict) and isinstance(after, dict):
        for name in after | before:
            below = Moved(f"{at.old}/{name}", f"{at.new}/{name}")
            yield from _differing(
                before.get(name),
                after.get(name),
                below,
                whole,
            )
    elif isinstance(before, list) and isinstance(after, list):
        for old, new in _paired(before, after)[1]:
            yield from _differing_rows(before, after, (old, new), at, whole)
    elif before != after:
        yield at


def _differing_rows(
    before: list[Any],
    after: list[Any],
    pair: tuple[int | None, int | None],
    above: Moved,
    whole: Callable[[Any], bool],
) -> Iterator[Moved]:
    old, new = pair
    at = Moved(
        old=None if old is None else f"{above.old}/{old}",
        new=None if new is None else f"{above.new}/{new}",
    )
    if old is None or new is None or _row(before[old]) == _row(after[new]):
        yield at  # one only, or the same row at another place
    else:
        yield from _differing(before[old], after[new], at, whole)


def _paired(
    before: list[Any], after: list[Any]
) -> tuple[list[tuple[int, int]], list[tuple[int | None, int | None]]]:
    """Rows that stand as they stood, in their order, are found again wherever they moved to: one
    that went does not change those after it, and one that came takes the place of one that went:
    where more went than came, or came than went, of the one that it is most like.
    """
    kept = _found_again(before, after)
    gone = _but(len(before), [old for old, _ in kept])
    come = _but(len(after), [new for _, new in kept])
    pairs = _most_alike(
        [before[each] for each in gone],
        [after[each] for each in come],
    )
    replaced = {gone[old]: come[new] for old, new in pairs}
    went = [(old, replaced.get(old)) for old in gone]
    came = [(None, new) for new in come if new not in replaced.values()]
    return kept, [*went, *came]


def _found_again(before: list[Any], after: list[Any]) -> list[tuple[int, int]]:
    """Rows that stand as they stood, with where they stood and where they stand."""
    matching = SequenceMatcher(
        None,
        [_row(each) for each in before],
        [_row(each) for each in after],
        autojunk=False,
    )
    return [
        (block.a + n, block.b + n)
        for block in matching.get_matching_blocks()
        for n in range(block.size)
    ]


def _but(count: int, known: list[int]) -> list[int]:
    return sorted({*range(count)} - {*known})


def _most_alike(gone: list[Any], come: list[Any]) -> list[tuple[int, int]]:
    """Each of the fewer beside one of the others, both in their order; among equals the first."""
    if len(gone) > len(come):
        return [(old, new) for new, old in _most_alike(come, gone)]
    spare = len(come) - len(gone)
    best = [[0] * (spare + 2) for _ in range(len(gone) + 1)]  # from here on, so many passed over
    passes = [[False] * (spare + 1) for _ in gone]
    for n in reversed(range(len(gone))):
        for passed in reversed(range(spare + 1)):
            taken = _likeness(gone[n], come[n + passed]) + best[n + 1][passed]
            passes[n][passed] = passed < spare and best[n][passed + 1] > taken
            best[n][passed] = max(taken, best[n][passed + 1])
    found, passed = [], 0
    for n in range(len(gone)):
        passed = passes[n].index(False, passed)
        found.append((n, n + passed))
    return found


def _likeness(one: Any, other: Any) -> int:
    """How many fields say the same."""
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return 0
    return sum(value == other.get(name) for name, value in one.items() if value not in (None, []))


def _row(value: Any) -> bytes:
    return canonical(_spelt(value))
