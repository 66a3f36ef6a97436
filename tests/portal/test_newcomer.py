"""What somebody who is new here trips over: findings that lead nowhere, words that do not hold."""

from random import Random

import httpx
import pytest

from deploy.demo import filing, people, staff
from tests.in_memory.firm import TEAM, Firm
from tests.portal.in_memory import PortalInMemory, VisitorInMemory

pytestmark = [pytest.mark.servers]
BUSY = 503


def clerk_of(portal: PortalInMemory, firm: Firm) -> VisitorInMemory:
    return portal.visitor("ENT_CLERK", org=firm.uscc)


def test_what_stands_against_a_filing_leads_to_its_field_on_the_page_that_has_it(
    portal: PortalInMemory,
) -> None:
    firm = Firm(portal.services)
    clerk = clerk_of(portal, firm)
    clerk.open("/enterprise/filings")
    clerk.press("添加")
    clerk.press("保存")
    found = [str(each) for each in clerk.all("//ul[@class='findings']//p/a/@href")]
    assert len(found) > 20
    clerk.open("/enterprise")
    ids = {str(each) for each in clerk.all("//@id")}
    led = [each.partition("#") for each in found]
    assert {page for page, _, _ in led} == {"/enterprise"}
    assert {id for _, _, id in led} <= ids


def test_where_everybody_was_sent_nobody_is_said_not_to_be(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    firm.file()
    people = staff.hire(firm.staff, firm.random, TEAM)
    filings = firm.staff.begin(people)
    clerk = clerk_of(portal, firm)
    clerk.open("/people/filings")
    clerk.press("在线发送", {"filing": filings})
    assert "2 人已发送，0 人没有发送" in clerk.text
    assert "没有发送，改好后再发" not in clerk.text


def test_beside_a_page_that_can_be_changed_stands_what_came_back(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    path, officer = filing.first_filing(firm.enterprise), portal.services.officer()
    clerk = clerk_of(portal, firm)
    clerk.open("/enterprise")
    assert "已退回补正" not in clerk.text
    point = {"pointer": "/basic/website", "reason": "R01", "text": "与证件不一致，请核对"}
    officer.decide(officer.open(path), "RETURN", "请核对", [point])
    clerk.open("/enterprise")
    assert "已退回补正" in clerk.text
    assert "添加备案、在线发送" not in clerk.text
    clerk.follow("逐条改正")
    assert clerk.path == f"/enterprise/filings/{path.rpartition('/')[2]}"
    assert "退回意见 1 条" in clerk.text


class Busy:
    """Answers instead of a service `times`, where its method and the end of its path are these."""

    def __init__(self, portal: PortalInMemory, method: str, end: str, times: int) -> None:
        self._answer, self._method, self._end = portal.services.answer, method, end
        self.left = times
        portal.services.answer = self  # type: ignore[method-assign]

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        is_it = request.method == self._method and request.url.path.endswith(self._end)
        if is_it and self.left:
            self.left -= 1
            return httpx.Response(BUSY, json={"status": BUSY})
        return await self._answer(request)


@pytest.mark.parametrize(("method", "end"), [("POST", ":check"), ("GET", "/people")])
def test_a_service_that_was_busy_is_asked_once_more_for_what_changes_nothing(
    portal: PortalInMemory, method: str, end: str
) -> None:
    firm = Firm(portal.services)
    clerk = clerk_of(portal, firm)
    page = "/enterprise" if end == ":check" else "/people"
    busy = Busy(portal, method, end, times=1)
    clerk.open(page)
    assert (clerk.status, busy.left) == (200, 0)
    busy = Busy(portal, method, end, times=3)
    clerk.open(page)
    assert (clerk.status, busy.left) == (BUSY, 1)


def test_a_command_is_given_once_however_busy_a_service_is(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    clerk = clerk_of(portal, firm)
    clerk.open("/enterprise/filings")
    busy = Busy(portal, "POST", "/filings", times=2)
    clerk.press("添加")
    assert (clerk.status, busy.left) == (BUSY, 1)


def test_a_contract_begins_with_who_signs_and_says_what_comes_before_it(
    portal: PortalInMemory,
) -> None:
    firm = Firm(portal.services)
    clerk = clerk_of(portal, firm)
    clerk.open("/contracts/new")
    [name, code] = [
        clerk.all(f"//input[@name='/contractor_{each}']/@value")[0] for each in ("name", "uscc")
    ]
    assert (str(name), str(code)) == (firm.enterprise.name, firm.uscc)
    assert "还没有已备案的人员" in clerk.text
    firm.file()
    firm.hire()
    clerk.open("/contracts/new")
    assert "还没有已备案的人员" not in clerk.text


def test_a_change_is_not_said_to_be_the_first_filing(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    firm.file()
    changed = firm.enterprise.change(fax="0371-65950001")
    clerk = clerk_of(portal, firm)
    clerk.open(f"/enterprise/filings/{changed.rpartition('/')[2]}")
    assert "尚未备案" not in clerk.text
    assert "○ 尚未审核通过" in clerk.text


@pytest.mark.parametrize("whose", ["enterprise", "people"])
def test_what_was_begun_by_mistake_can_be_given_up(portal: PortalInMemory, whose: str) -> None:
    firm = Firm(portal.services)
    if whose == "people":
        firm.file()
        [begun] = firm.staff.begin(staff.hire(firm.staff, firm.random, TEAM[:1]))
    else:
        begun = firm.enterprise.add("ENT_INIT").rpartition("/")[2]
    clerk = clerk_of(portal, firm)
    clerk.open(f"/{whose}/filings/{begun}")
    clerk.press("放弃")
    assert "作废" in clerk.text
    assert not clerk.all("//button[@name='_act' and not(@disabled)]")


def test_a_row_that_was_added_stays_until_it_is_filled_or_removed(portal: PortalInMemory) -> None:
    clerk = clerk_of(portal, Firm(portal.services))
    clerk.open("/enterprise")
    for label in ("添加净资产", "添加企业简历", "添加企业简历"):
        clerk.press(label)
    assert len(clerk.all("//*[@name='/net_assets/0/fiscal_year']")) == 1
    assert len(clerk.all("//*[@name='/history/1/event']")) == 1
    clerk.press("移除企业简历 1", {"/history/1/event": "公司成立"})
    assert [each.text for each in clerk.all("//*[@name='/history/0/event']")] == ["公司成立"]
    assert len(clerk.all("//*[@name='/net_assets/0/fiscal_year']")) == 1


def test_a_name_that_cannot_be_saved_is_not_registered(portal: PortalInMemory) -> None:
    clerk = portal.visitor("ENT_CLERK", org=people.credit_code(Random(5)))
    clerk.open("/enterprise")
    given = {"name": "测", "supervising_city_code": "410100"}
    clerk.press("注册", given)
    assert clerk.texts("//*[@class='summary']//*[@class='rule']") == ["E01"]


def test_the_address_of_an_act_that_was_refused_leads_back_to_its_page(
    portal: PortalInMemory,
) -> None:
    firm = Firm(portal.services)
    filing.first_filing(firm.enterprise)
    [case] = portal.services.actor("CITY_OFFICER", city="410100").get("review", "/cases")["items"]
    officer = portal.visitor("CITY_OFFICER", city="410100")
    officer.open(f"/cases/{case['id']}/marks")
    assert officer.path == f"/cases/{case['id']}"


def test_what_was_confirmed_is_still_after_saving_and_a_refusal_says_what_is_missing(
    portal: PortalInMemory,
) -> None:
    firm = Firm(portal.services)
    firm.file()
    [person] = staff.hire(firm.staff, firm.random, (("STR2", "STRU"),))
    said = firm.clerk.get("personnel", f"/people/{person}")
    said["content"]["registrations"][0]["cert_no"] = "不合格式"
    path, version = f"/people/{person}", said["version"]
    firm.clerk.do("PUT", "personnel", path, said["content"], version=version)
    [begun] = firm.staff.begin([person])
    clerk = clerk_of(portal, firm)
    clerk.open(f"/people/filings/{begun}")
    boxes = [str(each) for each in clerk.all("//input[@name='acknowledged']/@value")]
    assert boxes
    clerk.press("保存", {"acknowledged": boxes})
    ticked = clerk.all("//input[@name='acknowledged' and @checked]/@value")
    assert [str(each) for each in ticked] == boxes
    clerk.press("在线发送", {"acknowledged": []})
    assert "条提醒还没有勾选“确认”" in clerk.text
