"""Routes of drafts: `GET, PUT, DELETE /drafts/{form}/{id}`, what was typed and not saved."""

import json
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from libs.chassis.drafts.drafts import Place
from libs.chassis.http.dependencies import The
from libs.chassis.identity.access import OWN, Grant, Granted, allow
from libs.chassis.problems import formats
from libs.chassis.problems.kinds import MALFORMED
from libs.chassis.problems.problem import Stopped
from libs.chassis.routers.audit import AccessLog
from libs.events.errors import NotFound
from libs.events.strict import Integer

router = APIRouter(prefix="/drafts")
ACCESS: list[Grant] = [
    allow("read_draft", ("ENT_CLERK", "ENT_LEGAL"), OWN),
    allow("keep_draft", ("ENT_CLERK",), OWN),
    allow("drop_draft", ("ENT_CLERK",), OWN),
]
Form = Annotated[
    str,
    Path(
        description="Name of the form (GET /forms)", pattern=r"^[a-z_]{1,40}$", examples=["person"]
    ),
]
Id = Annotated[
    str,
    Path(
        description="The item's id; `new` where the form adds one",
        pattern=r"^[0-9A-Za-z-]{1,80}$",
        examples=["new"],
    ),
]


class Typed(BaseModel):
    """What was typed: any object, complete or not; `version`: of the item from which it began."""

    model_config = ConfigDict(extra="forbid")

    content: Annotated[dict[str, Any], Field(examples=[{}])]
    version: Annotated[Integer, Field(ge=0, lt=1 << 31)] | None = None


class Kept(BaseModel):
    kept_at: datetime


class DraftView(Kept):
    content: Annotated[dict[str, Any], Field(examples=[{}])]
    version: int | None


@router.get("/{form}/{id}", response_model=DraftView)
async def read_draft(form: Form, id: Id, reach: Granted, the: The, reads: AccessLog) -> Response:
    """草稿 · What one's enterprise typed last into this form and has not saved"""
    place = await _place(the, reach, form, id)
    draft = await the.drafts.find(place)
    if draft is None:
        raise NotFound
    await reads.record(place.enterprise, place.enterprise)
    kept_at = draft.kept_at.isoformat().replace("+00:00", "Z")
    answer = {"kept_at": kept_at, "content": draft.content, "version": draft.version}
    # as it was typed, however deep
    return Response(json.dumps(answer), media_type="application/json")


@router.put("/{form}/{id}")
async def keep_draft(form: Form, id: Id, body: Typed, reach: Granted, the: The) -> Kept:
    """自动保存草稿 · Keep what was typed, whatever it is; it is no 保存, which drops it"""
    place = await _place(the, reach, form, id)
    try:
        kept_at = await the.drafts.keep(place, body.content, body.version)
    except ValueError as error:  # 1e999: no reader of JSON could take it back
        raise Stopped(MALFORMED, (formats.item(*formats.TEXTS["json_invalid"]),)) from error
    return Kept(kept_at=kept_at)


@router.delete("/{form}/{id}", status_code=204)
async def drop_draft(form: Form, id: Id, reach: Granted, the: The) -> None:
    """放弃草稿 · Drop the draft, whether or not there is one"""
    await the.drafts.drop(await _place(the, reach, form, id))


async def _place(the: The, reach: Granted, form: str, id: str) -> Place:
    """Raises NotFound for a form that the service does not have."""
    enterprise = await reach.own()
    if form not in the.service.drafts:
        raise NotFound
    return Place(enterprise, form, id)
