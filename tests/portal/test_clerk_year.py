"""Where a clerk would stumble in the year: each refusal keeps what was typed, says why and what to
do. Scripts off.
"""

import pytest

from tests.in_memory.firm import Firm
from tests.portal.in_memory import PortalInMemory

pytestmark = [pytest.mark.servers]


def test_a_stage_is_deleted_from_its_own_page(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    firm.file()
    firm.hire()
    project = firm.project()
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open(f"/projects/{project}")
    [stage] = clerk.all("//*[@id='stages']//li/a/@href")
    clerk.open(str(stage))
    clerk.press("删除")
    assert clerk.path == f"/projects/{project}"
    assert "阶段已删除" in clerk.text
    assert "还没有阶段" in clerk.text


def test_a_contract_that_has_a_project_says_why_it_cannot_be_deleted(
    portal: PortalInMemory,
) -> None:
    firm = Firm(portal.services)
    firm.file()
    firm.hire()
    firm.project()
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open("/contracts")
    [contract, *_] = clerk.all("//tbody//th/a/@href")
    clerk.open(str(contract))
    [button] = clerk.all("//button[normalize-space(.)='删除']")
    assert button.get("aria-disabled") == "true"
    assert clerk.texts(f"//*[@id='{button.get('aria-describedby')}']")[0]


def test_what_was_filed_in_5_0_is_fetched_and_asks_before_it_replaces_the_page(
    portal: PortalInMemory,
) -> None:
    firm = Firm(portal.services)
    body = {
        "uscc": firm.uscc,
        "legacy_id": "5-000001",
        "filed_on": "2023-05-01",
        "migrated": True,
        "content": {"basic": {"business_address": "郑州市老路 5 号"}},
    }
    portal.services.actor("SYS_ADMIN").do("POST", "enterprise", "/legacy-filings", body)
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open("/enterprise")
    clerk.press("保存 Ctrl S", {"/basic/business_address": "郑州市新路 9 号"})
    clerk.press("获取企业备案信息")
    assert "页面已有内容，获取将覆盖现有内容，请确认" in clerk.text
    address = "//*[@name='/basic/business_address']/@value"
    assert clerk.all(address) == ["郑州市新路 9 号"]
    clerk.press("覆盖现有内容，重新获取")
    assert "已获取 5.0 备案信息" in clerk.text
    assert clerk.all(address) == ["郑州市老路 5 号"]
