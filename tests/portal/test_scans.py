"""Scans at the screen: in their slots, as pages, beside what was sent. Scripts off."""

from io import BytesIO

import pytest
from PIL import Image

from deploy.demo import filing
from tests.in_memory.firm import Firm
from tests.portal.in_memory import PortalInMemory, VisitorInMemory

pytestmark = [pytest.mark.servers]
CITY = "410100"


def the_scan(firm: Firm, scan_type: str = "ENT_AUDIT") -> str:
    found = firm.enterprise.page["scans"]
    return str(next(each["scan"] for each in found if each["scan_type"] == scan_type))


def picture(visitor: VisitorInMemory) -> Image.Image:
    """The page that the viewer shows."""
    (source,) = visitor.all("//img[contains(@class, 'page')]/@src")
    before = (visitor.path, visitor.page)
    visitor.open(source)
    shown = Image.open(BytesIO(visitor.content))
    visitor.path, visitor.page = before
    return shown


def sent(portal: PortalInMemory) -> Firm:
    firm = Firm(portal.services)
    filing.first_filing(firm.enterprise)
    return firm


def taken(portal: PortalInMemory, firm: Firm) -> VisitorInMemory:
    officer = portal.visitor("CITY_OFFICER", city=CITY)
    officer.open("/cases")
    officer.follow(firm.enterprise.name)
    officer.press("受理")
    return officer


def test_a_clerk_sees_their_scans_in_their_slots_and_page_by_page(portal: PortalInMemory) -> None:
    firm = sent(portal)
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open("/enterprise")
    scan = f"/scans/enterprise/{the_scan(firm)}"
    [small] = clerk.all(f"//img[starts-with(@src, '{scan}/')]/@src")
    clerk.open(small)
    assert Image.open(BytesIO(clerk.content)).width == 320
    clerk.open(scan)
    assert "第 1 / 2 页" in clerk.text
    first = picture(clerk)
    assert (first.format, first.width) == ("WEBP", 960)
    clerk.follow("下一页 ›")
    assert "第 2 / 2 页" in clerk.text
    assert picture(clerk).tobytes() != first.tobytes()
    clerk.follow("下载扫描件")
    assert clerk.content.startswith(b"%PDF")


def test_who_sees_only_pages_is_offered_no_file(portal: PortalInMemory) -> None:
    """An officer reads what was sent page by page; the file is its enterprise's."""
    firm = sent(portal)
    scan = f"/scans/enterprise/{the_scan(firm)}"
    officer = portal.visitor("CITY_OFFICER", city=CITY)
    officer.open(scan)
    assert "第 1 / 2 页" in officer.text
    assert officer.all(f"//a[@href='{scan}/file']") == []
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open(scan)
    assert clerk.texts(f"//a[@href='{scan}/file']") == ["下载扫描件"]


@pytest.mark.parametrize("page", ["?page=0", "?page=3", "/pages/3", "/pages/0"])
def test_there_is_no_page_out_of_range(portal: PortalInMemory, page: str) -> None:
    firm = sent(portal)
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open(f"/scans/enterprise/{the_scan(firm)}{page}")
    assert clerk.status == 404


def test_who_is_not_concerned_sees_no_page_of_a_scan(portal: PortalInMemory) -> None:
    firm = sent(portal)
    scan = f"/scans/enterprise/{the_scan(firm)}"
    for stranger in (
        portal.visitor("ENT_CLERK", org="91410100MA3X000000"),
        portal.visitor("CITY_OFFICER", city="410200"),
    ):
        for path in (scan, f"{scan}/file", f"{scan}/pages/1"):
            stranger.open(path)
            assert stranger.status in (403, 404), path  # files are their own enterprise's alone
    nobody = portal.visitor()
    nobody.open(f"{scan}/pages/1")
    assert nobody.path.startswith("/login")


def test_no_session_is_shown_what_another_one_has_kept(portal: PortalInMemory) -> None:
    firm = sent(portal)
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    url = f"/scans/enterprise/{the_scan(firm)}/pages/1"
    answer = portal.services.run(clerk.browser.get(url))
    assert answer.headers["cache-control"] == "private, max-age=3600, immutable"
    assert "Cookie" in answer.headers["vary"]


def test_every_scan_that_was_sent_stands_beside_the_form(portal: PortalInMemory) -> None:
    firm = sent(portal)
    officer = taken(portal, firm)
    here = officer.path
    officer.press("其余均无误")
    officer.press("通过")
    officer.open(here)
    chosen = officer.texts("//section[@id='viewer']//li")
    assert len(chosen) == len(firm.enterprise.page["scans"])
    (audit,) = [each for each in chosen if each.startswith("审计报告")]
    officer.follow(audit)
    assert "第 1 / 2 页" in officer.text
    assert "下载扫描件" not in officer.text
    first = picture(officer).tobytes()
    officer.follow("›")
    assert "第 2 / 2 页" in officer.text
    assert picture(officer).tobytes() != first


def test_turning_a_page_loses_nothing_of_what_an_officer_has_written(
    portal: PortalInMemory,
) -> None:
    firm = sent(portal)
    officer = taken(portal, firm)
    (audit,) = [
        each for each in officer.texts("//section[@id='viewer']//li") if each.startswith("审计报告")
    ]
    written = {"mark:/basic/fax": "return", "text:/basic/fax": "缺第 2 页", "comment": "请补"}
    officer.press(audit, written)
    officer.press("›")
    assert "第 2 / 2 页" in officer.text
    typed = officer.texts(
        "//*[@class='check-row is-returned']//textarea | //textarea[@name='comment']"
    )
    assert typed == ["缺第 2 页", "请补"]


def test_each_page_that_was_looked_at_is_written_down(portal: PortalInMemory) -> None:
    firm = sent(portal)
    officer, log = taken(portal, firm), portal.services["enterprise"]
    before = log.types.count("Reading.PersonalDataRead")
    (source,) = officer.all("//section[@id='viewer']//img/@src")
    officer.open(source)
    assert log.types.count("Reading.PersonalDataRead") == before + 1


def test_a_page_is_enlarged_and_turned_without_scripts(portal: PortalInMemory) -> None:
    firm = sent(portal)
    officer = portal.visitor("CITY_OFFICER", city=CITY)
    officer.open("/cases")
    officer.follow(firm.enterprise.name)
    here = officer.path
    officer.follow("＋")
    assert officer.all("//section[@id='viewer']//img/@src")[0].endswith("?width=1440")
    officer.follow("↻")
    (box,) = officer.all("//section[@id='viewer']/div[img]/@class")
    assert set(box.split()) >= {"zoom-150", "turn-1"}
    for _ in range(5):
        officer.follow("−")
    (box,) = officer.all("//section[@id='viewer']/div[img]/@class")
    assert set(box.split()) >= {"zoom-100", "turn-1"}
    for odd in ("0:x:y:z", ":1:7:9", "::::::"):
        officer.open(f"{here}?look={odd}")
        assert officer.status == 200
        (box,) = officer.all("//section[@id='viewer']/div[img]/@class")
        assert "zoom-100" in box


def test_what_is_enlarged_stays_so_while_an_officer_writes(portal: PortalInMemory) -> None:
    officer = taken(portal, sent(portal))
    officer.press("＋", {"comment": "请补"})
    (audit,) = [
        each for each in officer.texts("//section[@id='viewer']//li") if each.startswith("审计报告")
    ]
    officer.press(audit)
    officer.press("＋")
    officer.press("›")
    assert "第 2 / 2 页" in officer.text
    (box,) = officer.all("//section[@id='viewer']/div[img]/@class")
    assert "zoom-150" in box
    assert officer.texts("//textarea[@name='comment']") == ["请补"]


def test_the_page_of_a_scan_leads_back_to_where_it_was_opened(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    firm.enterprise.fill_in()
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open("/enterprise")
    clerk.follow("查看 营业执照")
    assert clerk.path.startswith("/scans/enterprise/")
    clerk.follow("返回")
    assert clerk.path == "/enterprise"
    [scan] = {each["scan"] for each in firm.enterprise.page["scans"][:1]}
    for elsewhere in ("https://evil.example/", "//evil.example"):
        clerk.open(f"/scans/enterprise/{scan}?back={elsewhere}")
        assert clerk.all("//a[normalize-space(.)='返回']")[0].get("href") == "/"
