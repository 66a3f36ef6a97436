"""Long lists of choices: told once, by an address of their own."""

import json

import pytest

from libs.filing.reference import raw
from tests.in_memory.firm import Firm
from tests.portal.in_memory import PortalInMemory, VisitorInMemory

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
