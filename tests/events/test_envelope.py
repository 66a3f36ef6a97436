"""An event as a Kafka record and back, byte for byte, whoever wrote it."""

from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from libs.events.codec import canonical
from libs.events.envelope import (
    KafkaRecord,
    from_record,
    is_same,
    readable,
    schema_path,
    to_record,
    topic_of,
)
from libs.events.records import StoredEvent

URL = "https://enterprise.example"
CORRELATION, CAUSE = UUID(int=5), UUID(int=6)


def stored(causation: UUID | None = None, trace: str = "") -> StoredEvent:
    meta = {"id": UUID(int=4), "correlation": CORRELATION, "causation": causation, "command": None}
    return StoredEvent(
        position=12,
        stream=UUID(int=1),
        version=3,
        type="enterprise.Enterprise.FilingSent",
        owner=UUID(int=2),
        data=b'{"a":1}',
        meta=canonical(meta | {"trace": trace, "schema": 2, "references": {}}),
        recorded_at=datetime(2024, 9, 2, 1, 2, 3, 45, tzinfo=UTC),
    )


def record(causation: UUID | None = None, trace: str = "") -> KafkaRecord:
    return to_record("enterprise", stored(causation, trace), URL)


def changed(given: KafkaRecord, name: str, value: bytes | None) -> KafkaRecord:
    """With another header of this name, or without it; also one that it had not."""
    rest = [each for each in given.headers if each[0] != name]
    return replace(given, headers=(*rest, *([(name, value)] if value is not None else [])))


def test_a_record_has_the_headers_of_cloudevents_and_the_events_bytes() -> None:
    made = record(CAUSE, "00-ab-cd-01")
    assert (made.key, made.value) == (str(UUID(int=2)).encode(), b'{"a":1}')
    assert made.offset == -1
    assert dict(made.headers) == {
        "ce_specversion": b"1.0",
        "ce_id": str(UUID(int=4)).encode(),
        "ce_source": b"/services/enterprise",
        "ce_type": b"kaohe.enterprise.Enterprise.FilingSent",
        "ce_subject": str(UUID(int=1)).encode(),
        "ce_time": b"2024-09-02T01:02:03.000045+00:00",
        "ce_dataschema": f"{URL}{SCHEMA}".encode(),
        "content-type": b"application/json",
        "ce_position": b"12",
        "ce_streamversion": b"3",
        "ce_correlationid": str(CORRELATION).encode(),
        "ce_causationid": str(CAUSE).encode(),
        "ce_traceparent": b"00-ab-cd-01",
        "kaohe-meta": stored(CAUSE, "00-ab-cd-01").meta,
    }


SCHEMA = "/contracts/events/enterprise.Enterprise.FilingSent/v2.schema.json"


def test_what_an_event_has_not_is_no_header() -> None:
    names = [name for name, _ in record().headers]
    assert not {"ce_causationid", "ce_traceparent"} & {*names}
    assert len(names) == len({*names}) == 12


def test_names_of_topics_and_schemas() -> None:
    assert topic_of("review") == "kaohe.review.v1"
    assert schema_path("enterprise.Enterprise.FilingSent", 2) == SCHEMA


def test_the_row_comes_back_as_it_was() -> None:
    for given in (stored(), stored(CAUSE, "00-ab-cd-01")):
        assert from_record(to_record("enterprise", given, URL)) == given
        assert readable(to_record("enterprise", given, URL)) == given


def test_a_header_is_found_by_its_name_the_first_of_several() -> None:
    made = replace(record(), headers=(("a", b"1"), ("b", "二".encode()), ("b", b"3")))
    assert (made.header("a"), made.header("b")) == ("1", "二")
    with pytest.raises(KeyError, match="no header c"):
        made.header("c")


HEADERS = ("ce_id", "ce_source", "ce_type", "ce_subject", "ce_time", "ce_position", "kaohe-meta")


@pytest.mark.parametrize("name", HEADERS)
def test_records_that_differ_in_a_header_are_not_the_same(name: str) -> None:
    assert not is_same(record(), changed(record(), name, b"other"))
    assert not is_same(record(), changed(record(), name, None))


def test_nor_are_those_of_another_key_or_value() -> None:
    assert not is_same(record(), replace(record(), key=b"other"))
    assert not is_same(record(), replace(record(), value=b"{}"))
    assert is_same(record(), replace(record(), offset=7))


def test_a_signature_makes_no_difference_and_another_order_does() -> None:
    signed = changed(record(), "kaohe-record-signature", b"s")
    assert is_same(record(), signed)
    assert is_same(signed, record())
    assert not is_same(record(), replace(record(), headers=record().headers[::-1]))


def test_where_a_schema_is_shown_makes_no_difference_and_which_one_does() -> None:
    moved = to_record("enterprise", stored(), "https://elsewhere/a/b")
    assert is_same(record(), moved)
    assert is_same(record(), to_record("enterprise", stored(), ""))  # before 2026-11-28
    other = moved.header("ce_dataschema").replace("v2", "v3").encode()
    headers = [(n, other if n == "ce_dataschema" else v) for n, v in moved.headers]
    assert not is_same(record(), replace(moved, headers=tuple(headers)))


def test_the_schema_that_is_shown_is_named_by_its_whole_path() -> None:
    name_alone = SCHEMA.removeprefix("/contracts/events/").encode()
    assert not is_same(record(), changed(record(), "ce_dataschema", name_alone))


@pytest.mark.parametrize("name", ["ce_causationid", "ce_source"])
def test_where_another_header_points_makes_a_difference(name: str) -> None:
    here, there = (
        changed(record(), name, f"{place}/contracts/events/a".encode())
        for place in ("https://here", "https://there")
    )
    assert not is_same(here, there)


def test_a_header_that_nobody_knows_makes_a_difference() -> None:
    assert not is_same(record(), changed(record(), "traceparent", b"00-ab-cd-01"))


def test_a_record_is_read_whatever_the_order_of_its_headers() -> None:
    signed = changed(record(), "kaohe-record-signature", b"s")
    assert from_record(replace(signed, headers=signed.headers[::-1])) == stored()


def test_a_record_stays_what_was_read() -> None:
    with pytest.raises(FrozenInstanceError):
        record().value = b"{}"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ce_subject", b"no id"),
        ("ce_subject", b"\xff"),
        ("ce_streamversion", b"x"),
        ("ce_position", None),
        ("ce_position", b"9" * 5000),
        ("ce_time", b"yesterday"),
        ("ce_type", None),
        ("kaohe-meta", None),
    ],
)
def test_what_no_relay_has_published_is_not_readable(name: str, value: bytes | None) -> None:
    assert readable(changed(record(), name, value)) is None


@pytest.mark.parametrize("odd", [{"key": b"nobody"}, {"key": None}, {"headers": ((None, None),)}])
def test_nor_is_a_record_of_another_shape(odd: dict[str, object]) -> None:
    assert readable(replace(record(), **odd)) is None  # type: ignore[arg-type]
