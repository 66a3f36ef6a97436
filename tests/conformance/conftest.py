"""A database with a log, and two services on a broker."""

from collections.abc import AsyncIterator

import pytest

from tests.conformance.stage import Stage, staged
from tests.conformance.two_services import Play, played


@pytest.fixture
async def stage(database: str) -> AsyncIterator[Stage]:
    async with staged(database) as made:
        yield made


@pytest.fixture
async def play(postgres: str, kafka: str) -> AsyncIterator[Play]:
    async with played(postgres, kafka) as made:
        yield made
