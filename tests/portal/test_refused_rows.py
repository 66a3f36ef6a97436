"""A refusal of what was chosen in a list names it, and leads to its row, or to the page on which it
is mended, at the field concerned.
"""

from collections.abc import Iterator
from urllib.parse import urldefrag

import pytest

from deploy.demo import packet, staff
from tests.in_memory.firm import TEAM, Firm
from tests.portal.in_memory import PortalInMemory, VisitorInMemory

pytestmark = [pytest.mark.servers]


@pytest.fixture
def firm(portal: PortalInMemory) -> Firm:
    """It has filed; nobody is hired yet."""
    made = Firm(portal.services)
    made.file()
    return made


@pytest.fixture
def clerk(portal: PortalInMemory, firm: Firm) -> VisitorInMemory:
    return portal.visitor("ENT_CLERK", org=firm.uscc)


@pytest.fixture
def late(portal: PortalInMemory, firm: Firm) -> VisitorInMemory:
    """A second clerk, whose page was opened before the first one acted."""
    return portal.visitor("ENT_CLERK", "late", org=firm.uscc)


def refusals(visitor: VisitorInMemory) -> Iterator[tuple[str, str]]:
    """Of each refusal the words before it, and where it leads; there it stands, whichever page that
    is.
    """
    refused = visitor.all('//*[@class="summary"]//li')
    assert refused, visitor.text
    for each in refused:
        [link] = each.xpath("a") or [None]
        assert link is not None, f"leads nowhere: {each.text_content()}"
        leads_somewhere(visitor, link.get("href"))
        yield link.text_content().partition("：")[0], link.get("href")


def leads_somewhere(visitor: VisitorInMemory, href: str) -> None:
    """To a page, and on it to what has that id."""
    here, page = visitor.path, visitor.page
    path, at = urldefrag(href)
    if path:
        visitor.open(path)
        assert visitor.status == 200, href
    if at:
        assert len(visitor.all(f'//*[@id="{at}"]')) == 1, href
    visitor.path, visitor.page = here, page


def hired(firm: Firm) -> list[str]:
    """Ids of two people who are saved, and have no filing yet."""
    return staff.hire(firm.staff, firm.random, TEAM)


def test_a_filing_withdrawn_meanwhile_is_put_into_no_packet(
    firm: Firm, clerk: VisitorInMemory, late: VisitorInMemory
) -> None:
    change = firm.enterprise.change(contact_mobile="13900000009")
    late.open("/packets")
    chosen = late.all("//input[@name='filing']/@value")
    clerk.open(f"/enterprise/changes/{change.rpartition('/')[2]}")
    clerk.press("撤回")
    firm.enterprise.waits_for(change, "WITHDRAWN")
    late.press("生成", {"filing": chosen})
    [(name, href)] = refusals(late)
    assert name == firm.enterprise.name
    [row] = late.all(f"//*[@id='{href[1:]}']")
    assert (row.tag, "企业撤回" in row.text_content()) == ("tr", True)


def test_a_packet_that_somebody_else_mails_says_how_it_stands(
    portal: PortalInMemory, firm: Firm, clerk: VisitorInMemory, late: VisitorInMemory
) -> None:
    packet.enter_mailbox(portal.services.actor("SYS_ADMIN"))
    clerk.open("/packets")
    clerk.press("生成", {"filing": clerk.all("//input[@name='filing']/@value")})
    packets = packet.Packets(firm.clerk, firm.enterprise.id)
    packets.waits_for(clerk.path.rpartition("/")[2], "READY")
    clerk.open(clerk.path)
    late.open(clerk.path)
    clerk.press("发送至主管部门邮箱")
    late.press("发送至主管部门邮箱")
    [(name, href)] = refusals(late)
    assert (name, late.texts(f"//h1[@id='{href[1:]}']")) == (
        "当前状态",
        ["备案审核资料 正在发送"],
    )


def test_who_was_added_meanwhile_leads_to_the_person(
    firm: Firm, clerk: VisitorInMemory, late: VisitorInMemory
) -> None:
    [first, second] = hired(firm)
    late.open("/people/filings")
    clerk.open("/people/filings")
    clerk.press("添加", {"person": second})
    late.press("添加", {"person": [first, second]})
    [(name, href)] = refusals(late)
    assert (firm.staff.people[name], href) == (second, f"/people/{second}")


def test_who_is_gone_leads_to_the_person(
    firm: Firm, clerk: VisitorInMemory, late: VisitorInMemory
) -> None:
    firm.hire()
    gone, *_ = firm.staff.people
    late.open("/people/changes")
    firm.leaves(gone)
    late.press("离职（调出）", {"person": firm.staff.people[gone]})
    assert list(refusals(late)) == [(gone, f"/people/{firm.staff.people[gone]}")]


def added(firm: Firm, clerk: VisitorInMemory, person: str) -> str:
    """The filing that was begun on the page."""
    clerk.open("/people/filings")
    clerk.press("添加", {"person": person})
    [filing] = clerk.all("//input[@name='filing']/@value")
    return str(filing)


def test_who_is_sent_meanwhile_and_not_saved_leads_to_the_filing(
    firm: Firm, clerk: VisitorInMemory, late: VisitorInMemory
) -> None:
    person, *_ = hired(firm)
    [name] = [each for each, id in firm.staff.people.items() if id == person]
    filing = added(firm, clerk, person)
    clerk.press("保存", {"filing": filing})
    late.open("/people/filings")
    firm.staff.send([filing])
    late.press("保存", {"filing": filing})
    assert list(refusals(late)) == [(name, f"/people/filings/{filing}")]


def test_who_is_not_sent_leads_to_the_field(firm: Firm, clerk: VisitorInMemory) -> None:
    content = staff.person(firm.random, "赵示范", firm.uscc, None, "ARCH") | {"school": ""}
    person = firm.clerk.do("POST", "personnel", "/people", content)["id"]
    filing = added(firm, clerk, person)
    clerk.press("在线发送", {"filing": filing})
    hrefs = {str(each) for each in clerk.all("//a[.='去改正']/@href")}
    page = f"/people/filings/{filing}"
    assert hrefs >= {f"{page}#f-school", f"{page}#f-scans"}
    for each in hrefs:
        leads_somewhere(clerk, each)


@pytest.mark.parametrize(
    ("page", "act", "place"),
    [
        ("/people/{person}", "添加备案", "当前状态"),
        ("/enterprise/filings", "添加", "备案列表"),
        ("/contracts", "新建暂无业绩", "合同列表"),
    ],
)
def test_what_was_begun_already_says_how_it_stands(
    portal: PortalInMemory, page: str, act: str, place: str
) -> None:
    firm = Firm(portal.services)
    clerk, late = (portal.visitor("ENT_CLERK", each, org=firm.uscc) for each in ("zhao", "qian"))
    person, *_ = hired(firm)
    for each in (clerk, late):
        each.open(page.format(person=person))
    for each in (clerk, late):
        each.press(act)
    assert [name for name, _ in refusals(late)] == [place]
