"""What was chosen otherwise since the last generation, before it is generated anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.portal.pages.assessment.wizard import RecordPages

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class StepChange:
    """One step: names of what came, of what went; `other`: something else in it differs."""

    label: str
    href: str
    came: tuple[str, ...]
    went: tuple[str, ...]
    other: bool


def changes(pages: RecordPages, names: Mapping[str, str]) -> list[StepChange]:
    """`names`: of what can be chosen, by id."""
    before = pages.content.get("choices")
    if before is None:
        return []
    found = [
        _change(pages, step, label, before[step], pages.record["steps"][step], names)
        for step, label in pages.places.steps.items()
    ]
    return [each for each in found if each.came or each.went or each.other]


def _change(
    pages: RecordPages, step: str, label: str, old: Fields, new: Fields, names: Mapping[str, str]
) -> StepChange:
    came: list[str] = []
    went: list[str] = []
    for part, rows in new.items():
        if isinstance(rows, list) and (key := pages.places.key(step, part)):
            was = [str(each[key]) for each in old.get(part) or ()]
            now = [str(each[key]) for each in rows]
            came += [names.get(each, each) for each in now if each not in was]
            went += [names.get(each, each) for each in was if each not in now]
    other = old != new and not (came or went)
    return StepChange(label, pages.step_href(step), tuple(came), tuple(went), other)
