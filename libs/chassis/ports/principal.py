"""Who asks: the claims of an access token that the services use."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from libs.events.value import Actor

PUBLIC = "PUBLIC"  # code list `role`: whoever comes without a token
PROVINCE = "410000"


@dataclass(frozen=True)
class Principal:
    sub: str
    roles: tuple[str, ...]  # code list `role`
    org: str | None = None  # credit code of the enterprise he acts for
    city: str | None = None  # reporting unit of an officer
    office: str | None = None
    act_for: str | None = None
    person: str | None = None  # who is behind the account, where the issuer says so: a pseudonym

    @property
    def is_province(self) -> bool:
        return self.city == PROVINCE

    @property
    def acting(self) -> tuple[str, ...]:
        """The roles that count here: an officer's level is their role and their office together,
        and a role of one level is nothing in an office of the other.
        """
        return tuple(role for role in self.roles if self._counts(role))

    def _counts(self, role: str) -> bool:
        if role.startswith("PROV_"):
            return self.is_province
        return not (role.startswith("CITY_") and self.is_province)


ANYBODY = Principal(sub="public", roles=(PUBLIC,))


def actor(
    principal: Principal, enterprise_id: Callable[[str], UUID], role: str | None = None
) -> Actor:
    """As events keep him: a pseudonym, the role by which he may do this, and whom he stands for."""
    return Actor(
        user=principal.sub,
        role=role or principal.roles[0],
        enterprise=enterprise_id(principal.org) if principal.org else None,
        office=principal.office or principal.city,
        on_behalf_of=principal.act_for,
        person=principal.person,
    )
