"""Whatever is changed in a good record after it was signed: it is not accepted, and the answer is
one refusal.
"""

import asyncio
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.authority.signing import HEADER, canonical
from libs.events.envelope import KafkaRecord
from services.review.authority.domain.codes import Code
from services.review.cases.domain.subject import State
from tests.authority.given import SIGNER, Desk, desk, read, waiting

LETTERS = st.sampled_from([b"A", b"a", b"0", b"+", b"=", b" ", b";", b"/", b"\xff", b"\x00"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)

pytestmark = pytest.mark.slow  # thousands of examples


def handed(change: Any) -> tuple[Desk, KafkaRecord, dict[str, Any] | None]:
    """What becomes of an honest record after `change`; nothing if it is the same as before."""

    async def play() -> tuple[Desk, KafkaRecord, dict[str, Any] | None]:
        at = await desk()
        honest = SIGNER.signed(SIGNER.decision(waiting(at)))
        changed = change(honest)
        return at, changed, None if changed == honest else await at.hand(changed)

    return asyncio.run(play())


def assert_refused(change: Any) -> None:
    at, _, receipt = handed(change)
    if receipt is not None:
        assert receipt["outcome"] == "REFUSED", receipt
        assert receipt["code"] in set(Code) - {Code.FAULT}
        assert asyncio.run(at.case()).state is State.WAITING


@given(st.data())
@settings(max_examples=150)
def test_another_byte_in_the_value(data: st.DataObject) -> None:
    def change(record: KafkaRecord) -> KafkaRecord:
        place = data.draw(st.integers(0, len(record.value) - 1))
        return replace(
            record, value=record.value[:place] + data.draw(LETTERS) + record.value[place + 1 :]
        )

    assert_refused(change)


@given(st.data())
@settings(max_examples=150)
def test_another_byte_in_the_signature_header(data: st.DataObject) -> None:
    """Also one that base64 would read as the same signature: it has unused bits at its end."""

    def change(record: KafkaRecord) -> KafkaRecord:
        value = record.headers[0][1]
        place = data.draw(st.integers(0, len(value) - 1))
        return replace(
            record, headers=((HEADER, value[:place] + data.draw(LETTERS) + value[place + 1 :]),)
        )

    assert_refused(change)


def test_another_last_letter_of_the_signature() -> None:
    for letter in b"BCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/":

        def change(record: KafkaRecord, letter: int = letter) -> KafkaRecord:
            value = record.headers[0][1]
            return replace(record, headers=((HEADER, value[:-3] + bytes([letter]) + b"=="),))

        assert_refused(change)


@given(st.data())
@settings(max_examples=100)
def test_another_content_of_a_field(data: st.DataObject) -> None:
    def change(record: KafkaRecord) -> KafkaRecord:
        said = read(record)
        name = data.draw(st.sampled_from(sorted(said)))
        return replace(record, value=canonical(said | {name: data.draw(ANYTHING)}))

    assert_refused(change)


@given(st.data())
@settings(max_examples=100)
def test_a_field_less_or_more(data: st.DataObject) -> None:
    def change(record: KafkaRecord) -> KafkaRecord:
        said = read(record)
        if data.draw(st.booleans()):
            said.pop(data.draw(st.sampled_from(sorted(said))))
        else:
            said[
                data.draw(st.text(min_size=1, max_size=10).filter(lambda name: name not in said))
            ] = None
        return replace(
            record, value=canonical(said) if data.draw(st.booleans()) else orjson.dumps(said)
        )

    assert_refused(change)


@given(st.binary(max_size=50))
@settings(max_examples=100)
def test_another_key_of_the_record(key: bytes) -> None:
    assert_refused(lambda record: replace(record, key=key))


@given(
    st.lists(
        st.tuples(
            st.sampled_from([HEADER, "Kaohe-Signature", "x"]), st.binary(max_size=150) | st.none()
        ),
        max_size=3,
    )
)
@settings(max_examples=100)
def test_other_headers(headers: list[Any]) -> None:
    assert_refused(lambda record: replace(record, headers=tuple(headers)))


@given(st.binary(max_size=300))
@settings(max_examples=100)
def test_any_bytes(value: bytes) -> None:
    assert_refused(lambda record: replace(record, value=value))


@given(ANYTHING)
@settings(max_examples=100)
def test_any_json_that_is_rightly_signed(value: Any) -> None:
    """Whoever has a key can still send nonsense."""
    data = canonical(value)
    assert_refused(
        lambda record: replace(record, value=data, headers=((HEADER, SIGNER.header(data)),))
    )


@given(st.data())
@settings(max_examples=100)
def test_any_field_that_is_rightly_signed_never_is_a_fault(data: st.DataObject) -> None:
    """Refused or accepted, as it may be: never an error of ours."""

    def change(record: KafkaRecord) -> KafkaRecord:
        said = read(record)
        name = data.draw(st.sampled_from(sorted(said)))
        value = canonical(said | {name: data.draw(ANYTHING)})
        return replace(record, value=value, headers=((HEADER, SIGNER.header(value)),))

    _, _, receipt = handed(change)
    assert receipt is None or receipt["code"] != "FAULT"
