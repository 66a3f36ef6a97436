"""Chapter 4 of the manual through HTTP in memory, and every way in which the projects service
refuses; what is refused changes nothing.
"""

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from uuid import uuid4

import httpx
import pytest

from deploy.demo import filing
from deploy.demo.staff import Staff
from libs.events.testing.tables import NeedsPostgres
from tests.in_memory.installation import Installation
from tests.in_memory.operations import lists, unanswered
from tests.projects.firm import Firm, refused, saved_contract, saved_project


class FirmInMemory(Firm):
    def __init__(self, at: Installation, seed: int) -> None:
        self.at = at
        super().__init__(at, seed)

    @cached_property
    def officer(self) -> filing.Officer:
        return self.at.officer()

    @property
    def head(self) -> int:
        return len(self.at["projects"].log.records)

    def _caught_up(self, path: str) -> httpx.Response:
        """All readers have followed."""
        return httpx.Response(200)


@pytest.fixture(scope="module")
def at() -> Iterator[Installation]:
    with Installation("enterprise", "personnel", "projects", "review") as made:
        yield made


@pytest.fixture(scope="module")
def firm(at: Installation) -> Firm:
    return FirmInMemory(at, seed=41)


@pytest.fixture(scope="module")
def other(at: Installation) -> Firm:
    return FirmInMemory(at, seed=42)


def test_saving_tells_what_is_odd_and_names_who_is_not_filed(firm: Firm) -> None:
    contract = firm.contract(signed_on="2020-01-01")
    found = firm.done("POST", "/contracts", contract)
    assert [each["rule"] for each in found["findings"]] == ["C05"]
    project = firm.done("POST", "/projects", firm.project(found["id"], scale="L"))
    assert [each["rule"] for each in project["findings"]] == ["J14"]
    stage = firm.done("POST", f"/projects/{project['id']}/stages", firm.stage(), project["version"])
    told = {(each["rule"], each["zh"]) for each in stage["findings"]}
    assert ("J10b", "参与人员“赵示范”尚未备案，请先备案") in told
    check = firm.done("POST", f"/projects/{project['id']}:check")
    assert {"J14", "J10b"} <= {each["rule"] for each in check["findings"]}
    assert {each["action"]: each["allowed"] for each in check["allowed_actions"]} == dict.fromkeys(
        ("save", "delete", "add_stage", "choose"), True
    )


def test_history_tells_who_did_what_also_of_what_was_deleted(firm: Firm) -> None:
    project = saved_project(firm)
    firm.done("DELETE", f"/projects/{project['id']}", version=project["version"])
    assert firm.call("GET", f"/projects/{project['id']}").status_code == 404
    steps = firm.call("GET", f"/projects/{project['id']}/history").json()
    assert [each["type"].rpartition(".")[2] for each in steps] == [
        "ProjectAdded",
        "ProjectSaved",
        "ProjectDeleted",
    ]


def test_the_placeholder_is_three_ordinary_records_and_free_again_when_renamed_or_deleted(
    other: Firm,
) -> None:
    made = other.done("POST", "/contracts:placeholder", {"contract_no": "ZWYJ-1"})
    contract, project = made["contract"], made["project"]
    assert (
        contract["content"]["name"],
        contract["content"]["contract_type"],
        contract["is_placeholder"],
    ) == ("暂无业绩", "200", True)
    assert (project["content"]["name"], project["selectable"], len(project["stages"])) == (
        "暂无业绩",
        True,
        1,
    )
    before = other.head
    again = other.call("POST", "/contracts:placeholder")
    assert refused(other, 409, again) == ["C10 /name"]
    typed = other.call("POST", "/contracts", {"contract_no": "ZWYJ-2", "name": " “暂无业绩” "})
    assert refused(other, 409, typed) == ["C10 /name"]
    assert other.head == before

    renamed = other.done(
        "PUT",
        f"/contracts/{contract['id']}",
        other.contract(contract_no="ZWYJ-1"),
        contract["version"],
    )
    assert renamed["is_placeholder"] is False
    second = other.done("POST", "/contracts:placeholder")
    other.done(
        "DELETE", f"/projects/{second['project']['id']}", version=second["project"]["version"]
    )
    other.done(
        "DELETE", f"/contracts/{second['contract']['id']}", version=second["contract"]["version"]
    )
    third = other.done("POST", "/contracts:placeholder")
    other.done("DELETE", f"/projects/{third['project']['id']}", version=third["project"]["version"])
    other.done(
        "DELETE", f"/contracts/{third['contract']['id']}", version=third["contract"]["version"]
    )


# At the same instant


def test_a_project_that_comes_does_not_make_the_contracts_version_stale(firm: Firm) -> None:
    contract = saved_contract(firm)
    firm.done("POST", "/projects", {"contract": contract["id"]})
    content = contract["content"] | {"scope": "教学楼两栋"}
    firm.done("PUT", f"/contracts/{contract['id']}", content, contract["version"])


# Refusals


def test_rules_are_refused_all_at_once_and_nothing_changes(firm: Firm) -> None:
    contract = saved_contract(firm)
    project = firm.done("POST", "/projects", firm.project(contract["id"]))
    before = firm.head
    wrong = firm.contract(amount_wan="0", client_uscc=firm.uscc, scope=None)
    assert refused(firm, 422, firm.call("POST", "/contracts", wrong)) == [
        "C01 /scope",
        "C03 /amount_wan",
        "C06 /client_uscc",
    ]
    assert refused(
        firm, 422, firm.call("POST", "/contracts", firm.contract(contract_type="100"))
    ) == ["C08 /contract_type"]
    assert "C01 /contract_no" in refused(firm, 422, firm.call("POST", "/contracts", {}))
    assert refused(firm, 422, firm.call("POST", "/projects", {"contract": str(uuid4())})) == [
        "J01 /contract"
    ]
    assert refused(firm, 422, firm.call("POST", "/projects", {})) == ["J01 /contract"]
    path = f"/projects/{project['id']}/stages"
    stage = firm.stage(
        "S1", participants=[{"person_id": str(uuid4()), "role": "PM"}], finished_on=None
    )
    answer = firm.call("POST", path, stage, version=project["version"])
    assert refused(firm, 422, answer) == [
        "J04 /stage",
        "J05 /finished_on",
        "J10a /participants/0/person_id",
    ]
    assert firm.head == before


def test_a_number_that_is_taken_and_a_contract_in_use_are_conflicts(
    firm: Firm, other: Firm
) -> None:
    contract = saved_contract(firm)
    firm.done("POST", "/projects", {"contract": contract["id"]})
    before = firm.head
    same = firm.contract(contract_no=contract["content"]["contract_no"].lower())
    assert refused(firm, 409, firm.call("POST", "/contracts", same)) == ["C02 /contract_no"]
    assert refused(
        firm, 409, firm.call("DELETE", f"/contracts/{contract['id']}", version=contract["version"])
    ) == ["C11"]
    assert firm.head == before
    check = firm.done("POST", f"/contracts/{contract['id']}:check")
    delete = next(each for each in check["allowed_actions"] if each["action"] == "delete")
    assert [each["rule"] for each in delete["reasons"]] == ["C11"]
    saved_contract(other, contract_no=contract["content"]["contract_no"])


def test_a_number_that_looks_the_same_is_taken_however_it_is_written(firm: Firm) -> None:
    saved = saved_contract(firm, contract_no="HT-É-1")
    assert saved["content"]["contract_no"] == "HT-É-1"
    for number in ("HT-E\u0301-1", " ht-é-1\u200b", "ＨＴ－É－１"):
        same = firm.contract(contract_no=number)
        assert refused(firm, 409, firm.call("POST", "/contracts", same)) == ["C02 /contract_no"]


def test_what_is_malformed_is_refused_before_anything_else(firm: Firm) -> None:
    before = firm.head
    refused(firm, 400, firm.call("GET", "/contracts/7"))
    refused(firm, 400, firm.call("GET", "/projects?selectable=vielleicht"))
    refused(firm, 400, firm.call("GET", "/projects?colour=red"))
    for body in (
        {"contract_type": "999"},
        {"signed_on": "1.3.2023"},
        {"amount_wan": "viel"},
        {"colour": "red"},
    ):
        refused(firm, 422, firm.call("POST", "/contracts", firm.contract() | body))
    assert firm.head == before


def test_a_change_says_from_which_version_it_was_made(firm: Firm) -> None:
    contract = saved_contract(firm)
    project = firm.done("POST", "/projects", firm.project(contract["id"]))
    before, paths = firm.head, (f"/contracts/{contract['id']}", f"/projects/{project['id']}")
    for path in paths:
        refused(firm, 428, firm.call("DELETE", path))
        refused(firm, 412, firm.call("DELETE", path, version=1))
    refused(firm, 428, firm.call("POST", f"{paths[1]}/stages", firm.stage()))
    refused(firm, 412, firm.call("POST", f"{paths[1]}/stages", firm.stage(), version=1))
    assert firm.head == before


def test_a_repeated_command_gets_the_same_answer_and_the_same_key_no_other_body(firm: Firm) -> None:
    content, key = firm.contract(), str(uuid4())
    first = firm.call("POST", "/contracts", content, key=key)
    before = firm.head
    again = firm.call("POST", "/contracts", content, key=key)
    assert (again.status_code, again.json(), again.headers["Location"]) == (
        201,
        first.json(),
        first.headers["Location"],
    )
    refused(firm, 422, firm.call("POST", "/contracts", content | {"scope": "其他"}, key=key))
    assert firm.head == before
    path, key = f"/contracts/{first.json()['id']}", str(uuid4())
    deleted = [firm.call("DELETE", path, version=2, key=key) for _ in range(2)]
    assert [answer.status_code for answer in deleted] == [200, 200]
    assert deleted[0].json() == deleted[1].json()
    assert firm.call("DELETE", path, version=3).status_code == 404


def test_nobody_uses_a_foreign_contract_person_or_scan(firm: Firm, other: Firm) -> None:
    contract = saved_contract(other)
    scan = other.performance._scan("CON_COVER", "jpeg", "别人的合同")
    before = firm.head
    assert refused(firm, 422, firm.call("POST", "/projects", {"contract": contract["id"]})) == [
        "J01 /contract"
    ]
    foreign = firm.contract(project_leader_person_id=other.people[0])
    assert refused(firm, 422, firm.call("POST", "/contracts", foreign)) == [
        "J10a /project_leader_person_id"
    ]
    refused(firm, 422, firm.call("POST", "/contracts", firm.contract(scans=[scan])))
    assert firm.head == before


# What the personnel service tells


def test_who_is_filed_is_no_warning_and_who_left_before_the_stage_is_one(other: Firm) -> None:
    staff, officer = Staff(other.clerk, other.uscc, other.random), other.officer
    person = staff.add("何示范", None, "ARCH")
    project = saved_project(other)
    leader = other.stage(participants=[{"person_id": person, "role": "PM"}])
    saved = other.done("POST", f"/projects/{project['id']}/stages", leader, project["version"])
    assert "J10b" in [each["rule"] for each in saved["findings"]]

    def told() -> set[str]:
        return {
            each["rule"]
            for each in other.done("POST", f"/projects/{project['id']}:check")["findings"]
        }

    filing = staff.file([person])["sent"][0]["filing"]
    officer.decide(officer.open(filing), "PASS", "")
    other.clerk.wait("J10b to be settled", lambda: "J10b" not in told())
    assert "J11" not in told()
    release = staff.release("何示范", date(2023, 3, 31))
    staff.send([release])
    officer.decide(officer.open(release), "PASS", "")
    other.clerk.wait("J11 to be told", lambda: "J11" in told())
    assert not {"J10a", "J10b"} & told()


# Every operation


def day(at: Installation) -> None:
    """A clerk does, one after the other, whatever can be done with contracts and projects."""
    firm = FirmInMemory(at, seed=43)
    contract = saved_contract(firm)
    path = f"/contracts/{contract['id']}"
    contract = firm.done("PUT", path, firm.contract(scope="教学楼两栋"), contract["version"])
    for each in ("GET", path), ("GET", f"{path}/history"), ("POST", f"{path}:check"):
        assert firm.call(*each).is_success
    project = firm.done("POST", "/projects", {"contract": contract["id"]})
    path = f"/projects/{project['id']}"
    project = firm.done("PUT", path, firm.project(contract["id"]), project["version"])
    stage = firm.done("POST", f"{path}/stages", firm.stage(), project["version"])
    place = f"{path}/stages/{stage['id']}"
    stage = firm.done("PUT", place, firm.stage("D4"), stage["version"])
    for page in (path, place, f"{path}/stages", f"{path}/history"):
        assert firm.call("GET", page).is_success
    offered = firm.done("POST", f"{path}:check")["allowed_actions"]
    assert all(each["allowed"] for each in offered)
    project = firm.done("DELETE", place, version=stage["version"])
    firm.done("DELETE", path, version=project["version"])
    firm.done("DELETE", f"/contracts/{contract['id']}", version=contract["version"])
    firm.done("POST", "/contracts:placeholder")


def test_a_project_that_was_only_added_may_be_saved(at: Installation, firm: Firm) -> None:
    contract = firm.done("POST", "/contracts", firm.contract())
    project = firm.done("POST", "/projects", {"contract": contract["id"]})
    offered = firm.done("POST", f"/projects/{project['id']}:check")["allowed_actions"]
    assert {each["action"] for each in offered if each["allowed"]} == {"save", "delete"}


def test_every_operation_but_lists_is_answered(at: Installation) -> None:
    day(at)
    assert unanswered(at["projects"]) == set()


def test_a_list_needs_postgresql(at: Installation, firm: Firm) -> None:
    assert lists(at["projects"].service) == {"list_contracts", "list_projects", "list_work"}
    for path in ("/contracts", "/projects", "/work"):
        with pytest.raises(NeedsPostgres):
            firm.call("GET", path)


def test_its_tables_hold_what_was_saved(at: Installation) -> None:
    firm = FirmInMemory(at, seed=44)
    contract = saved_contract(firm)
    project = firm.done("POST", "/projects", firm.project(contract["id"]))
    firm.done("POST", f"/projects/{project['id']}/stages", firm.stage(), project["version"])
    tables = {
        name: [row for row in at["projects"].rows(name) if str(row[key]) == id]
        for name, key, id in (
            ("contracts", "enterprise", firm.enterprise.id),
            ("projects", "contract", contract["id"]),
            ("stages", "project", project["id"]),
        )
    }
    assert [row["contract_no"] for row in tables["contracts"]] == [
        contract["content"]["contract_no"]
    ]
    assert [(row["name"], row["saved"]) for row in tables["projects"]] == [("示范学校教学楼", True)]
    assert [row["stage"] for row in tables["stages"]] == ["D3"]
