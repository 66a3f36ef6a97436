"""Shares that make a whole: what the rows add up to, where that is not what the form expects. A
hint, which refuses nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

Definition = Mapping[str, Any]
TOLD = {
    "zh": "{field}合计{sum}{unit}，应为{total}{unit}，请核对",
    "en": "{field}: {sum} {unit} in all, {total} {unit} expected; please check",
}


def hints(part: Definition, rows: Sequence[Definition], language: str) -> Iterator[str]:
    """Of each field of the part that should add up; nothing where a value is no number yet."""
    for each in part["fields"]:
        expected = each.get("adds_up_to")
        added = _sum(row.get(each["name"]) for row in rows) if rows else None
        if expected is None or added is None:
            continue
        total = Decimal(expected["total"])
        if abs(added - total) > Decimal(expected["within"]):
            zh, en = each["kind"].get("unit") or ("", "")
            yield TOLD[language].format(
                field=each[language],
                sum=f"{added.normalize():f}",
                total=f"{total:f}",
                unit=en if language == "en" else zh,
            )


def _sum(values: Iterator[Any]) -> Decimal | None:
    """Of all that is filled in; None if something is no number."""
    try:
        return sum((Decimal(str(each)) for each in values if each not in (None, "")), Decimal(0))
    except InvalidOperation:
        return None
