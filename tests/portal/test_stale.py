"""412 is a page: what somebody else saved meanwhile, beside what was typed. Merged where they do
not meet, a choice where they do, then saved on top of theirs.
"""

from typing import Any

import pytest

from tests.in_memory.firm import Firm
from tests.portal.in_memory import PortalInMemory, VisitorInMemory
from tests.portal.test_drafts import autosave

pytestmark = [pytest.mark.servers]
SAVE, MERGED = "保存 Ctrl S", "保存合并的内容 Ctrl S"


@pytest.fixture
def firm(portal: PortalInMemory) -> Firm:
    return Firm(portal.services)


@pytest.fixture
def clerk(portal: PortalInMemory, firm: Firm) -> VisitorInMemory:
    return portal.visitor("ENT_CLERK", "zhao", org=firm.uscc)


@pytest.fixture
def colleague(portal: PortalInMemory, firm: Firm) -> VisitorInMemory:
    return portal.visitor("ENT_CLERK", "sun", org=firm.uscc)


@pytest.fixture
def both(clerk: VisitorInMemory, colleague: VisitorInMemory) -> str:
    """Both have the page of one person open: its path."""
    clerk.open("/people/new")
    clerk.press(SAVE, {"/name": "旧名称", "/school": "旧学校", "/major": "旧专业"})
    path = clerk.path
    for each in (clerk, colleague):
        each.open(path)
        assert each.status == 200
    return path


def content(firm: Firm, path: str) -> Any:
    return firm.clerk.get("personnel", path)["content"]


def lines(visitor: VisitorInMemory) -> list[list[str]]:
    rows = visitor.all("//table//tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]


def test_what_nobody_else_changed_is_saved_though_the_item_went_on(
    firm: Firm, clerk: VisitorInMemory
) -> None:
    """A filing was added in another tab meanwhile: nobody saved the page."""
    firm.enterprise.fill_in()
    clerk.open("/enterprise")
    firm.enterprise.add("ENT_INIT")
    clerk.press(SAVE, {"/basic/remark": "另一页添加了备案"})
    assert (clerk.status, clerk.path) == (200, "/enterprise")
    page = firm.clerk.get("enterprise", firm.enterprise.path)
    assert page["information"]["basic"]["remark"] == "另一页添加了备案"


def test_of_a_person_too(firm: Firm, clerk: VisitorInMemory) -> None:
    firm.file()
    id = firm.staff.add("赵示范", None, "ARCH")
    clerk.open(f"/people/{id}")
    firm.staff.begin([id])
    clerk.press(SAVE, {"/school": "另一所学校"})
    assert (clerk.status, clerk.path) == (200, f"/people/{id}")
    assert content(firm, clerk.path)["school"] == "另一所学校"


def test_changes_of_different_places_are_merged_and_saved_on_top_of_theirs(
    firm: Firm, clerk: VisitorInMemory, colleague: VisitorInMemory, both: str
) -> None:
    colleague.press(SAVE, {"/major": "新专业"})
    clerk.press(SAVE, {"/name": "新名称"})
    assert clerk.status == 412
    assert [line[1:] for line in lines(clerk)] == [
        ["旧名称", "旧名称", "新名称", "只有您改了"],
        ["旧专业", "新专业", "旧专业", "只有对方改了"],
    ]
    assert "已经合在一起" in clerk.text
    clerk.press(MERGED)
    assert (clerk.status, clerk.path) == (200, both)
    saved = content(firm, both)
    assert (saved["name"], saved["major"]) == ("新名称", "新专业")
    assert saved["school"] == "旧学校"


@pytest.mark.parametrize(("pick", "stands"), [("mine", "我的"), ("theirs", "别人的")])
def test_where_both_changed_the_same_place_one_chooses(
    firm: Firm,
    clerk: VisitorInMemory,
    colleague: VisitorInMemory,
    both: str,
    pick: str,
    stands: str,
) -> None:
    colleague.press(SAVE, {"/name": "别人的"})
    clerk.press(SAVE, {"/name": "我的", "/major": "我的专业"})
    assert "双方都改了的 1 处，请选择" in clerk.text
    clerk.press(MERGED, {"_pick:/name": pick})
    assert clerk.status == 200
    saved = content(firm, both)
    assert (saved["name"], saved["major"]) == (stands, "我的专业")


def test_whoever_is_late_twice_is_asked_twice(
    firm: Firm, clerk: VisitorInMemory, colleague: VisitorInMemory, both: str
) -> None:
    colleague.press(SAVE, {"/name": "第一次"})
    clerk.press(SAVE, {"/major": "我的专业"})
    colleague.press(SAVE, {"/name": "第二次"})
    clerk.press(MERGED)
    assert clerk.status == 412
    clerk.press(MERGED)
    saved = content(firm, both)
    assert (saved["name"], saved["major"]) == ("第二次", "我的专业")


def test_what_was_typed_can_be_given_up(
    firm: Firm, clerk: VisitorInMemory, colleague: VisitorInMemory, both: str
) -> None:
    colleague.press(SAVE, {"/name": "别人的"})
    clerk.press(SAVE, {"/name": "我的"})
    clerk.press("放弃我填写的内容")
    assert clerk.path == both
    (field,) = clerk.all("//*[@name='/name']")
    assert field.get("value") == "别人的"


def test_a_draft_that_began_before_somebody_saved_is_merged_when_it_is_saved(
    firm: Firm, clerk: VisitorInMemory, colleague: VisitorInMemory, both: str
) -> None:
    colleague.press(SAVE, {"/major": "新专业"})
    autosave(clerk, {"/name": "草稿的"})
    clerk.open(both)
    clerk.press(SAVE)
    assert clerk.status == 412
    clerk.press(MERGED)
    saved = content(firm, both)
    assert (saved["name"], saved["major"]) == ("草稿的", "新专业")


def test_rows_and_codes_of_the_enterprises_page_are_said_in_the_forms_words(
    portal: PortalInMemory, firm: Firm, clerk: VisitorInMemory, colleague: VisitorInMemory
) -> None:
    firm.enterprise.fill_in()
    for each in (clerk, colleague):
        each.open("/enterprise")
    (row, *_) = clerk.all("//button[@name='_remove' and contains(@value, '/certificates/')]")
    colleague.press(SAVE, {"/basic/contact_mobile": "13800000001"})
    removed = " ".join(row.text_content().split())
    clerk.press(removed)
    clerk.press(SAVE, {"/basic/contact_mobile": "13800000002"})
    assert clerk.status == 412
    assert [(line[0], line[4]) for line in lines(clerk)] == [
        ("企业基本情况 › 联系人手机", "企业基本情况 › 联系人手机采用别人的采用我的"),
        ("资质证书 1 › 资质项目 1", "只有您改了"),
    ]
    assert "工程设计建筑行业" in lines(clerk)[1][2]
    clerk.press(MERGED, {"_pick:/basic/contact_mobile": "mine"})
    assert clerk.status == 200, clerk.text
    saved = firm.clerk.get("enterprise", firm.enterprise.path)["information"]
    assert saved["basic"]["contact_mobile"] == "13800000002"
    before = firm.enterprise.page["certificates"][0]["items"]
    assert len(saved["certificates"][0].get("items") or ()) == len(before) - 1
