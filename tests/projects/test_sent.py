"""Of a contract or project the authority knows what was sent with a record, as it stood then."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import orjson

from libs.events.records import StoredEvent
from services.projects.sent.telling import made_of

ITEM, FIRST, SECOND = uuid4(), uuid4(), uuid4()


def history(*acts: tuple[str, UUID | None]) -> list[StoredEvent]:
    return [
        StoredEvent(
            position=n,
            stream=ITEM,
            version=n,
            type=f"projects.Project.{name}",
            owner=ITEM,
            data=orjson.dumps({"stage": stage} if stage else {}),
            meta=b"{}",
            recorded_at=datetime(2024, 9, 2, tzinfo=UTC),
        )
        for n, (name, stage) in enumerate(acts, 1)
    ]


def versions(records: list[StoredEvent], *sent: int) -> list[int]:
    return [each.version for each in made_of(records, sent)]


SAVED_TWICE = (("ProjectAdded", None), ("ProjectSaved", None), ("ProjectSaved", None))


def test_nothing_is_told_before_it_was_sent() -> None:
    assert versions(history(*SAVED_TWICE)) == []


def test_what_was_written_over_before_the_sending_or_saved_after_it_is_not_told() -> None:
    records = history(*SAVED_TWICE, ("StageSaved", FIRST), ("ProjectSaved", None))
    assert versions(records, 3) == [1, 3]
    assert versions(records, 4) == [1, 3, 4]


def test_what_was_sent_in_an_earlier_round_stays_told() -> None:
    records = history(*SAVED_TWICE)
    assert versions(records, 2, 3) == [1, 2, 3]


def test_a_stage_that_was_removed_before_the_sending_was_never_sent() -> None:
    gone = (("StageSaved", FIRST), ("StageRemoved", FIRST), ("StageSaved", SECOND))
    assert versions(history(*SAVED_TWICE, *gone), 6) == [1, 3, 6]


def test_a_stage_that_was_sent_and_removed_before_the_next_sending_is_seen_to_go() -> None:
    acts = (("StageSaved", FIRST), ("StageRemoved", FIRST), ("StageSaved", SECOND))
    assert versions(history(*SAVED_TWICE, *acts), 4, 6) == [1, 3, 4, 5, 6]


def test_a_deletion_after_the_sending_is_not_told() -> None:
    records = history(*SAVED_TWICE, ("StageSaved", FIRST), ("StageRemoved", FIRST))
    assert versions([*records, *history(("ProjectDeleted", None))], 4) == [1, 3, 4]
