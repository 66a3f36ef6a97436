"""The manual in a real browser on the whole system, through the portal alone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.conftest import System
from tests.portal.manual import Manual
from tests.portal.stage import BEGIN, OnTheSystem
from tests.portal.visitor import Browsers

pytestmark = [pytest.mark.servers, pytest.mark.slow]


@pytest.fixture
async def stage(system: System, browsers: Browsers) -> AsyncIterator[OnTheSystem]:
    made = OnTheSystem(system, browsers)
    yield made
    await made.pass_to(BEGIN)


async def test_from_empty_forms_to_the_announced_result(stage: OnTheSystem, tmp_path: Path) -> None:
    await Manual(stage, tmp_path).play()
