from types import SimpleNamespace

import pytest

from libs.events import store
from tests.events.postgres import Postgres
from tests.events.test_kept import Hands


@pytest.fixture
def played() -> Postgres:
    """A PostgreSQL in this process."""
    return Postgres()


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    """The clock by which a log's followers look for themselves; by another, a call that appends
    takes half a second.
    """
    hands, began = Hands(), Hands()

    def passing() -> float:
        began.now += 0.5
        return began.now

    monkeypatch.setattr(store, "time", SimpleNamespace(monotonic=hands, perf_counter=passing))
    hands.now = 1_000.0
    return hands
