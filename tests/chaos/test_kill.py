"""kill -9 of every process at random during 120 filings: nothing that was acknowledged is lost,
nothing is doubled, and everybody agrees. Every other kind of fault: `python -m tests.chaos`.

A run is repeated by its seed: KAOHE_CHAOS_SEED; a longer one by KAOHE_CHAOS_FILINGS.
"""

import os
from collections import Counter
from collections.abc import Iterator
from random import Random, SystemRandom
from typing import Any

import pytest

from tests.chaos.filings import Filings
from tests.chaos.killer import Killer
from tests.deploy.clone import Clone

pytestmark = [pytest.mark.servers, pytest.mark.slow]
FILINGS = int(os.environ.get("KAOHE_CHAOS_FILINGS", "120"))


@pytest.fixture(scope="module")
def seed() -> int:
    return int(os.environ.get("KAOHE_CHAOS_SEED") or SystemRandom().randrange(10**9))


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    made = Clone(tmp_path_factory.mktemp("clone"))
    made.run("up")
    yield made
    made.run("down")


def test_nothing_is_lost_or_doubled_while_everything_is_killed(clone: Clone, seed: int) -> None:
    print(f"KAOHE_CHAOS_SEED={seed}")  # noqa: T201
    random = Random(seed)
    filings = Filings(clone, random)
    killer = Killer(clone.home, random, filings.answers)
    assert set(killer.pids().values()) == named_by(clone.status)
    filings.file(FILINGS, killer)
    filings.come_to_rest(killer)
    assert len(killer.killed) == len(killer.pids())
    print(f"killed: {dict(killer.killed)}")  # noqa: T201
    filings.assert_nothing_lost(FILINGS, Counter())


def named_by(status: dict[str, Any]) -> set[int]:
    """Every process but the supervisor, which owns the others."""
    parts = ("kafka", "s3", "mail", "postgres", "portal")
    servers = {status[part]["pid"] for part in parts} | {status["issuer_pid"]}
    return servers | {
        pid for service in status["services"].values() for pid in service["pids"].values()
    }
