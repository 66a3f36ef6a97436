"""What the authority's migration sends."""

from hashlib import sha256
from typing import Annotated

from pydantic import StringConstraints

from libs.events.codec import canonical
from libs.events.strict import KEY, Boolean, Moment
from libs.events.value import Value
from libs.filing.content.enterprise import Information
from libs.filing.content.types import Day
from services.enterprise.information.bodies import CreditCode
from services.enterprise.information.offer import LegacyOffer


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
