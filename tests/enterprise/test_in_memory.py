"""The enterprise service in memory: its routes, its tables, and what it does about what review and
personnel say.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from deploy.demo import filing, manual, packet
from deploy.demo.stage import RequestRefused
from libs.events.testing.tables import NeedsPostgres
from libs.published import personnel, review
from tests.given import officer
from tests.in_memory.authority import Authority
from tests.in_memory.firm import Firm
from tests.in_memory.installation import Installation
from tests.in_memory.operations import lists, unanswered

NAME = "enterprise"


@pytest.fixture
def alone() -> Iterator[Installation]:
    with Installation(NAME) as made:
        yield made


@pytest.fixture
def reviewed() -> Iterator[Installation]:
    with Installation(NAME, "review") as made:
        yield made


def sent(at: Installation) -> tuple[Firm, str, Authority]:
    """A firm, the path of its first filing, and who reviews it."""
    firm = Firm(at)
    path = filing.first_filing(firm.enterprise)
    id = path.rpartition("/")[2]
    return firm, path, Authority(at, NAME, "enterprise_filing", firm.id, firm.id, id)


def acts(at: Installation) -> list[str]:
    """The enterprise's own events, without scans and readings."""
    prefix = "Enterprise."
    return [each.removeprefix(prefix) for each in at[NAME].types if each.startswith(prefix)]


# Reactions


def test_who_opens_the_case_opens_the_filing_and_an_earlier_round_nothing(
    alone: Installation,
) -> None:
    firm, path, authority = sent(alone)
    for authority.round, event in ((0, "FilingSent"), (1, "FilingReviewOpened")):
        authority.take()
        assert acts(alone)[-1] == event
    assert firm.enterprise.state(path)["status"] == "REVIEWING"


@pytest.mark.parametrize(
    ("decision", "event", "status"),
    [
        ("PASS", "FilingApproved", "APPROVED"),
        ("RETURN", "FilingReturned", "RETURNED"),
        ("FAIL", "FilingRejected", "REJECTED"),
    ],
)
def test_a_decision_on_what_was_sent_takes_effect(
    alone: Installation, decision: str, event: str, status: str
) -> None:
    _, _, authority = sent(alone)
    authority.decide(decision)
    assert acts(alone)[-1] == event
    [row] = alone[NAME].rows("filings")
    assert (row["status"], row["decided_at"]) == (status, officer().at)


@pytest.mark.parametrize("wrong", [{"position": 1}, {"data_sha256": "0" * 64}])
def test_a_decision_on_other_bytes_takes_none(alone: Installation, wrong: dict[str, Any]) -> None:
    firm, path, authority = sent(alone)
    authority.decide("PASS", **wrong)
    assert acts(alone)[-1] == "DecisionNotApplied"
    assert firm.enterprise.state(path)["status"] == "SENT"


def test_a_withdrawal_is_granted(alone: Installation) -> None:
    firm, path, authority = sent(alone)
    firm.clerk.do("POST", NAME, f"{path}:withdraw", version=firm.enterprise.version)
    authority.withdraw()
    assert acts(alone)[-2:] == ["WithdrawalAsked", "FilingWithdrawn"]


def test_a_case_of_somebody_else_is_passed_over(alone: Installation) -> None:
    _, _, authority = sent(alone)
    about = authority.about | {"subject_kind": "person_filing"}
    authority.say(review.CaseTaken(**about, level="CITY"))
    assert acts(alone)[-1] == "FilingSent"


def test_licences_bear_a_mark_while_the_enterprise_rectifies(alone: Installation) -> None:
    _, _, authority = sent(alone)
    authority.decide("PASS")
    record, act = uuid4(), officer()
    authority.say(review.RectificationOrdered(act=act, record=record, deadline=act.today))
    authority.say(review.RectificationAccepted(act=act, record=record))
    assert acts(alone)[-2:] == ["CertificatesFlagged", "CertificateFlagsLifted"]


def test_what_personnel_tells_of_filings_stands_in_a_table(alone: Installation) -> None:
    firm = Firm(alone)
    person, filing = UUID(int=2), UUID(int=3)
    drafted = personnel.FilingDrafted(act=officer(), filing=filing, type="PER_INIT", filing_no="N")
    alone.hear(NAME, drafted, person, UUID(firm.enterprise.id))
    alone.hear(NAME, personnel.FilingVoided(act=officer(), filing=filing), person)
    [row] = alone[NAME].rows("person_filings")
    assert (row["filing"], row["person"], row["status"]) == (filing, person, "VOID")


# Packets


def test_a_packet_of_what_was_sent_is_put_together_and_not_mailed_without_a_server(
    reviewed: Installation,
) -> None:
    firm, path, _ = sent(reviewed)
    packets = packet.Packets(firm.clerk, firm.enterprise.id)
    wanted = {"filings": [path.rpartition("/")[2]]}
    built = firm.clerk.do("POST", NAME, f"{firm.enterprise.path}/packets", wanted)
    assert (built["state"], built["to"]) == ("PREPARING", None)
    with pytest.raises(RequestRefused):
        packets.mail(built["id"])
    reviewed.take_effect()
    packet.enter_mailbox(reviewed.actor("SYS_ADMIN"))
    ready = packets.read(built["id"])
    assert (ready["state"], ready["to"]) == ("READY", packet.MAILBOX)
    assert packets.mail(built["id"])["state"] == "MAILING"
    reviewed.take_effect()
    assert [each["reason"] for each in packets.read(built["id"])["attempts"]] == ["NOT_CONFIGURED"]
    [row] = reviewed[NAME].rows("packets")
    assert (row["filings"], row["mail"]) == (1, "MAIL_FAILED")


# One first filing


def test_pressed_twice_it_is_one_first_filing_which_is_saved_before_it_is_sent(
    alone: Installation,
) -> None:
    firm = Firm(alone)
    firm.enterprise.fill_in()
    path = firm.enterprise.add("ENT_INIT")
    for act in (lambda: firm.enterprise.add("ENT_INIT"), lambda: firm.enterprise.send(path)):
        with pytest.raises(RequestRefused) as refused:
            act()
        problem = refused.value.problem
        assert (problem["status"], [each["rule"] for each in problem["errors"]]) == (409, ["STATE"])
    firm.enterprise.save(path)
    assert firm.enterprise.send(path)["round"] == 1


# Comparing 对比


def test_an_officer_compares_rounds_and_the_approved_version_and_no_draft(
    alone: Installation,
) -> None:
    firm, path, authority = sent(alone)
    authority.decide("RETURN")
    page = firm.enterprise.state(path)["content"]
    page["basic"]["name"] = "郑州更名建筑设计有限公司"
    firm.enterprise.save(path, page)
    officer, draft = alone.officer().actor, {"from": "round:1", "to": "draft"}
    [change] = firm.clerk.get(NAME, f"{path}/diff", **draft)["changes"]
    assert (change["pointer"], change["new"]) == ("/basic/name", page["basic"]["name"])
    assert change["point"]["text"] == "与证照不一致"
    with pytest.raises(RequestRefused, match="404"):
        officer.get(NAME, f"{path}/diff", **draft)
    firm.enterprise.send(path)
    found = officer.get(NAME, f"{path}/diff", **{"from": "round:1", "to": "round:2"})
    assert [each["pointer"] for each in found["changes"]] == ["/basic/name"]
    assert [each["corrected"] for each in found["points"]] == [True]
    read = [each for each in alone[NAME].types if each == "Reading.PersonalDataRead"]
    officer.get(NAME, f"{path}/diff", **{"from": "round:1", "to": "round:2"})
    assert len([e for e in alone[NAME].types if e == "Reading.PersonalDataRead"]) == len(read) + 1


@pytest.mark.parametrize("earlier", ["round:0", "1", "ROUND:1", ""])
def test_a_state_has_a_name(alone: Installation, earlier: str) -> None:
    firm, path, _ = sent(alone)
    with pytest.raises(RequestRefused, match="400"):
        firm.clerk.get(NAME, f"{path}/diff", **{"from": earlier, "to": "draft"})


def test_an_auditor_compares_without_personal_data(alone: Installation) -> None:
    firm, path, authority = sent(alone)
    authority.pointer = "/basic"
    authority.decide("RETURN")
    page = firm.enterprise.state(path)["content"]
    page["basic"]["contact_mobile"] = "13900000009"
    firm.enterprise.save(path, page)
    states = {"from": "round:1", "to": "draft"}
    found = alone.actor("AUDITOR").get(NAME, f"{path}/diff", **states)
    [change] = found["changes"]
    assert (change["pointer"], change["new"]) == ("/basic/contact_mobile", "139****0009")
    assert "Reading.PersonalDataRead" not in alone[NAME].types[-1:]


# Every operation


def day(at: Installation) -> None:
    """An enterprise does whatever can be done with it."""
    firm = Firm(at)
    manual._offer(at.actor("SYS_ADMIN"), firm.enterprise)
    firm.enterprise.fetch()
    clerk, path = firm.clerk, firm.enterprise.path
    clerk.do("POST", NAME, f"{path}:check")
    standing = filing.play(firm.enterprise, at.officer())
    draft = firm.enterprise.add("ENT_CHANGE")
    clerk.do("POST", NAME, f"{draft}:void", version=firm.enterprise.version)
    versions = [f"{path}/{each}" for each in ("history", "versions", "versions/1")]
    clerk.read(NAME, *versions, f"{draft}/history", f"{draft}/diff?from=approved&to=draft")
    clerk.read(NAME, "/work")
    [offered] = at[NAME].rows("legacy_filings")
    legacy = f"/legacy-filings/{offered['id']}"
    at.actor("AUDITOR").read(NAME, legacy, f"{legacy}/history")
    mailed(at, firm, standing)


def mailed(at: Installation, firm: Firm, filing: str) -> None:
    packets = packet.Packets(firm.clerk, firm.enterprise.id)
    path = f"{firm.enterprise.path}/packets"
    built = firm.clerk.do("POST", NAME, path, {"filings": [filing]})
    at.take_effect()
    packet.enter_mailbox(at.actor("SYS_ADMIN"))
    packets.mail(built["id"])
    page = f"/packets/{built['id']}"
    firm.clerk.read(NAME, f"{page}/history", f"{page}/document")


def test_every_operation_but_lists_is_answered(reviewed: Installation) -> None:
    day(reviewed)
    assert unanswered(reviewed[NAME]) == set()


def test_a_list_needs_postgresql(alone: Installation) -> None:
    firm = Firm(alone)
    path = firm.enterprise.path
    found = {"/enterprises", "/legacy-filings", f"{path}/filings", f"{path}/packets"}
    assert len(lists(alone[NAME].service)) == len(found)
    for each in found:
        reader = alone.actor("SYS_ADMIN") if "legacy" in each else firm.clerk
        with pytest.raises(NeedsPostgres):
            reader.read(NAME, each)
