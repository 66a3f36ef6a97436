"""What commands ask in SQL has the same answer in memory as from PostgreSQL."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import asyncpg
import orjson
import pytest

from deploy.demo import people, scans, staff
from deploy.demo.stage import RequestRefused
from libs.chassis.in_memory.service import KERNEL_ANSWERS, ServiceInMemory
from libs.events.pools import Connection
from libs.events.projection import flush
from libs.events.readmodel import Change
from libs.events.testing.tables import TABLES, Asked, Row
from tests.in_memory.answers import ANSWERS
from tests.in_memory.firm import Firm, open_campaign
from tests.in_memory.installation import ALL, Installation

ORDERED = re.compile(r"ORDER BY [\w., ]+\s*$")


def everything(at: Installation) -> None:
    """Two enterprises, whose commands ask every question there is."""
    first, second = Firm(at, 1, "郑州甲设计有限公司"), Firm(at, 2, "郑州乙设计有限公司")
    campaign = open_campaign(at)
    for firm, other in ((first, second), (second, first)):
        branch = {"name": "示例分公司", "relation": "BRANCH", "uscc": other.uscc}
        firm.enterprise.page["subsidiaries"] = [branch]
        firm.file()
        filings = firm.hire(((None, "ARCH"), ("STR2", "STRU")))
        path = f"/enterprises/{firm.enterprise.id}/packets"
        firm.clerk.do("POST", "enterprise", path, {"filings": filings})
        firm.make_record(campaign, [firm.project()])
    first.record.send()
    an_officer_looks(at, first)
    second.record.generate()
    copies(at, first, second)
    first.leaves(staff.NAMES[1])
    close(at, campaign)


def an_officer_looks(at: Installation, firm: Firm) -> None:
    """Into the scans that were sent with the record."""
    (chosen,) = firm.record.now["steps"]["performance"]["performances"]
    contract = firm.clerk.get("projects", f"/contracts/{chosen['contract_id']}")
    officer = at.officer().actor
    officer.read("assessment", f"/scans/{chosen['scans'][0]['scan']}/pages")
    officer.read("projects", f"/scans/{contract['content']['scans'][0]['scan']}/pages")


def renumber(at: Installation, firm: Firm, name: str) -> None:
    """A filed person gets another document; approved."""
    number = people.id_number(firm.random, date(1980, 1, 1))
    content = {"id_no": number, "birth_date": None, "sex": None}
    filing, officer = firm.staff.change(name, **content), at.officer()
    firm.staff.send([filing])
    officer.decide(officer.open(filing), "PASS", "")
    firm.staff.waits_for(filing, "APPROVED")


def copies(at: Installation, first: Firm, second: Firm) -> None:
    """A person with the certificate number of another, and one with their photograph."""
    name = staff.NAMES[1]
    renumber(at, first, name)
    subject = first.staff.people[name]
    known = first.clerk.get("personnel", f"/people/{subject}")["content"]
    number = known["registrations"][0]["cert_no"]
    with pytest.raises(RequestRefused):
        second.staff.add("何示范", ("STR2", number), "STRU")
    data = scans.jpeg("PER_PHOTO", f"{first.uscc} {subject}")
    photo = second.clerk.upload("personnel", "PER_PHOTO", data, "image/jpeg")
    content = staff.person(second.random, "何示范", second.uscc, None, "STRU")
    added = second.clerk.do("POST", "personnel", "/people", content | {"scans": [photo]})
    second.staff.file([added["id"]])


def close(at: Installation, campaign: str) -> None:
    chief, path = at.reviewer("PROV_OFFICER").actor, f"/campaigns/{campaign}"
    at.pass_to(date(2025, 1, 2))
    version = chief.get("assessment", path)["version"]
    chief.do("POST", "assessment", f"{path}:close", version=version)


@pytest.fixture(scope="module")
def played() -> Iterator[Installation]:
    with Installation(*ALL) as at:
        everything(at)
        yield at


@pytest.mark.parametrize("service", ANSWERS)
def test_every_answer_is_asked_for_and_says_something(played: Installation, service: str) -> None:
    told = [each for each in played[service].tables.asked if each.rows]
    silent = ANSWERS[service].keys() - {tables_of(each) for each in told}
    assert [sorted(each) for each in silent] == []


@pytest.mark.servers
@pytest.mark.parametrize("service", [name for name, answers in ANSWERS.items() if answers])
async def test_postgresql_answers_the_same(
    played: Installation, service: str, database: str
) -> None:
    asked = latest(played[service])
    connection = await asyncpg.connect(database)
    try:
        await fill(connection, played[service])
        for each in asked:
            found = await answered(connection, each)
            assert spelled(each, found) == spelled(each, ours(each, found)), each.query
    finally:
        await connection.close()


def latest(service: ServiceInMemory) -> list[Asked]:
    """Every question once more, on the rows that stand at the end."""
    tables = service.tables
    asked = {(each.query, repr(each.arguments)): each for each in tables.asked}
    answers = {**KERNEL_ANSWERS, **ANSWERS[service.service.name]}
    return [
        Asked(each.query, each.arguments, list(answers[tables_of(each)](tables, *each.arguments)))
        for each in asked.values()
    ]


async def fill(connection: Connection, service: ServiceInMemory) -> None:
    """The same tables with the same rows."""
    for projection in service.service.projections:
        await connection.execute(projection.sql)
        rows = [
            Change("put", table, row) for table in projection.tables for row in service.rows(table)
        ]
        await flush(connection, projection, rows)


async def answered(connection: Connection, asked: Asked) -> list[dict[str, Any]]:
    return [dict(row) for row in await connection.fetch(asked.query, *asked.arguments)]


def ours(asked: Asked, theirs: Sequence[Row]) -> list[dict[str, Any]]:
    """What PostgreSQL answers too; ours may say more."""
    columns = list(theirs[0]) if theirs else []
    return [{name: row[name] for name in columns or row} for row in asked.rows]


def spelled(asked: Asked, rows: Sequence[Row]) -> list[str]:
    """In the order that the query wants, JSON in one spelling."""
    found = [repr({name: _plain(value) for name, value in row.items()}) for row in rows]
    return found if ORDERED.search(asked.query) else sorted(found)


def _plain(value: Any) -> Any:
    is_json = isinstance(value, str) and value[:1] in ("{", "[", '"')
    return orjson.dumps(orjson.loads(value), option=orjson.OPT_SORT_KEYS) if is_json else value


def tables_of(asked: Asked) -> frozenset[str]:
    return frozenset(TABLES.findall(asked.query))
