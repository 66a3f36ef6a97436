"""Every page that somebody can reach by links, as each kind of visitor finds it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from deploy.demo.packet import Packets
from libs.filing.reference import raw
from tests.in_memory.firm import Firm, open_campaign, order_rectification, publish, review
from tests.in_memory.installation import Installation
from tests.portal.crawl import Crawled, crawl
from tests.portal.in_memory import PortalInMemory, VisitorInMemory
from tests.portal.test_folding import with_certificates

pytestmark = [pytest.mark.servers, pytest.mark.slow]
HANDLERS = "//@*[starts-with(name(), 'on')]"
INLINE = f"//@style | //style | //script[not(@src)] | {HANDLERS}"
A_PAGE, A_LIST = 30_000, 60_000  # bytes of HTML, at most
LIST = "//table[not(//*[starts-with(@name, '/')])]"  # beside a form a table is part of it
NAME = "示范人"
ROLES = "|".join(each["code"] for each in raw("role")["items"])
ROLE = re.compile(rf"\b({ROLES})\b", re.ASCII)  # words of Chinese bound it too
EMPTY = "//main//*[self::ol or self::ul][not(li)]"
TWICE = "//*[@id and @id = following::*/@id]/@id"


def kinds_of_visitors(firm: Firm) -> dict[str, dict[str, str]]:
    """By role, what is claimed of them; the last is nobody."""
    city, province = {"city": "410100"}, {"city": "410000"}
    return {
        "ENT_CLERK": {"org": firm.uscc},
        "ENT_LEGAL": {"org": firm.uscc},
        "CITY_OFFICER": city,
        "CITY_LEAD": city,
        "PROV_OFFICER": province,
        "PROV_LEAD": province,
        "EXPERT": {},
        "AUDITOR": {},
        "SYS_ADMIN": {},
        "": {},
    }


def visitors(portal: PortalInMemory, firm: Firm, language: str) -> dict[str, VisitorInMemory]:
    return {
        role or "guest": portal.visitor(role, language=language, name=NAME, **claims)
        for role, claims in kinds_of_visitors(firm).items()
    }


@pytest.fixture
def firm(portal: PortalInMemory) -> Firm:
    return whole_year(portal.services)


def whole_year(at: Installation) -> Firm:
    """Filed, a packet built of it, people, a project, a record that failed and was announced, so
    that it has to be made good, a change with several certificates that is not sent. Beside it
    another whose record and change are still with the city.
    """
    campaign = open_campaign(at)
    first, second = Firm(at), Firm(at, 2, "洛阳示例工程设计有限公司")
    for each in (first, second):
        filing = each.file().rpartition("/")[2]
        Packets(each.clerk, each.enterprise.id).build([filing])
        each.hire()
        each.make_record(campaign, [each.project()])
        each.record.send()
    review(at, first, "FAIL")
    publish(at, [first], "ANNOUNCED")
    order_rectification(at, first)
    with_certificates(first, 4)
    changes(second)
    return first


def changes(firm: Firm) -> None:
    """Another telephone number, sent."""
    filing = firm.enterprise.add("ENT_CHANGE")
    content = firm.enterprise.state(filing)["content"]
    content["basic"]["contact_mobile"] = "13900000009"
    firm.enterprise.save(filing, content)
    firm.enterprise.send(filing)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_link_leads_nowhere_and_every_page_is_sound(
    portal: PortalInMemory, firm: Firm, language: str
) -> None:
    faults: list[str] = []
    for who, visitor in visitors(portal, firm, language).items():
        start = "/" if who != "guest" else "/results"
        pages = crawl(visitor, start)
        faults += [f"{who}: one page only"] if len(pages) == 1 else []
        for page in pages.values():
            faults += [f"{who} {page.path}: {each}" for each in wrong(page, language)]
    assert faults == [], "\n".join(faults)


def wrong(found: Crawled, language: str) -> Iterator[str]:
    if found.status != 200:
        yield f"answers {found.status}; linked by {found.via}"
    if (page := found.page) is None:
        return
    most = A_LIST if page.xpath(LIST) else A_PAGE
    if found.size > most:
        yield f"{found.size} bytes, more than {most}"
    for each in page.xpath(INLINE):
        yield f"inline: {each}"
    for each in page.xpath(TWICE):
        yield f"the id {each} twice"
    if len(page.xpath("//h1")) != 1:
        yield f"{len(page.xpath('//h1'))} headings of the first order"
    if not page.xpath("string(//title)").strip():
        yield "no title"
    if page.get("lang", "")[:2] != language:
        yield f"lang {page.get('lang')}"
    for each in page.xpath(EMPTY):
        yield f"a list of nothing under {each.xpath('string(preceding::h2[1])')}"
    for each in set(ROLE.findall(page.text_content())):
        yield f"a role by its code: {each}"
    yield from (
        f"no label: {name(each)}"
        for each in page.xpath("//main//*[self::input or self::select or self::textarea]")
        if not labelled(page, each)
    )


def name(element: Any) -> str:
    return f"{element.tag} {element.get('name')}"


def labelled(page: Any, element: Any) -> bool:
    if element.get("type") in ("hidden", "submit", "button"):
        return True
    if element.get("aria-label") or element.get("aria-labelledby"):
        return True
    if any(each.tag == "label" for each in element.iterancestors()):
        return True
    return bool(page.xpath("//label[@for = $id]", id=element.get("id") or "-"))
