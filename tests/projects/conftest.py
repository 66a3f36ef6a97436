"""The whole system, with a filed design enterprise and its staff."""

import pytest

from tests.journeys.conftest import System, system
from tests.projects.firm import Firm

__all__ = ["system"]


@pytest.fixture(scope="session")
def firm(system: System) -> Firm:
    return Firm(system, seed=41)


@pytest.fixture(scope="session")
def other(system: System) -> Firm:
    return Firm(system, seed=42)
