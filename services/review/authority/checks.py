"""What stands against a decision from the topic. The order is fixed, each refusal has its own
code; all of it is pure (decision 29).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256

import orjson
from pydantic import ValidationError

from libs.events.codec import is_canonical
from libs.events.envelope import KafkaRecord
from libs.events.value import Act
from services.review.authority.domain.codes import Code, Rejected
from services.review.authority.domain.decision import AuthorityDecision
from services.review.authority.domain.office import AuthorityKey, Office
from services.review.authority.messages import AUDIENCE, TYPES, SignedDecision
from services.review.authority.signature import ED25519, Signature, signature_of, verifies
from services.review.cases.domain.case import Case
from services.review.cases.domain.reviewing import findings_before_taking
from services.review.cases.domain.subject import case_id

MAX_VALUE, MAX_REST = 64 * 1024, 8 * 1024  # bytes of the value; of key and headers together
NOT_THEIRS = frozenset({"V01", "V05"})
NUL = b"\\u0000"  # no text of ours may hold it


@dataclass(frozen=True)
class Signed:
    """A record that can be read; nobody knows yet whether to believe it."""

    record: KafkaRecord
    decision: SignedDecision
    signature: Signature


@dataclass(frozen=True)
class Known:
    """What the service knows about the things that it names, and as whom its office would act
    now.
    """

    act: Act
    office: Office | None
    case: Case | None = None
    earlier: AuthorityDecision | None = None

    def key(self, signed: Signed) -> AuthorityKey | None:
        return (
            self.office.key(signed.decision.issuer, signed.signature.key_id)
            if self.office
            else None
        )


def read(record: KafkaRecord) -> Signed:
    """Size, form and signature header, before anything is looked up. Raises Rejected."""
    if len(record.value) > MAX_VALUE or sum(map(len, _rest(record))) > MAX_REST:
        raise Rejected(Code.TOO_LARGE)
    decision = _decision(record.value)
    signature = signature_of(record.headers)
    if signature is None:
        raise Rejected(Code.UNSIGNED)
    return Signed(record, decision, signature)


def verify(signed: Signed, known: Known) -> None:
    """That it is authentic, of a key of its office. Raises Rejected."""
    _first(AUTHENTICITY, signed, known)


def judge(signed: Signed, known: Known) -> None:
    """What is authentic: the other checks in their order. Raises Rejected."""
    _first(CHECKS, signed, known)


def digest(record: KafkaRecord) -> str:
    return sha256(record.value).hexdigest()


def _decision(value: bytes) -> SignedDecision:
    try:
        content = orjson.loads(value)
    except orjson.JSONDecodeError:
        raise Rejected(Code.MALFORMED) from None
    if not isinstance(content, dict):
        raise Rejected(Code.MALFORMED)
    if not is_canonical(value):
        raise Rejected(Code.NOT_CANONICAL)
    if content.get("type") not in TYPES:
        raise Rejected(Code.TYPE_UNKNOWN)
    try:
        decision = SignedDecision.model_validate_json(value, strict=True)
    except ValidationError:
        raise Rejected(Code.SCHEMA) from None
    if NUL in value:
        raise Rejected(Code.SCHEMA)
    return decision


def _rest(record: KafkaRecord) -> Iterator[bytes]:
    yield record.key
    for name, value in record.headers:
        yield name.encode()
        yield value or b""


def _key_unknown(signed: Signed, known: Known) -> bool:
    return known.key(signed) is None


def _key_revoked(signed: Signed, known: Known) -> bool:
    key = known.key(signed)
    return key is None or key.revoked(known.act.at)


def _key_too_young(signed: Signed, known: Known) -> bool:
    key = known.key(signed)
    return key is None or known.act.at < key.valid_from


def _key_too_old(signed: Signed, known: Known) -> bool:
    key = known.key(signed)
    return key is None or known.act.at > key.valid_to


def _signature_wrong(signed: Signed, known: Known) -> bool:
    key = known.key(signed)
    return key is None or not verifies(key.public_key, signed.signature.value, signed.record.value)


def _moved(signed: Signed, known: Known) -> bool:
    decision, case = signed.decision, known.case
    belongs = (
        decision.case == case_id(decision.subject)
        and case is not None
        and decision.subject_kind == case.subject.kind
    )
    return not belongs or signed.record.key != str(decision.case).encode()


def _not_theirs(_: Signed, known: Known) -> bool:
    return known.case is None or any(
        each.rule in NOT_THEIRS for each in findings_before_taking(known.case, known.act)
    )


def _other_round(signed: Signed, known: Known) -> bool:
    return known.case is None or signed.decision.round != known.case.round


def _other_bytes(signed: Signed, known: Known) -> bool:
    return (
        known.case is None
        or signed.decision.reviewed.model_dump() != known.case.reviewed.model_dump()
    )


def _replayed(signed: Signed, known: Known) -> bool:
    return known.earlier is not None and known.earlier.arrival.sha256 == digest(signed.record)


Checks = tuple[tuple[Code, Callable[[Signed, Known], bool]], ...]


def _first(checks: Checks, signed: Signed, known: Known) -> None:
    """Up to the first that fails. Raises Rejected."""
    for code, fails in checks:
        if fails(signed, known):
            raise Rejected(code)


AUTHENTICITY: Checks = (
    (Code.ALGORITHM, lambda signed, _: signed.signature.algorithm != ED25519),
    (Code.KEY_UNKNOWN, _key_unknown),
    (Code.KEY_REVOKED, _key_revoked),
    (Code.KEY_NOT_YET_VALID, _key_too_young),
    (Code.KEY_EXPIRED, _key_too_old),
    (Code.SIGNATURE, _signature_wrong),
)
CHECKS: Checks = (
    (Code.AUDIENCE, lambda signed, _: signed.decision.audience != AUDIENCE),
    (Code.CASE_UNKNOWN, lambda _, known: known.case is None),
    (Code.MOVED, _moved),
    (Code.NOT_YOURS, _not_theirs),
    (Code.ROUND, _other_round),
    (Code.REVIEWED, _other_bytes),
    (Code.EXPIRED, lambda signed, known: known.act.at > signed.decision.not_after),
    (Code.REPLAYED, _replayed),
    (Code.ID_REUSED, lambda _, known: known.earlier is not None),
)
