"""资质申报 › 动态考核 › 河南动态考核, scripts off: the clerk's pages of a record, from 添加 to the
result (manual, chapter 5; domain book 5.7).
"""

import pytest

from deploy.demo import scans
from tests.in_memory.firm import Firm, open_campaign
from tests.portal.in_memory import PortalInMemory, VisitorInMemory

pytestmark = [pytest.mark.servers]
STEPS = ("企业基本信息", "资质信息", "技术人员", "企业业绩", "社保证明")


def pdf(scan_type: str) -> tuple[str, bytes, str]:
    return f"{scan_type}.pdf", scans.pdf(scan_type, "示范"), "application/pdf"


def clerk_of(portal: PortalInMemory, firm: Firm) -> VisitorInMemory:
    return portal.visitor("ENT_CLERK", org=firm.uscc)


def filed(portal: PortalInMemory) -> Firm:
    firm = Firm(portal.services)
    firm.file()
    firm.hire()
    return firm


def begun(portal: PortalInMemory, firm: Firm) -> VisitorInMemory:
    clerk = clerk_of(portal, firm)
    clerk.open("/assessment")
    clerk.press("添加")
    return clerk


def test_a_record_is_begun_where_everything_is_there(portal: PortalInMemory) -> None:
    open_campaign(portal.services)
    firm = Firm(portal.services)
    clerk = begun(portal, firm)
    assert clerk.texts("//*[@class='summary']//*[@class='rule']") == ["A02", "A04", "A05"]
    links = [each.get("href") for each in clerk.all("//*[@class='summary']//a")]
    assert links == ["/enterprise/filings", "/people/filings", "/projects"]


def test_a_record_is_chosen_step_by_step_generated_and_sent(portal: PortalInMemory) -> None:
    open_campaign(portal.services)
    firm = filed(portal)
    project = firm.project()
    clerk = begun(portal, firm)
    for label in STEPS[:2]:
        assert clerk.texts("//h1")[0].startswith(label)
        clerk.press("保存，下一步")
    people = [each.get("value") for each in clerk.all("//input[@name='chosen']")]
    clerk.press("保存，下一步", {"chosen": people})
    assert clerk.path.endswith("/steps/performance"), clerk.text
    clerk.press("保存本步 Ctrl S", {"chosen": [project]})
    file = {f"_file:ASM_PERF:{project}": pdf("ASM_PERF")}
    clerk.press("保存，下一步", files=file)
    assert clerk.path.endswith("/steps/social-insurance"), clerk.text
    clerk.press("全部已缴")
    proof = {"_file:SI_PROOF:all": pdf("SI_PROOF")}
    clerk.press("保存，下一步", files=proof)
    assert clerk.path.endswith("/steps/generate"), clerk.text
    clerk.press("生成")
    assert "已生成，尚未发送" in clerk.text
    clerk.follow("发送")
    clerk.press("确认发送")
    assert "A25" in clerk.texts("//*[@class='summary']//*[@class='rule']")
    boxes = [each.get("value") for each in clerk.all("//input[@name='read']")]
    clerk.press("确认发送", {"read": boxes})
    assert "发送成功，动态考核报送工作已完成" in clerk.text
