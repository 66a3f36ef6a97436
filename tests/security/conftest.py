"""The running system, or the same services in memory, and everybody who may ask them; a service's
database with its roles.
"""

from collections.abc import Iterator

import pytest

from tests.http.conftest import asker_in_memory
from tests.journeys.conftest import system
from tests.security.databases import Place, place

__all__ = ["asker_in_memory", "system"]


@pytest.fixture(scope="module")
def at(postgres: str) -> Iterator[Place]:
    with place(postgres) as made:
        yield made
