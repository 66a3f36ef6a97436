"""What an officer sees of a case besides its items: what the rules say and the enterprise
confirmed, who holds it, who said what.
"""

from typing import Any

import pytest

from deploy.demo import filing
from tests.in_memory.firm import Firm, open_campaign
from tests.portal.in_memory import PortalInMemory, VisitorInMemory

pytestmark = [pytest.mark.servers]
CITY = "410100"
CONFIRMED = "企业发送时已确认"


def officer(portal: PortalInMemory, user: str = "", **claims: Any) -> VisitorInMemory:
    return portal.visitor("CITY_OFFICER", user, city=CITY, **claims)


def findings(visitor: VisitorInMemory) -> dict[str, str]:
    """By rule."""
    rows = visitor.all("//ul[@class='findings']/li")
    found = [" ".join(each.text_content().split()) for each in rows]
    rules = [each.findtext("span[@class='rule']") for each in rows]
    return dict(zip(rules, found, strict=True))


def test_what_the_enterprise_confirmed_stands_at_its_case(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    firm.enterprise.page["profile"] = "主要从事设计"
    filing.first_filing(firm.enterprise)
    visitor = officer(portal)
    visitor.open("/cases")
    visitor.follow(firm.enterprise.name)
    told = findings(visitor)
    assert "企业简介少于20个字" in told["E17"]
    assert CONFIRMED in told["E17"]


def test_of_a_person_everything_is_told_and_what_was_confirmed(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    firm.file()
    firm.staff.file([firm.staff.add("赵示范", None, "ARCH", graduated_on="2030-07-01")])
    visitor = officer(portal)
    visitor.open("/cases?type=PER_INIT")
    [case] = visitor.all("//tbody//input[@name='case']")
    visitor.press("批量通过", {"case": case.get("value")})
    assert "P09" in visitor.text
    assert CONFIRMED in visitor.text
    visitor.open(f"/cases/{case.get('value')}")
    told = findings(visitor)
    assert "毕业时间不合理" in told["P09"]
    assert CONFIRMED in told["P09"]


def test_of_a_record_it_is_said_which_were_confirmed(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    firm.file()
    firm.hire()
    firm.make_record(open_campaign(portal.services), [firm.project()])
    firm.record.send()
    visitor = officer(portal)
    visitor.open("/cases")
    visitor.follow(firm.enterprise.name)
    told = firm.clerk.get("assessment", firm.record.path)
    [sent] = told["rounds"]
    assert sent["acknowledged"]
    found = findings(visitor)
    assert {rule for rule in found if CONFIRMED in found[rule]} == set(sent["acknowledged"])


# Names


def colleagues(portal: PortalInMemory) -> tuple[VisitorInMemory, VisitorInMemory]:
    """Two officers of one city who have signed in."""
    return officer(portal, "officer-7", name="王建国"), officer(portal, "officer-9", name="李红")


def taken_by(visitor: VisitorInMemory, portal: PortalInMemory) -> str:
    """Where the case of a firm's first filing is, which this officer took for review."""
    firm = Firm(portal.services)
    filing.first_filing(firm.enterprise)
    visitor.open("/cases")
    visitor.follow(firm.enterprise.name)
    visitor.press("受理")
    return visitor.path


def test_officers_are_named_and_their_accounts_told_beside(portal: PortalInMemory) -> None:
    first, other = colleagues(portal)
    here = taken_by(first, portal)
    other.open("/cases?state=any")
    assert other.texts("//td/span[@title='officer-7']") == ["王建国"]
    other.open(here)
    assert "由 王建国 受理，您只能查看" in other.text
    assert other.texts("//dd/span[@title='officer-7']") == ["王建国"]
    first.open(here)
    assert first.all("//datalist/option/@value") == ["李红"]
    first.press("不通过", {"comment": "资质证书与营业执照不符"})
    other.open(here)
    assert other.texts("//section[@aria-labelledby='h-dec']//span[@title='officer-7']") == [
        "王建国"
    ]
    other.follow("历史记录")
    assert "王建国" in other.text
    assert "officer-7" not in other.text


@pytest.mark.parametrize("typed", ["李红", "officer-9"])
def test_a_case_is_handed_over_to_a_colleague_by_name_or_account(
    portal: PortalInMemory, typed: str
) -> None:
    first, other = colleagues(portal)
    here = taken_by(first, portal)
    first.press("转办", {"to": typed, "why": "休假"})
    other.open(here)
    assert "您已受理，其他人只读" in other.text


def test_of_two_colleagues_of_one_name_each_is_told_with_the_account(
    portal: PortalInMemory,
) -> None:
    firm = Firm(portal.services)
    filing.first_filing(firm.enterprise)
    first = officer(portal, "officer-7", name="王建国")
    for user in ("officer-8", "officer-9"):
        officer(portal, user, name="李红")
    first.open("/cases")
    first.follow(firm.enterprise.name)
    first.press("受理")
    here = first.path
    offered = sorted(first.all("//datalist/option/@value"))
    assert offered == ["李红（officer-8）", "李红（officer-9）"]
    first.press("转办", {"to": offered[0], "why": "休假"})
    other = officer(portal, "officer-8", name="李红")
    other.open(here)
    assert "您已受理，其他人只读" in other.text


def test_whoever_never_signed_in_is_told_in_words_not_by_an_account(portal: PortalInMemory) -> None:
    """The officer who claimed works by a program of theirs and was never here."""
    firm = Firm(portal.services)
    portal.services.officer("officer-7").open(filing.first_filing(firm.enterprise))
    other = officer(portal, "officer-9", name="李红")
    other.open("/cases?state=any")
    assert other.texts("//td/span[@title='officer-7']") == ["未登记姓名的经办人"]
    other.follow(firm.enterprise.name)
    assert "由 未登记姓名的经办人 受理，您只能查看" in other.text
    other.follow("历史记录")
    assert "未登记姓名的经办人（市级审核员）" in other.text
    assert "officer-7" not in other.text


def test_an_enterprise_is_not_told_who_the_people_of_others_are(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    filing.first_filing(firm.enterprise)
    other = officer(portal, "officer-7", name="王建国")
    other.open("/cases")
    other.follow(firm.enterprise.name)
    other.press("受理")
    clerk = portal.visitor("ENT_CLERK", "another", org=firm.uscc)
    elsewhere = {"name": "赵一舟", "org": "91410100EXAMPLE11W"}
    portal.visitor("ENT_CLERK", "ent_clerk", **elsewhere)
    [sent] = firm.clerk.get("enterprise", f"{firm.enterprise.path}/filings")["items"]
    path = f"/enterprise/filings/{sent['id']}"
    clerk.open(f"{path}/history")
    assert "王建国" in clerk.text
    assert "赵一舟" not in clerk.text
    portal.visitor("ENT_CLERK", "ent_clerk", name="钱二", org=firm.uscc)
    clerk.open(f"{path}/history")
    assert "钱二" in clerk.text


@pytest.mark.parametrize("role", ["CITY_OFFICER", "AUDITOR", "EXPERT"])
def test_who_acts_for_no_enterprise_is_not_asked_to_register_one(
    portal: PortalInMemory, role: str
) -> None:
    claims = {"city": CITY} if role == "CITY_OFFICER" else {}
    visitor = portal.visitor(role, **claims)
    visitor.open("/enterprise")
    assert (visitor.status, "企业注册" in visitor.text) == (403, False)


def test_a_campaign_is_refused_by_the_names_of_its_fields(portal: PortalInMemory) -> None:
    province = portal.visitor("PROV_OFFICER", city="410000")
    province.open("/campaigns/new")
    province.press("建立考核批次", {"year": "", "title": "", "as_of_date": "明天"})
    assert province.status == 422
    said = province.all("//div[@class='summary']//a")
    assert {each.text.partition("：")[0] for each in said} == {"年度", "批次名称", "考核基准日"}
    assert all(province.all(f"//*[@id='{each.get('href')[1:]}']") for each in said)


def test_a_closed_case_says_who_handled_it(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    filing.first_filing(firm.enterprise)
    visitor = officer(portal)
    visitor.open("/cases")
    visitor.follow(firm.enterprise.name)
    here = visitor.path
    visitor.press("受理")
    visitor.press("不通过", {"comment": "提交的材料与实际情况不符"})
    visitor.open(here)
    assert "办理。" in visitor.texts("//div[@class='pagehead']//p")[0]
    assert "您只能查看" not in visitor.text
