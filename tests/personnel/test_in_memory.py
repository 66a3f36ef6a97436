"""The personnel service in memory: its routes, its tables, and what it does about what review and
the enterprise service say.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from deploy.demo import staff
from deploy.demo.stage import DemoUser, RequestRefused
from libs.events.testing.tables import NeedsPostgres
from libs.published import enterprise
from tests.given import officer
from tests.in_memory.authority import Authority
from tests.in_memory.firm import Firm
from tests.in_memory.installation import Installation
from tests.in_memory.operations import lists, unanswered

NAME, PERSON = "personnel", staff.NAMES[0]


@pytest.fixture
def alone() -> Iterator[Installation]:
    with Installation(NAME) as made:
        yield made


def sent(at: Installation) -> tuple[Firm, str, Authority]:
    """A firm that has sent one person for filing, the filing, and who reviews it."""
    firm = Firm(at)
    [found] = firm.staff.file([firm.staff.add(PERSON, None, "ARCH")])["sent"]
    return firm, str(found["filing"]), reviewing(at, firm, found["filing"])


def reviewing(at: Installation, firm: Firm, filing: str) -> Authority:
    return Authority(at, NAME, "person_filing", firm.staff.people[PERSON], firm.id, filing)


def acts(at: Installation, prefix: str = "Person.") -> list[str]:
    """Of persons, without claims, scans and readings."""
    return [each.removeprefix(prefix) for each in at[NAME].types if each.startswith(prefix)]


# Reactions


def test_who_opens_the_case_opens_the_filing(alone: Installation) -> None:
    firm, filing, authority = sent(alone)
    authority.take()
    assert acts(alone)[-1] == "FilingReviewOpened"
    with pytest.raises(RequestRefused, match="E25"):
        firm.clerk.do("POST", NAME, f"/filings/{filing}:withdraw", version=version(firm, filing))


def version(firm: Firm, filing: str) -> int:
    return int(firm.clerk.get(NAME, f"/filings/{filing}")["version"])


@pytest.mark.parametrize(
    ("decision", "event", "filed", "is_held"),
    [
        ("PASS", "FilingApproved", 1, True),
        ("RETURN", "FilingReturned", None, True),
        ("FAIL", "FilingRejected", None, False),
    ],
)
def test_a_decision_takes_effect_and_says_who_holds_the_person(
    alone: Installation, decision: str, event: str, filed: int | None, is_held: bool
) -> None:
    _, _, authority = sent(alone)
    authority.decide(decision)
    assert acts(alone)[-1] == event
    [row] = alone[NAME].rows("people")
    assert row["filed_version"] == filed
    claims = acts(alone, "Claim.")
    assert (claims[-1] == "ClaimTaken") is is_held


def test_a_decision_on_other_bytes_takes_no_effect(alone: Installation) -> None:
    _, _, authority = sent(alone)
    authority.decide("PASS", data_sha256="0" * 64)
    assert acts(alone)[-1] == "DecisionNotApplied"


def test_a_withdrawal_is_granted_and_frees_the_person(alone: Installation) -> None:
    firm, filing, authority = sent(alone)
    firm.clerk.do("POST", NAME, f"/filings/{filing}:withdraw", version=version(firm, filing))
    authority.withdraw()
    assert acts(alone)[-2:] == ["WithdrawalAsked", "FilingWithdrawn"]
    assert acts(alone, "Claim.")[-1] == "ClaimFreed"


def test_a_person_held_elsewhere_is_refused_until_they_are_released(alone: Installation) -> None:
    firm, _, authority = sent(alone)
    authority.decide("PASS")
    other = Firm(alone, 2, "河南示例工程设计有限公司")
    known = firm.clerk.get(NAME, f"/people/{firm.staff.people[PERSON]}")["content"]
    [refused] = other.joins(known)["refused"]
    assert [each["rule"] for each in refused["findings"]] == ["P06"]
    release = firm.staff.release(PERSON, date(2024, 9, 1))
    assert firm.staff.send([release])["refused"] == []
    reviewing(alone, firm, release).decide("PASS")
    assert other.staff.send([refused["filing"]])["refused"] == []
    assert acts(alone, "Claim.")[-2:] == ["ClaimFreed", "ClaimTaken"]


def test_forms_are_made_for_the_packet_of_the_own_enterprise_only(alone: Installation) -> None:
    firm, filing, _ = sent(alone)
    enclosed = enterprise.Enclosed(filing=UUID(filing), service=NAME, round=1)
    for number, owner in enumerate((UUID(int=9), firm.id), start=1):
        built = enterprise.PacketBuilt(act=officer(), packet=UUID(int=number), filings=(enclosed,))
        alone.hear(NAME, built, UUID(int=number), owner)
    assert acts(alone, "Papers.") == ["FormsAsked"]
    alone.take_effect()
    assert acts(alone, "Papers.") == ["FormsAsked", "FormRendered"]
    assert [bucket for bucket, _ in alone.setting.buckets][-1] == NAME


def test_a_scan_counts_as_another_s_as_soon_as_it_was_sent(alone: Installation) -> None:
    firm, _, _ = sent(alone)
    [row] = alone[NAME].rows("scan_uses")
    assert (str(row["person"]), len(row["sha256"])) == (firm.staff.people[PERSON], 5)


# Comparing 对比


def test_a_change_is_compared_with_what_is_filed_by_who_may_see_it(alone: Installation) -> None:
    firm, _, authority = sent(alone)
    authority.decide("PASS")
    changed = firm.staff.change(PERSON, post="副总工程师", mobile="13900000009")
    officer, auditor = alone.officer().actor, alone.actor("AUDITOR")
    by_clerk = beside_filed(firm.clerk, changed, "draft")
    assert (by_clerk["/post"], by_clerk["/mobile"]) == ("副总工程师", "13900000009")
    assert beside_filed(auditor, changed, "draft")["/mobile"] == "139****0009"
    for unsent in ("draft", "round:1"):
        with pytest.raises(RequestRefused, match="404"):
            beside_filed(officer, changed, unsent)
    firm.staff.send([changed])
    assert beside_filed(officer, changed, "round:1") == by_clerk


def test_a_release_is_not_compared_with_the_person(alone: Installation) -> None:
    firm, _, authority = sent(alone)
    authority.decide("PASS")
    release = firm.staff.release(PERSON, date(2024, 9, 1))
    with pytest.raises(RequestRefused, match="404"):
        beside_filed(firm.clerk, release, "draft")
    same = {"from": "draft", "to": "draft"}
    assert firm.clerk.get(NAME, f"/filings/{release}/diff", **same)["changes"] == []


def beside_filed(reader: DemoUser, filing: str, state: str) -> dict[str, Any]:
    """By pointer, what stands there at that state and is not so filed."""
    states = {"from": "approved", "to": state}
    found = reader.get(NAME, f"/filings/{filing}/diff", **states)["changes"]
    return {each["pointer"]: each["new"] for each in found}


# Every operation


def day(at: Installation) -> None:
    """A clerk does whatever can be done with people and their filings."""
    firm, filing, authority = sent(at)
    clerk, id = firm.clerk, firm.staff.people[PERSON]
    clerk.do("POST", NAME, f"/people/{id}:check")
    clerk.do("POST", NAME, f"/filings/{filing}:withdraw", version=version(firm, filing))
    authority.withdraw()
    authority.round = firm.staff.send([filing])["sent"][0]["round"]
    authority.decide("PASS")
    changed = firm.staff.change(PERSON, post="副总工程师")
    clerk.do("POST", NAME, f"/filings/{changed}:void", version=version(firm, changed))
    firm.staff.release(PERSON, date(2024, 9, 1))
    compared = f"/filings/{changed}/diff?from=approved&to=draft"
    clerk.read(NAME, f"/people/{id}/versions", f"/people/{id}/versions/1")
    clerk.read(NAME, f"/people/{id}/history", f"/filings/{filing}/history", compared)


def test_every_operation_but_lists_is_answered(alone: Installation) -> None:
    day(alone)
    assert unanswered(alone[NAME]) == set()


def test_a_list_needs_postgresql(alone: Installation) -> None:
    firm = Firm(alone)
    assert lists(alone[NAME].service) == {"list_people", "list_filings", "list_work"}
    for path in ("/people", "/filings", "/work"):
        with pytest.raises(NeedsPostgres):
            firm.clerk.read(NAME, path)
