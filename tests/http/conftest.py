"""Everybody who may ask: the running system, or the same services in memory."""

from collections.abc import Iterator

import pytest

from tests.http.firm import Firm
from tests.http.http_client import Asker
from tests.in_memory.installation import ALL, Installation
from tests.journeys.conftest import System, system

__all__ = ["system"]


@pytest.fixture(scope="session")
def asker(system: System) -> Asker:
    return Asker(system)


@pytest.fixture(scope="session")
def firm(asker: Asker) -> Firm:
    return Firm(asker)


@pytest.fixture(scope="session")
def asker_in_memory() -> Iterator[Asker]:
    with Installation(*ALL) as at:
        yield Asker(at, at)


@pytest.fixture(scope="session")
def firm_in_memory(asker_in_memory: Asker) -> Firm:
    return Firm(asker_in_memory)
