"""Records of several enterprises in one campaign, and records whose sources move."""

from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Any

import pytest

from deploy.cli import clocks
from deploy.demo import assessment, filing, people, performance, staff
from deploy.demo.stage import DemoUser, RequestRefused
from libs.events.value import SHANGHAI
from tests.journeys.conftest import System

pytestmark = [pytest.mark.servers, pytest.mark.slow]
TEAM: tuple[tuple[str | None, str], ...] = ((None, "ARCH"), (None, "STRU"))


@dataclass
class Firm:
    """Filed, with two people, and nothing new to show (暂无业绩)."""

    enterprise: filing.DemoEnterprise
    staff: staff.Staff
    record: assessment.DemoRecord
    project: str

    @property
    def clerk(self) -> DemoUser:
        return self.enterprise.clerk

    def seen(self, *persons: str) -> str:
        places = [("enterprise", self.enterprise.path), ("projects", f"/projects/{self.project}")]
        places += [("personnel", f"/people/{id}") for id in persons]
        found: dict[str, int] = {}
        for service, path in places:
            position = int(self.clerk.position(service, path).partition("/")[2])
            found[service] = max(found.get(service, 0), position)
        return ",".join(f"{service}/{position}" for service, position in found.items())

    def send(self) -> dict[str, Any]:
        self.record.generate()
        return self.record.send()


@pytest.fixture(scope="module", autouse=True)
def _in_the_window(system: System) -> None:
    clocks.set_clock(system.told, datetime(2024, 9, 2, 9, tzinfo=SHANGHAI))


@pytest.fixture(scope="module")
def officer(system: System) -> filing.Officer:
    return filing.Officer(system.actor("CITY_OFFICER", city="410100"))


@pytest.fixture(scope="module")
def campaign(system: System) -> str:
    return assessment.open_campaign(system.actor("PROV_OFFICER", city="410000"))


def firm(system: System, officer: filing.Officer, random: Random, name: str) -> Firm:
    uscc = people.credit_code(random)
    clerk = system.actor("ENT_CLERK", org=uscc)
    enterprise = filing.make(clerk, random, name, uscc)
    enterprise.register()
    path = filing.first_filing(enterprise)
    officer.decide(officer.open(path), "PASS", "审核通过")
    enterprise.waits_for(path, "APPROVED")
    team = staff.Staff(clerk, uscc, random)
    staff.approve(team, officer, team.file(staff.hire(team, random, TEAM)))
    made = performance.Performance(
        clerk, enterprise.id, uscc, name, list(team.people.values()), "", random
    ).placeholder()
    return Firm(enterprise, team, assessment.DemoRecord(clerk, uscc), str(made["project"]["id"]))


def leaves(one: Firm, officer: filing.Officer, name: str) -> None:
    release = one.staff.release(name, date(2024, 9, 1))
    one.staff.send([release])
    officer.decide(officer.open(release), "PASS", "离职备案审核通过")
    one.staff.waits_for(release, "APPROVED")


def joins(other: Firm, officer: filing.Officer, known: dict[str, Any]) -> str:
    """The same person, filed by his new enterprise."""
    scans = [
        other.staff.scan(type, kind, known["name"], other.enterprise.id)
        for type, kind in staff.SCANS.items()
        if type != "PER_REG"
    ]
    added = other.clerk.do(
        "POST", "personnel", "/people", known | {"scans": scans, "registrations": []}
    )
    staff.approve(other.staff, officer, other.staff.file([added["id"]]))
    return str(added["id"])


def test_in_one_campaign_a_person_counts_for_one_enterprise(
    system: System, officer: filing.Officer, campaign: str
) -> None:
    first, second = (
        firm(system, officer, Random(seed), name)
        for seed, name in ((21, "郑州甲设计有限公司"), (22, "郑州乙设计有限公司"))
    )
    mover = staff.NAMES[1]
    known = first.clerk.get("personnel", f"/people/{first.staff.people[mover]}")["content"]
    first.record.start(campaign, first.seen(*first.staff.people.values()))
    first.record.fill_in([first.project])
    first.send()
    leaves(first, officer, mover)
    drifted = first.clerk.wait(
        "the record to hear of it", lambda: (now := first.record.now)["drifts"] and now
    )
    assert drifted["drifts"] == [{"pointer": "/persons/1", "version": 1, "now": None}]
    moved = joins(second, officer, known)
    second.record.start(campaign, second.seen(moved, *second.staff.people.values()))
    second.record.fill_in([second.project])
    with pytest.raises(RequestRefused) as refused:
        second.send()
    assert [each["rule"] for each in refused.value.problem["errors"]] == ["A19"]
    first.clerk.do(
        "POST", "assessment", f"{first.record.path}:withdraw", version=first.record.now["version"]
    )
    first.record.waits_for("WITHDRAWN")
    assert second.record.send()["round"] == 1


def test_a_record_whose_sources_moved_is_generated_again_before_it_is_sent(
    system: System, officer: filing.Officer, campaign: str
) -> None:
    one = firm(system, officer, Random(23), "郑州丙设计有限公司")
    one.record.start(campaign, one.seen(*one.staff.people.values()))
    one.record.fill_in([one.project])
    one.record.generate()
    leaves(one, officer, staff.NAMES[1])
    released = one.clerk.position("personnel", f"/people/{one.staff.people[staff.NAMES[1]]}")
    path = f"{one.record.path}:send?min_position={released}"
    with pytest.raises(RequestRefused) as refused:
        one.clerk.do(
            "POST",
            "assessment",
            path,
            {"acknowledged": ["A10b", "A13"]},
            version=one.record.now["version"],
        )
    assert [(each["rule"], each["pointer"]) for each in refused.value.problem["errors"]] == [
        ("A15", "/persons/1")
    ]
    assert [each["name"] for each in one.record.offers("people")] == [staff.NAMES[0]]
    one.record.save("people", {"persons": [{"person_id": one.staff.people[staff.NAMES[0]]}]}, "")
    assert one.send()["round"] == 1
    assert one.record.now["generations"] == 2


def test_a_second_record_of_the_campaign_is_refused_with_what_to_do(
    system: System, officer: filing.Officer, campaign: str
) -> None:
    one = firm(system, officer, Random(24), "郑州丁设计有限公司")
    seen = one.seen(*one.staff.people.values())
    one.record.start(campaign, seen)
    with pytest.raises(RequestRefused) as refused:
        one.record.start(campaign, seen)
    assert "重新生成" in refused.value.problem["errors"][0]["zh"]
