"""A clerk who begins in another order than the manual's is told what is missing, and nothing is
wrong before somebody has done something.
"""

import pytest

from tests.in_memory.firm import Firm, filed, open_campaign
from tests.portal.in_memory import PortalInMemory, VisitorInMemory

pytestmark = [pytest.mark.servers]


@pytest.fixture
def clerk(portal: PortalInMemory) -> VisitorInMemory:
    """Of an enterprise that has registered, and saved nothing; its filing is added."""
    made = portal.visitor("ENT_CLERK", org=Firm(portal.services).uscc)
    made.open("/enterprise/filings")
    made.press("添加")
    return made


WRONG = "//*[contains(@class, 'sev-b') or contains(@class, 'summary')] | //*[@aria-invalid]"


def test_a_filing_added_before_anything_was_saved_leads_to_what_is_to_be_filled_in(
    clerk: VisitorInMemory,
) -> None:
    assert clerk.status == 200
    assert not clerk.all(WRONG)
    assert len(clerk.all("//p[@id='why-send']/span")) == 1
    clerk.follow("企业基本信息")
    assert "尚未填写" in clerk.text


def test_what_was_saved_without_anything_in_it_says_all_that_is_missing(
    clerk: VisitorInMemory,
) -> None:
    here = clerk.path
    clerk.press("保存")
    assert "已保存，尚未发送" in clerk.text
    assert len(clerk.all("//ul[@class='findings']/li")) > 20
    for page in ("print", "history", "diff"):
        clerk.open(f"{here}/{page}")
        assert clerk.status == 200


def test_beside_a_button_stand_no_more_than_a_few_reasons(clerk: VisitorInMemory) -> None:
    clerk.press("保存")
    [why] = clerk.all("//p[@id='why-send']")
    assert len(why.xpath("span")) == 2
    [(more, target)] = [(each.text, each.get("href")) for each in why.xpath("a")]
    all_of_them = clerk.all("//ul[@class='findings']//span[@class='sev sev-b']")
    assert more == f"还有 {len(all_of_them) - 2} 处"
    assert clerk.all(f"//*[@id='{target[1:]}']")


def test_a_release_that_has_just_begun_is_calm_until_it_is_saved(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    firm.file()
    firm.hire()
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open(f"/people/{next(iter(firm.staff.people.values()))}")
    clerk.press("离职（调出）")
    assert "待办" in clerk.texts("//ul[@class='findings']//span")
    assert not clerk.all(WRONG)
    assert len(clerk.all("//p[@id='why-send']/span")) == 1
    assert clerk.texts("//section[contains(@class, 'banner')]//h2") == ["已保存，尚未发送"]
    clerk.press("保存")
    assert clerk.all(WRONG)


def test_a_step_of_the_wizard_that_nobody_has_saved_is_calm(portal: PortalInMemory) -> None:
    firm, campaign = filed(portal.services), open_campaign(portal.services)
    firm.project()
    firm.record.start(campaign, "enterprise/1")
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    for step in ("people", "performance", "generate"):
        clerk.open(f"/assessment/{firm.record.id}/steps/{step}")
        assert "待办" in clerk.texts("//main//span[@class='sev']"), step
        assert not clerk.all(WRONG), step
