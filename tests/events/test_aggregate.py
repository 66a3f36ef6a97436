"""The aggregate base refuses at import what would be lost in silence later."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from eventsourcing.domain import event
from hypothesis import given as any_of
from hypothesis import strategies as st

from libs.events.aggregate import Aggregate, types_of
from libs.events.refusal import Finding, Refused, Severity, refuse
from libs.events.testing import given
from libs.events.value import Act, Actor
from tests.events.ledger import Ledger

ID = uuid4()
ACT = Act(by=Actor(user="clerk", role="ENT_CLERK"), at=datetime(2024, 9, 1, 16, 30, tzinfo=UTC))
OPENED = Ledger.Opened(act=ACT, ledger=ID, holder="someone")


def noted(text: str) -> Ledger.Noted:
    return Ledger.Noted(act=ACT, text=text)


def test_an_open_ledger_takes_a_note() -> None:
    given(Ledger, OPENED, noted("first")).when(Ledger.note, ACT, "second").then(noted("second"))


def test_an_empty_note_is_refused_and_changes_nothing() -> None:
    given(Ledger, OPENED).when(Ledger.note, ACT, "").then_refused("EMPTY")


def test_given_when_then_notices_another_event() -> None:
    with pytest.raises(AssertionError):
        given(Ledger, OPENED).when(Ledger.note, ACT, "a").then(noted("b"))
    with pytest.raises(AssertionError):
        given(Ledger, OPENED).when(Ledger.note, ACT, "a").then()
    with pytest.raises(AssertionError):
        given(Ledger, OPENED).when(Ledger.note, ACT, "").then_refused("OTHER")


def test_given_when_then_notices_a_command_that_was_not_refused() -> None:
    with pytest.raises(pytest.fail.Exception):
        given(Ledger, OPENED).when(Ledger.note, ACT, "a").then_refused("EMPTY")


def test_stored_names_come_from_service_aggregate_and_event() -> None:
    assert Ledger.Noted.TOPIC == "events.Ledger.Noted"
    assert types_of(Ledger) == ("events.Ledger.Noted", "events.Ledger.Opened")


def test_a_function_that_takes_what_its_event_lacks_is_refused_at_import() -> None:
    with pytest.raises(TypeError, match="colour"):

        class Wall(Aggregate):
            class Painted(Aggregate.Event):
                coats: int

            @event(Painted)
            def _painted(self, act: Act, coats: int, colour: str) -> None: ...


def test_an_event_that_says_what_its_function_does_not_take_is_refused_at_import() -> None:
    with pytest.raises(TypeError, match="colour"):

        class Fence(Aggregate):
            class Painted(Aggregate.Event):
                colour: str

            @event(Painted)
            def _painted(self, act: Act) -> None: ...


def test_an_event_without_a_function_of_its_own_is_refused_at_import() -> None:
    """Of several functions with one name only the last stands; the library drops the others in
    silence.
    """
    with pytest.raises(TypeError, match="Raised"):

        class Gate(Aggregate):
            class Raised(Aggregate.Event):
                pass

            class Lowered(Aggregate.Event):
                pass

            @event(Raised)
            def _(self, act: Act) -> None: ...

            @event(Lowered)
            def _(self, act: Act) -> None: ...


def test_an_event_of_a_shared_base_is_each_subclass_s_own() -> None:
    class Base(Aggregate):
        class Turned(Aggregate.Event):
            pass

        turns = 0

        def turn(self, act: Act) -> None:
            self._turned(act)

        @event(Turned)
        def _turned(self, act: Act) -> None:
            self.turns += 1

    class Wheel(Base):
        class Made(Aggregate.Created):
            pass

        class Turned(Base.Turned):
            pass

        @staticmethod
        def create_id() -> UUID:
            return ID

        @event(Made)
        def __init__(self, act: Act) -> None: ...

    wheel = Wheel(act=ACT)
    wheel.turn(ACT)
    assert wheel.turns == 1
    assert [type(each) for each in wheel.collect_events()] == [Wheel.Made, Wheel.Turned]


@any_of(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), max_size=5))
def test_replayed_history_gives_the_same_aggregate(notes: list[str]) -> None:
    ledger = Ledger(act=ACT, ledger=ID, holder="someone")
    for note in notes:
        ledger.note(ACT, note)
    copy: Any = None
    for each in ledger.collect_events():
        copy = each.mutate(copy)
    assert (copy.id, copy.version, copy.notes, copy.holder) == (
        ledger.id,
        ledger.version,
        tuple(notes),
        "someone",
    )


def test_today_is_the_day_in_shanghai() -> None:
    assert ACT.today.isoformat() == "2024-09-02"


def test_an_owner_must_be_named() -> None:
    class Stray(Aggregate):
        class Found(Aggregate.Created):
            pass

        @staticmethod
        def create_id() -> UUID:
            return ID

        @event(Found)
        def __init__(self, act: Act) -> None: ...

    with pytest.raises(NotImplementedError):
        _ = Stray(act=ACT).owner


def finding(rule: str, severity: Severity) -> Finding:
    return Finding(rule=rule, severity=severity, pointer=f"/{rule}")


@any_of(
    st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from(Severity))),
    st.sets(st.sampled_from("abcdef")),
)
def test_a_refusal_names_every_rule_that_stands_and_no_other(
    found: list[tuple[str, Severity]], acknowledged: set[str]
) -> None:
    findings = [finding(*each) for each in found]
    blocking = [f for f in findings if f.severity is Severity.BLOCKING]
    warnings = [
        f for f in findings if f.severity is Severity.WARNING and f.rule not in acknowledged
    ]
    standing = sorted(f.rule for f in blocking + warnings)
    if not standing:
        refuse(findings, acknowledged)
        return
    with pytest.raises(Refused) as refused:
        refuse(findings, acknowledged)
    assert sorted(f.rule for f in refused.value.findings) == standing
