"""Routes of offices: the public keys by which the authority's systems sign."""

from typing import Annotated

from fastapi import APIRouter, Path

from libs.chassis.http.commands import Commanding, Do, Reply
from libs.chassis.http.dependencies import App, The
from libs.chassis.http.history import Step, steps
from libs.events.refusal import refuse
from services.review.authority import commands
from services.review.authority.domain.office import Office
from services.review.authority.schemas import NewKey, OfficeView, office_view

router = APIRouter(prefix="/offices")
Code = Annotated[
    str, Path(pattern=r"^[0-9]{6}$", description="Code list `reporting_unit`", examples=["410100"])
]
KeyId = Annotated[
    str,
    Path(
        pattern=r"^[A-Za-z0-9._-]{1,64}$",
        description="Names one key of the office for ever",
        examples=["2024-1"],
    ),
]


@router.get("/{code}")
async def read_office(code: Code, reply: Reply, app: App) -> OfficeView:
    """审核机关 · An office and the keys by which its systems sign decisions"""
    office = await app.read(Office, Office.create_id(code))
    reply.item(office.version)
    return office_view(office)


@router.get("/{code}/history")
async def read_office_history(code: Code, app: App) -> list[Step]:
    """历史记录 · Who registered and revoked keys, when"""
    return steps(await app.history(Office.create_id(code)))


@router.put("/{code}/keys/{key_id}")
async def register_key(
    code: Code, key_id: KeyId, body: NewKey, command: Commanding, do: Do, the: The
) -> OfficeView:
    """登记密钥 · Let a system of the office sign decisions by this key, which proves that it holds
    its secret; it counts from when another operator has confirmed it
    """
    needed = the.settings.profile == "prod"
    refuse(body.findings_about_proof(code, key_id, needed=needed))
    return office_view(await do(commands.register_key, command, code, body.named(key_id)))


@router.post("/{code}/keys/{key_id}:confirm")
async def confirm_key(code: Code, key_id: KeyId, command: Commanding, do: Do) -> OfficeView:
    """确认密钥 · Another operator than who registered it lets the key count"""
    return office_view(await do(commands.confirm_key, command, code, key_id))


@router.post("/{code}/keys/{key_id}:revoke")
async def revoke_key(code: Code, key_id: KeyId, command: Commanding, do: Do) -> OfficeView:
    """吊销密钥 · From now on the key signs nothing that counts"""
    return office_view(await do(commands.revoke_key, command, code, key_id))
