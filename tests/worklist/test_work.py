"""`GET /work`: what awaits an enterprise and its authority, service by service."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from deploy.demo import filing
from deploy.demo.stage import RequestRefused
from tests.in_memory.firm import (
    Firm,
    open_campaign,
    order_rectification,
    report_rectification,
)
from tests.in_memory.installation import ActorInMemory, Installation

pytestmark = [pytest.mark.servers]
Line = dict[str, Any]


def work(actor: ActorInMemory, service: str, **query: Any) -> Line:
    found: Line = actor.get(service, "/work", **query)
    return found


def awaits(actor: ActorInMemory, service: str) -> list[tuple[str, str, str]]:
    """Kind, action and title of each."""
    items = work(actor, service)["items"]
    return [(each["kind"], each["action"], each["title"]) for each in items]


def why(line: Line) -> str:
    return str(line["items"][0]["reason"]["zh"])


# An enterprise


def test_who_is_not_registered_is_told_to_register(at: Installation) -> None:
    clerk = at.actor("ENT_CLERK", org="91410100MA4444449G")
    assert awaits(clerk, "enterprise") == [("missing", "register", "")]
    assert work(clerk, "enterprise")["items"][0]["place"] == {
        "service": "enterprise",
        "path": "/enterprises",
    }


def test_a_new_enterprise_has_its_page_people_and_performance_before_it(at: Installation) -> None:
    firm = Firm(at)
    assert awaits(firm.clerk, "enterprise") == [("unfinished", "save", firm.enterprise.name)]
    assert awaits(firm.clerk, "personnel") == [("missing", "add_person", "")]
    assert awaits(firm.clerk, "projects") == [("missing", "add_contract", "")]
    assert awaits(firm.clerk, "assessment") == []
    assert awaits(firm.clerk, "review") == []


def test_a_filing_awaits_until_it_is_sent_and_again_when_it_came_back(at: Installation) -> None:
    firm = Firm(at)
    firm.enterprise.fill_in()
    assert awaits(firm.clerk, "enterprise")[0][:2] == ("unfinished", "add_filing")
    path = firm.enterprise.add("ENT_INIT")
    assert awaits(firm.clerk, "enterprise")[0][:2] == ("unsent", "save")
    firm.enterprise.save(path)
    found = work(firm.clerk, "enterprise")
    assert (found["items"][0]["state"], found["items"][0]["place"]["path"]) == ("SAVED", path)
    assert why(found) == "已保存，尚未发送：保存不是报送，主管部门还看不到"
    firm.enterprise.send(path)
    assert awaits(firm.clerk, "enterprise") == []
    point = {"pointer": "/basic/website", "reason": "R01", "text": "与证件不一致，请核对"}
    officer = at.officer()
    officer.decide(officer.open(path), "RETURN", "请核对", [point])
    found = work(firm.clerk, "enterprise")
    assert found["counts"] == {"returned": {"all": 1, "near": 0, "over": 0}}
    assert why(found).startswith("退回补正，共 1 条意见")


def test_what_was_sent_last_is_told_with_its_state(at: Installation) -> None:
    firm = Firm(at)
    path = filing.first_filing(firm.enterprise)
    [sent] = work(firm.clerk, "enterprise")["sent"]
    told = firm.enterprise.state(path)
    assert [sent[name] for name in ("type", "state", "round", "receipt_no", "decided_at")] == [
        "ENT_INIT",
        "SENT",
        1,
        told["receipt_no"],
        None,
    ]
    assert sent["place"] == {"service": "enterprise", "path": path}
    firm.staff.add("甲示范", None, "ARCH")
    found = firm.staff.file(list(firm.staff.people.values()))
    [person] = work(firm.clerk, "personnel")["sent"]
    assert (person["title"], person["batch_no"]) == ("甲示范", found["batch_no"])
    assert work(at.officer().actor, "review")["sent"] == []


def test_a_certificate_awaits_its_renewal_from_ninety_days_before_its_end(at: Installation) -> None:
    firm = Firm(at)
    firm.enterprise.page["certificates"][0]["valid_to"] = "2024-12-31"
    firm.file()
    at.pass_to(date(2024, 10, 1))
    assert awaits(firm.clerk, "enterprise") == []
    at.pass_to(date(2024, 10, 2))
    (found,) = work(firm.clerk, "enterprise")["items"]
    assert (found["kind"], found["due_on"]) == ("expiring", "2024-12-31")
    at.pass_to(date(2025, 1, 3))
    found = work(firm.clerk, "enterprise")
    assert found["counts"]["expiring"] == {"all": 1, "near": 0, "over": 1}
    assert found["items"][0]["working_days_left"] == -2


def test_people_await_their_filing_and_those_who_came_back_their_correction(
    at: Installation,
) -> None:
    firm = Firm(at)
    firm.file()
    ids = [firm.staff.add(name, None, "ARCH") for name in ("甲示范", "乙示范", "丙示范")]
    assert work(firm.clerk, "personnel")["counts"]["unfinished"]["all"] == 3
    found = firm.staff.file(ids[:2])
    assert [kind for kind, *_ in awaits(firm.clerk, "personnel")] == ["unfinished"]
    officer = at.officer()
    point = {"pointer": "/mobile", "reason": "R01", "text": "与证件不一致，请核对"}
    sent = found["sent"][0]["filing"]
    officer.decide(officer.open(f"/filings/{sent}"), "RETURN", "请核对", [point])
    assert [each[:2] for each in awaits(firm.clerk, "personnel")] == [
        ("returned", "save"),
        ("unfinished", "add_filing"),
    ]


def test_a_registration_awaits_its_renewal(at: Installation) -> None:
    firm = Firm(at)
    firm.file()
    firm.hire(((None, "ARCH"), ("STR2", "STRU")))
    (held,) = {row["sent_as"]["registered_to"] for row in at["personnel"].rows("filings")} - {None}
    at.pass_to(date.fromisoformat(held))
    (found,) = work(firm.clerk, "personnel")["items"]
    assert (found["kind"], found["due_on"], found["working_days_left"]) == ("expiring", held, 0)


def test_projects_await_their_stages_and_contracts_their_projects(at: Installation) -> None:
    firm = Firm(at)
    firm.file()
    firm.hire()
    made = firm.performance()
    contract = made.contract("示范学校教学楼")
    assert awaits(firm.clerk, "projects") == [
        ("unfinished", "add_project", "示范学校教学楼设计合同")
    ]
    project = made.project(contract, "示范学校教学楼")
    assert awaits(firm.clerk, "projects") == [("unfinished", "add_stage", "示范学校教学楼")]
    made.stage(project)
    assert awaits(firm.clerk, "projects") == []


def test_the_record_awaits_until_the_window_ends(at: Installation) -> None:
    firm = Firm(at)
    firm.file()
    firm.hire()
    campaign = open_campaign(at)
    (found,) = work(firm.clerk, "assessment")["items"]
    last = at["assessment"].rows("campaigns")[0]["last_day"]
    assert (found["kind"], found["action"]) == ("missing", "start_record")
    assert found["due_on"] == last.isoformat()
    project = firm.project()
    firm.record.start(campaign, "enterprise/1")
    assert [each[:2] for each in awaits(firm.clerk, "assessment")] == [("unfinished", "generate")]
    firm.record.fill_in([project])
    firm.record.generate()
    at.pass_to(last)
    found = work(firm.clerk, "assessment")
    assert found["counts"] == {"unsent": {"all": 1, "near": 1, "over": 0}}
    firm.record.send()
    assert awaits(firm.clerk, "assessment") == []


def test_nobody_sees_what_awaits_another_enterprise(at: Installation) -> None:
    first, second = Firm(at), Firm(at, seed=2)
    first.file()
    first.staff.add("甲示范", None, "ARCH")
    assert awaits(second.clerk, "personnel") == [("missing", "add_person", "")]
    assert awaits(second.clerk, "enterprise") == [("unfinished", "save", second.enterprise.name)]


# The authority


def sent(at: Installation, count: int) -> list[Firm]:
    firms = [Firm(at, seed, f"郑州示范{seed}设计有限公司") for seed in range(1, count + 1)]
    for each in firms:
        filing.first_filing(each.enterprise)
    return firms


def pages(actor: ActorInMemory, limit: int) -> Iterator[list[Line]]:
    query: dict[str, Any] = {"limit": limit}
    while query:
        found = work(actor, "review", **query)
        yield found["items"]
        following = found["next_cursor"]
        query = {"limit": limit, "cursor": following} if following else {}


def test_officers_see_what_waits_at_their_level_and_what_they_opened(at: Installation) -> None:
    sent(at, 3)
    officer, other = at.officer("甲"), at.officer("乙")
    first = work(officer.actor, "review")["items"][0]
    officer.actor.do("POST", "review", f"{first['place']['path']}:open")
    counts = work(officer.actor, "review", count=True)["counts"]
    assert {kind: each["all"] for kind, each in counts.items()} == {
        "in_review": 1,
        "to_review": 2,
        "onsite": 0,
    }
    assert work(other.actor, "review", count=True)["counts"]["in_review"]["all"] == 0
    elsewhere = at.officer("丙", city="410200").actor
    assert awaits(elsewhere, "review") == awaits(at.reviewer("PROV_OFFICER").actor, "review") == []


def test_a_queue_is_counted_by_its_due_dates(at: Installation) -> None:
    sent(at, 2)
    officer = at.officer().actor
    due = date.fromisoformat(work(officer, "review")["items"][0]["due_on"])
    at.pass_to(due)
    found = work(officer, "review", count=True)
    assert (found["items"], found["next_cursor"]) == ([], None)
    assert found["counts"] == {
        "in_review": {"all": 0, "near": 0, "over": 0},
        "to_review": {"all": 2, "near": 2, "over": 0},
        "onsite": {"all": 0, "near": 0, "over": 0},
    }
    at.pass_to(date(due.year, due.month + 1, due.day))
    assert work(officer, "review")["counts"]["to_review"] == {"all": 2, "near": 0, "over": 2}


def test_whoever_follows_the_pages_sees_every_case_once(at: Installation) -> None:
    sent(at, 4)
    officer = at.officer().actor
    taken = work(officer, "review")["items"][1]
    officer.do("POST", "review", f"{taken['place']['path']}:open")
    whole = work(officer, "review")["items"]
    assert len(whole) == 4
    assert [each for page in pages(officer, 1) for each in page] == whole


def test_the_province_opens_and_closes_campaigns(at: Installation) -> None:
    chief = at.reviewer("PROV_OFFICER").actor
    open_campaign(at)
    assert awaits(chief, "assessment") == []
    at.pass_to(date(2025, 2, 3))
    (found,) = work(chief, "assessment")["items"]
    assert (found["kind"], found["action"]) == ("campaign", "close_campaign")


@pytest.mark.parametrize(
    ("role", "service"), [("CITY_OFFICER", "personnel"), ("AUDITOR", "review")]
)
def test_whoever_has_no_work_at_a_service_is_told_so(
    at: Installation, role: str, service: str
) -> None:
    actor = at.actor(role, city="410100")
    with pytest.raises(RequestRefused) as refused:
        work(actor, service)
    assert refused.value.problem["status"] == 403


# How far the year has come


def progress(firm: Firm) -> dict[str, tuple[str, int | None, int | None]]:
    """By step: how far, how many, of how many."""
    services = ("enterprise", "personnel", "projects", "assessment")
    lines = [each for name in services for each in work(firm.clerk, name)["progress"]]
    return {each["step"]: (each["reached"], each["count"], each["total"]) for each in lines}


def test_the_steps_of_the_year_are_told_as_far_as_they_have_come(at: Installation) -> None:
    firm = Firm(at)
    assert progress(firm) == {
        "enterprise": ("now", None, None),
        "people": ("todo", 0, 0),
        "projects": ("todo", 0, 0),
    }
    firm.file()
    firm.hire()
    firm.staff.add("何示范", None, "ARCH")
    project = firm.project()
    campaign = open_campaign(at)
    assert progress(firm) == {
        "enterprise": ("done", 1, None),
        "people": ("done", 2, 3),
        "projects": ("done", 1, 1),
        "generate": ("now", None, None),
        **dict.fromkeys(("send", "city", "province", "publicity", "announced"), TODO),
    }
    firm.make_record(campaign, [project])
    assert {step for step, (how, *_) in progress(firm).items() if how == "now"} == {"send"}
    firm.record.send()
    assert {step for step, (how, *_) in progress(firm).items() if how == "now"} == {"city"}
    assert work(firm.clerk, "assessment", count=True)["items"] == []


TODO = ("todo", None, None)


# A record before the authority


def awaiting(at: Installation, role: str) -> list[str]:
    """Kinds, by the role's office."""
    return [kind for kind, *_ in awaits(at.reviewer(role).actor, "review")]


def test_a_record_awaits_whoever_has_the_next_word(at: Installation) -> None:
    firm = Firm(at)
    firm.file()
    firm.hire()
    project = firm.project()
    firm.make_record(open_campaign(at), [project])
    firm.record.send()
    city, lead = at.reviewer("CITY_OFFICER"), at.reviewer("CITY_LEAD")
    province, chief = at.reviewer("PROV_OFFICER"), at.reviewer("PROV_LEAD")
    assert [awaiting(at, role) for role in ROLES] == [["to_review"], ["to_review"], [], []]
    city.decide(city.open(firm.record, "CITY"), "PASS", "")
    assert [awaiting(at, role) for role in ROLES] == [[], ["to_sign"], [], []]
    lead.sign(firm.record)
    assert [awaiting(at, role) for role in ROLES] == [[], [], ["to_review"], ["to_review"]]
    opened = province.open(firm.record, "PROV")
    assert awaiting(at, "PROV_OFFICER") == ["in_review"]
    province.decide(opened, "PASS", "")
    assert [awaiting(at, role) for role in ROLES] == [[], [], ["to_conclude"], ["to_conclude"]]
    province.propose(firm.record, "FAIL")
    chief.approve(firm.record)
    assert [awaiting(at, role) for role in ROLES] == [[], [], [], []]
    publish_and_rectify(at, firm)


ROLES = ("CITY_OFFICER", "CITY_LEAD", "PROV_OFFICER", "PROV_LEAD")


def publish_and_rectify(at: Installation, firm: Firm) -> None:
    """A result that was published for its days awaits its announcement; a fail, its mending."""
    officer = at.reviewer("PROV_OFFICER").actor
    opened = officer.do("POST", "review", "/publicities", {"records": [firm.record.id]})
    at.pass_to(date.fromisoformat(opened["last_day"]))
    assert awaiting(at, "PROV_OFFICER") == []
    at.pass_to(date.fromisoformat(opened["last_day"]) + timedelta(days=1))
    assert awaiting(at, "PROV_OFFICER") == ["to_announce"]
    path = f"/publicities/{opened['id']}"
    officer.do("POST", "review", f"{path}:announce", version=opened["version"])
    assert awaiting(at, "PROV_OFFICER") == []
    assert awaits(firm.clerk, "review") == []
    path = order_rectification(at, firm)
    (line,) = work(firm.clerk, "review")["items"]
    assert (line["kind"], line["action"]) == ("unfinished", "report")
    report_rectification(firm, path)
    assert awaits(firm.clerk, "review") == []
    assert awaiting(at, "CITY_LEAD") == awaiting(at, "PROV_LEAD") == ["to_recheck"]
    assert awaiting(at, "CITY_OFFICER") == []
    (line,) = work(at.reviewer("CITY_LEAD").actor, "review")["items"]
    assert line["place"]["path"] == path
