"""真实性承诺书, where the campaign asks for one: brought with the first step of the record, and one
takes the place of the other.
"""

import pytest

from deploy.demo import assessment, scans
from tests.in_memory.firm import Firm, filed
from tests.portal.in_memory import PortalInMemory, VisitorInMemory

pytestmark = [pytest.mark.servers]
SLOT = "//li[@id='slot-ASM_COMMIT-' or @id='slot-ASM_COMMIT']"


@pytest.fixture
def firm(portal: PortalInMemory) -> Firm:
    province = portal.services.reviewer("PROV_OFFICER").actor
    assessment.open_campaign(province, commitment_required=True)
    made = filed(portal.services)
    made.project()
    return made


@pytest.fixture
def clerk(portal: PortalInMemory, firm: Firm) -> VisitorInMemory:
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open("/assessment")
    clerk.press("添加")
    firm.record.id = clerk.path.removeprefix("/assessment").strip("/").partition("/")[0]
    clerk.open(f"/assessment/{firm.record.id}/steps/enterprise")
    return clerk


def bring(clerk: VisitorInMemory, text: str) -> None:
    [name] = [str(each) for each in clerk.all(f"{SLOT}//input[@type='file']/@name")]
    file = f"{text}.pdf", scans.pdf("ASM_COMMIT", text), "application/pdf"
    clerk.press("保存本步 Ctrl S", files={name: file})


def statement(firm: Firm) -> str:
    return str(firm.record.now["steps"]["enterprise"]["commitment"]["scan"]["scan"])


def test_one_is_asked_for_and_kept(clerk: VisitorInMemory, firm: Firm) -> None:
    assert "最多 1 份" in clerk.texts(SLOT)[0]
    bring(clerk, "承诺书")
    assert "承诺书.pdf" in clerk.texts(SLOT)[0]
    first = statement(firm)
    clerk.press("保存本步 Ctrl S")
    assert statement(firm) == first


def test_another_takes_its_place(clerk: VisitorInMemory, firm: Firm) -> None:
    bring(clerk, "承诺书")
    first = statement(firm)
    bring(clerk, "重新盖章的承诺书")
    assert statement(firm) != first
    assert "重新盖章的承诺书.pdf" in clerk.texts(SLOT)[0]


def test_one_that_was_taken_away_is_gone(clerk: VisitorInMemory, firm: Firm) -> None:
    bring(clerk, "承诺书")
    [drop] = clerk.all(f"{SLOT}//button[@name='_drop']")
    clerk.press(" ".join(drop.text_content().split()))
    clerk.press("保存本步 Ctrl S")
    clerk.open(f"/assessment/{firm.record.id}/steps/enterprise")
    assert "还没有扫描件" in clerk.texts(SLOT)[0]


def test_a_step_is_not_in_order_without_its_scan(clerk: VisitorInMemory) -> None:
    clerk.press("保存本步 Ctrl S")
    assert "还有 1 处没有扫描件，发送前须上传" in clerk.text
    bring(clerk, "承诺书")
    assert "没有错误和提醒" in clerk.text


def test_a_device_keeps_its_own_invoice_when_another_goes(
    clerk: VisitorInMemory, firm: Firm
) -> None:
    """The second has none, and does not get that of the first."""
    for _ in range(2):
        clerk.press("添加技术装备")
    at = "/enterprise/equipment"
    typed = {f"{at}/0/model": "全站仪", f"{at}/1/model": "水准仪"}
    clerk.press("保存本步 Ctrl S", typed)
    [first] = clerk.all("//li[@id='slot-ASM_EQUIP-0']//input[@type='file']/@name")
    invoice = "发票.pdf", scans.pdf("ASM_EQUIP", "全站仪"), "application/pdf"
    clerk.press("保存本步 Ctrl S", files={str(first): invoice})
    kept = firm.record.now["steps"]["enterprise"]["equipment"]
    assert [bool(each["invoice_scan"]) for each in kept] == [True, False]
    clerk.press("移除技术装备 1")
    clerk.press("保存本步 Ctrl S")
    [left] = firm.record.now["steps"]["enterprise"]["equipment"]
    assert (left["model"], left["invoice_scan"]) == ("水准仪", None)
