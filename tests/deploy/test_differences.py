"""What `replay --check` names where something differs: log, position and field, but no value."""

from collections.abc import AsyncIterator, Callable, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import orjson
import pytest

from deploy.installation.differences import (
    Difference,
    Place,
    between,
    between_rows,
    key_of,
    pointer,
)
from libs.events.projection import as_text
from libs.events.rebuild import Batches
from libs.events.records import StoredEvent
from services.enterprise.main import LISTS
from tests.in_memory.firm import Firm
from tests.in_memory.installation import Installation

STREAM = uuid4()


def event(position: int, **data: Any) -> StoredEvent:
    return StoredEvent(
        position=position,
        stream=STREAM,
        version=position,
        type="enterprise.Enterprise.EnterpriseInfoSaved",
        owner=STREAM,
        data=orjson.dumps(data),
        meta=b"{}",
        recorded_at=datetime(2024, 9, 2, tzinfo=UTC),
    )


async def told(events: Sequence[StoredEvent]) -> AsyncIterator[StoredEvent]:
    for each in events:
        yield each


LOG = [event(1, name="甲"), event(2, name="乙", rows=[1, 2]), event(3, name="丙")]
THERE: dict[str, tuple[Callable[[StoredEvent], StoredEvent], str]] = {
    "another name": (
        lambda at: replace(at, data=orjson.dumps({"name": "丁", "rows": [1, 2]})),
        "data/name",
    ),
    "a row less": (
        lambda at: replace(at, data=orjson.dumps({"name": "乙", "rows": [1]})),
        "data/rows/1",
    ),
    "another owner": (lambda at: replace(at, owner=uuid4()), "owner"),
    "another trace": (lambda at: replace(at, meta=b'{"trace":"x"}'), "meta/trace"),
    "other bytes": (
        lambda at: replace(at, data=at.data + b" "),
        "data (the same values in other bytes)",
    ),
}


@pytest.mark.parametrize("what", THERE)
async def test_the_field_in_which_log_and_topic_first_differ_is_named(what: str) -> None:
    change, field = THERE[what]
    topic = [LOG[0], change(LOG[1]), change(LOG[2])]
    found = await between("enterprise", told(LOG), told(topic))
    assert found == Difference("enterprise", 2, field)


async def test_what_only_one_of_them_has_is_named() -> None:
    short = await between("review", told(LOG), told(LOG[:2]))
    long = await between("review", told(LOG[:2]), told(LOG))
    assert short == Difference("review", 3, "the whole event, which the topic has not")
    assert long == Difference("review", 3, "the whole event, which the log has not")
    assert await between("review", told(LOG), told(LOG)) is None


def test_a_pointer_leads_to_the_first_member_that_differs() -> None:
    one = {"a": [{"b": 1}, {"c": 2}], "d": 3}
    assert pointer(one, {"a": [{"b": 1}, {"c": 9}], "d": 4}) == "/a/1/c"
    assert pointer(one, {**one, "e": 5}) == "/e"
    assert pointer(one, deepcopy(one)) == ""


class Registered:
    """Three enterprises, listed as their log says."""

    def __init__(self) -> None:
        with Installation("enterprise") as at:
            self.firms = [Firm(at, n, f"郑州{n}号设计有限公司") for n in (1, 2, 3)]
            self.service = at["enterprise"]

    @property
    def rows(self) -> dict[Place, dict[str, Any]]:
        rows = self.service.rows("enterprises")
        told = [orjson.loads(orjson.dumps(row, default=as_text)) for row in rows]
        return {("enterprises", key_of(row, ("id",))): row for row in told}

    async def found(self, live: dict[Place, dict[str, Any]]) -> Difference | None:
        async def batches() -> Batches:
            yield self.service.log.records

        codec = self.service.application.codec
        return await between_rows("enterprise", LISTS, codec, live, self.rows, batches())


@pytest.fixture(scope="module")
def registered() -> Registered:
    return Registered()


async def test_of_a_read_model_row_and_column_are_named_with_what_last_wrote_it(
    registered: Registered,
) -> None:
    live = registered.rows
    for firm in registered.firms[:0:-1]:  # the second was registered before the third
        live["enterprises", f"id={firm.id}"]["name"] = "somebody else's"
    second = registered.firms[1].id
    position = next(at.position for at in registered.service.log.records if at.stream == second)
    assert await registered.found(live) == Difference(
        "enterprise", position, f"enterprises[id={second}].name"
    )


async def test_a_row_that_no_event_wrote_and_one_that_is_missing_are_named(
    registered: Registered,
) -> None:
    live, third = registered.rows, registered.firms[2].id
    del live["enterprises", f"id={third}"]
    missing = await registered.found(live)
    assert missing
    assert missing.field == f"enterprises[id={third}]"
    live = registered.rows
    live["enterprises", "id=made up"] = {"id": "made up"}
    assert str(await registered.found(live)) == (
        "log enterprise, no event, field enterprises[id=made up]"
    )
    assert await registered.found(registered.rows) is None
