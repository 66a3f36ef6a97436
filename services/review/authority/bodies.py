"""What clients send about the keys of an office."""

from base64 import b64decode
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from libs.events.strict import Instant
from libs.events.value import Value
from services.review.authority.domain.office import AuthorityKey
from services.review.authority.messages import Issuer


def _key(value: str) -> str:
    try:
        good = len(b64decode(value, validate=True)) == 32
    except ValueError:
        good = False
    if not good:
        raise PydanticCustomError("string_pattern_mismatch", "not a key")
    return value


class NewKey(Value):
    issuer: Issuer
    public_key: Annotated[
        str,
        AfterValidator(_key),
        Field(description="Base64 of the 32 bytes of an Ed25519 public key"),
    ]
    valid_from: Instant
    valid_to: Instant

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_to <= self.valid_from:
            raise PydanticCustomError("valid_to", "ends before it begins")
        return self

    def named(self, key_id: str) -> AuthorityKey:
        return AuthorityKey(key_id=key_id, **self.model_dump())
