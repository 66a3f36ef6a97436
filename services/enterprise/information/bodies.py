"""What clients send about enterprises and their basic information."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from libs.events.strict import LINE, NUMBER, Boolean
from libs.events.value import Value
from libs.filing.catalogue import texts
from libs.filing.content.types import OneOf
from libs.filing.identifiers import enterprise_id, is_uscc


def _credit_code(given: str) -> str:
    if not is_uscc(given):
        words = texts("E02")
        raise PydanticCustomError("E02", "not a credit code", {"zh": words.zh, "en": words.en})
    return given


CreditCode = Annotated[
    str,
    StringConstraints(max_length=40),
    NUMBER,
    AfterValidator(_credit_code),
    Field(examples=["91410100MA4444449G"]),
]
Unit = Annotated[str, OneOf("reporting_unit"), Field(examples=["410100"])]


class Registration(Value):
    """企业注册. The name may wait until the basic information is saved."""

    uscc: CreditCode
    name: Annotated[str, StringConstraints(max_length=200), LINE] = ""
    supervising_city_code: Unit = "410000"

    @property
    def enterprise(self) -> UUID:
        return enterprise_id(self.uscc)


class Import(Value):
    overwrite: Boolean = Field(default=False, description="What is on the page already is replaced")
