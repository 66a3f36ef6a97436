"""Routes of reference data: code lists that the authority changes, and the development clock."""

from typing import Annotated

from fastapi import APIRouter, Path

from libs.chassis.http.commands import Commanding, Do, Reply
from libs.chassis.http.dependencies import App, Development
from libs.chassis.http.history import Step, steps
from services.review.reference import commands, schemas
from services.review.reference.domain import Reference
from services.review.reference.schemas import ReferenceView, reference_view

router = APIRouter(prefix="/reference")
Kind = Annotated[
    str,
    Path(pattern=r"^[a-z_]{1,64}$", description="Name of a code list", examples=["reporting_unit"]),
]


@router.get("/{kind}")
async def read_reference(kind: Kind, reply: Reply, app: App) -> ReferenceView:
    """参考数据 · What was changed of a code list since it was shipped"""
    reference = await app.read(Reference, Reference.create_id(kind))
    reply.item(reference.version)
    return reference_view(reference)


@router.get("/{kind}/history")
async def read_reference_history(kind: Kind, app: App) -> list[Step]:
    """历史记录 · Who changed it, when"""
    return steps(await app.history(Reference.create_id(kind)))


@router.put("/clock", dependencies=[Development])
async def set_clock(body: schemas.Clock, command: Commanding, do: Do) -> ReferenceView:
    """开发时钟 · Move the development clock; refused in production"""
    return reference_view(await do(commands.set_clock, command, body.offset_seconds))


@router.put("/{kind}")
async def change_reference(
    kind: Kind, body: schemas.Changed, command: Commanding, do: Do
) -> ReferenceView:
    """参考数据维护 · Change items of a code list. `account_revocation` is none: its items revoke
    the account that is their code, or its `roles` alone; `"revoked": false` restores it
    """
    items = [each.model_dump() for each in body.items]
    return reference_view(await do(commands.change_reference, command, kind, items))
