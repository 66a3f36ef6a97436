"""Records of a topic as they are let in: what its service published goes on, anything else is kept
with its reason, and nothing waits behind it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from libs.events.envelope import KafkaRecord, topic_of
from libs.events.pools import Pool, borrowed, connection_errors
from libs.events.records import StoredEvent
from libs.events.signatures import Signatories, Untrusted

SCHEMA = """
CREATE TABLE IF NOT EXISTS refused_records (
    topic      text        NOT NULL,
    "offset"   bigint      NOT NULL,
    reason     text        NOT NULL,
    key        bytea       NOT NULL,  -- the first bytes of each
    headers    bytea       NOT NULL,
    value      bytea       NOT NULL,
    refused_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (topic, "offset")
);
"""
KEPT = 4096  # bytes of each part: whoever floods a topic does not fill the database


@dataclass(frozen=True)
class RefusedRecord:
    topic: str
    offset: int
    reason: str
    refused_at: datetime


class RecordVerifier:
    """Of one service's topic."""

    def __init__(self, service: str, known: Signatories, pool: Pool) -> None:
        self._service, self._known, self._pool = service, known, pool

    async def genuine(
        self, records: Sequence[KafkaRecord]
    ) -> list[tuple[StoredEvent, KafkaRecord]]:
        """Those that the service published, each with its row. Raises Unavailable."""
        found: list[tuple[StoredEvent, KafkaRecord]] = []
        for record in records:
            try:
                found.append((self._known.event(self._service, record), record))
            except Untrusted as refusal:
                await self._refuse(record, str(refusal))
        return found

    async def _refuse(self, record: KafkaRecord, reason: str) -> None:
        headers = b"\n".join(name.encode() + b": " + value for name, value in record.headers)
        with connection_errors("a refused record"):
            await self._pool.execute(
                'INSERT INTO refused_records (topic, "offset", reason, key, headers, value) '
                "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
                topic_of(self._service),
                record.offset,
                reason,
                *(each[:KEPT] for each in (record.key, headers, record.value)),
            )


async def all_refused(pool: Pool) -> list[RefusedRecord]:
    """In the order of their topics and offsets, the first thousand."""
    async with borrowed(pool) as connection:
        rows = await connection.fetch(
            'SELECT topic, "offset", reason, refused_at FROM refused_records '
            'ORDER BY topic, "offset" LIMIT 1000'
        )
    return [RefusedRecord(*row) for row in rows]
