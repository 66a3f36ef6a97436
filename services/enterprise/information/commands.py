"""Commands of the basic information 企业基本信息: registering, saving, fetching from 5.0."""

from dataclasses import replace
from uuid import UUID

from libs.events.application import UnitOfWork
from libs.events.commands import use_case
from libs.events.refusal import refuse
from libs.filing.content.enterprise import Information
from libs.filing.identifiers import enterprise_id
from libs.filing.rules import states
from services.enterprise.information.domain import Enterprise
from services.enterprise.information.filling import filled, with_ids
from services.enterprise.legacy.domain import LegacyFiling


@use_case()
async def register(
    work: UnitOfWork, uscc: str, name: str, supervising_city_code: str
) -> Enterprise:
    """企业注册. Raises Refused (E03) where the credit code is taken."""
    refuse(states.e03(taken=await work.find(Enterprise, enterprise_id(uscc)) is not None))
    enterprise = work.add(Enterprise.register(work.act, uscc, name, supervising_city_code))
    work.created(f"/enterprises/{enterprise.id}")
    return enterprise


@use_case(action="save")
async def save_information(work: UnitOfWork, id: UUID, information: Information) -> Enterprise:
    """保存."""
    enterprise = await work.target(Enterprise, id)
    enterprise.save_information(work.act, await filled(work, enterprise, information))
    return enterprise


@use_case(action="import_legacy")
async def import_legacy(work: UnitOfWork, id: UUID, overwrite: bool) -> Enterprise:
    """获取企业备案信息."""
    enterprise = await work.target(Enterprise, id)
    legacy = await work.find(LegacyFiling, LegacyFiling.create_id(enterprise.uscc))
    offer = legacy.offer if legacy else None
    if offer:
        offer = replace(offer, content=with_ids(work.ids, enterprise, offer.content))
    enterprise.fetch_legacy(work.act, offer, overwrite)
    return enterprise
