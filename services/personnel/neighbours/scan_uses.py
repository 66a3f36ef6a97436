"""Whose scans have which bytes, from the service's own log."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from libs.events.pools import Pool
from libs.events.queries import select
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.filing.content.person import Person as Content
from libs.filing.content.scans import scans_in
from services.personnel.people.domain.person import Person


@dataclass(frozen=True)
class ScanUseRow:
    person: UUID
    sha256: list[str]
    person_key: str | None = None


scan_uses = ReadModel(
    "scan_uses", ScanUseRow, key=("person",), indexes={"scan_uses_by_bytes": "USING gin (sha256)"}
)


@scan_uses.on(Person.PersonSaved)
def _saved(e: Person.PersonSaved, at: StoredEvent) -> Iterator[Change]:
    yield _uses(e.content, e.person_key, at)


@scan_uses.on(Person.FilingSent)
def _sent(e: Person.FilingSent, at: StoredEvent) -> Iterator[Change]:
    if e.content:
        yield _uses(e.content, e.person_key, at)


def _uses(content: Content, key: str | None, at: StoredEvent) -> Change:
    return scan_uses.put(
        ScanUseRow(
            person=at.stream,
            person_key=key,
            sha256=sorted({each.sha256 for each in scans_in(content) if each.sha256}),
        )
    )


OF_OTHERS = """
SELECT * FROM scan_uses
WHERE sha256 && $1 AND person <> $2 AND (person_key IS NULL OR person_key <> $3)
"""


async def bytes_of_others(
    pool: Pool, hashes: Collection[str], person: UUID, person_key: str | None
) -> frozenset[str]:
    """Those of these SHA-256 that a scan of another person has, in whatever enterprise; somebody
    who is filed twice is one person.
    """
    if not hashes:
        return frozenset()
    asked = (list(hashes), person, person_key or "")
    rows = await select(pool, ScanUseRow, OF_OTHERS, *asked)
    return frozenset(sha256 for row in rows for sha256 in row.sha256).intersection(hashes)
