"""What is answered of 5.0 data."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.enterprise.legacy.domain import LegacyFiling


class LegacyFilingView(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    uscc: str
    legacy_id: str
    filed_on: date
    migrated: bool
    sha256: str


def legacy_view(legacy: LegacyFiling) -> LegacyFilingView:
    return LegacyFilingView(
        id=legacy.id,
        uscc=legacy.uscc,
        legacy_id=legacy.offer.legacy_id,
        filed_on=legacy.offer.filed_on,
        migrated=legacy.offer.migrated,
        sha256=legacy.offer.sha256,
    )
