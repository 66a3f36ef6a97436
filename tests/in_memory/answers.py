"""What commands ask of read models in SQL, answered from rows in memory, by the tables that the
question reads. tests/in_memory/test_answers.py asks PostgreSQL the same.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any
from uuid import UUID

import orjson

from libs.chassis.in_memory import Answers
from libs.events.testing.tables import Answer, MemoryTables, Row


def of(*tables: str) -> frozenset[str]:
    return frozenset(tables)


def json(value: Any) -> str | None:
    """As the driver hands jsonb over."""
    return None if value is None else orjson.dumps(value).decode()


def by(tables: MemoryTables, table: str, **columns: Any) -> list[Row]:
    """Rows with these values."""
    rows = tables.rows(table)
    return [row for row in rows if all(row[name] == value for name, value in columns.items())]


def one(tables: MemoryTables, table: str, **columns: Any) -> Row | None:
    return next(iter(by(tables, table, **columns)), None)


def approved(filed: str, sent: str) -> Answer:
    """What the approved filing of an enterprise held when it was sent."""

    def answer(tables: MemoryTables, enterprise: UUID) -> Iterator[Row]:
        for each in by(tables, filed, enterprise=enterprise):
            for row in by(tables, sent, filing=each["filing"]):
                yield {"certificates": json(row["certificates"]), "filing": row["filing"]}

    return answer


# Enterprise


def person_filings(tables: MemoryTables, enterprise: UUID, filings: Sequence[UUID]) -> list[Row]:
    rows = by(tables, "person_filings", enterprise=enterprise)
    return [row for row in rows if row["filing"] in filings]


# Personnel


def branches(tables: MemoryTables, enterprise: UUID) -> Iterator[Row]:
    for each in by(tables, "enterprise_filed", enterprise=enterprise):
        yield from by(tables, "enterprise_sent", filing=each["filing"])


def numbers(
    tables: MemoryTables, wanted: Sequence[str], one_self: UUID, key: str | None
) -> Iterator[Row]:
    for person in tables.rows("people"):
        filing = one(tables, "filings", id=person["filed_as"]) or {}
        known = (filing.get("sent_as") or person)["person_key"] or person["person_key"]
        for held in (person["cert_nos"], filing.get("cert_nos") or []):
            if person["id"] != one_self and known != key and set(held) & set(wanted):
                yield from ({"cert_no": number} for number in held)


def scans(tables: MemoryTables, hashes: Sequence[str], person: UUID, key: str) -> Iterator[Row]:
    for row in tables.rows("scan_uses"):
        other = row["person"] != person and row["person_key"] != key
        if other and set(row["sha256"]) & set(hashes):
            yield row


def filed(tables: MemoryTables, enterprise: UUID) -> list[Row]:
    rows = by(tables, "people", enterprise=enterprise)
    return [row for row in rows if row["filed_version"] is not None]


# Projects


def persons(tables: MemoryTables, enterprise: UUID, ids: Collection[UUID]) -> Iterator[Row]:
    for row in by(tables, "persons", enterprise=enterprise):
        if row["id"] in ids:
            sent = one(tables, "persons_sent", filing=row["content_of"])
            left = one(tables, "persons_sent", filing=row["left_by"])
            yield {
                "id": row["id"],
                "filed": row["filed"],
                "data": json(sent["data"] if sent and sent["data"] is not None else row["data"]),
                "left_on": left["left_on"] if left else None,
            }


def places(tables: MemoryTables, scan: UUID) -> list[Row]:
    return by(tables, "scan_places", scan=scan)


def sent_versions(tables: MemoryTables, item: UUID) -> list[Row]:
    found = {
        work[f"{kind}_version"]
        for kind in ("project", "contract")
        for work in by(tables, "taken_works", **{kind: item})
        if by(tables, "sent_generations", record=work["record"], generation=work["generation"])
    }
    return [{"version": version} for version in sorted(found)]


# Assessment


def enterprise(tables: MemoryTables, id: UUID) -> Iterator[Row]:
    filings = by(tables, "enterprise_filings", enterprise=id, is_open=True, type="ENT_CHANGE")
    for each in by(tables, "filed_enterprises", enterprise=id):
        for sent in by(tables, "enterprise_filings", filing=each["filing"]):
            content = {"content": json(sent["content"]), "change_open": bool(filings)}
            yield {**sent, "filed_version": each["filed_version"], **content}


def people(tables: MemoryTables, enterprise: UUID) -> Iterator[Row]:
    for each in by(tables, "filed_people", enterprise=enterprise):
        for sent in by(tables, "person_filings", filing=each["filing"]):
            yield {**sent, **each, "content": json(sent["content"])}


def names(tables: MemoryTables, filings: Sequence[UUID]) -> Iterator[Row]:
    for row in tables.rows("person_filings"):
        if row["filing"] in filings:
            yield {"filing": row["filing"], "name": json((row["content"] or {}).get("name"))}


def works(tables: MemoryTables, enterprise: UUID) -> Iterator[Row]:
    for project in by(tables, "projects", enterprise=enterprise):
        for contract in by(tables, "contracts", id=project["contract"]):
            stages = by(tables, "stages", project=project["id"])
            found = [{"id": str(each["id"]), "content": each["content"]} for each in stages]
            yield {
                **project,
                "content": json(project["content"]),
                "contract_content": json(contract["content"]),
                "contract_version": contract["version"],
                "contract_position": contract["position"],
                "contract_sha256": contract["data_sha256"],
                "stages": json(found) if found else None,
            }


def claimed(
    tables: MemoryTables, campaign: UUID, enterprise: UUID, within: Sequence[str]
) -> Iterator[Row]:
    marks = [set(mark) for each in within for mark in orjson.loads(each)]
    for row in by(tables, "records", campaign=campaign):
        counts = row["round"] > 0 and row["status"] != "WITHDRAWN"
        if counts and row["enterprise"] != enterprise:
            for each in by(tables, "claimed_stages", record=row["id"]):
                if any(mark <= set(claim) for mark in marks for claim in each["claims"]):
                    yield {"claims": json(each["claims"])}


def absent(tables: MemoryTables, campaign: UUID) -> Iterator[Row]:
    for each in tables.rows("directory"):
        record = one(tables, "records", campaign=campaign, enterprise=each["enterprise"])
        never = record is not None and record["status"] in ("DRAFT", "GENERATED", "WITHDRAWN")
        if never or (record is None and licensed(tables, each["enterprise"])):
            yield {"enterprise": each["enterprise"]}


def licensed(tables: MemoryTables, enterprise: UUID) -> bool:
    filed = one(tables, "filed_enterprises", enterprise=enterprise)
    sent = filed and one(tables, "enterprise_filings", filing=filed["filing"])
    held = sent["content"].get("certificates") or [] if sent else []
    return filed is None or any(re.match("[AB]W?[12]", each["cert_no"] or "") for each in held)


def sent_in_generation(tables: MemoryTables, scan: UUID) -> Iterator[Row]:
    for each in by(tables, "generated_scans", scan=scan):
        place = {name: each[name] for name in ("record", "generation")}
        sent = one(tables, "sent_generations", **place)
        if sent and (sent["whole"] or not each["in_slot"]):
            yield each


ANSWERS: dict[str, Answers] = {
    "enterprise": {of("person_filings"): person_filings},
    "personnel": {
        of("enterprise_filed", "enterprise_sent"): branches,
        of("licences_filed", "licences_sent"): approved("licences_filed", "licences_sent"),
        of("people", "filings"): numbers,
        of("scan_uses"): scans,
        of("people"): filed,
    },
    "projects": {
        of("certificates_filed", "certificates_sent"): approved(
            "certificates_filed", "certificates_sent"
        ),
        of("persons", "persons_sent"): persons,
        of("scan_places"): places,
        of("taken_works", "sent_generations"): sent_versions,
    },
    "assessment": {
        of("filed_enterprises", "enterprise_filings"): enterprise,
        of("filed_people", "person_filings"): people,
        of("person_filings"): names,
        of("projects", "contracts", "stages"): works,
        of("claimed_stages", "records"): claimed,
        of("directory", "filed_enterprises", "enterprise_filings", "records"): absent,
        of("generated_scans", "sent_generations"): sent_in_generation,
    },
    "review": {},
}
