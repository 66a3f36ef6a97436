"""What stands in a field, as a person reads it on paper: labels for codes, units in the heading,
document numbers masked.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from libs.events.value import SHANGHAI
from libs.filing import reference
from libs.filing.content.fields import Kind
from libs.filing.forms import Field
from libs.filing.identifiers import mask, mask_mobile


def label(field: Field) -> str:
    """With the unit that its numbers have."""
    return f"{field.zh}（{field.kind.unit[0]}）" if field.kind.unit else field.zh


def text(field: Field, value: Any) -> str:
    """Empty where nothing was filled in. Full document numbers do not go on paper (domain book,
    section 4).
    """
    if value is None or value == []:
        return ""
    if field.kind.personal == 1 and field.kind.type == "text":
        return _masked(field.name, str(value))
    return coded(field.kind, value)


def coded(kind: Kind, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(coded(kind, each) for each in value)
    return _label(kind.lists, str(value))


def moment(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def size(size_bytes: int) -> str:
    return (
        f"{max(size_bytes, 1) / 1024:,.0f} KB"
        if size_bytes < 1 << 20
        else f"{size_bytes / (1 << 20):,.1f} MB"
    )


def spaced(digest: str) -> str:
    """A hash that lines can break in."""
    return " ".join(digest[start : start + 16] for start in range(0, len(digest), 16))


def _label(lists: Sequence[str], code: str) -> str:
    known = (reference.code_list(name) for name in lists)
    return next((each.label(code) for each in known if code in each.codes), code)


def _masked(name: str, value: str) -> str:
    if "mobile" in name:
        return mask_mobile(value)
    return value if "@" in value else mask(value)
