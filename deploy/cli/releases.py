"""Event schemas that are released: somebody may rely on them, so their files never change again
and never go (decision 26).

`released.json` beside them holds the SHA-256 of each; entries are only added.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

NAME = "released.json"


def released(folder: Path) -> dict[str, str]:
    """Digest by path below the folder."""
    found: dict[str, str] = json.loads(text(folder, NAME) or "{}")
    return found


def release(folder: Path) -> int:
    """Everything that stands there now; how many schemas are new. Raises ValueError if a released
    one was changed.
    """
    before = released(folder)
    now = {
        path: digest(text(folder, path) or "")
        for path in _paths(folder)
        if path.startswith("events/")
    }
    if changed := [path for path, known in before.items() if now.get(path) != known]:
        raise ValueError(f"released and changed: {', '.join(changed)}")
    (folder / NAME).write_text(json.dumps(before | now, indent=1, sort_keys=True) + "\n")
    return len(now) - len(before)


def broken(folder: Path, made: Mapping[str, str]) -> list[str]:
    """Released schemas that would not be what they were."""
    return sorted(
        path
        for path, known in released(folder).items()
        if path in made and digest(made[path]) != known
    )


def as_released(folder: Path, path: str, document: str) -> str:
    """The released text where the document says the same. A description is prose for people, and
    the order of required names means nothing: written anew in the code it is no other schema, and
    the released file keeps its bytes.
    """
    before = text(folder, path) if path in released(folder) else None
    return before if before and _contract(before) == _contract(document) else document


def _contract(document: str) -> Any:
    return _without_descriptions(json.loads(document))


def _without_descriptions(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_without_descriptions(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    prose = isinstance(schema.get("description"), str)
    return {
        name: sorted(each) if name == "required" and _names(each) else _without_descriptions(each)
        for name, each in schema.items()
        if not (prose and name == "description")
    }


def _names(required: Any) -> bool:
    """The keyword, whose order means nothing, and not a property of that name."""
    return isinstance(required, list) and all(isinstance(each, str) for each in required)


def removable(folder: Path) -> set[str]:
    """Documents that stand there and may go."""
    return _paths(folder) - released(folder).keys()


def text(folder: Path, path: str) -> str | None:
    return (folder / path).read_text() if (folder / path).exists() else None


def digest(document: str) -> str:
    return sha256(document.encode()).hexdigest()


def _paths(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*.json")} - {NAME}
