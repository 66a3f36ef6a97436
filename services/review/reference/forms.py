"""Routes of forms: what is filled in, with labels, limits, hints, menus and scans, from the same
source that checks it, for anybody (decision 32).
"""

from typing import Annotated, Any

from fastapi import APIRouter, Path

from libs.events.errors import NotFound
from libs.events.value import Value
from libs.filing.forms import CONTENT, Form, form

router = APIRouter(prefix="/forms")
Name = Annotated[
    str, Path(pattern=r"^[a-z]{1,32}$", description="Name of a form", examples=["enterprise"])
]


class FormLine(Value):
    name: str
    zh: str
    en: str


def _shown(example: Any) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {"application/json": {"example": example}}}}


@router.get(
    "",
    responses=_shown(
        [{"name": "enterprise", "zh": "企业基本信息", "en": "Enterprise basic information"}]
    ),
)
async def list_forms() -> list[FormLine]:
    """表单列表 · The forms there are"""
    return [FormLine(name=each.name, zh=each.zh, en=each.en) for each in map(form, CONTENT)]


@router.get("/{name}", responses=_shown(form("release").model_dump(mode="json")))
async def read_form(name: Name) -> Form:
    """表单 · Fields with labels, types, limits, lists and hints; the form's menus and scans"""
    if name not in CONTENT:
        raise NotFound
    return form(name)
