"""What everybody may read of the portal without signing in: announced results, and the check of a
paper.
"""

import re
from datetime import date

import pytest

from tests.in_memory.firm import Firm, passed, publish
from tests.portal.in_memory import PortalInMemory, VisitorInMemory

pytestmark = [pytest.mark.servers]
NAME = "郑州示范建筑设计有限公司"
UUID_FORM = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-")
CAMPAIGN_VALUE = re.compile(rb"value=[0-9a-f-]{36}")  # what the choice of a campaign sends
OTHER = "b" * 64


@pytest.fixture
def firm(portal: PortalInMemory) -> Firm:
    """Whose result was announced."""
    return passed(portal.services)


@pytest.fixture
def announced(portal: PortalInMemory, firm: Firm) -> VisitorInMemory:
    """Nobody in particular, after the announcement."""
    publish(portal.services, [firm])
    return portal.visitor()


def number(firm: Firm) -> str:
    return str(firm.record.now["record_no"])


def digest(firm: Firm) -> str:
    """Of the generation, as its papers carry it."""
    return str(firm.record.now["content"]["snapshot_sha256"])


def test_nothing_is_a_result_before_it_is_announced(portal: PortalInMemory, firm: Firm) -> None:
    visitor = portal.visitor()
    visitor.open("/results")
    assert (visitor.status, NAME in visitor.text) == (200, False)
    assert "没有符合条件的公告结果" in visitor.text
    visitor.open(f"/v/{number(firm)}/{digest(firm)}")
    assert visitor.status == 404
    assert "没有公告过这个编号" in visitor.text


def test_an_announced_result_is_found_by_campaign_name_code_and_result(
    announced: VisitorInMemory, firm: Firm
) -> None:
    announced.open("/results")
    assert NAME in announced.text
    [campaign] = [
        each.get("value") for each in announced.all("//select[@name='campaign']/option[@value!='']")
    ]
    for query, found in (
        (f"campaign={campaign}", True),
        ("q=示范", True),
        ("q=勘测", False),
        (f"q={firm.uscc}", True),
        (f"campaign={campaign}&result=PASS&unit=410100", True),
        ("result=FAIL", False),
        ("unit=410200", False),
    ):
        announced.open(f"/results?{query}")
        assert (NAME in announced.text) is found, query
    announced.follow("清除条件")
    announced.follow(NAME)
    assert announced.path == f"/results/{number(firm)}"
    assert all(each in announced.text for each in (firm.uscc, "合格", "郑州市", "公示期"))


def test_nothing_internal_and_nobody_stands_on_the_public_pages(
    announced: VisitorInMemory, firm: Firm
) -> None:
    people = list(firm.staff.people)
    for path in ("/results", f"/results/{number(firm)}", f"/v/{number(firm)}/{digest(firm)}"):
        announced.open(path)
        assert announced.status == 200
        assert not UUID_FORM.search(CAMPAIGN_VALUE.sub(b"", announced.content))
        assert not [each for each in people if each in announced.content.decode()]
    assert set(announced.browser.cookies) == {"lang"}  # no session was made


def test_a_paper_is_checked_by_its_code(announced: VisitorInMemory, firm: Firm) -> None:
    announced.open(f"/v/{number(firm)}/{digest(firm).upper()}")
    assert announced.title.startswith("查验：与公告一致")
    assert announced.texts("//section[@class='proof']//h2") == ["查验结果：与公告一致"]
    assert NAME in announced.text
    announced.open(f"/v/{number(firm)}/{OTHER}")
    assert announced.texts("//section[@class='proof proof-bad']//h2") == ["查验结果：与公告不一致"]
    assert all(each in announced.text for each in (NAME, "可能改动过", "合格"))
    announced.open(f"/v/{number(firm)}/{digest(firm)[:20]}")
    assert announced.title.startswith("没有核对：摘要不完整")
    assert not announced.all("//section[contains(@class, 'proof')]"), "nothing was compared"
    assert NAME in announced.text


@pytest.mark.parametrize(
    "no", ["2024-410100-XXXXXX", "没有", "<script>alert(1)</script>", "a" * 50]
)
def test_an_unknown_number_is_plainly_unknown(portal: PortalInMemory, no: str) -> None:
    visitor = portal.visitor()
    for path in (f"/v/{no}/{OTHER}", f"/results/{no}"):
        visitor.open(path)
        if "/" not in no:
            assert (visitor.status, "没有公告过这个编号" in visitor.text) == (404, True)
        assert b"<script>alert" not in visitor.content


def test_number_and_digest_are_typed_as_they_stand_on_paper(
    announced: VisitorInMemory, firm: Firm
) -> None:
    announced.open("/v")
    of = digest(firm)
    spaced = " ".join(of[start : start + 16] for start in range(0, 64, 16))
    announced.press("查验", {"no": f" {number(firm).lower()} ", "digest": spaced})
    assert "查验结果：与公告一致" in announced.text
    announced.open("/v")
    announced.press("查验", {"no": number(firm)})
    assert announced.path == f"/results/{number(firm)}"


def test_the_public_pages_speak_english(portal: PortalInMemory, firm: Firm) -> None:
    publish(portal.services, [firm])
    visitor = portal.visitor(language="en")
    visitor.open(f"/v/{number(firm)}/{digest(firm)}")
    assert "Checked: the same as announced" in visitor.text
    assert "Qualified" in visitor.text
    visitor.open("/results")
    assert "Announced on" in visitor.text


def test_a_campaign_that_has_not_opened_is_not_told(portal: PortalInMemory) -> None:
    at = portal.services
    at.pass_to(date(2024, 9, 2))
    at.reviewer("PROV_OFFICER").actor.do(
        "POST", "assessment", "/campaigns", {"year": 2024, "title": "尚未开始的考核"}
    )
    visitor = portal.visitor()
    visitor.open("/results")
    assert (visitor.status, b"\xe5\xb0\x9a\xe6\x9c\xaa" in visitor.content) == (200, False)
