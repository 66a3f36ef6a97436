"""State machines, walked against the book's lists: every move that is there can be made, and no
other.
"""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.events.value import SHANGHAI
from libs.filing import reference
from libs.filing.catalogue import texts_of
from libs.filing.content.enterprise import Information
from libs.filing.filing import AWAITING, EDITABLE, Filing, Status, Type
from libs.filing.transitions import EDITABLE as MAY_BE_EDITED
from libs.filing.transitions import FilingFacts, RecordFacts, allowed_actions, next_state

FILING, RECORD = "filing_transition", "assessment_transition"
STATES = {FILING: reference.codes("filing_status"), RECORD: reference.codes("assessment_status")}
MOVES = {name: reference.raw(name)["items"] for name in STATES}
ACTS = {name: sorted({move["act"] for move in moves}) for name, moves in MOVES.items()}
TODAY = date(2024, 9, 20)
AT_THE_CITY = FilingFacts(level="CITY", own_unit=True)

# Section 5.2 of the book, as its table stands.
TABLE = {
    "DRAFT": "SAVED - VOID - - - - - - -",
    "SAVED": "SAVED SENT VOID - - - - - - -",
    "SENT": "- - - WITHDRAWN REVIEWING - - - - -",
    "REVIEWING": "- - - - - APPROVED RETURNED REJECTED REVIEWING REVIEWING",
    "RETURNED": "RETURNED SENT VOID - - - - - - -",
    "WITHDRAWN": "SAVED SENT VOID - - - - - - -",
    **dict.fromkeys(("APPROVED", "REJECTED", "SUPERSEDED", "VOID"), " ".join("-" * 10)),
}
COLUMNS = (
    "save",
    "send",
    "discard",
    "withdraw",
    "take",
    "PASS",
    "RETURN",
    "FAIL",
    "ESCALATE",
    "ONSITE",
)


def record(**changes: Any) -> RecordFacts:
    """Of a Zhengzhou enterprise, inside the window."""
    facts: dict[str, Any] = {
        "level": "CITY",
        "own_unit": True,
        "today": TODAY,
        "window_open": True,
        "correct_until": None,
        "back_to": None,
        "returns": 0,
        "max_returns": 2,
        "result": None,
        "publicity_over": False,
        "heard": False,
    }
    return RecordFacts(**(facts | changes))


FACTS = st.one_of(
    st.builds(FilingFacts, level=st.sampled_from(["CITY", "PROV"]), own_unit=st.booleans()),
    st.builds(
        RecordFacts,
        level=st.sampled_from(["CITY", "PROV"]),
        own_unit=st.booleans(),
        today=st.just(TODAY),
        window_open=st.booleans(),
        correct_until=st.none() | st.sampled_from([TODAY - timedelta(1), TODAY]),
        back_to=st.sampled_from([None, "CITY_REVIEW", "PROV_REVIEW", "RECHECK"]),
        returns=st.integers(0, 3),
        max_returns=st.just(2),
        result=st.sampled_from([None, "PASS", "BASIC", "FAIL"]),
        publicity_over=st.booleans(),
        heard=st.booleans(),
    ),
)


def barred(
    state: str, role: str, act: str, facts: FilingFacts | RecordFacts = AT_THE_CITY
) -> list[str]:
    return [found.rule for found in allowed_actions(state, role, facts)[act]]


@pytest.mark.parametrize("state", sorted(TABLE))
def test_a_filing_moves_as_the_books_table_says(state: str) -> None:
    row = {
        act: to if to != "-" else None
        for act, to in zip(COLUMNS, TABLE[state].split(), strict=True)
    }
    assert {act: next_state(FILING, state, act) for act in COLUMNS} == row


@given(st.data(), st.sampled_from(sorted(STATES)))
def test_every_walk_stays_in_the_list(data: st.DataObject, name: str) -> None:
    state = "DRAFT"
    for act in data.draw(st.lists(st.sampled_from(ACTS[name]), max_size=30)):
        back_to = data.draw(st.sampled_from([None, *sorted(STATES[name])]))
        listed = {
            move["to"] for move in MOVES[name] if move["from"] == state and move["act"] == act
        }
        reached = next_state(name, state, act, back_to)
        expected = listed if len(listed) < 2 else listed & {back_to}
        assert {reached} - {None} == expected
        state = reached or state
        assert state in STATES[name]


@pytest.mark.parametrize("name", sorted(STATES))
def test_every_state_can_be_reached_and_only_the_last_ones_end(name: str) -> None:
    reached = {"DRAFT"}
    for _ in STATES[name]:
        reached |= {move["to"] for move in MOVES[name] if move["from"] in reached}
    assert reached == STATES[name]
    ends = STATES[name] - {move["from"] for move in MOVES[name]}
    assert ends == ({"REJECTED", "SUPERSEDED", "VOID"} if name == FILING else {"CLOSED"})


@given(st.data(), FACTS)
def test_what_is_allowed_has_its_move_and_what_is_not_its_reason(
    data: st.DataObject, facts: FilingFacts | RecordFacts
) -> None:
    state = data.draw(st.sampled_from(sorted(STATES[facts.list_name])))
    role = data.draw(st.sampled_from(sorted(reference.codes("role"))))
    for act, against in allowed_actions(state, role, facts).items():
        assert (
            against
            or next_state(facts.list_name, state, act, getattr(facts, "back_to", None)) is not None
        )
        for told in map(texts_of, against):
            assert "{" not in told.zh + told.en


@pytest.mark.parametrize("name", sorted(STATES))
def test_every_move_but_the_owners_can_be_made_by_somebody(name: str) -> None:
    roles = reference.codes("role")
    for move in MOVES[name]:
        if move["by"] == "owner":
            continue
        ways = (
            [AT_THE_CITY]
            if name == FILING
            else [
                record(
                    level=level,
                    back_to=move["to"],
                    result=result,
                    publicity_over=True,
                    heard=True,
                    window_open=move["act"] != "lapse",
                )
                for level in ("CITY", "PROV")
                for result in ("PASS", "FAIL")
            ]
        )
        assert any(
            not barred(move["from"], role, move["act"], facts) for facts in ways for role in roles
        ), move["code"]


@pytest.mark.parametrize("role", ["AUDITOR", "SYS_ADMIN", "PUBLIC"])
def test_who_only_looks_may_press_nothing(role: str) -> None:
    for facts in (AT_THE_CITY, record()):
        for state in STATES[facts.list_name]:
            assert all(allowed_actions(state, role, facts).values())


def test_the_reason_fits_the_role_the_unit_and_the_state() -> None:
    assert barred("SENT", "ENT_CLERK", "save") == ["E24"]
    assert barred("REVIEWING", "ENT_CLERK", "withdraw") == ["E25"]
    assert barred("CITY_REVIEW", "ENT_CLERK", "regenerate", record()) == ["A16"]
    assert barred("DRAFT", "ENT_CLERK", "regenerate", record()) == ["STATE"]
    assert barred("DRAFT", "ENT_CLERK", "send") == ["STATE"]
    assert barred("SENT", "ENT_CLERK", "take") == ["STATE"]
    assert barred("SENT", "CITY_OFFICER", "take", FilingFacts(level="CITY", own_unit=False)) == [
        "V01"
    ]
    assert barred("SENT", "CITY_OFFICER", "take") == []
    assert (
        texts_of(allowed_actions("SENT", "AUDITOR", AT_THE_CITY)["take"][0]).zh
        == "该操作不由“审计/监督人员”办理"
    )
    assert (
        texts_of(allowed_actions("DRAFT", "ENT_CLERK", AT_THE_CITY)["send"][0]).zh
        == "备案当前为“草稿”，不能发送"
    )


def test_filings_of_the_province_are_not_the_citys() -> None:
    of_the_province = FilingFacts(level="PROV", own_unit=True)
    assert barred("REVIEWING", "PROV_OFFICER", "PASS", of_the_province) == []
    assert barred("REVIEWING", "CITY_LEAD", "PASS", of_the_province) == ["STATE"]
    assert barred("REVIEWING", "PROV_OFFICER", "PASS") == ["STATE"]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (record(), []),
        (record(window_open=False, correct_until=TODAY), []),
        (record(window_open=False, correct_until=TODAY - timedelta(1)), ["A24"]),
    ],
)
def test_a_returned_record_may_be_sent_until_its_time_is_over(
    facts: RecordFacts, expected: list[str]
) -> None:
    assert barred("RETURNED", "ENT_CLERK", "send", facts) == expected
    assert barred("RETURNED", "ENT_CLERK", "regenerate", facts) == [
        rule.replace("A24", "A01") for rule in expected
    ]


def test_a_correction_lapses_only_when_its_time_and_the_window_are_over() -> None:
    late = {"back_to": "CITY_REVIEW", "correct_until": TODAY - timedelta(1)}
    assert barred("RETURNED", "CITY_OFFICER", "lapse", record(window_open=False, **late)) == []
    assert barred("RETURNED", "CITY_OFFICER", "lapse", record(**late)) == ["STATE"]
    assert barred("RETURNED", "PROV_OFFICER", "lapse", record(window_open=False, **late)) == [
        "STATE"
    ]


def test_only_a_returned_record_has_time_after_the_window() -> None:
    closed = record(window_open=False, correct_until=TODAY)
    assert barred("DRAFT", "ENT_CLERK", "generate", closed) == ["A01"]
    assert barred("WITHDRAWN", "ENT_CLERK", "send", closed) == ["A24"]


def test_the_level_says_who_opens_a_record() -> None:
    assert barred("SENT", "CITY_OFFICER", "take_city", record()) == []
    assert barred("SENT", "CITY_OFFICER", "take_city", record(level="PROV")) == ["STATE"]
    assert barred("SENT", "PROV_OFFICER", "take_province", record()) == ["V05"]
    assert barred("SENT", "PROV_OFFICER", "take_province", record(level="PROV")) == []
    assert barred("CITY_PASSED", "PROV_OFFICER", "take_province", record()) == []


def test_a_record_is_returned_only_so_often_but_its_report_always() -> None:
    used_up = record(returns=2)
    assert barred("CITY_REVIEW", "CITY_OFFICER", "RETURN", used_up) == ["A20"]
    assert barred("CITY_REVIEW", "CITY_OFFICER", "RETURN", record(returns=1)) == []
    assert barred("RECHECK", "PROV_OFFICER", "RETURN", used_up) == []


def test_who_passed_is_closed_and_who_failed_must_rectify() -> None:
    passed, failed = record(result="BASIC"), record(result="FAIL")
    assert barred("ANNOUNCED", "PROV_LEAD", "close", passed) == []
    assert barred("ANNOUNCED", "PROV_LEAD", "order_rectification", passed) == ["STATE"]
    assert barred("ANNOUNCED", "PROV_LEAD", "close", failed) == ["STATE"]
    assert barred("ANNOUNCED", "PROV_LEAD", "order_rectification", failed) == []
    assert barred("WITHDRAWAL_PROPOSED", "PROV_LEAD", "close", failed) == []
    assert (
        texts_of(allowed_actions("ANNOUNCED", "PROV_LEAD", failed)["close"][0]).zh
        == "考核结论为“不合格”，不能结案"
    )


def test_publicity_and_hearing_come_first() -> None:
    assert barred("PUBLICITY", "PROV_OFFICER", "announce", record()) == ["V07"]
    assert barred("PUBLICITY", "PROV_OFFICER", "announce", record(publicity_over=True)) == []
    assert barred("RECHECK", "PROV_LEAD", "propose_withdrawal", record()) == ["V09"]
    assert barred("RECHECK", "PROV_LEAD", "propose_withdrawal", record(heard=True)) == []


@pytest.mark.parametrize("move", MOVES[FILING], ids=lambda move: move["code"])
def test_the_filing_value_makes_the_moves_of_the_list(move: dict[str, str]) -> None:
    filing = Filing[Information](
        UUID(int=1), Type.ENT_INIT, "ENT_INIT-1", None, status=Status(move["from"]), round=1
    )
    at = datetime(2024, 9, 20, 9, tzinfo=SHANGHAI)
    made = {
        "save": lambda: filing.saved(Information()),
        "send": lambda: filing.sent(Information(), "r", at, 3),
        "discard": filing.voided,
        "withdraw": filing.withdrawn,
        "take": filing.opened,
        "PASS": lambda: filing.approved(1, at),
        "RETURN": lambda: filing.returned((), at),
        "FAIL": lambda: filing.rejected(at),
        "supersede": filing.superseded,
    }
    assert made.get(move["act"], lambda: filing)().status == move["to"]


def test_filing_and_list_agree_on_what_may_be_edited_and_what_is_awaited() -> None:
    assert (
        {status for status in Status if next_state(FILING, status, "save")}
        == EDITABLE
        == {*MAY_BE_EDITED} & {*Status}
    )
    assert {status for status in Status if status in AWAITING} == {"SENT", "REVIEWING"}
