"""The manual as it is played on the whole system (test_manual.py), over services in memory: no
state of a page that it comes to keeps anybody out, no dialog that asks once more.
"""

from pathlib import Path

import pytest

from tests.portal.axe import Axe
from tests.portal.conftest import Screens
from tests.portal.manual import Manual
from tests.portal.stage import InMemory

pytestmark = [pytest.mark.servers, pytest.mark.slow]


async def test_no_state_of_a_page_keeps_anybody_out(screens: Screens, tmp_path: Path) -> None:
    axe = Axe()
    stage = InMemory(screens.portal, screens.browsers, axe.look, axe.look_as_it_is)
    await Manual(stage, tmp_path).play()
    assert axe.faults == [], "\n".join(axe.faults)
