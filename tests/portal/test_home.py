"""首页: what awaits whoever comes, why and until when, and the step that comes next."""

from datetime import date
from uuid import uuid4

import pytest
from starlette.routing import Match

from deploy.demo import filing
from services.portal.pages import ROUTER
from services.portal.pages.entrance.desk import QUEUES
from services.portal.pages.entrance.year import MOST
from services.portal.render import tasks
from services.portal.render.lists import counted
from tests.in_memory.firm import Firm, open_campaign
from tests.portal.in_memory import PortalInMemory, VisitorInMemory
from tests.portal.test_live import fact

pytestmark = [pytest.mark.servers]
CALLS = 5
CAMPAIGN_ENDS = date(2024, 10, 31)


def home(portal: PortalInMemory, firm: Firm, show: str = "") -> VisitorInMemory:
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open(f"/?show={show}" if show else "/")
    return clerk


def rows(visitor: VisitorInMemory) -> list[str]:
    return visitor.texts("//section[@aria-labelledby='h-todo']//tbody/tr")


def tiles(visitor: VisitorInMemory) -> dict[str, str]:
    labels = visitor.texts("//nav[@class='tiles']/a/span")
    return dict(zip(labels, visitor.texts("//nav[@class='tiles']/a/b"), strict=True))


def current(visitor: VisitorInMemory) -> list[str]:
    """The step of the year."""
    here = "//section[@aria-labelledby='h-track']//li[@aria-current='step']/b"
    return visitor.texts(here)


def panel(visitor: VisitorInMemory, name: str) -> str:
    return " ".join(visitor.texts(f"//section[@aria-labelledby='{name}']"))


def counts(visitor: VisitorInMemory) -> dict[str, str]:
    """By page of the menu, what is to be done there."""
    pages = visitor.all("//nav[@id='menu']//a[span[contains(@class, 'count')]]")
    return {each.get("href"): " ".join(each.text_content().split()) for each in pages}


# An enterprise


def test_whoever_is_not_registered_is_led_to_the_first_step(portal: PortalInMemory) -> None:
    clerk = portal.visitor("ENT_CLERK", org="91410100MA4444449G")
    clerk.open("/")
    assert "尚未登记" in clerk.text
    assert "企业尚未登记：先登记企业" in rows(clerk)[0]
    clerk.follow("登记企业")
    assert clerk.path == "/enterprise"


def test_what_is_saved_and_not_sent_awaits_with_its_reason_and_its_page(
    portal: PortalInMemory,
) -> None:
    firm = Firm(portal.services)
    firm.enterprise.fill_in()
    path = firm.enterprise.add("ENT_INIT")
    firm.enterprise.save(path)
    clerk = home(portal, firm)
    assert any("保存不是报送，主管部门还看不到" in row for row in rows(clerk))
    assert tiles(clerk)["尚未发送"] == "1件"
    clerk.follow(f"去发送：{firm.enterprise.name}")
    assert clerk.path == f"/enterprise/filings/{path.rpartition('/')[2]}"
    assert clerk.status == 200


def test_people_who_wait_for_the_same_are_one_row(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    firm.file()
    for name in ("甲示范", "乙示范", "丙示范"):
        firm.staff.add(name, None, "ARCH")
    clerk = home(portal, firm)
    (row,) = (each for each in rows(clerk) if "未备案人员不能选入考核数据" in each)
    assert "人员信息备案管理：甲示范、乙示范 等 3 件" in row
    assert tiles(clerk)["全部待办"] == "4件"  # and no contract yet
    assert "4 件，同类的合为一行" in panel(clerk, "h-todo")


def test_rows_come_to_the_count_above_them(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    firm.file()
    for name in ("甲示范", "乙示范"):
        firm.staff.add(name, None, "ARCH")
    clerk = home(portal, firm)
    (row,) = (each for each in rows(clerk) if "未备案人员不能选入考核数据" in each)
    assert "甲示范、乙示范 等 2 件" in row
    assert tiles(clerk)["全部待办"] == "3件"
    assert counts(clerk)["/people/filings"] == "人员信息备案管理，2 件要办"


def test_which_campaign_ends_when_is_said(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    firm.file()
    firm.hire()
    open_campaign(portal.services)
    clerk = home(portal, firm)
    assert "本次考核填报截止日" in clerk.text
    assert [row for row in rows(clerk) if f"{CAMPAIGN_ENDS} 该批次填报截止" in row]


def test_a_tile_shows_only_what_it_counts(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    firm.file()
    firm.staff.add("甲示范", None, "ARCH")
    open_campaign(portal.services)
    portal.services.pass_to(CAMPAIGN_ENDS)
    clerk = home(portal, firm, "near")
    assert [row[:3] for row in rows(clerk)] == ["未开始"]
    assert "今日到期" in rows(clerk)[0]
    assert clerk.texts("//nav[@class='tiles']/a[@aria-current]/span") == ["3 个工作日内到期"]
    clerk.open("/?show=expiring")
    assert "这里没有要办的事" in clerk.text
    clerk.follow("看全部待办")
    assert len(rows(clerk)) > 1


def test_the_track_tells_how_far_the_year_has_come(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    assert current(home(portal, firm)) == ["企业信息备案"]
    firm.file()
    firm.hire()
    assert current(home(portal, firm)) == ["合同与项目"]
    project, campaign = firm.project(), open_campaign(portal.services)
    clerk = home(portal, firm)
    assert current(clerk) == ["生成考核数据"]
    assert "已备案 2 / 2 人" in clerk.text
    assert "填报截止" in clerk.text
    firm.make_record(campaign, [project])
    assert current(home(portal, firm)) == ["发送考核数据"]
    firm.record.send()
    clerk = home(portal, firm)
    assert current(clerk) == ["市级初审"]
    assert "等主管部门审核" in clerk.text


def test_what_was_sent_is_followed_to_its_decision(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    path = filing.first_filing(firm.enterprise)
    clerk = home(portal, firm)
    assert "企业信息备案管理：郑州示范建筑设计有限公司已发送 已发送2024-09-02" in panel(
        clerk, "h-where"
    )
    assert panel(clerk, "h-where").endswith("待主管部门审核 备案完成")
    assert panel(clerk, "h-news").startswith("消息与回执 回执：郑州示范建筑设计有限公司2024-09-02")
    clerk.follow("回执：郑州示范建筑设计有限公司")
    assert (clerk.status, clerk.path.rpartition("/")[2]) == (200, "receipt")
    officer = portal.services.officer()
    point = {"pointer": "/basic/website", "reason": "R01", "text": "与证件不一致，请核对"}
    officer.decide(officer.open(path), "RETURN", "请核对", [point])
    clerk = home(portal, firm)
    assert "退回补正2024-09-02" in panel(clerk, "h-where")
    assert "退回补正：郑州示范建筑设计有限公司" in panel(clerk, "h-news")
    assert clerk.all("//section[@aria-labelledby='h-where']//li[@class='bad']")


def test_people_who_were_sent_together_have_one_line_and_one_receipt(
    portal: PortalInMemory,
) -> None:
    firm = Firm(portal.services)
    firm.file()
    firm.staff.file([firm.staff.add(name, None, "ARCH") for name in ("甲示范", "乙示范", "丙示范")])
    clerk = home(portal, firm)
    assert len(clerk.all("//section[@aria-labelledby='h-where']//ol")) == 1
    assert panel(clerk, "h-where").count("示范 等已发送") == 1
    [receipt] = clerk.all("//section[@aria-labelledby='h-where']//ol//a")
    clerk.open(receipt.get("href"))
    assert clerk.status == 200
    assert "甲示范" in clerk.text


def test_the_menu_counts_what_is_to_be_done_on_each_page_and_anew_once_something_is_done(
    portal: PortalInMemory,
) -> None:
    firm = Firm(portal.services)
    firm.file()
    for name in ("甲示范", "乙示范"):
        firm.staff.add(name, None, "ARCH")
    clerk = home(portal, firm)
    assert counts(clerk) == {
        "/people/filings": "人员信息备案管理，2 件要办",
        "/contracts": "合同管理，1 件要办",
    }
    before = len(portal.asked)
    clerk.open("/people")
    assert counts(clerk)["/people/filings"] == "人员信息备案管理，2 件要办"
    assert not [each for each in portal.asked[before:] if each.path.endswith("/work")]
    clerk.open("/people/filings")
    clerk.press("添加", {"person": firm.staff.people["甲示范"]})
    assert counts(clerk)["/people/filings"] == "人员信息备案管理，2 件要办"
    before = len(portal.asked)
    clerk.open("/people")
    assert not [each for each in portal.asked[before:] if each.path.endswith("/work")]


def test_the_menu_counts_anew_what_somebody_else_has_changed(portal: PortalInMemory) -> None:
    firm, other = (Firm(portal.services, seed, f"郑州示范{seed}院") for seed in (1, 2))
    firm.staff.add("甲示范", None, "ARCH")
    clerk = home(portal, firm)
    clerk.open("/enterprise")  # which says whose it is

    def asks() -> int:
        before = len(portal.asked)
        clerk.open("/people")
        assert counts(clerk)
        return sum(each.path.endswith("/work") for each in portal.asked[before:])

    portal.live.told("personnel", fact(other.id))
    assert asks() == 0
    firm.staff.add("乙示范", None, "ARCH")
    portal.live.told("personnel", fact(firm.id))
    assert asks() == CALLS
    assert counts(clerk)["/people/filings"] == "人员信息备案管理，2 件要办"
    portal.live.missed("personnel")
    assert [asks(), asks()] == [CALLS, 0]


def test_a_page_that_looks_by_itself_counts_nothing_anew(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    clerk = home(portal, firm)
    portal.live.missed("personnel")
    before = len(portal.asked)
    clerk.looks("/people", "personnel/1")
    assert counts(clerk) == {}
    assert not [each for each in portal.asked[before:] if each.path.endswith("/work")]


def test_another_enterprise_s_tasks_are_not_on_the_page(portal: PortalInMemory) -> None:
    first, second = (Firm(portal.services, seed, f"郑州示范{seed}院") for seed in (1, 2))
    first.staff.add("甲示范", None, "ARCH")
    clerk = home(portal, second)
    assert "甲示范" not in clerk.text
    assert first.enterprise.name not in clerk.text


def test_more_tasks_than_the_page_shows_are_counted_all_the_same(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    firm.file()
    for _ in range(MOST + 3):
        firm.clerk.do("POST", "personnel", "/people", {"name": "甲示范"})
    clerk = home(portal, firm)
    assert tiles(clerk)["未完成"] == f"{MOST + 4}件"  # and no contract yet
    assert f"共 {MOST + 4} 件，这里是最急的 {MOST + 1} 件" in clerk.text


@pytest.mark.parametrize(("count", "said"), [(0, "0"), (1999, "1999"), (2000, "2000+")])
def test_a_count_that_a_service_did_not_finish_is_marked(count: int, said: str) -> None:
    assert counted(count) == said


# The authority


def test_an_officer_sees_queues_with_their_counts_and_the_most_urgent_first(
    portal: PortalInMemory,
) -> None:
    firms = [Firm(portal.services, seed, f"郑州示范{seed}设计院") for seed in (1, 2)]
    for each in firms:
        filing.first_filing(each.enterprise)
    officer = portal.visitor("CITY_OFFICER", city="410100")
    officer.open("/")
    assert tiles(officer) == {"我在办": "0件", "待受理": "2件", "实地核查": "0件"}
    assert "企业信息备案 · 第 1 次报送，待受理" in rows(officer)[0]
    officer.follow(firms[0].enterprise.name)
    assert officer.path.startswith("/cases/")
    elsewhere = portal.visitor("CITY_OFFICER", city="410200")
    elsewhere.open("/")
    assert "没有要办的件" in elsewhere.text


@pytest.mark.parametrize(
    ("role", "says"),
    [
        ("EXPERT", "没有要办的件"),
        ("PROV_LEAD", "没有要办的件"),
        ("AUDITOR", "没有停放的消息"),
        ("SYS_ADMIN", "没有停放的消息"),
    ],
)
def test_everybody_else_has_a_first_page_too(portal: PortalInMemory, role: str, says: str) -> None:
    visitor = portal.visitor(role, **({"city": "410000"} if role == "PROV_LEAD" else {}))
    visitor.open("/")
    assert (visitor.status, says in visitor.text) == (200, True)
    assert visitor.texts("//h1") == (["首页"] if "消息" in says else ["待办"])


# In both languages, and few calls


def test_the_first_page_asks_five_services_at_most_and_speaks_english(
    portal: PortalInMemory,
) -> None:
    firm = Firm(portal.services)
    home(portal, firm)  # code lists are known from now on
    before = calls(portal)
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc, language="en")
    clerk.open("/")
    assert calls(portal) - before == CALLS
    assert not any("一" <= letter <= "鿿" for letter in rows(clerk)[-1])


def calls(portal: PortalInMemory) -> int:
    services = portal.services.services.values()
    return sum(sum(each.answered.values()) for each in services)


def test_every_place_of_a_task_has_a_page() -> None:
    place = {"service": "personnel", "path": "/filings/1"}
    task = {"kind": "returned", "id": "1", "type": "PER_CHANGE", "action": "save", "place": place}
    assert tasks.page_of(task) == "/people/changes/1"
    assert tasks.list_of(task) == "/people/changes"
    with pytest.raises(LookupError):
        tasks.page_of(task | {"place": place | {"path": "/elsewhere"}})


@pytest.mark.parametrize("page", [*(page for *_, page in tasks.PAGES), *QUEUES.values()])
def test_every_page_that_a_task_leads_to_is_there(page: str) -> None:
    for folder in ("filings", "changes"):
        path = page.partition("?")[0].format(id=uuid4(), folder=folder)
        scope = {"type": "http", "method": "GET", "path": path}
        assert any(route.matches(scope)[0] is Match.FULL for route in ROUTER.routes), path


def test_what_a_record_is_made_of_stands_beside_what_is_to_be_done(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    assert ready(home(portal, firm)) == {
        "企业基本信息已备案": "缺",
        "技术人员已备案": "0 / 0",
        "业绩项目可选，或“暂无业绩”": "0 / 0",
    }
    firm.file()
    firm.hire()
    firm.staff.add("丙示范", None, "ARCH")
    firm.project()
    firm.enterprise.save(firm.enterprise.add("ENT_CHANGE"))
    clerk = home(portal, firm)
    assert ready(clerk) == {
        "企业基本信息已备案": "✓ 第 1 版",
        "资质证书在有效期内": "✓",
        "企业信息变更": "1 件未发送，不妨碍",
        "技术人员已备案": "2 / 3",
        "业绩项目可选，或“暂无业绩”": "✓ 1 / 1",
    }
    assert clerk.texts("//section[@aria-labelledby='h-ready']//*[@class='note']") == ["4 / 5"]


def ready(visitor: VisitorInMemory) -> dict[str, str]:
    at = "//section[@aria-labelledby='h-ready']//li"
    return dict(zip(visitor.texts(f"{at}/a"), visitor.texts(f"{at}/span"), strict=True))
