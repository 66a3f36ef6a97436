"""The operator's manual, all five chapters, through the public APIs of a running system."""

import asyncio
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import httpx
import pytest

from deploy.cli import replay
from deploy.demo.authority import decided_by_topic
from deploy.demo.manual import Manual
from deploy.demo.stage import DemoUser, RequestRefused
from deploy.installation import clocks
from deploy.installation.installation import of_stack
from libs.events.value import SHANGHAI
from tests.journeys.conftest import Silent, System

pytestmark = [pytest.mark.servers, pytest.mark.slow]
START = datetime(2024, 9, 2, 9, tzinfo=SHANGHAI)


class Notes(Silent):
    """What the demo told besides its acts."""

    def __init__(self) -> None:
        super().__init__()
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


class Played:
    def __init__(self, system: System) -> None:
        self.system, self.teller = system, Notes()
        told = system.told

        def hire(name: str, role: str, **claims: str) -> DemoUser:
            actor = system.actor(role, **claims)
            actor.teller = self.teller
            return actor

        def pass_to(day: date) -> None:
            clocks.set_clock(told, datetime.combine(day + timedelta(days=1), time(9), SHANGHAI))

        self.manual = Manual(
            hire,
            self.teller,
            Random(11),
            told["mail"]["http"],
            pass_to,
            lambda c: decided_by_topic(told, self.teller, c),
        )
        self.manual.play()

    def records(self, role: str = "PROV_LEAD", **claims: str) -> list[dict[str, Any]]:
        """Its own, of all those that the running system has."""
        found = self.system.actor(role, **(claims or {"city": "410000"})).get(
            "assessment", "/records", limit=200
        )["items"]
        return [
            each for each in found if each["id"] in {record.id for record in self.manual.records}
        ]


@pytest.fixture(scope="module")
def played(system: System) -> Iterator[Played]:
    clocks.set_clock(system.told, START)
    yield Played(system)
    clocks.set_clock(system.told, START)


def test_both_records_end_with_the_result_that_was_announced(played: Played) -> None:
    assert [
        (each["status"], each["result"])
        for each in sorted(played.records(), key=lambda r: r["started_at"])
    ] == [
        ("CLOSED", "PASS"),
        ("CLOSED", "BASIC"),
    ]


def test_a_returned_record_kept_its_receipt_and_every_generation(played: Played) -> None:
    (returned,) = [each for each in played.records() if each["round"] == 2]
    officer = played.system.actor("CITY_OFFICER", city="410100")
    first, second = (
        officer.get("assessment", f"/records/{returned['id']}", round=number) for number in (1, 2)
    )
    assert (
        first["receipt_no"],
        first["content"]["generation"],
        second["content"]["generation"],
    ) == (returned["receipt_no"], 1, 2)
    assert [
        len([f for f in each["content"]["findings"] if f["rule"] == "A10b"])
        for each in (first, second)
    ] == [12, 0]
    difference = officer.get(
        "assessment", f"/records/{returned['id']}/diff", **{"from": 1, "to": 2}
    )
    assert (difference["rules_added"], difference["persons"]) == (
        [],
        {"added": [], "removed": [], "changed": []},
    )


def test_officers_of_another_city_see_nothing_and_auditors_see_no_names(played: Played) -> None:
    assert played.records("CITY_OFFICER", city="410300") == []
    (id, *_) = [each["id"] for each in played.records()]
    with pytest.raises(RequestRefused) as refused:
        played.system.actor("CITY_OFFICER", city="410300").get("assessment", f"/records/{id}")
    assert refused.value.problem["status"] == 404
    auditor = played.system.actor("AUDITOR").get("assessment", f"/records/{id}")
    assert {each["name"] for each in auditor["content"]["persons"]} == {None}


def test_the_results_are_public_and_hold_no_person(played: Played) -> None:
    answer = httpx.get(f"{played.system.urls['review']}/api/v1/publicities")
    assert answer.status_code == 200
    assert answer.json()["items"][0]["id"]


def test_a_faulty_person_was_told_by_name_and_stopped_nobody(played: Played) -> None:
    assert any("未发送" in each and "手机" in each for each in played.teller.notes)
    assert "已发送 11 人，未发送 1 人" in played.teller.notes


def test_a_project_without_a_stage_was_listed_with_its_reason(played: Played) -> None:
    assert any("项目阶段" in each and "不能选为业绩" in each for each in played.teller.notes)


def test_afterwards_each_topic_equals_its_log_and_every_read_model_its_rebuild(
    played: Played,
) -> None:
    logs, views, parked = asyncio.run(replay._replay(of_stack(played.system.told), None))
    assert {each.service for each in logs} == {
        "enterprise",
        "personnel",
        "projects",
        "assessment",
        "review",
    }
    assert [each for each in logs if not each.equal] == []
    assert [each.view for each in views if not each.equal] == []
    assert parked == 0
