"""Of the enterprise service's facts, the approved certificates; of the log's own, whose scans have
which bytes.
"""

from collections.abc import Iterator

from libs.events.contracts import enterprise
from libs.events.projection import Projection, Row, put
from libs.events.records import Recorded
from libs.filing.content.person import Person as Content
from libs.filing.content.scans import scans_in
from services.personnel.domain.person import Person

LICENCES = """
CREATE TABLE IF NOT EXISTS licences_sent (filing uuid PRIMARY KEY, certificates jsonb NOT NULL);
CREATE TABLE IF NOT EXISTS licences_filed (enterprise uuid PRIMARY KEY, filing uuid NOT NULL);
"""
SCANS = """
CREATE TABLE IF NOT EXISTS scan_uses (person uuid PRIMARY KEY, person_key text, sha256 text[] NOT NULL);
CREATE INDEX IF NOT EXISTS scan_uses_by_bytes ON scan_uses USING gin (sha256);
"""
# of a certificate: whether it is in force, and what it allows
KEPT = ("id", "status", "valid_to", "extended_to", "items")

licences = Projection(
    "personnel.licences",
    {"licences_sent": ("filing",), "licences_filed": ("enterprise",)},
    LICENCES,
)
scans = Projection("personnel.scans", {"scan_uses": ("person",)}, SCANS)


@licences.on(enterprise.WholeFilingSent)
def _sent(e: enterprise.WholeFilingSent, at: Recorded) -> Iterator[Row]:
    rows = [{name: each.get(name) for name in KEPT} for each in e.content.get("certificates", ())]
    yield put("licences_sent", filing=e.filing, certificates=rows)


@licences.on(enterprise.FilingApproved)
def _approved(e: enterprise.FilingApproved, at: Recorded) -> Iterator[Row]:
    yield put("licences_filed", enterprise=at.stream, filing=e.filing)


@scans.on(Person.PersonSaved)
def _saved(e: Person.PersonSaved, at: Recorded) -> Iterator[Row]:
    yield _uses(e.content, e.person_key, at)


@scans.on(Person.FilingSent)
def _person_sent(e: Person.FilingSent, at: Recorded) -> Iterator[Row]:
    if e.content:
        yield _uses(e.content, e.person_key, at)


def _uses(content: Content, key: str | None, at: Recorded) -> Row:
    return put(
        "scan_uses",
        person=at.stream,
        person_key=key,
        sha256=sorted({each.sha256 for each in scans_in(content) if each.sha256}),
    )
