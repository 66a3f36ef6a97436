"""How long a test waits for what must come. It is never a promise of speed: a busy machine takes
its time, and a test that waits in vain has failed anyway.
"""

import pytest

from libs.events import pools

PATIENCE = 180.0  # seconds
# after which a database is away, in a service: a machine that stood still for so long would fail
# a test of something else
PROMISED = {name: getattr(pools, name) for name in ("ANSWER", "CONNECT", "TURN")}


def be_patient() -> None:
    """With every database, in this process."""
    for name in PROMISED:
        setattr(pools, name, PATIENCE)


@pytest.fixture
def as_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    """A silent database is away when a service says so."""
    for name, seconds in PROMISED.items():
        monkeypatch.setattr(pools, name, seconds)
