"""考核进度: plots with a table under each, of today and of any past day, within reach."""

from datetime import timedelta

import pytest

from tests.in_memory.firm import Firm, open_campaign
from tests.portal.in_memory import PortalInMemory, VisitorInMemory
from tests.portal.test_records_review import sent_record

pytestmark = [pytest.mark.servers]
ZHENGZHOU, KAIFENG, PROVINCE = "410100", "410200", "410000"


def at_progress(
    portal: PortalInMemory, role: str, city: str = "", ask: str = ""
) -> VisitorInMemory:
    visitor = portal.visitor(role, **({"city": city} if city else {}))
    visitor.open(f"/progress{ask}")
    return visitor


def tiles(visitor: VisitorInMemory) -> dict[str, str]:
    """By label, what it counts."""
    tiles = visitor.all('//nav[@class="tiles"]/*')
    return {each.find("span").text: each.find("b").text for each in tiles}


def table(visitor: VisitorInMemory, label: str) -> list[list[str]]:
    rows = visitor.all(f'//div[@aria-label="{label}"]//tbody/tr')
    return [["".join(cell.itertext()).strip() for cell in row] for row in rows]


def test_the_province_sees_every_city_as_a_plot_and_as_a_table(portal: PortalInMemory) -> None:
    sent_record(portal)
    Firm(portal.services, 2, "郑州新办设计有限公司")
    leader = at_progress(portal, "PROV_LEAD", PROVINCE)
    assert tiles(leader) == {
        "应考企业": "2",
        "已发送": "1",
        "审核中": "1",
        "退回补正": "0",
        "已出结论": "0",
        "已开始未发送": "0",
        "还没有开始": "1",
    }
    assert table(leader, "各市进度表") == [["郑州市", "2", "1", "0", "1", "0", "0", "1"]]
    [plot] = leader.all('//svg[@aria-label="各市考核进度，数据见下表"]')
    assert plot.get("role") == "img"
    assert [each.get("class") for each in plot.iter("rect")] == ["b2", "b5"]
    assert {float(each.get("width")) for each in plot.iter("rect")} == {267.0, 266.0}


def test_of_what_was_sent_a_tile_says_how_many_and_their_share(portal: PortalInMemory) -> None:
    sent_record(portal)
    leader = at_progress(portal, "PROV_LEAD", PROVINCE)
    assert "已发送1家100.0 %" in leader.texts('//nav[@class="tiles"]/*')


def test_what_enterprises_lack_is_said_in_words(portal: PortalInMemory) -> None:
    sent_record(portal)
    officer = at_progress(portal, "CITY_OFFICER", ZHENGZHOU)
    lacking = dict(table(officer, "人员缺口表"))
    assert lacking["一级注册建筑师"] == "1"
    [plot] = officer.all('//svg[starts-with(@aria-label, "缺岗企业数")]')
    assert "一级注册建筑师 1" in plot.get("aria-label")


def test_time_in_queue_counts_up_to_the_day(portal: PortalInMemory) -> None:
    sent_record(portal)
    today = portal.services.setting.clock.at.date()
    portal.services.pass_to(today + timedelta(days=7))
    officer = at_progress(portal, "CITY_OFFICER", ZHENGZHOU)
    [row] = [each for each in table(officer, "各状态用时表") if each[0] == "已发送"]
    assert row[1:3] == ["1", row[3]]
    assert 3 <= int(row[3]) <= 5
    assert officer.all('//svg[contains(@aria-label, "已发送：中位")]')


def test_a_past_day_is_shown_as_it_ended(portal: PortalInMemory) -> None:
    sent_record(portal)
    today = portal.services.setting.clock.at.date()
    portal.services.pass_to(today + timedelta(days=3))
    Firm(portal.services, 2, "郑州新办设计有限公司")
    leader = at_progress(portal, "PROV_LEAD", PROVINCE, f"?as_of={today}")
    assert (tiles(leader)["应考企业"], leader.all('//nav[@class="tiles"]/a')) == ("1", [])
    [next] = leader.all('//a[@aria-label="后一天"]')
    leader.open(next.get("href"))
    leader.open(next.get("href").replace(str(today + timedelta(1)), str(today + timedelta(3))))
    assert tiles(leader)["应考企业"] == "2"
    assert leader.all('//a[@aria-label="后一天" and @aria-disabled="true"]')


@pytest.mark.parametrize("typed", ["", "morgen", "2999-01-01"])
def test_a_day_that_has_not_come_or_is_none_is_today(portal: PortalInMemory, typed: str) -> None:
    sent_record(portal)
    leader = at_progress(portal, "PROV_LEAD", PROVINCE, f"?as_of={typed}")
    today = portal.services.setting.clock.at.date()
    assert leader.all(f'//input[@name="as_of" and @value="{today}"]')


def test_before_history_begins_that_is_said(portal: PortalInMemory) -> None:
    sent_record(portal)
    leader = at_progress(portal, "PROV_LEAD", PROVINCE, "?as_of=2023-01-01")
    assert "2023-01-01 早于历史的开头" in leader.text
    assert not leader.all("//svg[@role='img']")


def test_a_city_sees_itself_alone_and_an_auditor_everybody(portal: PortalInMemory) -> None:
    sent_record(portal)
    assert table(at_progress(portal, "CITY_LEAD", KAIFENG), "各市进度表") == []
    auditor = at_progress(portal, "AUDITOR")
    assert [row[0] for row in table(auditor, "各市进度表")] == ["郑州市"]
    assert auditor.all('//nav[@class="tiles"]/a') == []


def test_tiles_of_today_lead_to_the_queue(portal: PortalInMemory) -> None:
    sent_record(portal)
    officer = at_progress(portal, "CITY_OFFICER", ZHENGZHOU)
    officer.follow("审核中1家")
    assert officer.path.startswith("/cases?type=ASSESSMENT")
    assert "郑州示范建筑设计有限公司" in officer.text


def test_an_enterprise_has_no_progress_to_look_at(portal: PortalInMemory) -> None:
    firm = sent_record(portal).firm
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open("/progress")
    assert clerk.status == 403


def test_before_any_campaign_has_opened_that_is_said(portal: PortalInMemory) -> None:
    leader = at_progress(portal, "PROV_LEAD", PROVINCE)
    assert "还没有开始的考核批次" in leader.text


def test_the_campaign_can_be_chosen(portal: PortalInMemory) -> None:
    sent_record(portal)
    other = open_campaign(portal.services)
    leader = at_progress(portal, "PROV_LEAD", PROVINCE, f"?campaign={other}")
    assert tiles(leader)["已发送"] == "0"
    assert len(leader.all('//select[@name="campaign"]/option')) == 2
