"""A decision as a signed record: canonical JSON, the header `kaohe-signature`, the case as key."""

import json
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from libs.events.envelope import KafkaRecord

Said = dict[str, Any]
HEADER = "kaohe-signature"


def system_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Signer:
    """One system of one office. `now`: the time that its deadlines go by, in development the
    stack's.
    """

    key: Ed25519PrivateKey
    issuer: str
    office: str
    key_id: str = "mock-1"
    now: Callable[[], datetime] = system_clock

    def decision(
        self,
        case: Mapping[str, Any],
        /,
        decision: str = "PASS",
        items: Sequence[Mapping[str, str]] = (),
        comment: str = "",
        **changes: Any,
    ) -> Said:
        """On a case as the inbox told it; `changes` replace what an honest system would say."""
        now = self.now()
        return {
            "type": "kaohe.authority.Decision.v1",
            "audience": "kaohe",
            "issuer": self.issuer,
            "decision_id": str(uuid4()),
            "case": case["case"],
            "subject": case["subject"],
            "subject_kind": case["subject_kind"],
            "round": case["round"],
            "reviewed": dict(case["reviewed"]),
            "decision": decision,
            "items": [dict(item) for item in items],
            "comment": comment,
            "officer": f"{self.issuer}/1",
            "decided_at": instant(now),
            "not_after": instant(now + timedelta(days=1)),
        } | changes

    def signed(self, said: Said, key_id: str = "") -> KafkaRecord:
        return self.record(said["case"], canonical(said), key_id)

    def record(self, case: str, value: bytes, key_id: str = "") -> KafkaRecord:
        return KafkaRecord(case.encode(), value, ((HEADER, self.header(value, key_id)),))

    def header(self, value: bytes, key_id: str = "", algorithm: str = "Ed25519") -> bytes:
        signature = b64encode(self.key.sign(value)).decode()
        return f"{algorithm}; {self.office}/{key_id or self.key_id}; {signature}".encode()


def canonical(said: Said) -> bytes:
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def without_value(record: KafkaRecord) -> KafkaRecord:
    """As Kafka's tombstone."""
    return KafkaRecord(record.key, cast(bytes, None), record.headers)
