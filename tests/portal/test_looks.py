"""What a page shows as wrong is wrong with what its reader did."""

import pytest

from tests.in_memory.firm import Firm
from tests.portal.in_memory import PortalInMemory

pytestmark = [pytest.mark.servers]


def test_what_stands_against_saving_is_told_beside_it_only(portal: PortalInMemory) -> None:
    """A filed enterprise is changed elsewhere: that is no error of whoever looks at it."""
    firm = Firm(portal.services)
    firm.file()
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open("/enterprise")
    assert clerk.texts("//*[@id='why-save']") != []
    assert clerk.all("//*[@class='summary']") == []
    assert "已备案第 1 版" in clerk.texts("//h1")[0]
