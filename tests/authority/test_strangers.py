"""A flood of records that nobody signed: bounded in the log by who claims to have sent them, and
nothing honest waits behind it.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from deploy.authority.misbehaving import MISBEHAVIOURS
from libs.events.envelope import KafkaRecord
from services.review.authority import strangers
from services.review.authority.domain.unbelieved import Unbelieved
from services.review.cases.domain.subject import State
from tests.authority.given import SIGNER, Desk, desk, waiting

TOLD = Unbelieved.RecordsNotAnswered.TOPIC
UNSIGNED = KafkaRecord(b"k", b"{}", (), 0)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strangers, "ANSWERED", 5)


async def flooded(at: Desk, record: KafkaRecord, times: int) -> list[str]:
    """The events of so many like it, each at the next offset."""
    before = len(at.log.records)
    for each in range(times):
        await at.receive(replace(record, offset=1000 + before + each))
    return at.types[before:]


async def test_beyond_the_bound_they_are_counted_and_told_at_each_tenfold() -> None:
    at = await desk()
    events = await flooded(at, UNSIGNED, 5 + 250)
    assert events == ["RecordRefused"] * 5 + ["RecordsNotAnswered"] * 3
    told = [each.payload for each in at.log.records if each.type == TOLD]
    assert [(each["claimed"], each["count"]) for each in told] == [("", 1), ("", 10), ("", 100)]


async def test_an_honest_decision_behind_them_counts_and_has_its_receipt() -> None:
    at = await desk()
    case = waiting(at)
    forged = MISBEHAVIOURS["forged"].make(SIGNER, case)
    await flooded(at, UNSIGNED, 30)
    await flooded(at, forged, 30)  # claims the honest system's own key
    receipt = await at.hand(SIGNER.signed(SIGNER.decision(case)))
    assert receipt["outcome"] == "ACCEPTED"
    assert (await at.case()).state is State.DECIDED


async def test_who_claims_a_key_has_a_bound_of_their_own_and_invented_keys_share_one() -> None:
    at = await desk()
    forged = MISBEHAVIOURS["forged"].make(SIGNER, waiting(at))
    await flooded(at, UNSIGNED, 20)
    assert "RecordRefused" in await flooded(at, forged, 1)
    events = []
    for each in range(20):
        invented = SIGNER.signed(SIGNER.decision(waiting(at)), f"invented-{each}")
        events += await flooded(at, invented, 1)
    assert "RecordRefused" not in events


async def test_an_hour_later_they_are_answered_again() -> None:
    at = await desk()
    await flooded(at, UNSIGNED, 20)
    at.clock.at += timedelta(hours=1)
    assert await flooded(at, UNSIGNED, 1) == ["RecordRefused"]
