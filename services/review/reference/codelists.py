"""Routes of code lists: what a person may choose from, as it stands now, for anybody. What the
authority changed is laid over what was shipped (decision 22).
"""

from typing import Annotated, Any

from fastapi import APIRouter, Path

from libs.chassis.http.commands import Reply
from libs.chassis.http.dependencies import App
from libs.chassis.replicas.reference import merged
from libs.events.application import Application
from libs.events.errors import NotFound
from libs.events.value import Value
from libs.filing import reference as shipped
from services.review.reference.domain import Reference

router = APIRouter(prefix="/codelists")
Name = Annotated[
    str, Path(pattern=r"^[a-z0-9_]{1,64}$", description="Name of a code list", examples=["degree"])
]


class CodeListLine(Value):
    name: str
    zh: str
    en: str


class CodeListView(Value):
    """`version`: of what was shipped. Items have `code`, `zh`, `en`, where they are limited in time
    `valid_from` and `valid_to`, and what else the list says of them.
    """

    name: str
    version: str
    zh: str
    en: str
    items: tuple[dict[str, Any], ...]


@router.get(
    "",
    responses={
        200: {
            "content": {
                "application/json": {
                    "example": [{"name": "sex", "zh": "性别", "en": "Sex (GB/T 2261.1)"}]
                }
            }
        }
    },
)
async def list_code_lists() -> list[CodeListLine]:
    """代码表列表 · The code lists there are"""
    lists = {name: shipped.raw(name) for name in shipped.names()}
    return [
        CodeListLine(name=name, zh=each["title_zh"], en=each["title_en"])
        for name, each in lists.items()
    ]


@router.get("/{name}")
async def read_code_list(name: Name, reply: Reply, app: App) -> CodeListView:
    """代码表 · A code list in its order, with what the authority changed"""
    if name not in shipped.names():
        raise NotFound
    version, changed = await _changed(app, name)
    reply.item(version)
    raw = shipped.raw(name)
    known = {str(item["code"]): item for item in raw["items"]}
    items = [merged(known.get(code, {}), changed.get(code, {})) for code in {**known, **changed}]
    return CodeListView(
        name=name,
        version=shipped.VERSION,
        zh=raw["title_zh"],
        en=raw["title_en"],
        items=tuple(items),
    )


async def _changed(app: Application, name: str) -> tuple[int, dict[str, dict[str, Any]]]:
    try:
        reference = await app.read(Reference, Reference.create_id(name))
    except NotFound:
        return 0, {}
    return reference.version, reference.items
