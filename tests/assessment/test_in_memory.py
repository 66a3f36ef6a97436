"""The assessment service in memory: its routes, its tables, and what it does about what review and
its neighbours say.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from deploy.demo import assessment, filing, staff
from deploy.demo.stage import DemoUser, RequestRefused
from libs.events.testing.tables import NeedsPostgres
from libs.published import review
from tests.given import officer
from tests.in_memory.authority import Authority, approve
from tests.in_memory.firm import TEAM, Firm, open_campaign
from tests.in_memory.installation import Installation
from tests.in_memory.operations import lists, unanswered

NAME = "assessment"


@pytest.fixture(scope="module")
def at() -> Iterator[Installation]:
    with Installation("enterprise", "personnel", "projects", NAME) as made:
        yield made


@pytest.fixture(scope="module")
def firm(at: Installation) -> Firm:
    return filed(at, 1)


def filed(at: Installation, seed: int) -> Firm:
    """Approved, with two people; it has no new contract."""
    firm = Firm(at, seed)
    filing.first_filing(firm.enterprise)
    approve(at)
    firm.staff.file(staff.hire(firm.staff, firm.random, TEAM))
    approve(at)
    firm.placeholder = firm.performance().placeholder()["project"]["id"]
    return firm


@pytest.fixture
def sent(at: Installation, firm: Firm) -> "Sent":
    """Of a campaign of its own."""
    return Sent(at, firm)


class Sent:
    """A record under review, and its authority."""

    def __init__(self, at: Installation, firm: Firm) -> None:
        self.at, self.firm = at, firm
        self.record = assessment.DemoRecord(firm.clerk, firm.uscc)
        self.record.start(open_campaign(at), "enterprise/1")
        self.record.fill_in([firm.placeholder])
        self.record.generate()
        self.record.send()
        self.authority = Authority(at, NAME, "assessment", self.record.id, firm.id)

    @property
    def acts(self) -> list[str]:
        """Of this record, since it was sent."""
        log = self.at[NAME].log.records
        own = [each.type for each in log if each.stream == self.authority.subject]
        prefix = "assessment.Record."
        names = [each.removeprefix(prefix).removeprefix("Assessment") for each in own]
        return names[names.index("Sent") + 1 :]

    @property
    def row(self) -> dict[str, Any]:
        [row] = (
            each for each in self.at[NAME].rows("records") if str(each["id"]) == self.record.id
        )
        return row

    def say(self, kind: type[Any], **facts: Any) -> None:
        self.authority.say(kind(act=officer(), **facts))

    def about(self, kind: type[Any], **facts: Any) -> None:
        self.authority.say(kind(**self.authority.about, **facts))

    def decided(self, decision: str, *, binding: bool = True, **seen: Any) -> None:
        self.authority.take()
        self.authority.decide(decision, binding=binding, **seen)

    def signed(self) -> None:
        self.decided("PASS", binding=False)
        facts = {"decision": "PASS", "decided": uuid4(), "reviewed": self.authority.reviewed()}
        self.about(review.CaseSigned, level="CITY", **facts)

    def concluded(self, result: str) -> None:
        self.signed()
        self.authority.level = "PROV"
        self.decided("PASS", binding=False)
        seen = self.authority.reviewed()
        self.about(review.ConclusionApproved, reviewed=seen, result=result, decided=uuid4())

    def announced(self, result: str) -> None:
        self.concluded(result)
        results, today = (review.Published(record=self.record.id, result=result),), officer().today
        self.say(review.PublicityOpened, results=results, first_day=today, last_day=today)
        self.say(review.ResultAnnounced, results=results, announced_on=today)


# Reactions


def test_an_opinion_takes_effect_by_the_signature_of_the_lead(sent: Sent) -> None:
    sent.decided("PASS", binding=False)
    assert sent.acts == ["ReviewOpened"]
    sent.signed()
    assert (sent.acts[-1], sent.row["status"]) == ("CityPassed", "CITY_PASSED")


def test_a_returned_record_is_corrected_and_sent_again(sent: Sent) -> None:
    sent.authority.pointer = "/si_proofs"
    sent.decided("RETURN")
    record = sent.record
    assert (sent.acts, sent.row["status"]) == (["ReviewOpened", "Returned"], "RETURNED")
    people = [each["person_id"] for each in record.now["steps"]["people"]["persons"]]
    record.save("social-insurance", {"si_proofs": record.proofs(people, assessment.MONTHS)}, "")
    record.generate()
    assert record.send()["round"] == 2


def test_a_return_that_lapses_goes_on_as_it_was_sent(sent: Sent) -> None:
    sent.decided("RETURN")
    sent.about(review.ReturnLapsed, level="CITY")
    assert sent.acts[1:] == ["Returned", "ReturnLapsed"]


def test_a_visit_and_an_expert_are_heard(sent: Sent) -> None:
    sent.decided("ONSITE")
    sent.about(review.OnsiteRecorded, level="CITY")
    sent.signed()
    sent.authority.level = "PROV"
    sent.decided("ESCALATE")
    sent.about(review.ExpertOpinionGiven)
    acts = [each for each in sent.acts if each != "ReviewOpened"]
    assert acts == ["OnsiteOrdered", "OnsiteDone", "CityPassed", "Escalated", "ExpertHeard"]


def test_a_decision_on_other_bytes_takes_no_effect(sent: Sent) -> None:
    sent.decided("RETURN", data_sha256="0" * 64)
    assert sent.acts[1:] == ["DecisionNotApplied"]


def test_a_withdrawal_frees_the_persons(sent: Sent) -> None:
    version = sent.record.now["version"]
    sent.firm.clerk.do("POST", NAME, f"{sent.record.path}:withdraw", version=version)
    sent.authority.withdraw()
    assert (sent.acts, sent.row["status"]) == (["WithdrawalAsked", "Withdrawn"], "WITHDRAWN")
    freed = [each for each in sent.at[NAME].types if each == "Claim.ClaimFreed"]
    assert len(freed) >= len(TEAM)


def test_an_objection_takes_a_result_back_before_it_is_announced(sent: Sent) -> None:
    sent.concluded("PASS")
    results, today = (review.Published(record=sent.record.id, result="PASS"),), officer().today
    sent.say(review.PublicityOpened, results=results, first_day=today, last_day=today)
    sent.say(review.ObjectionRaised, record=sent.record.id)
    sent.say(review.ObjectionClosed, record=sent.record.id, upheld=True)
    assert sent.acts[-3:] == ["Published", "Objected", "ObjectionClosed"]
    assert sent.row["status"] == "PROV_REVIEW"


@pytest.mark.parametrize(
    ("ends", "acts"),
    [
        ([review.RectificationAccepted], ["InRectification", "InRecheck", "Closed"]),
        (
            [review.QualificationWithdrawalProposed, review.WithdrawalSettled],
            ["InRectification", "InRecheck", "WithdrawalProposed", "Closed"],
        ),
    ],
)
def test_an_announced_fail_is_rectified_or_loses_its_licence(
    sent: Sent, ends: list[Any], acts: list[str]
) -> None:
    sent.announced("FAIL")
    deadline = officer().today + timedelta(days=60)
    sent.say(review.RectificationOrdered, record=sent.record.id, deadline=deadline)
    sent.say(review.RectificationReported, record=sent.record.id)
    for each in ends:
        more = {"withdrawn": True} if each is review.WithdrawalSettled else {}
        sent.say(each, record=sent.record.id, **more)
    assert sent.acts[-len(acts) :] == acts


def test_a_sent_record_hears_that_its_sources_moved(at: Installation) -> None:
    moving = Sent(at, filed(at, 2))
    firm = moving.firm
    content = firm.clerk.get("enterprise", firm.enterprise.path)["information"]
    change = firm.enterprise.add("ENT_CHANGE")
    content["basic"]["office_phone"] = "0371-60000001"
    firm.enterprise.save(change, content)
    firm.enterprise.send(change)
    firm.staff.send([firm.staff.change(staff.NAMES[0], post="副总工程师")])
    approve(at)
    project = firm.clerk.get("projects", f"/projects/{firm.placeholder}")
    path = f"/projects/{firm.placeholder}"
    firm.clerk.do("DELETE", "projects", path, version=project["version"])
    drifts = {each["pointer"]: each["now"] for each in moving.record.now["drifts"]}
    assert drifts == {"/enterprise": 2, "/persons/0": 2, "/performances/0": None}


def test_a_record_is_begun_within_the_window_only(at: Installation, firm: Firm) -> None:
    campaign, now = open_campaign(at), at.setting.clock.at
    at.pass_to(date(2024, 11, 1))
    record = assessment.DemoRecord(firm.clerk, firm.uscc)
    with pytest.raises(RequestRefused) as refused:
        record.start(campaign, "enterprise/1")
    at.setting.clock.at = now
    assert [each["rule"] for each in refused.value.problem["errors"]] == ["A01"]


def test_a_scan_is_put_into_its_slot_after_the_generation(at: Installation, firm: Firm) -> None:
    record = assessment.DemoRecord(firm.clerk, firm.uscc)
    record.start(open_campaign(at), "enterprise/1")
    record.fill_in([firm.placeholder])
    full = record.now["steps"]
    empty = [each | {"scans": []} for each in full["performance"]["performances"]]
    record.save("performance", {"performances": empty}, "")
    record.save("social-insurance", {"si_proofs": []}, "")
    record.generate()
    assert {"A07", "A10a"} <= found(record)
    record.save("performance", full["performance"], "")
    record.save("social-insurance", full["social-insurance"], "")
    assert {"A07", "A10a"}.isdisjoint(found(record))
    record.send()
    officer = at.officer().actor
    for asked in ("", "?round=1", "?generation=1"):
        choices = officer.get(NAME, f"{record.path}{asked}")["content"]["choices"]
        assert choices["performance"] == full["performance"]
        assert choices["social-insurance"] == full["social-insurance"]


def found(record: assessment.DemoRecord) -> set[str]:
    checked = record.clerk.do("POST", NAME, f"{record.path}:check")
    return {each["rule"] for each in checked["findings"]}


# Comparing 对比


def between(reader: DemoUser, record: assessment.DemoRecord, *states: str | int) -> dict[str, Any]:
    asked = dict(zip(("from", "to"), states, strict=True))
    return reader.get(NAME, f"{record.path}/diff", **asked)


def test_who_sees_what_was_sent_compares_no_draft_and_no_generation_that_was_not(
    at: Installation, sent: Sent
) -> None:
    sent.authority.pointer = "/persons/1"
    sent.decided("RETURN")
    chosen = sent.record.now["steps"]["people"]["persons"]
    sent.record.save("people", {"persons": chosen[:1]}, "")
    mine = between(sent.firm.clerk, sent.record, "round:1", "draft")
    [gone] = [each for each in mine["changes"] if each["kind"] == "removed"]
    assert (gone["pointer"], gone["old"]["name"]) == ("/persons/1", staff.NAMES[1])
    assert (gone["point"]["pointer"], mine["points"][0]["corrected"]) == ("/persons/1", True)
    sent.record.generate()
    officer, auditor = at.officer().actor, at.actor("AUDITOR")
    for unsent in ("draft", "generation:2", "2", "approved"):
        with pytest.raises(RequestRefused, match="404"):
            between(officer, sent.record, "round:1", unsent)
    hidden = between(auditor, sent.record, 1, "generation:2")
    assert staff.NAMES[1] not in str(hidden)
    assert hidden["persons"]["removed"] == [chosen[1]["person_id"]]


def test_a_person_chosen_since_the_generation_is_told_by_name(at: Installation, firm: Firm) -> None:
    record = assessment.DemoRecord(firm.clerk, firm.uscc)
    record.start(open_campaign(at), "enterprise/1")
    record.fill_in([firm.placeholder])
    everybody = record.now["steps"]["people"]["persons"]
    record.save("people", {"persons": everybody[:1]}, "")
    record.generate()
    record.save("people", {"persons": everybody}, "")
    [change] = between(firm.clerk, record, "generation:1", "draft")["changes"]
    assert (change["kind"], change["new"]["name"]) == ("added", staff.NAMES[1])


# Every operation


def day(at: Installation, firm: Firm) -> None:
    """A campaign is planned, changed and run; a record is made twice and compared."""
    chief = at.reviewer("PROV_OFFICER").actor
    body = {"year": 2024, "title": "2024年度动态考核"}
    planned = chief.do("POST", NAME, "/campaigns", body)
    path = f"/campaigns/{planned['id']}"
    body["title"] = "2024年度企业资质动态考核"
    changed = chief.do("PUT", NAME, path, body, version=planned["version"])
    opened = chief.do("POST", NAME, f"{path}:open", version=changed["version"])
    record = assessment.DemoRecord(firm.clerk, firm.uscc)
    firm.clerk.do("POST", NAME, "/records:check", {"campaign": planned["id"]})
    record.start(planned["id"], "enterprise/1")
    record.fill_in([firm.placeholder])
    record.generate()
    record.generate()
    record.send()
    firm.clerk.do("POST", NAME, f"{record.path}:withdraw", version=record.now["version"])
    firm.clerk.read(NAME, f"{record.path}/diff?from=1&to=2", f"{record.path}/history")
    now = at.setting.clock.at
    at.pass_to(date(2025, 1, 2))
    chief.do("POST", NAME, f"{path}:close", version=opened["version"])
    at.setting.clock.at = now
    chief.read(NAME, path, f"{path}/history")


def test_every_operation_but_lists_is_answered(at: Installation, firm: Firm) -> None:
    day(at, firm)
    assert unanswered(at[NAME]) == set()


def test_a_list_needs_postgresql(at: Installation, firm: Firm) -> None:
    assert lists(at[NAME].service) == {
        "list_campaigns",
        "list_records",
        "list_work",
        "read_progress",
        "read_roster",
    }
    chief = at.reviewer("PROV_OFFICER").actor
    for path in ("/campaigns", "/records", "/work", f"/campaigns/{open_campaign(at)}/roster"):
        with pytest.raises(NeedsPostgres):
            chief.read(NAME, path)
