"""Chapter 4 of the manual through HTTP, and every way in which the projects service refuses; what
is refused changes nothing.
"""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from tests.journeys.conftest import System
from tests.projects.firm import Firm, refused, rules, saved_contract

pytestmark = [pytest.mark.servers, pytest.mark.slow]
J03 = "该项目未添加项目阶段，不能选为业绩，请在“项目阶段及项目参与人员”中添加并保存"


def test_a_project_can_be_chosen_as_soon_as_a_stage_of_it_is_saved(firm: Firm) -> None:
    contract = firm.performance.contract("示范学校教学楼")
    added = firm.done("POST", "/projects", {"contract": contract})
    assert [each["rule"] for each in added["reasons"]] == ["STATE", "J03"]
    saved = firm.call(
        "PUT", f"/projects/{added['id']}", firm.project(contract), version=added["version"]
    )
    listed = firm.listed(added["id"], saved.headers["X-Event-Position"])
    assert listed
    assert (listed["selectable"], [(each["rule"], each["zh"]) for each in listed["reasons"]]) == (
        False,
        [("J03", J03)],
    )
    assert firm.listed(added["id"], saved.headers["X-Event-Position"], selectable="true") is None

    stage = firm.call(
        "POST", f"/projects/{added['id']}/stages", firm.stage(), version=saved.json()["version"]
    )
    assert stage.status_code == 201, stage.text
    position = stage.headers["X-Event-Position"]
    listed = firm.listed(added["id"], position, selectable="true")
    assert listed
    assert (listed["selectable"], listed["reasons"], listed["stages"]) == (True, [], 1)
    assert (
        firm.done("GET", stage.headers["Location"].removeprefix("/api/v1"))["content"][
            "participants"
        ][0]["role"]
        == "PM"
    )

    removed = firm.call(
        "DELETE",
        f"/projects/{added['id']}/stages/{stage.json()['id']}",
        version=stage.json()["version"],
    )
    assert [each["rule"] for each in removed.json()["reasons"]] == ["J03"]
    assert (
        firm.listed(added["id"], removed.headers["X-Event-Position"], selectable="false")
        is not None
    )


def test_of_two_clerks_who_add_the_placeholder_at_once_one_wins(other: Firm) -> None:
    for _ in range(10):
        with ThreadPoolExecutor(2) as pool:
            answers = list(
                pool.map(lambda _: other.call("POST", "/contracts:placeholder"), range(2))
            )
        won, lost = sorted(answers, key=lambda answer: answer.status_code)
        assert (won.status_code, lost.status_code) == (201, 409), (won.text, lost.text)
        assert rules(lost) == ["C10 /name"]
        made = won.json()
        other.done(
            "DELETE", f"/projects/{made['project']['id']}", version=made["project"]["version"]
        )
        other.done(
            "DELETE", f"/contracts/{made['contract']['id']}", version=made["contract"]["version"]
        )


def test_deleting_a_contract_while_a_project_is_added_leaves_no_project_without_one(
    firm: Firm,
) -> None:
    seen = set()
    for _ in range(10):
        contract = saved_contract(firm)
        delete = ("DELETE", f"/contracts/{contract['id']}", None, contract["version"])
        add = ("POST", "/projects", {"contract": contract["id"]}, None)
        with ThreadPoolExecutor(2) as pool:
            deleted, added = pool.map(
                lambda act: firm.call(act[0], act[1], act[2], version=act[3]), (delete, add)
            )
        seen.add((deleted.status_code, added.status_code))
        assert (deleted.is_success, added.is_success) in ((True, False), (False, True))
        assert (
            rules(added) == ["J01 /contract"] if deleted.is_success else rules(deleted) == ["C11"]
        )
    assert seen <= {(200, 422), (409, 201)}


def test_only_the_own_clerk_writes_auditors_read_and_officers_what_was_sent(
    system: System, firm: Firm, other: Firm
) -> None:
    contract = saved_contract(firm)
    path, before = f"/contracts/{contract['id']}", firm.head
    readers = {
        "ENT_LEGAL": system.actor("ENT_LEGAL", org=firm.uscc),
        "AUDITOR": system.actor("AUDITOR"),
    }
    officers = (
        system.actor("CITY_OFFICER", city="410100"),
        system.actor("PROV_OFFICER", city="410000"),
    )
    for reader in readers.values():
        assert firm.call("GET", path, token=reader.token).status_code == 200
        assert contract["id"] in [
            each["id"]
            for each in firm.call("GET", "/contracts?limit=200", token=reader.token).json()["items"]
        ]
        refused(
            firm, 403, firm.call("DELETE", path, version=contract["version"], token=reader.token)
        )
    for officer in officers:  # no record was sent with it
        refused(firm, 404, firm.call("GET", path, token=officer.token))
        refused(
            firm, 403, firm.call("DELETE", path, version=contract["version"], token=officer.token)
        )
    for stranger in (other.clerk, system.actor("CITY_OFFICER", city="410300")):
        refused(firm, 404, firm.call("GET", path, token=stranger.token))
        listed = firm.call("GET", "/contracts?limit=200", token=stranger.token).json()["items"]
        assert firm.enterprise.id not in {each["enterprise"] for each in listed}
    refused(
        firm, 404, firm.call("DELETE", path, version=contract["version"], token=other.clerk.token)
    )
    refused(firm, 404, firm.call("GET", f"/contracts/{uuid4()}"))
    assert firm.head == before
