"""已备案版本 of an enterprise and of its people: each on paper, and what it changed."""

import pytest

from tests.in_memory.firm import Firm, approve, filed
from tests.portal.in_memory import PortalInMemory, VisitorInMemory

pytestmark = [pytest.mark.servers]


@pytest.fixture
def firm(portal: PortalInMemory) -> Firm:
    return filed(portal.services)


def changed(portal: PortalInMemory, firm: Firm, clerk: VisitorInMemory) -> tuple[str, str]:
    """A person with a second approved version: name and path."""
    name, id = next(iter(firm.staff.people.items()))
    clerk.open("/people/changes")
    clerk.press("下载", {"person": id})
    clerk.press("保存", {"/mobile": "13800000009"})
    clerk.press("在线发送")
    approve(portal.services, clerk.path.rpartition("/")[2])
    return name, f"/people/{id}"


def test_a_person_s_versions_are_listed_each_on_paper_with_what_it_changed(
    portal: PortalInMemory, firm: Firm
) -> None:
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    name, path = changed(portal, firm, clerk)
    clerk.open(path)
    clerk.follow("已备案版本")
    assert clerk.path == f"{path}/versions"
    rows = clerk.texts("//tbody/tr")
    assert [row.partition("P")[0] for row in rows] == ["第 2 版现行", "第 1 版已被取代"]
    assert name in clerk.texts("//h1")[0]
    assert clerk.texts("//tbody/tr/td[last()]") == ["对比 第 2 版", "首次备案"]
    assert "人员基本信息" in clerk.texts("//nav[@class='crumbs']")[0]
    clerk.follow("第 1 版")
    assert clerk.all("//article[@class='sheet']")
    assert "13800000009" not in clerk.text
    clerk.open(f"{path}/versions/2")
    assert "13800000009" in clerk.text
    clerk.open(f"{path}/versions")
    clerk.follow("对比 第 2 版")
    [new] = clerk.texts("//ins")
    assert "13800000009" in new


def changing_address(portal: PortalInMemory, firm: Firm) -> VisitorInMemory:
    """A clerk at a change filing, saved and not sent."""
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open("/enterprise/changes")
    clerk.press("添加")
    clerk.press("保存", {"/basic/business_address": "郑州市新路 9 号"})
    return clerk


def test_an_enterprise_s_versions_lead_to_what_each_changed(
    portal: PortalInMemory, firm: Firm
) -> None:
    clerk = changing_address(portal, firm)
    clerk.press("在线发送")
    approve(portal.services, f"{firm.enterprise.path}/filings/{clerk.path.rpartition('/')[2]}")
    clerk.open("/enterprise/changes")
    clerk.follow("已备案版本")
    clerk.follow("对比 第 2 版")
    assert "郑州市新路 9 号" in clerk.texts("//ins")[0]


def test_the_paper_of_a_change_names_the_version_that_it_changes(
    portal: PortalInMemory, firm: Firm
) -> None:
    clerk = changing_address(portal, firm)
    here = clerk.path
    clerk.open(f"{here}/print")
    told = dict(zip(clerk.texts("//dt"), clerk.texts("//dd"), strict=True))
    assert (told.get("变更前的备案版本"), told.get("备案版本")) == ("第 1 版", None)
    clerk.open(here)
    clerk.press("在线发送")
    approve(portal.services, f"{firm.enterprise.path}/filings/{here.rpartition('/')[2]}")
    clerk.open(f"{here}/print")
    told = dict(zip(clerk.texts("//dt"), clerk.texts("//dd"), strict=True))
    assert (told.get("变更前的备案版本"), told.get("备案版本")) == (None, "第 2 版")


def test_an_officer_compares_any_two_versions(portal: PortalInMemory, firm: Firm) -> None:
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    name, path = changed(portal, firm, clerk)
    filing = firm.staff.change(name, mobile="13800000007", post="总工程师")
    firm.staff.send([filing])
    approve(portal.services, filing)
    officer = portal.visitor("CITY_OFFICER", city="410100")
    officer.open(f"{path}/versions")
    assert officer.texts("//main//h2")[-1] == "对比任意两版"
    officer.press("对比", {"from": "1", "to": "3"})
    assert officer.texts("//table[@class='diff']//th/a") == ["手机", "职务"]
    assert officer.texts("//ins") == ["13800000007", "总工程师"]
    assert officer.texts("//table[@class='diff']/thead//th")[1:] == ["第 1 版", "第 3 版"]
    officer.press("对比", {"from": "3", "to": "2"})
    assert officer.texts("//ins")[0] == "13800000009"
    assert officer.calls <= 4
    for first, last in ((1, 9), (2, 2)):
        officer.open(f"{path}/versions?from={first}&to={last}")
        assert (officer.status, officer.all("//table[@class='diff']")) == (200, [])


def test_versions_of_somebody_else_s_people_are_not_there(
    portal: PortalInMemory, firm: Firm
) -> None:
    [id, *_] = firm.staff.people.values()
    officer = portal.visitor("CITY_OFFICER", city="410100")
    officer.open(f"/people/{id}/versions/1")
    assert officer.status == 200
    stranger = portal.visitor("ENT_CLERK", org=Firm(portal.services, 2, "河南示例院").uscc)
    for page in ("versions", "versions/1"):
        stranger.open(f"/people/{id}/{page}")
        assert stranger.status == 404
