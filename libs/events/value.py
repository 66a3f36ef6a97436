"""Values: compared by content, never changed; and who acts, when."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from libs.events.personal import is_personal
from libs.events.strict import Instant

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Value(BaseModel):
    """Strict where it is made; reading history ignores what it does not know. Personal data in it
    does not print.
    """

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        cls.PERSONAL = frozenset(
            name for name, field in cls.model_fields.items() if is_personal(field)
        )

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        return [
            (name, "•••" if name in self.PERSONAL and value is not None else value)
            for name, value in super().__repr_args__()
        ]


class Actor(Value):
    user: str  # the token's subject: a pseudonym, never a name
    role: str  # code list `role`; SYSTEM for a policy
    enterprise: UUID | None = None
    office: str | None = None
    on_behalf_of: str | None = None


class Act(Value):
    """Who does it, and when. Commands take it, events keep it; the domain never asks a clock."""

    by: Actor
    at: Instant

    @property
    def today(self) -> date:
        return self.at.astimezone(SHANGHAI).date()
