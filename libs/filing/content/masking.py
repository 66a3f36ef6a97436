"""Content for eyes that may not see personal data: numbers keep their ends, names their first
character, the rest is stars.
"""

from datetime import date
from typing import Any, TypeVar

from libs.events.value import Value
from libs.filing.identifiers import STARS, mask, mask_mobile

V = TypeVar("V", bound=Value)


def masked(value: V) -> V:
    """The same content with every personal field masked; what has no masked form (dates, amounts)
    is left out.
    """
    hidden: V = _masked(value)
    return hidden


def masked_name(name: str) -> str:
    return name[:1] + "*" * (len(name) - 1)


def is_name(field: str) -> bool:
    """Names of persons are class 2, all other personal data class 1."""
    return field.endswith(("name", "leader"))


def _masked(value: Any) -> Any:
    if isinstance(value, Value):
        changes = {
            name: _hidden(name, getattr(value, name))
            if name in value.PERSONAL
            else _masked(getattr(value, name))
            for name in type(value).model_fields
        }
        return value.model_copy(update=changes)
    if isinstance(value, tuple):
        return tuple(_masked(each) for each in value)
    return value


def _hidden(name: str, value: Any) -> Any:
    if value is None or not isinstance(value, str) or isinstance(value, date):
        return None
    if "mobile" in name:
        return mask_mobile(value)
    if is_name(name):
        return masked_name(value)
    return STARS if "@" in value else mask(value)
