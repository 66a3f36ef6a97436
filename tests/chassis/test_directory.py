"""The directory: an enterprise that has just registered is waited for, one that never did is said
to be unknown.
"""

from uuid import UUID

import pytest

from libs.chassis.replicas.directory import Directory, Listing
from libs.events import eventually as waiting
from libs.events.refusal import Refused
from libs.filing.catalogue import STATE, finding
from tests.chassis.ledgers import OURS, USCC

REGISTERED = Listing(OURS, USCC, "示范", "410100", None, filed=False)


class Arriving(Directory):
    """Its topic is read after this many looks."""

    def __init__(self, after: int) -> None:
        self.left = after

    async def find(self, enterprise: UUID) -> Listing | None:
        self.left -= 1
        return REGISTERED if self.left < 0 else None


@pytest.fixture(autouse=True)
def _in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "PAUSE", 0)


async def test_an_enterprise_that_has_just_registered_is_waited_for() -> None:
    assert await Arriving(after=3).arriving(OURS) == REGISTERED


async def test_an_enterprise_that_does_not_arrive_is_refused_as_not_registered() -> None:
    with pytest.raises(Refused) as refused:
        await Arriving(after=1000).arriving(OURS)
    assert refused.value.findings == (finding(STATE, case="enterprise_unknown"),)
