"""The manual is on the clerk's desk: the nine menu paths, the labels of buttons and the hints stand
in the portal as the code lists `menu_path` and `manual_hint` have them, word by word; a hint before
the act that it concerns (domain book 5.1, 5.10).
"""

from collections.abc import Iterator
from typing import Any

import pytest
from lxml import html

from libs.filing import reference
from services.portal.render.menu import PATHS
from services.portal.web.language import translations
from tests.in_memory.firm import Firm, open_campaign
from tests.portal.in_memory import PortalInMemory, VisitorInMemory

pytestmark = [pytest.mark.servers]
MENU: list[dict[str, Any]] = reference.raw("menu_path")["items"]
HINTS: dict[str, dict[str, Any]] = {
    each["code"]: each for each in reference.raw("manual_hint")["items"]
}
ACTS = (  # a hint, the pages on which it stands, and what it is about
    ("H1", "M1", "//button[contains(.,'获取企业备案信息')]"),
    ("H2", "M5", "//button[normalize-space(.)='添加']"),
    ("H4", "M8", "//a[normalize-space(.)='添加阶段']"),
    ("H5", "M9", "//button[normalize-space(.)='添加']"),
    ("H6", "M9", "//button[normalize-space(.)='重新生成']"),
)


class Scene:
    """Two firms: one has just begun, the other has filed everything and generated a record."""

    def __init__(self, portal: PortalInMemory) -> None:
        self.begun, self.filed = (Firm(portal.services, n, f"郑州示范{n}院") for n in (1, 2))
        self.begun.enterprise.fill_in()
        self.first = self.begun.enterprise.add("ENT_INIT").rpartition("/")[2]
        campaign = open_campaign(portal.services)
        self.filed.file()
        self.filed.hire()
        self.project = self.filed.project()
        self.filed.make_record(campaign, [self.project])
        change = self.filed.enterprise.add("ENT_CHANGE")
        self.change = change.rpartition("/")[2]
        self.clerks = [portal.visitor("ENT_CLERK", org=f.uscc) for f in (self.begun, self.filed)]

    def pages(self, code: str) -> Iterator[VisitorInMemory]:
        """The pages below a menu path, of both firms."""
        begun, filed = self.clerks
        below = {
            "M2": [(begun, f"/enterprise/filings/{self.first}")],
            "M3": [(filed, f"/enterprise/changes/{self.change}")],
            "M4": [(begun, "/people/new")],
            "M7": [(begun, "/contracts/new")],
            "M8": [(begun, "/projects/new"), (filed, f"/projects/{self.project}")],
            "M9": [(filed, f"/assessment/{self.filed.record.id}")],
        }
        lists = [(begun, PATHS[code]), (filed, PATHS[code])]
        for clerk, path in [*lists, *below.get(code, ())]:
            clerk.open(path)
            assert (clerk.status, clerk.path) == (200, path)
            yield clerk


@pytest.fixture
def scene(portal: PortalInMemory) -> Scene:
    return Scene(portal)


def alone(link: html.HtmlElement) -> str:
    """The words of a link, without how much there is to do."""
    return "".join(link.xpath("text()")).strip()


def menu(visitor: VisitorInMemory) -> list[str]:
    """Every page with its group and folder, in the order of the menu."""
    return [
        "-".join(
            (
                *(b.text_content().strip() for b in link.xpath("ancestor::li[@class='l1']/b")),
                *(f.text_content().strip() for f in link.xpath("ancestor::li[@class='l2']/span")),
                alone(link),
            )
        )
        for link in visitor.all("//nav[@id='menu']//li[@class='l2']//a")
    ]


def labels(visitor: VisitorInMemory) -> set[str]:
    """Of buttons, links and headings, without the key beside a label."""
    found = visitor.all("//main//button | //main//a | //main//h2")
    return {"".join(each.xpath(".//text()[not(parent::kbd)]")).strip() for each in found}


def stands_before(visitor: VisitorInMemory, text: str, act: str) -> bool:
    """Whether the text stands above the button, link or input that this XPath finds."""
    every = list(visitor.page.iter())
    said = [
        every.index(each)
        for each in every
        if each.text and text == " ".join(each.text_content().split())
    ]
    [button, *_] = visitor.all(act)
    return bool(said) and min(said) < every.index(button)


def test_the_menu_is_the_manual_s_in_its_order(scene: Scene) -> None:
    clerk, _ = scene.clerks
    clerk.open("/")
    assert menu(clerk) == [each["zh"] for each in MENU]
    english = [each["en"] for each in MENU]
    clerk.browser.cookies.set("lang", "en")
    clerk.open("/")
    assert list(map(alone, clerk.all("//nav[@id='menu']//li[@class='l2']//a"))) == english


def test_a_page_bears_the_manual_s_name_its_way_there_and_its_buttons(scene: Scene) -> None:
    missing: dict[str, set[str]] = {}
    for path in MENU:
        found: set[str] = set()
        for clerk in scene.pages(path["code"]):
            crumbs = clerk.texts("//nav[@class='crumbs']//li")
            assert crumbs[:3] == path["zh"].split("-"), clerk.path
            if clerk.path == PATHS[path["code"]]:
                assert clerk.texts("//h1")[0].startswith(crumbs[2])
            found |= labels(clerk)
        missing[path["code"]] = set(path["buttons"]) - found
    assert missing == {each["code"]: set() for each in MENU}


def test_a_hint_stands_before_its_act(scene: Scene) -> None:
    wrong: list[tuple[str, str]] = []
    for hint, code, act in ACTS:
        said = HINTS[hint]["zh"]
        there = [(e.path, stands_before(e, said, act)) for e in scene.pages(code) if e.all(act)]
        assert there, hint
        wrong += [(hint, path) for path, is_before in there if not is_before]
    assert wrong == []


def test_the_stage_rule_is_said_wherever_a_project_is_entered_or_chosen(scene: Scene) -> None:
    said = HINTS["H4"]["zh"]
    for clerk in scene.pages("M8"):
        assert said in clerk.text, clerk.path
    _, clerk = scene.clerks
    clerk.open(f"/assessment/{scene.filed.record.id}/steps/performance")
    assert stands_before(clerk, said, "//tbody//input[@type='checkbox']")


def test_no_new_contract_is_said_before_its_scan_is_asked_for(scene: Scene) -> None:
    _, clerk = scene.clerks
    clerk.open(f"/assessment/{scene.filed.record.id}/steps/performance")
    assert stands_before(clerk, HINTS["H7"]["zh"], "//*[@id='scans']")


def test_the_send_page_says_what_sending_does_and_the_record_that_it_was_done(
    scene: Scene,
) -> None:
    _, clerk = scene.clerks
    clerk.open(f"/assessment/{scene.filed.record.id}/send")
    assert stands_before(clerk, HINTS["H8"]["zh"], "//button[normalize-space(.)='确认发送']")
    read = [each.get("value") for each in clerk.all("//input[@name='read']")]
    clerk.press("确认发送", {"read": read})
    assert HINTS["H8"]["after_zh"] in clerk.text


def test_where_the_materials_go_is_said_with_the_unit_s_own_notice(scene: Scene) -> None:
    clerk, _ = scene.clerks
    scene.begun.enterprise.save(path := f"{scene.begun.enterprise.path}/filings/{scene.first}")
    scene.begun.enterprise.send(path)
    clerk.open("/packets")
    [unit] = (e for e in reference.raw("reporting_unit")["items"] if e["code"] == "410100")
    said = HINTS["H3"]["zh"].format(**unit["packet"])
    assert stands_before(clerk, said, "//button[normalize-space(.)='生成']")


def test_an_english_hint_names_a_button_as_english_has_it() -> None:
    buttons = {label for path in MENU for label in path["buttons"]}
    named = {(code, each) for code, hint in HINTS.items() for each in buttons if each in hint["en"]}
    assert named == set()
    assert f"press {translations('en').gettext('重新生成')}" in HINTS["H6"]["en"]
    assert f"press {translations('en').gettext('发送')};" in HINTS["H8"]["en"]
