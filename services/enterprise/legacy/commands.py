"""Commands of 5.0 data: the authority's migration offers it."""

from datetime import datetime

from libs.events.application import Application, UnitOfWork
from libs.events.commands import use_case
from services.enterprise.information.offer import LegacyOffer
from services.enterprise.legacy.domain import LegacyFiling


@use_case()
async def offer_legacy(
    work: UnitOfWork, uscc: str, offer: LegacyOffer, migrated_at: datetime | None
) -> LegacyFiling:
    """导入5.0备案数据: the first time, or again after a later migration."""
    legacy = await work.find(LegacyFiling, LegacyFiling.create_id(uscc))
    if legacy:
        legacy.offer_again(work.act, offer, migrated_at)
    else:
        legacy = work.add(LegacyFiling.begin_with(work.act, uscc, offer, migrated_at))
    work.created(f"/legacy-filings/{legacy.id}")
    return legacy


async def offer_for(application: Application, uscc: str) -> LegacyOffer | None:
    """What 5.0 holds for this credit code."""
    legacy = await application.find(LegacyFiling, LegacyFiling.create_id(uscc))
    return legacy.offer if legacy else None
