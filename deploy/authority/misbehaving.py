"""What a careless, compromised or hostile system might send, each with the code by which it must
be refused.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deploy.authority.signing import HEADER, Said, Signer, canonical, instant, without_value
from libs.events.envelope import KafkaRecord

Case = dict[str, Any]


@dataclass(frozen=True)
class Misbehaviour:
    code: str
    make: Callable[[Signer, Case], KafkaRecord]


MISBEHAVIOURS: dict[str, Misbehaviour] = {}


def refused(
    code: str,
) -> Callable[[Callable[[Signer, Case], KafkaRecord]], Callable[[Signer, Case], KafkaRecord]]:
    def register(
        make: Callable[[Signer, Case], KafkaRecord],
    ) -> Callable[[Signer, Case], KafkaRecord]:
        MISBEHAVIOURS[make.__name__.replace("_", "-")] = Misbehaviour(code, make)
        return make

    return register


@refused("TOO_LARGE")
def oversized(signer: Signer, case: Case) -> KafkaRecord:
    return signer.signed(signer.decision(case, comment="长" * 40_000))


@refused("TOO_LARGE")
def many_headers(signer: Signer, case: Case) -> KafkaRecord:
    record = signer.signed(signer.decision(case))
    return replace(record, headers=(*record.headers, *((f"x-{n}", b"x" * 100) for n in range(100))))


@refused("MALFORMED")
def malformed(signer: Signer, case: Case) -> KafkaRecord:
    return signer.record(case["case"], b'{"type": "kaohe.authority.Decision.v1", ')


@refused("MALFORMED")
def null_value(signer: Signer, case: Case) -> KafkaRecord:
    return without_value(signer.signed(signer.decision(case)))


@refused("MALFORMED")
def bad_utf8(signer: Signer, case: Case) -> KafkaRecord:
    return signer.record(case["case"], b'{"comment":"\xff\xfe"}')


@refused("MALFORMED")
def not_an_object(signer: Signer, case: Case) -> KafkaRecord:
    return signer.record(case["case"], b"[]")


@refused("NOT_CANONICAL")
def not_canonical(signer: Signer, case: Case) -> KafkaRecord:
    return signer.record(case["case"], json.dumps(signer.decision(case)).encode())


@refused("NOT_CANONICAL")
def key_twice(signer: Signer, case: Case) -> KafkaRecord:
    return signer.record(
        case["case"], canonical(signer.decision(case, "FAIL"))[:-1] + b',"decision":"PASS"}'
    )


@refused("TYPE_UNKNOWN")
def unknown_type(signer: Signer, case: Case) -> KafkaRecord:
    return signer.signed(signer.decision(case, type="kaohe.authority.Revocation.v1"))


@refused("SCHEMA")
def extra_field(signer: Signer, case: Case) -> KafkaRecord:
    return signer.signed(signer.decision(case, priority="high"))


@refused("SCHEMA")
def missing_field(signer: Signer, case: Case) -> KafkaRecord:
    said = signer.decision(case)
    del said["not_after"]
    return signer.signed(said)


@refused("SCHEMA")
def unknown_decision(signer: Signer, case: Case) -> KafkaRecord:
    return signer.signed(signer.decision(case, "ANNUL"))


@refused("UNSIGNED")
def unsigned(signer: Signer, case: Case) -> KafkaRecord:
    return replace(signer.signed(signer.decision(case)), headers=())


@refused("UNSIGNED")
def signed_twice(signer: Signer, case: Case) -> KafkaRecord:
    record = signer.signed(signer.decision(case))
    return replace(record, headers=record.headers * 2)


@refused("ALGORITHM")
def other_algorithm(signer: Signer, case: Case) -> KafkaRecord:
    value = canonical(signer.decision(case))
    return KafkaRecord(
        case["case"].encode(), value, ((HEADER, signer.header(value, algorithm="none")),)
    )


@refused("KEY_UNKNOWN")
def unknown_key(signer: Signer, case: Case) -> KafkaRecord:
    return signer.signed(signer.decision(case), "nobody")


@refused("KEY_UNKNOWN")
def other_issuer(signer: Signer, case: Case) -> KafkaRecord:
    return signer.signed(signer.decision(case, issuer=f"{signer.issuer}-2"))


@refused("KEY_REVOKED")
def revoked_key(signer: Signer, case: Case) -> KafkaRecord:
    return signer.signed(signer.decision(case), f"{signer.key_id}-revoked")


@refused("KEY_EXPIRED")
def expired_key(signer: Signer, case: Case) -> KafkaRecord:
    return signer.signed(signer.decision(case), f"{signer.key_id}-expired")


@refused("KEY_NOT_YET_VALID")
def early_key(signer: Signer, case: Case) -> KafkaRecord:
    return signer.signed(signer.decision(case), f"{signer.key_id}-early")


@refused("SIGNATURE")
def forged(signer: Signer, case: Case) -> KafkaRecord:
    """By somebody who knows everything but the key."""
    return replace(signer, key=Ed25519PrivateKey.generate()).signed(signer.decision(case))


@refused("SIGNATURE")
def tampered(signer: Signer, case: Case) -> KafkaRecord:
    record = signer.signed(signer.decision(case, "FAIL", comment="不符合要求"))
    return replace(record, value=record.value.replace(b'"FAIL"', b'"PASS"'))


@refused("SIGNATURE")
def signature_of_another(signer: Signer, case: Case) -> KafkaRecord:
    return replace(
        signer.signed(signer.decision(case)), headers=signer.signed(signer.decision(case)).headers
    )


@refused("AUDIENCE")
def wrong_audience(signer: Signer, case: Case) -> KafkaRecord:
    return signer.signed(signer.decision(case, audience="kaohe-test"))


@refused("CASE_UNKNOWN")
def unknown_case(signer: Signer, case: Case) -> KafkaRecord:
    return signer.signed(signer.decision(case, case=str(uuid4())))


@refused("MOVED")
def moved(signer: Signer, case: Case) -> KafkaRecord:
    """Signed for one case, brought under the key of another."""
    return replace(signer.signed(signer.decision(case)), key=str(uuid4()).encode())


@refused("MOVED")
def other_subject(signer: Signer, case: Case) -> KafkaRecord:
    return signer.signed(signer.decision(case, subject=str(uuid4())))


@refused("MOVED")
def other_kind(signer: Signer, case: Case) -> KafkaRecord:
    kind = "person_filing" if case["subject_kind"] != "person_filing" else "enterprise_filing"
    return signer.signed(signer.decision(case, subject_kind=kind))


@refused("ROUND")
def stale_round(signer: Signer, case: Case) -> KafkaRecord:
    """Yesterday's round; where there was none, tomorrow's."""
    return signer.signed(signer.decision(case, round=case["round"] - 1 or 2))


@refused("REVIEWED")
def other_content(signer: Signer, case: Case) -> KafkaRecord:
    return signer.signed(
        signer.decision(case, reviewed=case["reviewed"] | {"data_sha256": "0" * 64})
    )


@refused("EXPIRED")
def expired(signer: Signer, case: Case) -> KafkaRecord:
    return signer.signed(
        signer.decision(case, not_after=instant(signer.now() - timedelta(seconds=1)))
    )


@refused("RULES")
def return_without_reason(signer: Signer, case: Case) -> KafkaRecord:
    return signer.signed(signer.decision(case, "RETURN"))


# On a case that was decided: what was accepted is brought once more.


def replayed(record: KafkaRecord) -> KafkaRecord:
    """REPLAYED."""
    return replace(record, offset=-1)


def id_reused(signer: Signer, case: Case, said: Said) -> KafkaRecord:
    """Another decision under the id of one that was read: ID_REUSED."""
    return signer.signed(
        signer.decision(case, "FAIL", comment="不符合要求", decision_id=said["decision_id"])
    )
