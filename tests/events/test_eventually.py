"""Waiting for what is on its way by topic: no longer than it takes, and never for ever."""

import pytest

from libs.events import eventually as waiting
from libs.events.eventually import TRIES, eventually


class Arriving:
    """A read model that shows one row more at each look."""

    def __init__(self) -> None:
        self.looks = 0

    async def look(self) -> list[int]:
        self.looks += 1
        return list(range(1, self.looks))


@pytest.fixture
def arriving(monkeypatch: pytest.MonkeyPatch) -> Arriving:
    monkeypatch.setattr(waiting, "PAUSE", 0)
    return Arriving()


async def test_what_is_there_is_read_once(arriving: Arriving) -> None:
    assert await eventually(arriving.look, until=lambda rows: rows == []) == []
    assert arriving.looks == 1


async def test_what_is_on_its_way_is_waited_for_until_it_is_there(arriving: Arriving) -> None:
    assert await eventually(arriving.look) == [1]
    assert await eventually(arriving.look, until=lambda rows: len(rows) == 5) == [1, 2, 3, 4, 5]
    assert arriving.looks == 6


async def test_what_never_comes_is_given_up_and_the_last_look_handed_back(
    arriving: Arriving,
) -> None:
    assert await eventually(arriving.look, until=lambda _: False) == list(range(1, TRIES + 1))
    assert arriving.looks == TRIES + 1
