"""What the authority's migration sends of 5.0 data, and what is answered of them."""

from datetime import date
from hashlib import sha256
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from libs.events.codec import canonical
from libs.events.strict import KEY, Boolean, Moment
from libs.events.value import Value
from libs.filing.content.enterprise import Information
from libs.filing.content.types import Day
from services.enterprise.information.offer import LegacyOffer
from services.enterprise.information.schemas import CreditCode
from services.enterprise.legacy.domain import LegacyFiling


class Legacy(Value):
    """A filing of the predecessor system, as the authority's migration offers it."""

    uscc: CreditCode
    legacy_id: Annotated[str, StringConstraints(min_length=1, max_length=50), KEY]
    filed_on: Day
    migrated: Boolean
    migrated_at: Moment | None = None
    content: Information

    @property
    def offer(self) -> LegacyOffer:
        digest = sha256(canonical(self.content.model_dump(mode="json"))).hexdigest()
        return LegacyOffer(self.legacy_id, self.filed_on, self.migrated, digest, self.content)


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
