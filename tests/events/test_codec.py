"""Canonical bytes: one value, one spelling, and the same value back."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any
from unicodedata import normalize
from uuid import UUID

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import AfterValidator, Field, StringConstraints, ValidationError

from libs.events.aggregate import Aggregate, evolves
from libs.events.append import check
from libs.events.codec import canonical, decode, encode, encoded, is_canonical
from libs.events.errors import TooLarge
from libs.events.personal import Opener, Sealer
from libs.events.value import Act, Actor
from tests.conformance.stage import unit
from tests.events.ledger import Ledger

text = st.text(st.characters(exclude_categories=["Cs"]))  # lone surrogates are no text; see below
scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | text
values = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(text, inner), max_leaves=20
)
STREAM = UUID(int=7)
ACT = Act(by=Actor(user="clerk", role="ENT_CLERK"), at=datetime(2024, 9, 2, 1, tzinfo=UTC))
KEY = Sealer(STREAM, 1, bytes(range(32)))
OPENER = Opener({(STREAM, 1): KEY.key})


def refused(_: str) -> str:
    raise ValueError("not any more")


def composed(value: Any) -> Any:
    if isinstance(value, str):
        return normalize("NFC", value)
    if isinstance(value, dict):
        return {normalize("NFC", key): composed(each) for key, each in value.items()}
    return [composed(each) for each in value] if isinstance(value, list) else value


def has_two_keys_of_one_spelling(value: Any) -> bool:
    if isinstance(value, dict):
        keys = {normalize("NFC", key) for key in value}
        return len(keys) < len(value) or any(
            has_two_keys_of_one_spelling(each) for each in value.values()
        )
    return (
        any(has_two_keys_of_one_spelling(each) for each in value)
        if isinstance(value, list)
        else False
    )


@given(values)
@example("\n\u0303")  # the n of the escape and the tilde must not become ñ
@example({"e\u0301": 1, "f": 2, "\u00e8": 3})
def test_canonical_bytes_read_back_as_the_composed_value(value: Any) -> None:
    if has_two_keys_of_one_spelling(value):
        with pytest.raises(TypeError):
            canonical(value)
        return
    data = canonical(value)
    assert orjson.loads(data) == composed(value)
    assert canonical(orjson.loads(data)) == data
    assert is_canonical(data)


@given(st.dictionaries(text, scalars))
def test_the_order_in_which_a_value_was_made_does_not_show(value: dict[str, Any]) -> None:
    if not has_two_keys_of_one_spelling(value):
        assert canonical(dict(reversed(value.items()))) == canonical(value)


@given(values)
def test_other_spellings_of_the_same_value_are_not_canonical(value: Any) -> None:
    if not has_two_keys_of_one_spelling(value):
        data = canonical(value)
        for other in (
            b" " + data,
            data + b"\n",
            orjson.dumps(orjson.loads(data), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS),
        ):
            assert is_canonical(other) == (other == data)


@pytest.mark.parametrize(
    "data",
    [
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b"1.0",
        b"1e2",
        b'"\\u0041"',
        b'"e\xcc\x81"',
        b"",
        b"{",
        b"\xff",
        b"NaN",
        b"[" * 999 + b"]" * 999,
        b'{"n":99999999999999999999999}',
    ],
)
def test_bytes_in_another_form_are_recognised(data: bytes) -> None:
    assert not is_canonical(data)


@pytest.mark.parametrize(
    "value", [1.5, [1.5], {"a": {"b": [1, 2.0]}}, (1.5,), "\ud800", float("nan"), {1, 2}]
)
def test_what_has_no_exact_bytes_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical(value)


@pytest.mark.parametrize("inside", [lambda value: value, lambda value: {"a": [1, value]}])
def test_two_keys_of_one_spelling_are_refused(inside: Callable[[object], object]) -> None:
    assert canonical(inside({"e\u0301": 1, "e": 2})) == canonical(inside({"e": 2, "\u00e9": 1}))
    with pytest.raises(TypeError, match="two keys"):
        canonical(inside({"e\u0301": 1, "\u00e9": 2}))


@given(text, text)
@example("\n\u0303", "")
def test_an_event_comes_back_as_it_went_in(holder: str, note: str) -> None:
    opened = Ledger.Opened(
        originator_id=STREAM,
        originator_version=1,
        act=ACT,
        timestamp=ACT.at,
        ledger=STREAM,
        holder=holder,
    )
    noted = Ledger.Noted(
        originator_id=STREAM, originator_version=2, act=ACT, timestamp=ACT.at, text=note
    )
    for event, stays in ((opened, holder), (noted, normalize("NFC", note))):
        data = encode(event, KEY)
        assert is_canonical(data)
        back = decode(event.TOPIC, STREAM, event.originator_version, data, OPENER)
        assert type(back) is type(event)
        assert (back.originator_id, back.originator_version, back.timestamp) == (
            STREAM,
            event.originator_version,
            ACT.at,
        )
        assert getattr(back, "holder", None) == stays or getattr(back, "text", None) == stays
        assert encode(decode(noted.TOPIC, STREAM, 2, encode(noted))) == encode(noted)


def test_a_field_that_a_newer_writer_added_is_ignored() -> None:
    data = encode(Ledger.Noted(act=ACT, text="a")).replace(b'"text"', b'"colour":"red","text"')
    event = decode(Ledger.Noted.TOPIC, STREAM, 2, data)
    assert isinstance(event, Ledger.Noted)
    assert event.text == "a"


def test_an_instant_is_stored_in_utc_wherever_it_was_told() -> None:
    shanghai = Act(by=ACT.by, at=datetime.fromisoformat("2024-09-02T09:00:00+08:00"))
    assert encode(Ledger.Noted(act=shanghai, text="a")) == encode(Ledger.Noted(act=ACT, text="a"))


def test_an_instant_without_a_zone_is_no_instant() -> None:
    with pytest.raises(ValueError):
        Act(by=ACT.by, at=datetime(2024, 9, 2, 9))  # noqa: DTZ001


class Book(Aggregate):
    class Shelved(Aggregate.Created):
        title: Annotated[str, StringConstraints(max_length=3), AfterValidator(refused)]
        copies: Annotated[int, Field(le=3)] = 1

    @evolves(Shelved)
    def _shelved(self, e: Shelved) -> None: ...


def test_history_is_read_by_no_rule_of_a_form() -> None:
    act = ACT.model_dump(mode="json")
    data = canonical({"act": act, "title": "longer than may be", "copies": 7})
    with pytest.raises(ValidationError):
        Book.Shelved.model_validate_json(data)
    read = decode(Book.Shelved.TOPIC, STREAM, 1, data)
    assert read.model_dump(include={"act", "title", "copies"}, mode="json") == orjson.loads(data)
    assert read.act.at.tzinfo is UTC


def test_what_is_no_event_of_its_type_is_not_read() -> None:
    with pytest.raises(ValidationError):
        decode(Book.Shelved.TOPIC, STREAM, 1, canonical({"act": None, "title": 7}))


@pytest.mark.parametrize(("text", "as_it_is"), [("a", True), ("\u00e9", True), ("e\u0301", False)])
def test_whether_every_text_was_kept_as_it_is(text: str, as_it_is: bool) -> None:
    data, kept = encoded(Ledger.Noted(act=ACT, text=text))
    assert kept is as_it_is
    assert normalize("NFC", text).encode() in data


def test_what_begins_an_aggregate_says_of_which_kind_it_is() -> None:
    begun = decode(Ledger.Opened.TOPIC, STREAM, 1, encode(opened(), KEY), OPENER)
    assert begun.__dict__["originator_topic"] == Ledger.Opened.TOPIC.rpartition(".")[0]
    noted = decode(Ledger.Noted.TOPIC, STREAM, 2, encode(Ledger.Noted(act=ACT, text="a")))
    assert "originator_topic" not in noted.__dict__


def opened() -> Ledger.Opened:
    return Ledger.Opened(
        originator_id=STREAM,
        originator_version=1,
        act=ACT,
        timestamp=ACT.at,
        ledger=STREAM,
        holder="张三",
    )


@pytest.mark.parametrize(("more", "fits"), [(0, True), (1, False)])
def test_an_event_of_a_quarter_of_a_mebibyte_fits_and_none_beyond(more: int, fits: bool) -> None:
    text = "x" * (256 * 1024 - len(canonical({"text": ""})) + more)
    too_large = unit(STREAM, 0, text=text)
    if fits:
        check(too_large)
    else:
        with pytest.raises(TooLarge):
            check(too_large)
