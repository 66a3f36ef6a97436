"""Whether a reader of a new schema understands all that was stored under an older one."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jsoncompat


def understands(old: str, new: str) -> bool:
    """Fields may be added, each with a default; nothing may be removed, renamed, retyped, narrowed
    or newly required.

    Event schemas are closed (`additionalProperties: false`). In an open one a new field would
    already be forbidden, since old data might hold anything under that name: so a place that must
    stay open is compared as it stands.
    """
    return jsoncompat.check_compat(_bare(old), _bare(new), "deserializer")


def _bare(text: str) -> str:
    """Without `$id`, which the library would try to follow."""
    schema: dict[str, Any] = json.loads(text)
    schema.pop("$id", None)
    return json.dumps(schema)


def versions(paths: Iterable[str]) -> dict[str, list[str]]:
    """The schema files of each event type, oldest first."""
    found: dict[str, list[str]] = {}
    for path in sorted(paths, key=_number):
        found.setdefault(Path(path).parent.name, []).append(path)
    return found


def _number(path: str) -> int:
    return int(Path(path).name.removeprefix("v").removesuffix(".schema.json"))
