"""The running system, and everybody who may ask it."""

import pytest

from tests.http.firm import Firm
from tests.http.http_client import Asker
from tests.journeys.conftest import System, system

__all__ = ["system"]


@pytest.fixture(scope="session")
def asker(system: System) -> Asker:
    return Asker(system)


@pytest.fixture(scope="session")
def firm(asker: Asker) -> Firm:
    return Firm(asker)
