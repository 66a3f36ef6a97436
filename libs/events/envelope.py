"""A log's row as a Kafka record and back: CloudEvents 1.0 in Kafka's binary mode, the value is the
event's exact bytes.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from libs.events.records import StoredEvent

PREFIX = "kaohe."
SCHEMAS = b"/contracts/events/"
SIGNATURE = "kaohe-record-signature"
# what reading a record can raise that no relay can have published
UNREADABLE = (KeyError, ValueError, StopIteration, TypeError, AttributeError, OverflowError)
DATASCHEMA = "ce_dataschema"  # CloudEvents 1.0: an absolute URI


@dataclass(frozen=True)
class KafkaRecord:
    """What lies on a topic; `offset` is set on what was read."""

    key: bytes
    value: bytes
    headers: tuple[tuple[str, bytes], ...]
    offset: int = -1

    def header(self, name: str) -> str:
        """Its text. Raises KeyError."""
        for key, value in self.headers:
            if key == name:
                return value.decode()
        raise KeyError(f"no header {name}")

    @property
    def position(self) -> int:
        return int(self.header("ce_position"))


def topic_of(service: str) -> str:
    return f"{PREFIX}{service}.v1"


def to_record(service: str, event: StoredEvent, url: str) -> KafkaRecord:
    """`url`: where the service is reached, which shows the schema of each event."""
    metadata = event.metadata
    headers = {
        "ce_specversion": "1.0",
        "ce_id": str(event.id),
        "ce_source": f"/services/{service}",
        "ce_type": PREFIX + event.type,
        "ce_subject": str(event.stream),
        "ce_time": event.recorded_at.isoformat(),
        DATASCHEMA: f"{url}{schema_path(event.type, metadata['schema'])}",
        "content-type": "application/json",
        "ce_position": str(event.position),
        "ce_streamversion": str(event.version),
        "ce_correlationid": metadata["correlation"],
        "ce_causationid": metadata["causation"] or "",
        "ce_traceparent": metadata["trace"],
    }
    pairs = tuple((name, value.encode()) for name, value in headers.items() if value)
    return KafkaRecord(str(event.owner).encode(), event.data, (*pairs, ("kaohe-meta", event.meta)))


def schema_path(type: str, number: int) -> str:
    """Of an event type's schema, below the address of the service."""
    return f"/contracts/events/{type}/v{number}.schema.json"


def is_same(one: KafkaRecord, other: KafkaRecord) -> bool:
    """Whether both say the same of an event, byte for byte. Where its schema is shown is no part of
    it: services move, and records of before 2026-11-28 have the path alone. Nor is the signature:
    keys change.
    """
    return (one.key, one.value, _told(one)) == (other.key, other.value, _told(other))


def _told(record: KafkaRecord) -> list[tuple[str, bytes]]:
    return [
        (name, b"".join(value.rpartition(SCHEMAS)[1:]) if name == DATASCHEMA else value)
        for name, value in record.headers
        if name != SIGNATURE
    ]


def from_record(record: KafkaRecord) -> StoredEvent:
    """The row again, byte for byte: log, topic and proof rebuild each other."""
    meta = next(value for name, value in record.headers if name == "kaohe-meta")
    return StoredEvent(
        position=record.position,
        stream=UUID(record.header("ce_subject")),
        version=int(record.header("ce_streamversion")),
        type=record.header("ce_type").removeprefix(PREFIX),
        owner=UUID(record.key.decode()),
        data=record.value,
        meta=meta,
        recorded_at=datetime.fromisoformat(record.header("ce_time")),
    )


def readable(record: KafkaRecord) -> StoredEvent | None:
    """The row, or None for what no relay can have published. Nobody vouches for it: it may be a
    hint to look again, never a fact (see signatures.py).
    """
    try:
        return from_record(record)
    except UNREADABLE:
        return None
