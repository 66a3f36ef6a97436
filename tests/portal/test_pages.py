"""Pages without a browser: what is on them, scripts off."""

import pytest
from fastapi.routing import APIRoute

from deploy.demo import filing
from services.portal.pages import ROUTER
from tests.in_memory.firm import Firm
from tests.portal.in_memory import PortalInMemory

pytestmark = [pytest.mark.servers]


def test_a_filing_that_was_sent_is_taken_and_approved(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    filing.first_filing(firm.enterprise)
    officer = portal.visitor("CITY_OFFICER", city="410100")
    officer.open("/cases")
    officer.follow(firm.enterprise.name)
    officer.press("受理")
    here = officer.path
    officer.press("其余均无误")
    officer.press("通过")
    officer.open(here)
    assert "已办结" in officer.text


def test_an_address_with_words_of_its_own_is_not_taken_for_a_name() -> None:
    """Modules are found in the order of the alphabet; their routes are asked in this one."""
    paths = [route.path for route in ROUTER.routes if isinstance(route, APIRoute)]
    assert paths.index("/enterprise/register") < paths.index("/enterprise/{kind}")
    assert len(paths) > 50


def test_only_who_has_a_case_keeps_marks_of_it(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    filing.first_filing(firm.enterprise)
    officer, colleague = (
        portal.visitor("CITY_OFFICER", name, city="410100") for name in ("周审核", "吴审核")
    )
    officer.open("/cases")
    officer.follow(firm.enterprise.name)
    officer.press("受理")
    here, told = officer.path, []
    for each in (officer, colleague):
        sent = {"_csrf": each.session.csrf, "round": "1", "mark:/basic/name": "ok"}
        each.post(f"{here}/marks", sent)
        told.append(each.status)
    officer.open(here)
    assert (told, "无误 1 项" in officer.text) == ([200, 404], True)
