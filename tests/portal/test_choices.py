"""Long lists of choices: told once, by an address of their own."""

import json

import pytest
from playwright.async_api import expect

from libs.filing.reference import raw
from tests.in_memory.firm import Firm
from tests.portal.conftest import Screens
from tests.portal.in_memory import PortalInMemory, VisitorInMemory
from tests.portal.served import ServedPortal

pytestmark = [pytest.mark.servers]
CATALOGUE = "/choices?list=qualification_catalogue"
LICENCE = "//select[@name='/certificates/0/items/0/licence']"


@pytest.fixture
def firm(portal: PortalInMemory) -> Firm:
    made = Firm(portal.services)
    made.file()
    return made


@pytest.fixture
def clerk(portal: PortalInMemory, firm: Firm) -> VisitorInMemory:
    return portal.visitor("ENT_LEGAL", org=firm.uscc)


def told(visitor: VisitorInMemory, path: str) -> list[list[str]]:
    visitor.open(path)
    assert visitor.status == 200, visitor.content
    return [list(each) for each in json.loads(visitor.content)]


def test_the_page_has_what_is_chosen_and_where_the_rest_is_told(clerk: VisitorInMemory) -> None:
    clerk.open("/enterprise")
    [licence] = clerk.all(LICENCE)
    assert (licence.get("data-choices"), len(licence.xpath("option"))) == (CATALOGUE, 2)
    chosen = licence.xpath("option[@selected]")[0]
    assert [chosen.get("value"), chosen.text] in told(clerk, CATALOGUE)


def test_all_choices_are_told_in_the_language_of_the_visitor(
    portal: PortalInMemory, firm: Firm
) -> None:
    abroad = portal.visitor("ENT_CLERK", org=firm.uscc, language="en")
    items = raw("qualification_catalogue")["items"]
    assert told(abroad, CATALOGUE) == [[each["code"], each["en"]] for each in items]


def test_without_scripts_a_row_is_opened_and_nothing_is_saved(clerk: VisitorInMemory) -> None:
    clerk.open("/enterprise")
    clerk.press("列出资质项目 1的全部选项", {"/basic/name": "改过的名称"})
    assert len(clerk.all(f"{LICENCE}/option")) == 1 + len(raw("qualification_catalogue")["items"])
    assert clerk.all("//input[@name='/basic/name']")[0].get("value") == "改过的名称"
    clerk.open("/enterprise")
    assert clerk.all("//input[@name='/basic/name']")[0].get("value") != "改过的名称"


def test_a_field_that_names_nothing_has_no_choices(clerk: VisitorInMemory) -> None:
    clerk.open("/choices/password")
    assert clerk.status == 404


def test_persons_are_told_to_their_own_enterprise_alone(
    portal: PortalInMemory, firm: Firm, clerk: VisitorInMemory
) -> None:
    firm.hire()
    other = portal.visitor("ENT_CLERK", org=Firm(portal.services, 2).uscc)
    assert len(told(clerk, "/choices/person_id")) > 0
    assert told(other, "/choices/person_id") == []


def test_rows_are_added_to_a_list_that_is_not_there_yet(clerk: VisitorInMemory) -> None:
    clerk.open("/enterprise")
    clerk.press("添加下属子公司")
    assert clerk.all("//input[starts-with(@name, '/subsidiaries/0/')]")
    clerk.press("添加出资构成")
    assert clerk.all("//input[starts-with(@name, '/economic_nature/capital_structure/0/')]")


def test_a_row_in_which_nothing_stands_yet_can_be_opened(clerk: VisitorInMemory) -> None:
    clerk.open("/enterprise")
    clerk.press("添加资质项目")
    clerk.press("列出资质项目 2的全部选项")
    [licence] = clerk.all("//select[@name='/certificates/0/items/1/licence']")
    assert len(licence.xpath("option")) == 1 + len(raw("qualification_catalogue")["items"])


def test_where_it_is_registered_and_where_a_project_stands_is_chosen_and_read_by_name(
    portal: PortalInMemory, firm: Firm, clerk: VisitorInMemory
) -> None:
    clerk.open("/enterprise")
    for name, chosen in (
        ("/basic/province_code", ["请选择", "河南省"]),
        ("/basic/city_code", None),
        ("/basic/county_code", ["请选择", "郑州市金水区"]),
    ):
        assert clerk.all(f"//select[@name='{name}']"), name
        if chosen:
            assert clerk.texts(f"//select[@name='{name}']/option") == chosen
    assert ["411102", "漯河市源汇区"] in told(clerk, "/choices?list=admin_division_henan_county")
    firm.hire()
    clerk.open(f"/projects/{firm.project()}")
    found = [
        *clerk.texts("//select[@name='/city']/option[@selected]"),
        *clerk.texts("//select[@name='/county']/option[@selected]"),
    ]
    assert found == ["河南省郑州市", "郑州市金水区"]
    clerk.press("列出项目的全部选项")
    assert "广东省深圳市" in clerk.texts("//select[@name='/city']/option")
    officer = portal.visitor("CITY_OFFICER", city="410100")
    path = firm.enterprise.add("ENT_CHANGE")
    content = firm.enterprise.state(path)["content"]
    content["basic"]["county_code"] = "410103"
    firm.enterprise.save(path, content)
    firm.enterprise.send(path)
    officer.open("/cases")
    officer.follow(firm.enterprise.name)
    officer.press("受理")
    officer.follow("其他对比")
    assert "郑州市金水区" in officer.text
    assert "郑州市二七区" in officer.text
    assert not {"410103", "410105"} & set(officer.text.split())


@pytest.fixture
def at_the_screen(served: ServedPortal) -> Firm:
    return Firm(served.services)


@pytest.mark.slow
async def test_counties_are_offered_of_the_city_that_is_chosen(
    at_the_screen: Firm, screens: Screens
) -> None:
    clerk = await screens.visitor("ENT_CLERK", org=at_the_screen.uscc)
    await clerk.open("/enterprise")
    county = clerk.page.locator('[name="/basic/county_code"]')
    offered = county.locator("option:not([value='']):not([hidden])")
    await expect(county.locator("option[value='410302']")).to_have_count(1)  # all have come
    await clerk.type("/basic/city_code", "410100")
    codes = await offered.evaluate_all("each => each.map((option) => option.value)")
    assert codes
    assert {each[:4] for each in codes} == {"4101"}
    await clerk.type("/basic/county_code", "410105")
    await clerk.type("/basic/city_code", "410300")
    assert await county.input_value() == ""
    codes = await offered.evaluate_all("each => each.map((option) => option.value)")
    assert {each[:4] for each in codes} == {"4103"}
