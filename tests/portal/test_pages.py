"""Pages without a browser: what is on them, scripts off."""

import pytest

from deploy.demo import filing
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
    officer.press("通过")
    assert "已办结" in officer.text
