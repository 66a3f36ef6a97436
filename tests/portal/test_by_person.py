"""按人员查找: officers find the case of a person by a part of the name or a registration number."""

from typing import Any

import pytest

from deploy.demo import staff
from tests.in_memory.firm import TEAM, Firm
from tests.portal.in_memory import PortalInMemory, VisitorInMemory

pytestmark = [pytest.mark.servers]
HERE = "/cases/by-person"


def hired(portal: PortalInMemory) -> tuple[Firm, dict[str, Any]]:
    """A firm with two people, and one of their filings as its list has it."""
    firm = Firm(portal.services)
    firm.file()
    firm.hire([("ARC1", "ARCH"), (None, "STRU")])
    rows = portal.services["personnel"].rows("filings")
    row = next(each for each in rows if each["cert_nos"])
    return firm, row


def searching(portal: PortalInMemory, city: str = "410100", **asked: str) -> VisitorInMemory:
    officer = portal.visitor("CITY_OFFICER", city=city)
    officer.open(HERE)
    officer.press("筛选", asked)
    return officer


def found(visitor: VisitorInMemory) -> list[str]:
    return visitor.texts("//tbody/tr/th")


def test_a_part_of_the_name_leads_to_the_case(portal: PortalInMemory) -> None:
    _, row = hired(portal)
    officer = searching(portal, q=row["name"][1:])
    assert row["name"] in found(officer)
    officer.follow(row["name"])
    [case] = [
        each for each in portal.services["review"].rows("cases") if each["filing"] == row["id"]
    ]
    assert officer.path.partition("?")[0] == f"/cases/{case['id']}"


@pytest.mark.parametrize("by", ["name", "number"])
def test_the_enterprise_is_named_and_leads_to_its_cases(portal: PortalInMemory, by: str) -> None:
    firm, row = hired(portal)
    asked = {"q": row["name"]} if by == "name" else {"cert_no": row["cert_nos"][0]}
    officer = searching(portal, **asked)
    officer.open(officer.path)
    assert officer.calls == 1, "not one more for each row"
    assert firm.enterprise.name in officer.texts("//tbody/tr[1]/td")
    officer.follow(firm.enterprise.name)
    assert officer.path.startswith("/cases?")
    cases = [
        each
        for each in portal.services["review"].rows("cases")
        if each["enterprise_name"] == firm.enterprise.name
    ]
    assert len(officer.all("//tbody/tr")) == len(cases) > 1


def test_a_whole_registration_number_is_found_however_it_is_typed(portal: PortalInMemory) -> None:
    _, row = hired(portal)
    number = row["cert_nos"][0]
    officer = searching(portal, cert_no=f" {number.lower()} ")
    assert found(officer) == [row["name"]]
    assert found(searching(portal, cert_no=number[:-1])) == []


def test_the_officer_of_another_city_finds_nobody(portal: PortalInMemory) -> None:
    _, row = hired(portal)
    assert found(searching(portal, "410200", q=row["name"])) == []
    assert found(searching(portal, "410200", cert_no=row["cert_nos"][0])) == []
    officer = portal.visitor("CITY_OFFICER", city="410200")
    officer.open(f"{HERE}/{row['id']}")
    assert officer.status == 404


def test_who_was_only_saved_is_not_found(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    firm.file()
    staff.hire(firm.staff, firm.random, TEAM)
    [name, *_] = firm.staff.people
    officer = searching(portal, q=name)
    assert "没有找到已发送的人员备案。" in officer.text


def test_nothing_is_searched_before_something_is_typed(portal: PortalInMemory) -> None:
    hired(portal)
    assert "填写姓名或证书编号后查找。" in searching(portal).text
