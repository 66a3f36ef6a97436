"""Personal data in events: never in the bytes, bound to its subject and field, unreadable without
the subject's key.
"""

import os
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError

from libs.events.aggregate import Aggregate, evolves
from libs.events.codec import canonical, decode, encode, holds_personal_data
from libs.events.keyring import MemoryKeyRing
from libs.events.personal import MARK, Opener, PersonalData, Sealer, keys_of, subjects
from libs.events.value import Act, Actor, Value
from tests.events.ledger import Ledger

ONE, TWO = UUID(int=1), UUID(int=2)
KEYS = {(ONE, 1): os.urandom(32), (TWO, 1): os.urandom(32)}
OPENER = Opener(KEYS)
ACT = Act(by=Actor(user="clerk", role="ENT_CLERK"), at=datetime(2024, 9, 2, 1, tzinfo=UTC))
NUMBER = "410105199001011234"


class Contact(Value):
    mobile: PersonalData[str]
    note: str = ""


class Person(Aggregate):
    class Saved(Aggregate.Created):
        id_no: PersonalData[str]
        alias: PersonalData[str] | None = None
        contacts: tuple[Contact, ...] = ()

    @evolves(Saved)
    def _saved(self, e: Saved) -> None: ...


def sealer(subject: UUID = ONE) -> Sealer:
    return Sealer(subject, 1, KEYS[subject, 1])


def saved(number: str = NUMBER, **fields: Any) -> Person.Saved:
    return Person.Saved(act=ACT, id_no=number, **fields)


def tampered(data: bytes, change: Callable[[dict[str, Any]], Any]) -> bytes:
    facts = orjson.loads(data)
    change(facts)
    return canonical(facts)


@given(
    st.from_regex(r"9[0-9]{16}X", fullmatch=True), st.from_regex(r"1[38][0-9]{9}", fullmatch=True)
)
def test_the_plain_value_is_never_in_the_bytes(number: str, mobile: str) -> None:
    data = encode(saved(number, alias=mobile, contacts=(Contact(mobile=mobile),)), sealer())
    facts = orjson.loads(data)
    assert (
        set(facts["id_no"]) == set(facts["alias"]) == set(facts["contacts"][0]["mobile"]) == {MARK}
    )
    assert number.encode() not in data
    assert mobile.encode() not in data
    back = decode(Person.Saved.TOPIC, ONE, 1, data, OPENER)
    assert isinstance(back, Person.Saved)
    assert (back.id_no, back.alias, back.contacts[0].mobile) == (number, mobile, mobile)


def test_the_same_value_is_sealed_to_other_bytes_each_time() -> None:
    assert encode(saved(), sealer()) != encode(saved(), sealer())


def test_what_is_absent_stays_absent() -> None:
    facts = orjson.loads(encode(saved(alias=None), sealer()))
    assert facts["alias"] is None


def test_no_event_with_personal_data_is_encoded_without_a_key() -> None:
    assert holds_personal_data(Person.Saved)
    assert not holds_personal_data(Ledger.Noted)
    with pytest.raises(TypeError):
        encode(saved())


def test_a_sealed_value_moved_to_another_field_is_refused() -> None:
    data = tampered(
        encode(saved(alias="alias"), sealer()),
        lambda f: f.update(id_no=f["alias"], alias=f["id_no"]),
    )
    with pytest.raises(InvalidTag):
        decode(Person.Saved.TOPIC, ONE, 1, data, OPENER)


def test_a_sealed_value_given_out_as_another_subjects_is_refused() -> None:
    data = tampered(encode(saved(), sealer()), lambda f: f["id_no"][MARK].update(s=str(TWO)))
    with pytest.raises(InvalidTag):
        decode(Person.Saved.TOPIC, ONE, 1, data, OPENER)


@given(st.integers(0, 59), st.integers(1, 255))
def test_a_changed_byte_of_a_sealed_value_is_noticed(at: int, by: int) -> None:
    def change(facts: dict[str, Any]) -> None:
        sealed = bytearray(b64decode(facts["id_no"][MARK]["c"]))
        sealed[at % len(sealed)] ^= by
        facts["id_no"][MARK]["c"] = b64encode(sealed).decode()

    with pytest.raises(InvalidTag):
        decode(Person.Saved.TOPIC, ONE, 1, tampered(encode(saved(), sealer()), change), OPENER)


def test_a_sealed_value_may_be_copied_into_another_event_of_the_same_field() -> None:
    copied = orjson.loads(encode(saved(), sealer()))["id_no"]
    data = tampered(encode(saved("x"), sealer(TWO)), lambda f: f.update(id_no=copied))
    back = decode(Person.Saved.TOPIC, TWO, 1, data, OPENER)
    assert isinstance(back, Person.Saved)
    assert back.id_no == NUMBER


def test_a_request_cannot_bring_a_sealed_value() -> None:
    envelope = orjson.loads(encode(saved(), sealer()))["id_no"]
    with pytest.raises(ValidationError):
        Contact.model_validate({"mobile": envelope})


def test_the_keys_that_opening_needs_are_found_wherever_they_lie() -> None:
    data = orjson.loads(encode(saved(contacts=(Contact(mobile="1"),)), sealer()))
    assert set(subjects([data, {"deep": [data]}])) == {(ONE, 1)}
    assert not set(subjects(orjson.loads(encode(Ledger.Noted(act=ACT, text="a")))))


def test_the_keys_are_read_from_the_bytes_as_from_what_they_say() -> None:
    data = encode(saved(contacts=(Contact(mobile="1"),)), sealer())
    assert keys_of(data) == set(subjects(orjson.loads(data))) == {(ONE, 1)}
    assert not keys_of(
        encode(
            Ledger.Noted(
                act=ACT, text='a text that says "$pii":{"c":"x","k":1,"s":"' + str(ONE) + '"}'
            )
        )
    )


def test_personal_data_does_not_print() -> None:
    event = saved(alias=NUMBER, contacts=(Contact(mobile=NUMBER, note="open"),))
    for text in (repr(event), str(event), f"{event}", repr([event])):
        assert NUMBER not in text
    assert "open" in repr(event)
    for part in (sealer(), OPENER):
        assert KEYS[ONE, 1].hex() not in repr(part)
        assert repr(KEYS[ONE, 1]) not in repr(part)


class Witness(Value):
    name: Annotated[PersonalData[str], Field(max_length=50)]
    aliases: tuple[PersonalData[str], ...] = ()
    numbers: dict[str, list[PersonalData[str]] | None] | None = None
    kind: Literal["_Personal()"] = "_Personal()"
    contact: Contact | None = None  # says it of its own fields


def test_personal_data_is_found_however_deep_in_a_field_and_nowhere_else() -> None:
    assert sorted(Witness.PERSONAL) == ["aliases", "name", "numbers"]


async def test_without_its_key_a_value_is_gone_for_ever() -> None:
    ring = MemoryKeyRing()
    data = encode(saved(), (await ring.sealers({ONE}))[ONE])
    with pytest.raises(KeyError):
        await MemoryKeyRing().opener(set(subjects(orjson.loads(data))))


def test_digests_of_parts_do_not_run_into_one_another() -> None:
    ring = MemoryKeyRing()
    assert ring.digest("a", "b") != ring.digest("a\nb")
