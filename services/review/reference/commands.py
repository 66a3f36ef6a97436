"""Commands of reference data: code lists that the authority changes, and the development clock."""

from collections.abc import Mapping, Sequence
from typing import Any

from libs.chassis.replicas.revoked import KIND as REVOCATIONS
from libs.events.application import UnitOfWork
from libs.events.commands import use_case
from libs.events.errors import NotFound
from libs.events.refusal import Refused
from libs.filing.catalogue import STATE, finding
from libs.filing.reference import names
from services.review.reference.domain import CLOCK, Reference


@use_case()
async def change_reference(
    work: UnitOfWork, kind: str, items: Sequence[Mapping[str, Any]]
) -> Reference:
    """参考数据维护. Raises NotFound for what is no code list; Refused for whoever would revoke
    their own account, which another administrator does.
    """
    if kind not in (*names(), REVOCATIONS):
        raise NotFound
    if kind == REVOCATIONS and any(each["code"] == work.act.by.user for each in items):
        raise Refused([finding(STATE, "/items", case="own_account")])
    reference = await _reference(work, kind)
    # revoked accounts are reference data like any other: every service hears of them
    reference.change(work.act, tuple(dict(item) for item in items))
    return reference


@use_case()
async def set_clock(work: UnitOfWork, offset_seconds: int) -> Reference:
    """开发时钟."""
    reference = await _reference(work, CLOCK)
    reference.set_clock(work.act, offset_seconds)
    return reference


async def _reference(work: UnitOfWork, kind: str) -> Reference:
    known = await work.find(Reference, Reference.create_id(kind))
    return known or work.add(Reference.begin_for(work.act, kind))
