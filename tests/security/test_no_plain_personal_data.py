"""Nowhere in what the system writes does anybody's document number or mobile stand in clear."""

import asyncio
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from deploy.demo import people, scans
from deploy.demo.authority import decided_by_topic
from deploy.demo.manual import Manual
from deploy.demo.stage import API, DemoUser
from deploy.installation import clocks
from deploy.installation.tokens import access_token
from libs.events.value import SHANGHAI
from tests.journeys.conftest import Silent, System
from tests.security import plain

pytestmark = [pytest.mark.servers, pytest.mark.slow]
START = datetime(2024, 9, 2, 9, tzinfo=SHANGHAI)
FIELDS = ("legal_rep_id_no", "contact_mobile", "id_no", "mobile")
EACH = 4  # canaries of each field


@dataclass
class Overheard(DemoUser):
    """Notes the numbers that it sends: they are the canaries."""

    canaries: dict[str, str] = field(default_factory=dict)

    def _call(self, method: str, service: str, path: str, **given: Any) -> httpx.Response:
        self._note(given.get("json"))
        return super()._call(method, service, path, **given)

    def _note(self, body: Any) -> None:
        if isinstance(body, Mapping):
            for name in FIELDS:
                known = [each for each in self.canaries if each.startswith(f"{name} ")]
                if (
                    (value := body.get(name))
                    and value not in self.canaries.values()
                    and len(known) < EACH
                ):
                    self.canaries[f"{name} {len(known)}"] = str(value)
        for each in (
            body.values() if isinstance(body, Mapping) else body if isinstance(body, list) else ()
        ):
            self._note(each)


@dataclass
class Searched:
    system: System
    canaries: dict[str, str]

    @property
    def home(self) -> Path:
        return self.system.home.path

    def everywhere(self, texts: Mapping[str, str]) -> dict[str, set[str]]:
        """Files, tables and letters in which one of the texts stands."""
        wanted, admin = plain.needles(texts), str(self.system.told["postgres"])
        asyncio.run(plain.ask(admin, "CHECKPOINT"))
        found = plain.in_files(self.home, wanted) | plain.in_mail(self.home / "mail", wanted)
        return found | asyncio.run(plain.in_tables(admin, wanted))


@pytest.fixture(scope="module")
def searched(system: System) -> Searched:
    """After the whole manual, and some mistakes that people make."""
    told, teller, random = system.told, Silent(), Random()
    canaries: dict[str, str] = {}

    def hire(name: str, role: str, **claims: str) -> DemoUser:
        return Overheard(
            name, access_token(told, role, **claims), system.urls, teller, canaries=canaries
        )

    def pass_to(day: date) -> None:
        clocks.set_clock(told, datetime.combine(day + timedelta(days=1), time(9), SHANGHAI))

    clocks.set_clock(told, START)
    Manual(
        hire,
        teller,
        random,
        told["mail"]["http"],
        pass_to,
        lambda case: decided_by_topic(told, teller, case),
    ).play()
    clocks.set_clock(told, START)
    canaries["in a scan"] = upload(
        hire("经办人", "ENT_CLERK", org=people.credit_code(random)), random
    )
    canaries["in a draft"] = typed(
        hire("经办人", "ENT_CLERK", org=people.credit_code(random)), random
    )
    mistakes(system, hire("经办人", "ENT_CLERK", org=people.credit_code(random)), canaries)
    return Searched(system, canaries)


def upload(clerk: DemoUser, random: Random) -> str:
    """A scan with the number in its bytes, as a comment of the JPEG."""
    number = people.id_number(random, date(1980, 1, 1))
    data = scans.jpeg("ENT_LICENSE", "canary")
    comment = b"\xff\xfe" + (len(number) + 2).to_bytes(2) + number.encode()
    clerk.upload("enterprise", "ENT_LICENSE", data[:2] + comment + data[2:], "image/jpeg")
    return number


def typed(clerk: DemoUser, random: Random) -> str:
    """A number that was typed and not saved."""
    number = people.id_number(random, date(1980, 1, 1))
    clerk.do("PUT", "personnel", "/drafts/person/new", {"content": {"any": [number]}})
    return number


def mistakes(system: System, clerk: DemoUser, canaries: Mapping[str, str]) -> None:
    """A number where none belongs: all are refused, and none may be repeated in a log."""
    number, url = canaries["id_no 0"], system.urls["personnel"] + API
    headers = {"Authorization": f"Bearer {clerk.token}", "Idempotency-Key": "1"}
    answers = [
        httpx.get(f"{url}/people", params={"id_no": number}, headers=headers),
        httpx.get(f"{url}/people/{number}", headers=headers),
        httpx.post(f"{url}/people", json={number: number, "name": [number]}, headers=headers),
        httpx.post(
            f"{url}/people",
            content=f'{{"id_no": "{number}"',
            headers=headers | {"Content-Type": "application/json"},
        ),
        httpx.post(f"{url}/filings", json={"type": number, "people": [number]}, headers=headers),
    ]
    assert {answer.status_code // 100 for answer in answers} == {4}
    assert [
        answer.text
        for answer in answers
        if number in answer.text.replace(answer.request.url.path, "")
    ] == []


def test_numbers_of_persons_stand_nowhere_in_clear(searched: Searched) -> None:
    assert len(searched.canaries) >= 2 * EACH
    assert searched.everywhere(searched.canaries) == {}


def test_the_search_finds_what_is_planted(searched: Searched) -> None:
    number = "410105198001019999"
    admin = str(searched.system.told["postgres"])
    asyncio.run(
        plain.ask(
            admin, "CREATE TABLE planted (t text)", f"INSERT INTO planted VALUES ('{number}')"
        )
    )
    log = searched.home / "log" / "planted.log"
    log.write_bytes(number.encode("utf-16-le"))
    try:
        found = searched.everywhere({"planted": number})
    finally:
        log.unlink()
        asyncio.run(plain.ask(admin, "DROP TABLE planted"))
    assert {"log/planted.log", "postgres.planted"} <= found.keys()
    assert any(path.startswith("pg/base/") for path in found)
    assert any(path.startswith("pg/pg_wal/") for path in found)


@pytest.mark.parametrize("before", ["", "a", "ab"])
def test_a_number_is_found_in_base64_wherever_it_begins(before: str) -> None:
    spelt = b64encode(f"{before}410105198001019999,".encode())
    assert plain.in_bytes(spelt, plain.needles({"it": "410105198001019999"})) == {"it"}
