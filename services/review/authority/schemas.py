"""What is sent and answered about an office of the authority and its keys."""

from base64 import b64decode
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from libs.events.curve import is_key
from libs.events.refusal import Finding
from libs.events.strict import KEY, Instant
from libs.events.value import Value
from libs.filing.catalogue import FORMAT, finding
from services.review.authority.domain.office import AuthorityKey, Office
from services.review.authority.messages import Issuer
from services.review.authority.signature import statement, verifies


def _key(value: str) -> str:
    try:
        good = is_key(b64decode(value, validate=True))
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
    proof: Annotated[
        Annotated[str, StringConstraints(max_length=100), KEY] | None,
        Field(
            examples=[None],
            description="Base64 of a signature by this key over the lines `kaohe-authority-key`,"
            " office, key id, issuer, public key; in production it must be there",
        ),
    ] = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_to <= self.valid_from:
            raise PydanticCustomError("unordered", "ends before it begins")
        return self

    def named(self, key_id: str) -> AuthorityKey:
        return AuthorityKey(key_id=key_id, **self.model_dump(exclude={"proof"}))

    def findings_about_proof(self, code: str, key_id: str, *, needed: bool) -> list[Finding]:
        """That who registers it has the secret of it: nobody passes another's key off as theirs."""
        if self.proof is None:
            return [finding(FORMAT, "/proof", case="missing")] if needed else []
        said = statement(code, key_id, self.issuer, self.public_key)
        try:
            proved = verifies(self.public_key, b64decode(self.proof, validate=True), said)
        except ValueError:
            proved = False
        return [] if proved else [finding(FORMAT, "/proof", case="proof")]


class KeyView(AuthorityKey):
    confirmed: Annotated[
        bool, Field(description="By another operator: only then what it signs counts")
    ]


class OfficeView(BaseModel):
    code: str
    version: int
    keys: list[KeyView]


def office_view(office: Office) -> OfficeView:
    return OfficeView(
        code=office.code,
        version=office.version,
        keys=[
            KeyView(**key.model_dump(), confirmed=id in office.keys)
            for id, key in sorted(office.all_keys.items())
        ],
    )
