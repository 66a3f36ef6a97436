"""What a decision of the authority says of the filing that it is about."""

from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

import pytest

from libs.events.records import StoredEvent
from libs.filing.filing import ReturnedItem
from libs.filing.rulings import is_as_sent, returned_items
from libs.published import review

SENT = StoredEvent(
    position=7,
    stream=UUID(int=1),
    version=3,
    type="personnel.Person.FilingSent",
    owner=UUID(int=2),
    data=b"{}",
    meta=b"{}",
    recorded_at=datetime(2024, 9, 2, tzinfo=UTC),
)
HASH, OTHER = sha256(b"{}").hexdigest(), sha256(b"[]").hexdigest()


@pytest.mark.parametrize(
    ("position", "data_sha256", "same"),
    [(7, HASH, True), (8, HASH, False), (7, OTHER, False)],
    ids=["the event", "another position", "other bytes"],
)
def test_a_decision_is_about_one_event_and_its_very_bytes(
    position: int, data_sha256: str, same: bool
) -> None:
    reviewed = review.Reviewed(position=position, data_sha256=data_sha256)
    assert is_as_sent(SENT, reviewed) is same


def test_what_was_never_sent_was_not_decided_on() -> None:
    assert not is_as_sent(None, review.Reviewed(position=7, data_sha256=HASH))


def test_a_point_that_comes_back_is_not_answered_yet() -> None:
    item = review.Item(pointer="/post", reason="R01", text="职务与证明不一致")
    assert returned_items([item]) == (
        ReturnedItem(pointer="/post", reason="R01", text="职务与证明不一致", answer=None),
    )
