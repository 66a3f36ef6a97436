from collections.abc import AsyncIterator

import pytest

from tests.conformance.stage import Stage, staged


@pytest.fixture
async def stage(database: str) -> AsyncIterator[Stage]:
    async with staged(database) as made:
        yield made
