"""Values: compared by content, never changed; and who acts, when."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from libs.events.personal import is_personal
from libs.events.strict import Instant

SHANGHAI = ZoneInfo("Asia/Shanghai")

if TYPE_CHECKING:  # so that fields and their types are checked
    from dataclasses import replace as replace
else:

    def replace(value, /, **changes):
        """As `dataclasses.replace`, for a value without slots and `__post_init__`: an eighth of
        its time, for `__init__` does not run again. Evolving does little else.
        """
        new = object.__new__(type(value))
        object.__setattr__(new, "__dict__", value.__dict__ | changes)
        return new


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
    # who is behind the account, where the issuer says so; known while they act, never stored
    person: SkipJsonSchema[str | None] = Field(default=None, exclude=True)

    def __eq__(self, other: object) -> bool:
        """As events keep them."""
        return isinstance(other, Actor) and self.model_dump() == other.model_dump()

    def __hash__(self) -> int:
        return hash((self.user, self.role, self.enterprise, self.office, self.on_behalf_of))

    @property
    def accounts(self) -> frozenset[str]:
        """Theirs, and that of whom they stand for."""
        return frozenset(each for each in (self.user, self.on_behalf_of) if each)

    @property
    def names(self) -> frozenset[str]:
        """All by which they are known now: nobody becomes another by another account."""
        return self.accounts | ({self.person} if self.person else frozenset())


class Act(Value):
    """Who does it, and when. Commands take it, events keep it; the domain never asks a clock."""

    by: Actor
    at: Instant

    @property
    def today(self) -> date:
        return self.at.astimezone(SHANGHAI).date()
