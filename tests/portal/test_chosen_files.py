"""Files that were chosen together: what is good is taken, what is not is told at its card."""

import pytest

from deploy.demo import scans
from tests.in_memory.firm import Firm, open_campaign
from tests.portal.in_memory import PortalInMemory, VisitorInMemory

pytestmark = [pytest.mark.servers]
JPEG, PDF = "image/jpeg", "application/pdf"


def picture(scan_type: str) -> tuple[str, bytes, str]:
    return (f"{scan_type}.jpg", scans.jpeg(scan_type, "某单位"), JPEG)


def card(visitor: VisitorInMemory, scan_type: str) -> str:
    [words] = visitor.texts(f"//li[@id='f-scans-{scan_type}']")
    return words


def is_bad(visitor: VisitorInMemory, scan_type: str) -> bool:
    [each] = visitor.all(f"//li[@id='f-scans-{scan_type}']/@class")
    return "is-bad" in each.split()


def tab(visitor: VisitorInMemory) -> str:
    [words] = visitor.texts("//nav[@class='tabs']//a[@href='#f-scans']")
    return words


def test_a_bad_scan_takes_no_other_with_it(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    firm.enterprise.fill_in()
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open("/enterprise")
    for label in clerk.texts("//button[@name='_remove' and starts-with(@value, '/scans/')]"):
        clerk.press(label)
    first, second, third = [
        each.removeprefix("_file:") for each in clerk.all("//input[@type='file']/@name")
    ][:3]
    chosen = {
        f"_file:{first}": picture(first),
        f"_file:{second}": ("坏的.jpg", b"no picture", JPEG),
        f"_file:{third}": picture(third),
    }
    clerk.press("保存 Ctrl S", files=chosen)
    assert clerk.status >= 400
    for good in (first, third):
        assert "✓" in card(clerk, good), card(clerk, good)
        assert not is_bad(clerk, good)
    assert "坏的.jpg" in card(clerk, second)
    assert is_bad(clerk, second)
    assert "1 处错误" in tab(clerk)


def test_the_pages_of_one_scan_are_chosen_together(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    firm.enterprise.fill_in()
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open("/enterprise")
    assert not clerk.all("//input[@name='_file:ENT_LEGAL_ID' and @multiple]")
    [name] = clerk.all("//input[@name='_file:ENT_AUDIT' and @multiple]/@name")
    before = card(clerk, "ENT_AUDIT").count("✓")
    pages = [
        (name, (f"第{each}页.jpg", scans.jpeg("ENT_AUDIT", f"page {each}"), JPEG))
        for each in range(3)
    ]
    clerk.press("保存 Ctrl S", files=pages)
    assert "已保存" in clerk.text
    assert card(clerk, "ENT_AUDIT").count("✓") == before + 3


def test_what_a_new_contract_that_was_not_saved_could_not_keep_is_told(
    portal: PortalInMemory,
) -> None:
    firm = Firm(portal.services)
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open("/contracts/new")
    [slot, *_] = clerk.all("//input[@type='file']/@name")
    scan_type = slot.removeprefix("_file:")
    clerk.press("保存 Ctrl S", {"/signed_on": "昨天"}, {slot: picture(scan_type)})
    assert clerk.status >= 400
    lost = f"没有保存，所选文件 {scan_type}.jpg 没有保留，请重新选择"
    assert lost in card(clerk, scan_type)
    assert is_bad(clerk, scan_type)
    assert "处错误" in tab(clerk)


def slot_of(visitor: VisitorInMemory, slot: str) -> tuple[str, bool]:
    """The words at the slot of a row, and whether it is marked."""
    [each] = visitor.all(f"//li[@id='slot-{slot.replace(':', '-')}']")
    return " ".join(each.text_content().split()), "is-bad" in each.get("class").split()


def test_of_a_record_the_good_file_stays_until_it_is_saved(portal: PortalInMemory) -> None:
    campaign, firm = open_campaign(portal.services), Firm(portal.services)
    firm.file()
    firm.hire()
    project = firm.project()
    firm.make_record(campaign, [project])
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    here = f"/assessment/{firm.record.id}/steps/performance"
    clerk.open(here)
    slot = f"ASM_PERF:{project}"
    before = slot_of(clerk, slot)[0].count("✓")
    good = scans.pdf("ASM_PERF", "示范二")
    chosen = [
        (f"_file:{slot}", ("坏的.pdf", b"nothing", "application/pdf")),
        (f"_file:{slot}", ("好的.pdf", good, "application/pdf")),
    ]
    clerk.press("保存本步 Ctrl S", files=chosen)
    assert clerk.status >= 400
    words, is_marked = slot_of(clerk, slot)
    assert (words.count("✓"), is_marked) == (before + 1, True)
    assert "坏的.pdf" in words
    clerk.press("保存本步 Ctrl S")
    clerk.open(here)
    words, is_marked = slot_of(clerk, slot)
    assert (words.count("✓"), is_marked) == (before + 1, False)


def test_a_row_that_comes_in_a_filing_says_which_chosen_file_is_gone(
    portal: PortalInMemory,
) -> None:
    firm = Firm(portal.services)
    firm.file()
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open("/enterprise/changes")
    clerk.press("添加")
    [label, *_] = clerk.texts("//button[@name='_append']")
    clerk.press(label, files={"_file:ENT_AUDIT": picture("ENT_AUDIT")})
    assert "所选文件 ENT_AUDIT.jpg 没有保留，请重新选择" in card(clerk, "ENT_AUDIT")
    assert is_bad(clerk, "ENT_AUDIT")
    clerk.press(label)
    assert "没有保留" not in clerk.text


@pytest.mark.parametrize("years", [1, 6])
def test_what_another_program_put_into_a_row_stays_with_it(
    portal: PortalInMemory, years: int
) -> None:
    """No slot of the page has it; also where so many rows stand that they are folded."""
    firm = Firm(portal.services)
    firm.enterprise.fill_in()
    content = firm.clerk.get("enterprise", firm.enterprise.path)["information"]
    audit = firm.clerk.upload("enterprise", "ENT_AUDIT", scans.pdf("ENT_AUDIT", "示范"), PDF)
    rows = [{**content["net_assets"][0], "fiscal_year": 2023 - n} for n in range(years)]
    rows[-1]["scans"] = [audit | {"file_name": "审计报告.pdf"}]
    body, version = content | {"net_assets": rows}, firm.enterprise.version
    firm.clerk.do("PUT", "enterprise", f"{firm.enterprise.path}/information", body, version=version)
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open("/enterprise")
    clerk.press("保存 Ctrl S", {"/basic/website": "www.example.cn"})
    assert "已保存" in clerk.text
    saved = firm.clerk.get("enterprise", firm.enterprise.path)["information"]
    assert saved["basic"]["website"] == "www.example.cn"
    [kept] = saved["net_assets"][-1]["scans"]
    assert (kept["scan"], kept["file_name"]) == (audit["scan"], "审计报告.pdf")
