"""A clerk who begins in another order than the manual's is told what is missing."""

import pytest

from tests.in_memory.firm import Firm
from tests.portal.in_memory import PortalInMemory, VisitorInMemory

pytestmark = [pytest.mark.servers]


@pytest.fixture
def clerk(portal: PortalInMemory) -> VisitorInMemory:
    """Of an enterprise that has registered, and saved nothing; its filing is added."""
    made = portal.visitor("ENT_CLERK", org=Firm(portal.services).uscc)
    made.open("/enterprise/filings")
    made.press("添加")
    return made


def test_a_filing_added_before_anything_was_saved_says_all_that_is_missing(
    clerk: VisitorInMemory,
) -> None:
    assert clerk.status == 200
    assert len(clerk.all("//ul[@class='findings']/li")) > 20
    clerk.press("保存")
    assert "已保存，尚未发送" in clerk.text
    here = clerk.path
    for page in ("print", "history", "diff"):
        clerk.open(f"{here}/{page}")
        assert clerk.status == 200


def test_beside_a_button_stand_no_more_than_a_few_reasons(clerk: VisitorInMemory) -> None:
    [why] = clerk.all("//p[@id='why-send']")
    assert len(why.xpath("span")) == 2
    [(more, target)] = [(each.text, each.get("href")) for each in why.xpath("a")]
    all_of_them = clerk.all("//ul[@class='findings']//span[@class='sev sev-b']")
    assert more == f"还有 {len(all_of_them) - 2} 处"
    assert clerk.all(f"//*[@id='{target[1:]}']")
