"""What an earlier commit stored is read for ever: by today's events, aggregates and projections."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from typing import Any

import asyncpg
import pytest
from eventsourcing.utils import resolve_topic
from pydantic import BaseModel

from libs.events.aggregate import STAMPS
from libs.events.codec import is_canonical
from libs.events.records import StoredEvent
from tests.corpus import corpus

FROZEN = corpus.frozen()


def streams() -> Iterator[list[StoredEvent]]:
    def place(at: StoredEvent) -> tuple[str, int]:
        return str(at.stream), at.version

    for part in corpus.PARTS:
        for name in corpus.SERVICES:
            events = sorted(corpus.log(part, name), key=place)
            yield from (list(each) for _, each in groupby(events, lambda at: at.stream))


@pytest.mark.parametrize("part", corpus.PARTS)
@pytest.mark.parametrize("name", corpus.SERVICES)
def test_a_log_is_whole_and_its_bytes_are_exact(part: str, name: str) -> None:
    events = corpus.log(part, name)
    assert [each.position for each in events] == list(range(1, len(events) + 1)) != []
    assert all(is_canonical(each.data) and is_canonical(each.meta) for each in events)


def test_every_event_says_today_what_its_bytes_say() -> None:
    differing = {
        each.type
        for each in corpus.everything()
        if corpus.said(corpus.read(each)) != corpus.stored(each)
    }
    assert differing == set()


def test_history_is_read_as_its_classes_would_read_it_with_every_rule_of_their_forms() -> None:
    differing = {
        each.type
        for each in corpus.everything()
        if in_full(corpus.read(each)) != in_full(judged(each))
    }
    assert differing == set()


def judged(at: StoredEvent) -> BaseModel:
    kind: type[BaseModel] = resolve_topic(at.type)
    return kind.model_validate_json(at.data, extra="ignore", context=corpus.opener())


def in_full(value: Any) -> Any:
    """A value with the exact class of each part, in order, and which fields were given; without
    stamps.
    """
    if isinstance(value, BaseModel):
        parts = [(name, in_full(each)) for name, each in vars(value).items() if name not in STAMPS]
        return type(value), parts, value.model_fields_set
    if isinstance(value, dict):
        return dict, [(in_full(name), in_full(each)) for name, each in value.items()]
    if isinstance(value, list | tuple):
        return type(value), [in_full(each) for each in value]
    if isinstance(value, Decimal):  # 300.00 was stored so once, and is kept so
        return Decimal, value.normalize()
    return type(value), repr(value)


def test_events_of_every_type_say_what_they_said_when_they_were_frozen() -> None:
    assert corpus.facts() == FROZEN.facts


def test_every_stream_replays_and_belongs_to_its_owner() -> None:
    for stream in streams():
        aggregate = None
        for at in stream:
            aggregate = corpus.read(at).mutate(aggregate)
        assert aggregate is not None
        found = (aggregate.id, aggregate.version, aggregate.owner)
        assert found == (stream[-1].stream, stream[-1].version, stream[-1].owner), stream[0].type


@pytest.mark.servers
@pytest.mark.parametrize("name", corpus.SERVICES)
@pytest.mark.parametrize("part", corpus.PARTS)
async def test_projections_make_the_same_tables_of_it(database: str, part: str, name: str) -> None:
    connection = await asyncpg.connect(database, statement_cache_size=0)
    try:
        made = await corpus.tables(connection, part, name)
    finally:
        await connection.close()
    kept = FROZEN.projections[part]
    assert made == {reader: digest for reader, digest in kept.items() if _of(name, reader)}


def _of(name: str, reader: str) -> bool:
    return reader.partition(".")[0] == name
