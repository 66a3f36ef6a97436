"""Records of several enterprises in one campaign, and records whose sources move."""

from collections.abc import Iterator

import pytest

from deploy.demo import staff
from deploy.demo.stage import RequestRefused
from tests.in_memory.firm import Firm, open_campaign
from tests.in_memory.installation import ALL, Installation


@pytest.fixture(scope="module")
def at() -> Iterator[Installation]:
    with Installation(*ALL) as made:
        yield made


@pytest.fixture(scope="module")
def campaign(at: Installation) -> str:
    return open_campaign(at)


def filed(at: Installation, seed: int, name: str) -> Firm:
    """With two people, and nothing new to show (暂无业绩)."""
    firm = Firm(at, seed, name)
    firm.file()
    firm.hire()
    firm.placeholder = firm.performance().placeholder()["project"]["id"]
    return firm


def test_in_one_campaign_a_person_counts_for_one_enterprise(
    at: Installation, campaign: str
) -> None:
    first, second = filed(at, 21, "郑州甲设计有限公司"), filed(at, 22, "郑州乙设计有限公司")
    mover = staff.NAMES[1]
    known = first.clerk.get("personnel", f"/people/{first.staff.people[mover]}")["content"]
    first.make_record(campaign, [first.placeholder])
    first.record.send()
    first.leaves(mover)
    assert first.record.now["drifts"] == [{"pointer": "/persons/1", "version": 1, "now": None}]
    staff.approve(second.staff, at.officer(), second.joins(known))
    second.make_record(campaign, [second.placeholder])
    with pytest.raises(RequestRefused) as refused:
        second.record.send()
    assert [each["rule"] for each in refused.value.problem["errors"]] == ["A19"]
    path, version = f"{first.record.path}:withdraw", first.record.now["version"]
    first.clerk.do("POST", "assessment", path, version=version)
    first.record.waits_for("WITHDRAWN")
    assert second.record.send()["round"] == 1


def test_a_record_whose_sources_moved_is_generated_again_before_it_is_sent(
    at: Installation, campaign: str
) -> None:
    one = filed(at, 23, "郑州丙设计有限公司")
    one.make_record(campaign, [one.placeholder])
    one.leaves(staff.NAMES[1])
    with pytest.raises(RequestRefused) as refused:
        one.record.send()
    assert [(each["rule"], each["pointer"]) for each in refused.value.problem["errors"]] == [
        ("A15", "/persons/1")
    ]
    assert [each["name"] for each in one.record.offers("people")] == [staff.NAMES[0]]
    remaining = {"persons": [{"person_id": one.staff.people[staff.NAMES[0]]}]}
    one.record.save("people", remaining, "")
    one.record.generate()
    assert one.record.send()["round"] == 1
    assert one.record.now["generations"] == 2


def test_a_second_record_of_the_campaign_is_refused_with_what_to_do(
    at: Installation, campaign: str
) -> None:
    one = filed(at, 24, "郑州丁设计有限公司")
    one.record.start(campaign, "enterprise/1")
    with pytest.raises(RequestRefused) as refused:
        one.record.start(campaign, "enterprise/1")
    assert "重新生成" in refused.value.problem["errors"][0]["zh"]


def test_generating_is_offered_with_what_it_then_says(at: Installation, campaign: str) -> None:
    one = filed(at, 25, "郑州戊设计有限公司")
    one.record.start(campaign, "enterprise/1")
    checked = one.clerk.do("POST", "assessment", f"{one.record.path}:check")
    (offered,) = (each for each in checked["allowed_actions"] if each["action"] == "generate")
    with pytest.raises(RequestRefused) as refused:
        one.record.generate()
    said = [each["rule"] for each in refused.value.problem["errors"]]
    assert [each["rule"] for each in offered["reasons"]] == said
    assert {"A04", "A05"} <= set(said)
