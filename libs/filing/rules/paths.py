"""Places in a form (RFC 6901): what changed, and what lies where."""

import re
from collections.abc import Iterator
from decimal import Decimal
from difflib import SequenceMatcher
from hashlib import sha256
from itertools import zip_longest
from typing import Any

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
    as days, texts as they are cleaned today; an empty text is none.
    """
    return _value(content.model_dump(by_alias=True)) if content is not None else None


def digest(*contents: Value) -> str:
    """SHA-256 of their values: the same where nothing has changed, in whatever spelling."""
    said = [_spelt(values(each)) for each in contents]
    return sha256(canonical(said)).hexdigest()


def changed(before: Value | None, after: Value | None) -> list[str]:
    """Pointers of every value that differs, rows that came or went by their own pointer."""
    return list(_changed(values(before), values(after), ""))


def at(content: Value | None, pointer: str) -> Any:
    """The value at a pointer, as it is compared; None where there is nothing."""
    value = values(content)
    for step in normal(pointer).split("/")[1:]:
        if isinstance(value, dict):
            value = value.get(step.replace("~1", "/").replace("~0", "~"))
        elif isinstance(value, list) and is_row(step) and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def is_row(step: str) -> bool:
    """Whether a step of a pointer is the number of a row (RFC 6901)."""
    return ROW.fullmatch(step) is not None


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


def _changed(before: Any, after: Any, pointer: str) -> Iterator[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        for name in after | before:
            yield from _changed(before.get(name), after.get(name), f"{pointer}/{name}")
    elif isinstance(before, list) and isinstance(after, list):
        yield from _changed_rows(before, after, pointer)
    elif before != after:
        yield pointer


def _changed_rows(before: list[Any], after: list[Any], pointer: str) -> Iterator[str]:
    """Rows that stand as they stood, in their order, are found again wherever they moved to: one
    that went does not change those after it, and one that came takes the place of one that went.
    """
    stood, stand = ([canonical(_spelt(row)) for row in each] for each in (before, after))
    gone, come = set(range(len(before))), set(range(len(after)))
    for block in SequenceMatcher(None, stood, stand, autojunk=False).get_matching_blocks():
        gone.difference_update(range(block.a, block.a + block.size))
        come.difference_update(range(block.b, block.b + block.size))
    for old, new in zip_longest(sorted(gone), sorted(come)):
        if old is None or new is None:
            yield f"{pointer}/{new if old is None else old}"
        elif stood[old] == stand[new]:
            yield f"{pointer}/{old}"  # the same row at another place
        else:
            yield from _changed(before[old], after[new], f"{pointer}/{old}")
