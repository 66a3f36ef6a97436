"""Each way to be wrong has its own code, the first that fails in the fixed order is told, and
nothing changes.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from deploy.authority.misbehaving import MISBEHAVIOURS, id_reused, replayed
from deploy.authority.signing import HEADER, Signer, canonical, instant
from libs.events.envelope import KafkaRecord
from libs.filing.filing import Decision
from services.review.authority.checks import AUTHENTICITY, CHECKS
from services.review.authority.domain.codes import MEANINGS, ORDER, Code
from services.review.authority.domain.office import Office
from services.review.cases.domain.case import Case
from services.review.cases.domain.reviewing import decide, take
from services.review.cases.domain.subject import State
from tests.authority.given import CASE, SIGNER, desk, office, waiting
from tests.given import SEEN, officer

Said = dict[str, Any]
OUTCOMES = {"DecisionAccepted", "DecisionRefused", "RecordRefused"}


async def test_an_honest_decision_decides_the_case_and_is_told_so() -> None:
    at = await desk()
    receipt = await at.hand(SIGNER.signed(said := SIGNER.decision(waiting(at))))
    assert (receipt["outcome"], receipt["code"], receipt["decision_id"]) == (
        "ACCEPTED",
        None,
        said["decision_id"],
    )
    case = await at.case()
    assert (case.state, case.decision, case.assignee) == (
        State.DECIDED,
        Decision.PASS,
        "authority:zz-approval",
    )


async def test_a_return_takes_its_points_along() -> None:
    at = await desk()
    item = {"pointer": "/basic/name", "reason": "R01", "text": "与营业执照不一致"}
    receipt = await at.hand(
        SIGNER.signed(SIGNER.decision(waiting(at), "RETURN", [item], "请核对后重新发送"))
    )
    assert receipt["outcome"] == "ACCEPTED"
    assert [(each.pointer, each.text) for each in (await at.case()).items] == [
        ("/basic/name", "与营业执照不一致")
    ]


@pytest.mark.parametrize("name", MISBEHAVIOURS)
async def test_a_misbehaviour_is_refused_with_its_code_and_changes_nothing(name: str) -> None:
    at = await desk()
    case, before = waiting(at), len(at.types)
    receipt = await at.hand(MISBEHAVIOURS[name].make(SIGNER, case))
    assert (receipt["outcome"], receipt["code"]) == ("REFUSED", MISBEHAVIOURS[name].code)
    assert (await at.case()).state is State.WAITING
    assert [type for type in at.types[before:] if type in OUTCOMES] == [at.types[-1]]
    assert (await at.hand(SIGNER.signed(SIGNER.decision(case))))["outcome"] == "ACCEPTED", (
        "what was refused does not stand in the way"
    )


async def test_every_code_is_shown_by_a_test_and_has_its_words() -> None:
    shown = {each.code for each in MISBEHAVIOURS.values()} | {
        "NOT_YOURS",
        "REPLAYED",
        "ID_REUSED",
        "STATE",
        "FAULT",
    }
    assert shown == {code.value for code in ORDER} == {code.value for code in MEANINGS}


async def test_a_decision_counts_once() -> None:
    at = await desk()
    case = waiting(at)
    record = SIGNER.signed(said := SIGNER.decision(case))
    await at.hand(record)
    length = len(at.log.records)
    again, other = await at.hand(replayed(record)), await at.hand(id_reused(SIGNER, case, said))
    assert (again["code"], other["code"], again["decision_id"]) == (
        "REPLAYED",
        "ID_REUSED",
        said["decision_id"],
    )
    assert at.types[length:] == ["RecordRefused", "RecordRefused"]


async def test_a_refused_decision_is_not_brought_again_when_the_case_is_free() -> None:
    at = await desk()
    await at.act(Case, CASE, take, officer(user="city_officer/9"))
    record = SIGNER.signed(SIGNER.decision(waiting(at)))
    assert (await at.hand(record))["code"] == "STATE"
    assert (await at.hand(record))["code"] == "REPLAYED"


async def test_the_first_decision_of_a_round_wins_portal_or_topic() -> None:
    at = await desk()
    await at.act(Case, CASE, decide, officer(), Decision.FAIL, 1, SEEN, (), "资料不符合要求")
    receipt = await at.hand(SIGNER.signed(SIGNER.decision(waiting(at))))
    assert (receipt["code"], receipt["rules"]) == ("STATE", ["STATE"])
    assert (await at.case()).decision is Decision.FAIL


async def test_another_city_s_office_decides_nothing_here() -> None:
    kaifeng = replace(SIGNER, office="410200")
    at = await desk(office(kaifeng))
    assert (await at.hand(kaifeng.signed(kaifeng.decision(waiting(at)))))["code"] == "NOT_YOURS"


async def test_a_revoked_key_signs_nothing_from_then_on_and_what_it_signed_before_stays() -> None:
    at = await desk()
    case = waiting(at)
    first = await at.hand(SIGNER.signed(SIGNER.decision(case)))
    at.clock.at += timedelta(hours=1)
    await at.act(
        Office, Office.create_id("410100"), Office.revoke_key, officer(at=at.clock.at), "mock-1"
    )
    second = await at.hand(SIGNER.signed(SIGNER.decision(case)))
    assert (first["outcome"], second["code"]) == ("ACCEPTED", "KEY_REVOKED")
    assert (await at.case()).state is State.DECIDED


async def test_a_record_that_is_read_again_is_answered_once() -> None:
    at = await desk()
    case = waiting(at)
    records = [
        SIGNER.signed(SIGNER.decision(case)),
        MISBEHAVIOURS["forged"].make(SIGNER, case),
        MISBEHAVIOURS["expired"].make(SIGNER, case),
    ]
    for record in records:
        await at.hand(record)
    length = len(at.log.records)
    for offset, record in enumerate(records):
        await at.again(record, offset)
    assert len(at.log.records) == length


async def test_what_the_owner_says_of_a_decision_from_the_topic_is_told_too() -> None:
    at = await desk()
    await at.hand(SIGNER.signed(SIGNER.decision(waiting(at))))
    await at.act(Case, CASE, Case.hear_applied, officer(), 1, CASE)
    assert at.types[-1] == "DecisionTookEffect"
    assert at.log.records[-1].type.startswith("review.AuthorityDecision.")


async def test_a_decision_from_the_portal_has_no_receipt() -> None:
    at = await desk()
    await at.act(Case, CASE, decide, officer(), Decision.PASS, 1, SEEN)
    length = len(at.log.records)
    await at.act(Case, CASE, Case.hear_applied, officer(), 1, CASE)
    assert at.types[length:] == ["DecisionTookEffect"]


# One thing wrong at each stage, in the order in which they are looked at. A record that is wrong
# in two is told the earlier.


def broken(*wrong: str) -> Callable[[Signer, Said], KafkaRecord]:
    """A decision that is wrong in all these ways at once."""

    def make(signer: Signer, case: Said) -> KafkaRecord:
        said = signer.decision(case)
        for name in wrong:
            said |= CHANGED[name](signer, case) if name in CHANGED else {}
        key_id = next(
            (f"{signer.key_id}{SUFFIXES[name]}" for name in wrong if name in SUFFIXES), ""
        )
        value = canonical(said) + (
            b" " * 70_000 if "TOO_LARGE" in wrong else b" " if "NOT_CANONICAL" in wrong else b""
        )
        value = b"{" + value if "MALFORMED" in wrong else value
        signed = b"else" if "SIGNATURE" in wrong else value
        headers = (
            (HEADER, signer.header(signed, key_id, "RSA" if "ALGORITHM" in wrong else "Ed25519")),
        )
        return KafkaRecord(case["case"].encode(), value, () if "UNSIGNED" in wrong else headers)

    return make


SUFFIXES = {
    "KEY_UNKNOWN": "-nobody",
    "KEY_REVOKED": "-revoked",
    "KEY_NOT_YET_VALID": "-early",
    "KEY_EXPIRED": "-expired",
}
CHANGED: dict[str, Callable[[Signer, Said], Said]] = {
    "TYPE_UNKNOWN": lambda *_: {"type": "kaohe.authority.Decision.v9"},
    "SCHEMA": lambda *_: {"priority": "high"},
    "AUDIENCE": lambda *_: {"audience": "elsewhere"},
    "CASE_UNKNOWN": lambda *_: {"case": "00000000-0000-0000-0000-000000000009"},
    "MOVED": lambda *_: {"subject": "00000000-0000-0000-0000-000000000009"},
    "ROUND": lambda *_: {"round": 7},
    "REVIEWED": lambda *_: {"reviewed": {"position": 8, "data_sha256": "5" * 64}},
    "EXPIRED": lambda signer, _: {"not_after": instant(signer.now() - timedelta(days=1))},
    "RULES": lambda *_: {"decision": "FAIL", "comment": ""},
}
STAGES = [
    "TOO_LARGE",
    "MALFORMED",
    "NOT_CANONICAL",
    "TYPE_UNKNOWN",
    "SCHEMA",
    "UNSIGNED",
    "ALGORITHM",
    "KEY_UNKNOWN",
    "SIGNATURE",
    "AUDIENCE",
    "CASE_UNKNOWN",
    "MOVED",
    "ROUND",
    "REVIEWED",
    "EXPIRED",
    "RULES",
]
PAIRS = [(first, second) for n, first in enumerate(STAGES) for second in STAGES[n + 1 :]]


@pytest.mark.parametrize(("first", "second"), PAIRS, ids=["+".join(pair) for pair in PAIRS])
async def test_of_two_faults_the_earlier_is_told(first: str, second: str) -> None:
    at = await desk()
    assert (await at.hand(broken(second, first)(SIGNER, waiting(at))))["code"] == first


@pytest.mark.parametrize("key", ["KEY_REVOKED", "KEY_NOT_YET_VALID", "KEY_EXPIRED"])
async def test_a_key_that_does_not_count_is_told_before_a_wrong_signature(key: str) -> None:
    at = await desk()
    assert (await at.hand(broken("SIGNATURE", key)(SIGNER, waiting(at))))["code"] == key


async def test_a_decision_seen_before_is_told_before_the_state_and_after_everything_else() -> None:
    at = await desk()
    case = waiting(at)
    await at.hand(SIGNER.signed(said := SIGNER.decision(case)))
    assert (await at.hand(SIGNER.signed(said | {"comment": "x"})))["code"] == "ID_REUSED"
    assert (await at.hand(SIGNER.signed(said | {"not_after": said["decided_at"], "round": 1})))[
        "code"
    ] == "ID_REUSED"
    at.clock.at += timedelta(days=2)
    assert (await at.hand(SIGNER.signed(said)))["code"] == "EXPIRED"


async def test_the_table_of_checks_is_in_the_order_of_the_codes() -> None:
    codes = [code for code, _ in (*AUTHENTICITY, *CHECKS)]
    assert codes == sorted(codes, key=ORDER.index)
    assert AUTHENTICITY[-1][0] is Code.SIGNATURE


async def test_only_a_right_signature_writes_under_an_enterprise() -> None:
    at = await desk()
    case = waiting(at)
    await at.hand(MISBEHAVIOURS["forged"].make(SIGNER, case))
    forged = at.log.records[-1]
    await at.hand(MISBEHAVIOURS["expired"].make(SIGNER, case))
    assert (forged.owner == at.log.records[-1].owner, at.log.records[-1].owner) == (
        False,
        (await at.case()).owner,
    )


def test_every_code_stands_in_the_table_of_the_decision_page() -> None:
    page = (
        Path(__file__).parents[2]
        / "docs/decisions/0029-authority-decisions-are-signed-and-each-record-gets-one-receipt.md"
    ).read_text()
    assert [code for code in ORDER if f"`{code}`" not in page] == []
