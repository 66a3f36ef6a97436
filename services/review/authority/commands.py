"""Commands about the keys by which the authority's systems sign."""

from libs.events.application import UnitOfWork
from libs.events.commands import use_case
from libs.events.errors import NotFound
from libs.filing.reference import reporting_units
from services.review.authority.domain.office import AuthorityKey, Office


@use_case()
async def register_key(work: UnitOfWork, code: str, key: AuthorityKey) -> Office:
    """登记密钥: somebody else confirms it. Raises NotFound for a code that is no reporting unit."""
    if code not in reporting_units():
        raise NotFound
    known = await work.find(Office, Office.create_id(code))
    office = known or work.add(Office.begin_for(work.act, code))
    office.propose_key(work.act, key)
    return office


@use_case()
async def confirm_key(work: UnitOfWork, code: str, key_id: str) -> Office:
    """确认密钥. Raises NotFound for a key that nobody registered."""
    office = await work.target(Office, Office.create_id(code))
    if key_id not in office.all_keys:
        raise NotFound
    office.confirm_key(work.act, key_id)
    return office


@use_case()
async def revoke_key(work: UnitOfWork, code: str, key_id: str) -> Office:
    """吊销密钥. Raises NotFound for a key that nobody registered."""
    office = await work.target(Office, Office.create_id(code))
    if key_id not in office.all_keys:
        raise NotFound
    office.revoke_key(work.act, key_id)
    return office
