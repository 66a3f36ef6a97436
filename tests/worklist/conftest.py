"""Services in memory whose lists answer."""

import pytest

from tests.portal.in_memory import read_models
from tests.portal.read_models import InstallationOnPostgres, ReadModels

__all__ = ["read_models"]


@pytest.fixture
def at(read_models: ReadModels) -> InstallationOnPostgres:
    """Nothing is said yet."""
    read_models.empty()
    return InstallationOnPostgres(read_models)
