"""Whom `redrive --one` names has to be parked."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest

from deploy.cli import recovery
from tests.deploy.test_keys import run
from tests.events.test_envelope import stored

FACT = stored()
READER = "review.cases"


class Review:
    """Of whom one reader has parked one fact."""

    effects: dict[str, Any] = {}  # noqa: RUF012

    def __init__(self) -> None:
        self.parked = [FACT]
        self.pool, self.appliers = self, {READER: self}

    async def fetch(self, query: str, owner: UUID | None) -> list[Any]:
        assert query == recovery.OWNERS
        chosen = [each for each in self.parked if owner in (None, each.owner)]
        return [(READER, each.owner, each.position) for each in chosen]

    async def fetchval(self, _: str) -> int:
        return len(self.parked)

    async def redrive(self, facts: Sequence[Any]) -> int:
        self.parked = [each for each in self.parked if each not in facts]
        return len(facts)


@pytest.fixture
def review(monkeypatch: pytest.MonkeyPatch) -> Review:
    made = Review()

    class Here:
        @asynccontextmanager
        async def opened(self) -> AsyncIterator[dict[str, Review]]:
            yield {"review": made}

    async def facts(pool: Review, *_: Any) -> list[Any]:
        return pool.parked

    monkeypatch.setattr(recovery, "installation", Here)
    monkeypatch.setattr(recovery, "parked_facts", facts)
    return made


@pytest.mark.parametrize(
    "nobody",
    [
        f"{READER}:{FACT.position + 1}",
        f"review.lists:{FACT.position}",
        str(UUID(int=77)),
    ],
)
def test_a_name_of_which_nothing_is_parked_is_said_to_be_one(
    nobody: str, review: Review, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("redrive", "--one", nobody) == 1
    out, error = capsys.readouterr()
    assert not out
    assert "nothing of that name is parked" in error
    assert review.parked == [FACT]


@pytest.mark.parametrize("one", [f"{READER}:{FACT.position}", str(FACT.owner)])
def test_what_is_named_and_parked_is_applied(
    one: str, review: Review, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("redrive", "--one", one) == 0
    assert "1 applied, 0 still parked" in capsys.readouterr().out


def test_where_nobody_is_named_nothing_need_be_parked(
    review: Review, capsys: pytest.CaptureFixture[str]
) -> None:
    review.parked = []
    assert run("redrive") == 0
    assert "0 applied, 0 still parked" in capsys.readouterr().out
