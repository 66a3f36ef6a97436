"""Of the enterprise service's facts, the approved certificates; of the log's own, whose scans have
which bytes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from libs.events.projection import Projection
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.events.rows import Json
from libs.filing.content.person import Person as Content
from libs.filing.content.scans import scans_in
from libs.published import enterprise
from services.personnel.domain.person import Person


@dataclass(frozen=True)
class LicencesSentRow:
    filing: UUID
    certificates: Json


licences_sent = ReadModel("licences_sent", LicencesSentRow, key=("filing",))


@dataclass(frozen=True)
class LicencesFiledRow:
    enterprise: UUID
    filing: UUID


licences_filed = ReadModel("licences_filed", LicencesFiledRow, key=("enterprise",))


@dataclass(frozen=True)
class ScanUseRow:
    person: UUID
    sha256: list[str]
    person_key: str | None = None


scan_uses = ReadModel(
    "scan_uses", ScanUseRow, key=("person",), indexes={"scan_uses_by_bytes": "USING gin (sha256)"}
)


# of a certificate: whether it is in force, and what it allows
KEPT = ("id", "status", "valid_to", "extended_to", "items")

licences = Projection("personnel.licences", [licences_sent, licences_filed])
scans = Projection("personnel.scans", [scan_uses])


@licences_sent.on(enterprise.WholeFilingSent)
def _sent(e: enterprise.WholeFilingSent, at: StoredEvent) -> Iterator[Change]:
    rows = [{name: each.get(name) for name in KEPT} for each in e.content.get("certificates", ())]
    yield licences_sent.put(LicencesSentRow(filing=e.filing, certificates=rows))


@licences_filed.on(enterprise.FilingApproved)
def _approved(e: enterprise.FilingApproved, at: StoredEvent) -> Iterator[Change]:
    yield licences_filed.put(LicencesFiledRow(enterprise=at.stream, filing=e.filing))


@scan_uses.on(Person.PersonSaved)
def _saved(e: Person.PersonSaved, at: StoredEvent) -> Iterator[Change]:
    yield _uses(e.content, e.person_key, at)


@scan_uses.on(Person.FilingSent)
def _person_sent(e: Person.FilingSent, at: StoredEvent) -> Iterator[Change]:
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
