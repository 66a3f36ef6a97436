"""The officers' queue: tabs with counts and clocks, filters that are kept, several persons passed
at once; a case is claimed, given back, handed over, and checked item by item before it is decided.
"""

from datetime import date

import httpx
import pytest

from deploy.demo import filing, staff
from libs.chassis.in_memory import token
from services.portal.pages.authority import batch
from tests.in_memory.firm import TEAM, Firm
from tests.portal.in_memory import PortalInMemory, VisitorInMemory

pytestmark = [pytest.mark.servers]
NAMES = ("郑州示范建筑设计有限公司", "郑州远帆示例勘察有限公司")


@pytest.fixture
def firms(portal: PortalInMemory) -> list[Firm]:
    """Two have sent their first filing, on 2 and on 9 September 2024."""
    found = []
    for seed, (name, day) in enumerate(zip(NAMES, (2, 9), strict=True)):
        portal.services.pass_to(date(2024, 9, day))
        firm = Firm(portal.services, seed + 1, name)
        filing.first_filing(firm.enterprise)
        found.append(firm)
    return found


def officer(portal: PortalInMemory, user: str = "") -> VisitorInMemory:
    return portal.visitor("CITY_OFFICER", user, city="410100")


def names(visitor: VisitorInMemory) -> list[str]:
    """Of the enterprises listed."""
    return visitor.texts("//table//tbody//th//a")


def tiles(visitor: VisitorInMemory) -> dict[str, str]:
    """What is counted, by name."""
    labels = visitor.texts("//nav[@class='tiles']/a/span[1]")
    return dict(zip(labels, visitor.texts("//nav[@class='tiles']//b"), strict=True))


# The queue


def test_where_nothing_is_overdue_and_nothing_can_be_chosen_nothing_says_so(
    portal: PortalInMemory, firms: list[Firm]
) -> None:
    visitor = officer(portal)
    visitor.open("/cases")
    assert tiles(visitor)["已超期"].startswith("0")
    assert not visitor.all("//nav[@class='tiles']/a[@class='is-stop']")
    assert not visitor.all("//thead//input")
    portal.services.pass_to(date(2024, 11, 8))
    visitor.open("/cases")
    assert visitor.all("//nav[@class='tiles']/a[@class='is-stop']")


def test_what_a_service_did_by_itself_is_said_in_words(
    portal: PortalInMemory, firms: list[Firm]
) -> None:
    visitor = officer(portal)
    visitor.open("/cases")
    visitor.follow(NAMES[0])
    visitor.follow("历史记录")
    assert "系统自动办理" in visitor.text
    assert "SYSTEM" not in visitor.text


def test_a_review_is_in_the_language_of_the_officer_with_the_scans_under_their_own_head(
    portal: PortalInMemory, firms: list[Firm]
) -> None:
    abroad = portal.visitor("CITY_OFFICER", city="410100", language="en")
    abroad.open("/cases")
    abroad.follow(NAMES[0])
    assert "Scans" in abroad.texts("//h3")
    assert not {"；", "："} & set(abroad.text)


def test_the_queue_counts_what_waits_is_near_its_end_or_past_it(
    portal: PortalInMemory, firms: list[Firm]
) -> None:
    portal.services.pass_to(date(2024, 10, 8))
    visitor = officer(portal)
    visitor.open("/cases")
    assert names(visitor) == list(NAMES)
    assert tiles(visitor) == {
        "全部待办": "2件",
        "已超期": "1件",
        "3 个工作日内到期": "1件",
        "待受理": "2件",
        "我在办": "0件",
        "已退回，等企业改正": "0件",
    }
    clocks = visitor.texts("//span[contains(@class, 'sla')]")
    assert clocks == ["已超期 1 个工作日", "剩 4 个工作日"]


def test_a_count_leads_to_what_it_counts(portal: PortalInMemory, firms: list[Firm]) -> None:
    portal.services.pass_to(date(2024, 10, 8))
    visitor = officer(portal)
    visitor.open("/cases")
    [late] = visitor.all("//nav[@class='tiles']/a[span='已超期']")
    visitor.open(late.get("href"))
    assert names(visitor) == [NAMES[0]]
    assert visitor.texts("//nav[@class='tiles']/a[@aria-current]/span[1]") == ["已超期"]


@pytest.mark.parametrize(
    ("role", "level"),
    [("CITY_OFFICER", "市级初审"), ("CITY_LEAD", "市级初审"), ("PROV_OFFICER", "省级复核")],
)
def test_the_queue_shows_an_officer_their_own_level_first(
    portal: PortalInMemory, firms: list[Firm], role: str, level: str
) -> None:
    visitor = portal.visitor(role, city="410100" if role.startswith("CITY") else "410000")
    visitor.open("/cases")
    assert visitor.texts("//select[@name='level']/option[@selected]") == [level]
    visitor.open("/cases?level=any")
    assert visitor.texts("//select[@name='level']/option[@selected]") == ["各级"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"q": "远帆"}, [NAMES[1]]),
        ({"sort": "-due_on"}, [NAMES[1], NAMES[0]]),
        ({"due_before": "2024-10-01"}, [NAMES[0]]),
        ({"type": "PER_INIT"}, []),
        ({"state": "CLOSED"}, []),
        ({"state": "any", "sort": "sent_at"}, list(NAMES)),
    ],
)
def test_the_queue_is_narrowed_and_sorted(
    portal: PortalInMemory, firms: list[Firm], typed: dict[str, str], expected: list[str]
) -> None:
    visitor = officer(portal)
    visitor.open("/cases")
    visitor.press("筛选", typed)
    assert names(visitor) == expected
    fields = {"q": "//input[@name='q']/@value", "type": "//select[@name='type']/option[@selected]"}
    for name in typed.keys() & fields.keys():
        assert visitor.all(fields[name]), "what was asked for still stands there"


def test_a_filter_is_kept_under_a_name_for_this_officer_alone(
    portal: PortalInMemory, firms: list[Firm]
) -> None:
    visitor = officer(portal)
    visitor.open("/cases")
    visitor.press("筛选", {"q": "远帆", "sort": "-due_on"})
    visitor.press("保存为常用筛选", {"name": "远帆的件"})
    visitor.open("/cases")
    assert len(names(visitor)) == 2
    visitor.follow("远帆的件")
    assert names(visitor) == [NAMES[1]]
    visitor.sign_in("CITY_OFFICER", "another", city="410100")
    visitor.open("/cases")
    assert "远帆的件" not in visitor.text
    visitor.sign_in("CITY_OFFICER", city="410100")
    visitor.open("/cases")
    visitor.press("移除 远帆的件")
    assert "远帆的件" not in visitor.text


def test_a_cookie_of_somebody_elses_making_keeps_no_filter(
    portal: PortalInMemory, firms: list[Firm]
) -> None:
    visitor = officer(portal)
    visitor.open("/cases")
    visitor.press("保存为常用筛选", {"name": "全部"})
    [cookie] = [each for each in visitor.browser.cookies.jar if each.name.startswith("filters-")]
    for wrong in ("bm90IGpzb24=", "W10=", "%%%"):
        visitor.browser.cookies.set(cookie.name, wrong, cookie.domain, cookie.path)
        visitor.open("/cases")
        assert visitor.status == 200
        assert names(visitor) == list(NAMES)


# Persons, several at once


def hired(firm: Firm) -> list[str]:
    """Two people, sent: their names."""
    firm.staff.file(staff.hire(firm.staff, firm.random, TEAM))
    return list(firm.staff.people)


def chosen(visitor: VisitorInMemory) -> list[str]:
    return [each.get("value") for each in visitor.all("//tbody//input[@name='case']")]


def test_persons_are_passed_several_at_once_each_with_a_remark(
    portal: PortalInMemory, firms: list[Firm]
) -> None:
    people = hired(firms[0])
    visitor = officer(portal)
    visitor.open("/cases?type=PER_INIT")
    ids = chosen(visitor)
    visitor.press("批量通过", {"case": ids})
    assert set(visitor.texts("//tbody//th/a")) == set(people)
    visitor.press("通过 2 件", {f"comment-{ids[0]}": "同意，注意证书到期日"})
    assert "2 件已通过" in visitor.text
    assert all(name in visitor.text for name in people)
    cases = {str(each["id"]): each for each in portal.services["review"].rows("cases")}
    assert {cases[each]["decision"] for each in ids} == {"PASS"}
    visitor.open(f"/cases/{ids[0]}")
    assert "同意，注意证书到期日" in visitor.text


def test_what_another_has_taken_meanwhile_is_answered_by_name_and_the_others_pass(
    portal: PortalInMemory, firms: list[Firm]
) -> None:
    hired(firms[0])
    visitor, other = officer(portal), officer(portal, "another")
    visitor.open("/cases?type=PER_INIT")
    ids = chosen(visitor)
    visitor.press("批量通过", {"case": ids})
    first, second = visitor.texts("//tbody//th/a")
    other.open(f"/cases/{ids[0]}")
    other.press("受理")
    visitor.press("通过 2 件")
    assert "1 件已通过，1 件没有办成" in visitor.text
    assert f"{first} 该审核件已由其他审核人员受理" in visitor.text
    assert second in visitor.texts("//ul[@class='items']/li")


def test_what_another_takes_between_two_attempts_is_answered_by_name_too(
    portal: PortalInMemory, firms: list[Firm], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are passed once more without it; by then another is taken."""
    hired(firms[0])
    visitor, other = officer(portal), officer(portal, "another")
    visitor.open("/cases?type=PER_INIT")
    ids = chosen(visitor)
    visitor.press("批量通过", {"case": ids})
    other.open(f"/cases/{ids[0]}")
    other.press("受理")
    answer, waiting = portal.services.answer, [ids[1]]

    async def answered(request: httpx.Request) -> httpx.Response:
        told = await answer(request)
        if request.url.path.endswith("/cases:decide") and waiting:
            headers = {
                "Authorization": f"Bearer {token('CITY_OFFICER', 'another', city='410100')}",
                "Idempotency-Key": "another",
            }
            path = f"{portal.services.urls['review']}/api/v1/cases/{waiting.pop()}:open"
            taken = await answer(httpx.Request("POST", path, headers=headers))
            assert taken.status_code == 200, taken.text
        return told

    monkeypatch.setattr(portal.services, "answer", answered)
    visitor.press("通过 2 件")
    assert visitor.status == 200
    assert "2 件没有办成" in visitor.text


def test_an_enterprise_is_not_passed_in_a_batch_and_nothing_chosen_is_said(
    portal: PortalInMemory, firms: list[Firm]
) -> None:
    visitor = officer(portal)
    visitor.open("/cases")
    assert chosen(visitor) == []
    hired(firms[0])
    visitor.open("/cases?type=PER_INIT")
    visitor.press("批量通过")
    assert "还没有选择" in visitor.text


# A case


def opened(visitor: VisitorInMemory, name: str) -> str:
    """At the case of this enterprise: its path."""
    visitor.open("/cases")
    visitor.follow(name)
    return visitor.path


def test_a_case_is_claimed_and_others_read_who_holds_it(
    portal: PortalInMemory, firms: list[Firm]
) -> None:
    visitor, other = officer(portal), officer(portal, "another")
    here = opened(visitor, NAMES[0])
    assert "尚未受理" in visitor.text
    visitor.press("受理")
    assert "您已受理，其他人只读" in visitor.text
    other.open(here)
    assert "由 未登记姓名的经办人 受理，您只能查看" in other.text
    assert "该审核件已由其他审核人员受理" in other.text
    assert not other.all("//input[@type='radio']")
    assert not other.all("//button[@value='PASS']")


def test_a_case_is_given_back_and_handed_over(portal: PortalInMemory, firms: list[Firm]) -> None:
    visitor, other = officer(portal), officer(portal, "another")
    here = opened(visitor, NAMES[0])
    visitor.press("受理")
    visitor.press("释放")
    assert "已释放，其他人可以受理" in visitor.text
    other.open(here)
    other.press("受理")
    other.press("转办", {"to": "city_officer", "why": "休假"})
    assert "已转办" in other.text
    visitor.open(here)
    assert "您已受理" in visitor.text


def test_what_is_not_looked_at_or_returned_is_not_passed(
    portal: PortalInMemory, firms: list[Firm]
) -> None:
    visitor = officer(portal)
    here = opened(visitor, NAMES[0])
    visitor.press("受理")
    [dashed] = visitor.all("//button[normalize-space(.)='通过']")
    assert dashed.get("aria-disabled") == "true"
    assert "项没有核对，不能通过" in visitor.texts("//*[@id='why-pass']")[0]
    visitor.press("填写退回意见", {"mark:/basic/fax": "return"})
    visitor.press("其余均无误")
    assert visitor.texts("//*[@id='why-pass']") == ["还有 1 项选了退回，不能通过"]
    visitor.post(here, {"_csrf": visitor.session.csrf, "_act": "PASS"})
    assert visitor.status == 422
    assert "还有 1 项选了退回，不能通过" in visitor.texts("//div[@class='summary']")[0]
    assert visitor.texts("//h1/span[1]") == ["审核中"]


def test_items_are_returned_with_reason_and_remark_and_the_next_case_opens(
    portal: PortalInMemory, firms: list[Firm]
) -> None:
    visitor = officer(portal)
    here = opened(visitor, NAMES[0])
    visitor.press("受理")
    back = "//button[normalize-space(.)='退回补正']/@class"
    assert visitor.all(back) == ["btn btn-line"], "nothing is to be returned yet"
    visitor.press("填写退回意见", {"mark:/basic/registered_address": "return"})
    assert visitor.all(back) == ["btn btn-main"]
    visitor.press("退回补正", {"text:/basic/registered_address": "与营业执照不一致"})
    assert visitor.status == 422, "a reason is missing"
    place = "//div[@class='summary']//a[starts-with(.,'注册地址 › 退回原因')]/@href"
    assert visitor.all(place) == ["#f-basic-registered_address-r"]
    assert visitor.all("//select[@id='f-basic-registered_address-r']")
    assert visitor.texts("//*[@class='check-row is-returned']//textarea") == ["与营业执照不一致"]
    visitor.press("退回补正", {"reason:/basic/registered_address": "R01"})
    assert f"{NAMES[0]}：退回补正" in visitor.text
    assert NAMES[1] in visitor.texts("//h1")[0]
    visitor.open(here)
    assert "已退回" in visitor.texts("//h1/span[1]")[0]
    assert "注册地址：与营业执照不一致" in visitor.text
    assert "已停表" in visitor.texts("//h1")[0]


def test_after_the_last_case_comes_the_queue(portal: PortalInMemory, firms: list[Firm]) -> None:
    visitor = officer(portal)
    for name in NAMES:
        opened(visitor, name)
        visitor.press("受理")
        visitor.press("其余均无误")
        visitor.press("通过")
    assert visitor.path.startswith("/cases?") or visitor.path == "/cases"
    assert f"{NAMES[1]}：通过" in visitor.text


# A visit


def test_a_filing_that_is_visited_goes_on_with_its_minutes(
    portal: PortalInMemory, firms: list[Firm]
) -> None:
    visitor = officer(portal)
    here = opened(visitor, NAMES[0])
    visitor.press("受理")
    visitor.press("实地核查", {"comment": "核查办公场所"})
    visitor.open(here)
    assert "待实地核查" in visitor.texts("//h1/span[1]")[0]
    seen = {
        "date": "2024-09-09",
        "place": "郑州市金水区",
        "minutes": "场所属实，人员在岗",
        "name-0": "张三",
        "certificate-0": "豫A0001",
    }
    visitor.press("登记核查记录", seen)
    assert "V10" in visitor.texts("//div[@class='summary']")[0], "one inspector is not enough"
    visitor.press("登记核查记录", {"name-1": "李四", "certificate-1": "豫A0002"})
    assert "核查记录已登记" in visitor.text
    assert visitor.texts("//section[@aria-labelledby='h-site']//p") == [
        "场所属实，人员在岗",
        "检查人员：张三、李四",
    ]
    visitor.press("受理")
    visitor.press("其余均无误")
    visitor.press("通过")
    visitor.open(here)
    assert visitor.texts("//h1/span[1]") == ["已办结"]


def test_scans_are_looked_at_while_minutes_are_written(
    portal: PortalInMemory, firms: list[Firm]
) -> None:
    visitor = officer(portal)
    here = opened(visitor, NAMES[0])
    visitor.press("受理")
    visitor.press("实地核查", {"comment": "核查办公场所"})
    visitor.open(here)
    [second] = visitor.texts("//section[@id='viewer']//li[2]/button")
    visitor.press(second, {"place": "郑州市金水区"})
    assert visitor.all("//input[@name='place']")[0].get("value") == "郑州市金水区"


def test_what_is_chosen_beyond_the_most_is_said_to_wait(
    portal: PortalInMemory, firms: list[Firm], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "MOST", 1)
    hired(firms[0])
    visitor = officer(portal)
    visitor.open("/cases?type=PER_INIT")
    first, second = chosen(visitor)
    visitor.press("批量通过", {"case": [first, second]})
    assert visitor.status == 200
    assert "其余 1 件仍在队列中" in visitor.text
