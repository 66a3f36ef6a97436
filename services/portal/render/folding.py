"""Rows that a page does not write out: each stands as one line, and what is in it comes along in
one input, until somebody opens it. A form with many rows stays as small as one with few (decision
58).
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from services.portal.render.posted import flat

Definition = Mapping[str, Any]
FIELDS = 36  # of rows: so many a page writes out


def is_long(form: Definition, content: Definition) -> bool:
    """Whether its rows have more fields than a page writes out."""
    return sum(_fields(form, content, "")) > FIELDS


def _fields(form: Definition, holder: Any, around: str) -> Iterator[int]:
    """How many each row has, also those in rows; `around`: the pattern of the holder."""
    for part in form["parts"]:
        inside = part["path"].removeprefix(around)
        is_here = part["path"].startswith(f"{around}/") and "*" not in inside
        if not (part["rows"] and is_here):
            continue
        for row in _rows(holder, inside):
            yield len(part["fields"])
            yield from _fields(form, row, f"{part['path']}/*")


def _rows(holder: Any, path: str) -> list[Any]:
    found = holder
    for step in path.split("/")[1:]:
        found = found.get(step) if isinstance(found, Mapping) else None
    return found if isinstance(found, list) else []


def folded(form: Definition, row: Any, at: str) -> str:
    """What stands in a row, for the input that is named as the row itself."""
    fields = {
        name.removeprefix(f"{at}/"): values if len(values) > 1 else values[0]
        for name, values in flat(form, row, at).items()
        if any(values)
    }
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
