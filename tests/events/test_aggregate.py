"""The aggregate base refuses at import what would be lost in silence later."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from libs.events.aggregate import Aggregate, evolves, types_of
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


def test_a_class_that_would_have_no_stored_name_says_so() -> None:
    with pytest.raises(TypeError, match="its module is in no folder"):
        type("Loose", (Aggregate,), {"__module__": "loose"})


def test_an_event_that_nothing_evolves_is_refused_at_import() -> None:
    """Of several methods with one name only the last stands."""
    with pytest.raises(TypeError, match="no method that evolves Raised"):

        class Gate(Aggregate):
            class Raised(Aggregate.Event):
                pass

            class Lowered(Aggregate.Event):
                pass

            @evolves(Raised)
            def _(self, e: Raised) -> None: ...

            @evolves(Lowered)
            def _(self, e: Lowered) -> None: ...


def test_a_stream_does_not_begin_with_what_nothing_evolves() -> None:
    with pytest.raises(TypeError, match="no method that evolves Made"):

        class Cart(Aggregate):
            class Made(Aggregate.Created):
                pass


def test_two_methods_for_one_event_are_refused_at_import() -> None:
    with pytest.raises(TypeError, match="two methods that evolve Painted"):

        class Fence(Aggregate):
            class Painted(Aggregate.Event):
                colour: str

            @evolves(Painted)
            def _painted(self, e: Painted) -> None: ...

            @evolves(Painted)
            def _painted_again(self, e: Painted) -> None: ...


class Turning(Aggregate.Event):
    """Fields that several events share."""

    degrees: int


class Base(Aggregate):
    class Turned(Turning):
        pass

    def turn(self, act: Act) -> None:
        self.record(self.Turned(act=act, degrees=90))

    @evolves(Turned)
    def _turned(self, e: Turned) -> None:
        self.turned: int = getattr(self, "turned", 0) + e.degrees


class Wheel(Base):
    class Made(Aggregate.Created):
        pass

    class Turned(Base.Turned):
        pass

    @evolves(Made)
    def _made(self, e: Made) -> None: ...


def test_an_event_of_a_shared_base_is_each_subclass_s_own() -> None:
    wheel = Wheel.begin(ID, Wheel.Made(act=ACT))
    wheel.turn(ACT)
    assert wheel.turned == 90
    happened = [each.TOPIC for each in wheel.collect_events()]
    assert happened == ["events.Wheel.Made", "events.Wheel.Turned"]


def test_a_recorded_event_says_where_it_stands() -> None:
    wheel = Wheel.begin(ID, Wheel.Made(act=ACT))
    wheel.turn(ACT)
    made, turned = wheel.collect_events()
    assert (made.originator_id, made.originator_version, made.timestamp) == (ID, 1, ACT.at)
    assert (turned.originator_id, turned.originator_version) == (ID, 2)


@any_of(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), max_size=5))
def test_replayed_history_gives_the_same_aggregate(notes: list[str]) -> None:
    ledger = Ledger.open(ACT, ID, "someone")
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

        @evolves(Found)
        def _found(self, e: Found) -> None: ...

    with pytest.raises(NotImplementedError):
        _ = Stray.begin(ID, Stray.Found(act=ACT)).owner


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
