"""Personal data in events: plain in the domain, sealed in the bytes.

A field typed `PersonalData[str]` is stored as `{"$pii": {"s": subject, "k": key number, "c":
ciphertext}}`: AES-256-GCM, a random 96-bit nonce before the ciphertext, both base64; associated
data = subject and field name, so that a sealed value may be copied into a snapshot but not moved
to another field. Deleting a subject's keys makes every copy unreadable, and every hash still holds.
"""

import os
import re
from base64 import b64encode
from binascii import a2b_base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import partial
from typing import Annotated, Any, TypeVar, get_args
from uuid import UUID

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import (
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    ValidationInfo,
)
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, core_schema

from libs.events.history import reads

MARK = "$pii"
NONCE = 12


@dataclass(frozen=True, repr=False)
class Sealer:
    """Seals values for one subject under one of its keys."""

    subject: UUID
    number: int
    key: bytes

    def seal(self, field: str, value: Any) -> dict[str, dict[str, Any]]:
        nonce = os.urandom(NONCE)
        sealed = nonce + AESGCM(self.key).encrypt(
            nonce, orjson.dumps(value), _bound_to(str(self.subject), field)
        )
        return {MARK: {"c": b64encode(sealed).decode(), "k": self.number, "s": str(self.subject)}}

    def encrypt(self, purpose: str, data: bytes) -> bytes:
        """Whole files, for stores that hold no envelopes: nonce and ciphertext."""
        nonce = os.urandom(NONCE)
        return nonce + AESGCM(self.key).encrypt(nonce, data, _bound_to(str(self.subject), purpose))


@dataclass(frozen=True, repr=False)
class Opener:
    """Opens values of every subject whose keys it was given."""

    keys: Mapping[tuple[UUID, int], bytes]
    _ciphers: dict[tuple[str, int], AESGCM] = dataclass_field(default_factory=dict, compare=False)

    def open(self, field: str, envelope: Mapping[str, Any]) -> Any:
        sealed, subject, number = a2b_base64(envelope["c"]), envelope["s"], envelope["k"]
        if (cipher := self._ciphers.get((subject, number))) is None:
            cipher = self._ciphers[subject, number] = AESGCM(self.keys[UUID(subject), number])
        return orjson.loads(
            cipher.decrypt(sealed[:NONCE], sealed[NONCE:], _bound_to(subject, field))
        )

    def decrypt(self, subject: UUID, number: int, purpose: str, sealed: bytes) -> bytes:
        return AESGCM(self.keys[subject, number]).decrypt(
            sealed[:NONCE], sealed[NONCE:], _bound_to(str(subject), purpose)
        )


def subjects(data: Any) -> Iterator[tuple[UUID, int]]:
    """The keys that opening this JSON value will need."""
    if isinstance(data, dict):
        if MARK in data:
            yield UUID(data[MARK]["s"]), data[MARK]["k"]
        else:
            for value in data.values():
                yield from subjects(value)
    elif isinstance(data, list):
        for value in data:
            yield from subjects(value)


# in canonical bytes; inside a text quotes are escaped
SEALED = re.compile(rb'"\$pii":\{"c":"[^"]*","k":(\d+),"s":"([^"]*)"\}')


def keys_of(data: bytes) -> set[tuple[UUID, int]]:
    """The same of an event's exact bytes, without parsing them."""
    return {(UUID(subject.decode()), int(number)) for number, subject in SEALED.findall(data)}


def is_personal(field: FieldInfo) -> bool:
    """Whether its value, or what a union or a collection in it holds, is personal data. A value
    object in it says so of its own fields.
    """
    parts = (*field.metadata, *_parts(field.annotation))
    return any(isinstance(part, _Personal) for part in parts)


def _parts(annotation: Any) -> Iterator[Any]:
    """Of `PersonalData[str] | None` itself, PersonalData[str], str, its mark, and None."""
    yield annotation
    for part in get_args(annotation):
        yield from _parts(part)


def _bound_to(subject: str, field: str) -> bytes:
    return f"{subject}/{field}".encode()


def _seal(
    field: str, value: Any, inner: SerializerFunctionWrapHandler, info: SerializationInfo
) -> Any:
    plain = inner(value)
    return (
        info.context.seal(field, plain)
        if isinstance(info.context, Sealer) and plain is not None
        else plain
    )


@reads
def _open(field: str, value: Any, info: ValidationInfo) -> Any:
    if not (isinstance(value, dict) and MARK in value):
        return value
    opener = info.context
    # only the codec opens; a request body cannot bring an envelope
    if not isinstance(opener, Opener):
        raise ValueError("personal data is sealed")
    return opener.open(field, value[MARK])


ENVELOPE: dict[str, Any] = {
    "title": "Sealed",
    "type": "object",
    "additionalProperties": False,
    "required": [MARK],
    "properties": {
        MARK: {
            "type": "object",
            "additionalProperties": False,
            "required": ["c", "k", "s"],
            "properties": {
                "c": {"type": "string", "contentEncoding": "base64"},
                "k": {"type": "integer"},
                "s": {"type": "string", "format": "uuid"},
            },
        }
    },
}


class _Personal:
    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        inner, field = handler(source), handler.field_name or ""
        sealing = core_schema.wrap_serializer_function_ser_schema(
            partial(_seal, field), info_arg=True, schema=inner
        )
        return core_schema.with_info_before_validator_function(
            partial(_open, field), inner, serialization=sealing
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        if handler.mode == "validation":  # as clients write and read it
            return dict(handler(schema["schema"]))
        return ENVELOPE  # as it stands in an event


T = TypeVar("T")
PersonalData = Annotated[T, _Personal()]
