"""What is sent, decided and applied across services: the demo's acts, in memory."""

from collections.abc import Iterator

import pytest

from deploy.demo import assessment, filing, staff
from deploy.demo.stage import RequestRefused
from libs.filing.identifiers import enterprise_id
from tests.in_memory.firm import (
    Firm,
    open_campaign,
    order_rectification,
    publish,
    report_rectification,
    review,
)
from tests.in_memory.installation import ALL, Installation

OPENED, TAKEN, DECIDED, EFFECT = (
    f"Case.{name}" for name in ("RoundOpened", "CaseTaken", "Decided", "DecisionTookEffect")
)


@pytest.fixture
def offices() -> Iterator[Installation]:
    with Installation("enterprise", "personnel", "review") as made:
        yield made


@pytest.fixture
def everybody() -> Iterator[Installation]:
    with Installation(*ALL) as made:
        yield made


def filings(at: Installation) -> list[str]:
    """What became of them, in the enterprise's own events."""
    prefix = "Enterprise.Filing"
    return [each.removeprefix(prefix) for each in at["enterprise"].types if prefix in each]


def test_a_filing_is_sent_opened_decided_and_applied(offices: Installation) -> None:
    firm = Firm(offices)
    path = firm.file()
    assert filings(offices) == ["Drafted", "Saved", "Sent", "ReviewOpened", "Approved"]
    assert offices["review"].types == ["Case.CaseOpened", TAKEN, DECIDED, EFFECT]
    [row] = offices["enterprise"].rows("filings")
    assert (row["status"], row["filed_version"], str(row["id"])) == (
        "APPROVED",
        1,
        path.rpartition("/")[2],
    )
    [case] = offices["review"].rows("cases")
    assert (case["state"], case["decision"], case["assignee"]) == ("CLOSED", "PASS", "city_officer")
    for each in ("enterprise", "personnel", "review"):
        assert [row["filed"] for row in offices[each].rows("directory")] == [True]


def test_a_filing_is_taken_back_returned_corrected_approved_and_changed(
    offices: Installation,
) -> None:
    filing.play(Firm(offices).enterprise, offices.officer())
    first = ["Drafted", "Saved", "Sent", "Withdrawn", "Sent", "ReviewOpened", "Returned"]
    assert filings(offices)[:7] == first
    assert filings(offices)[7:11] == ["Saved", "Sent", "ReviewOpened", "Approved"]
    assert filings(offices)[-2:] == ["Approved", "Superseded"]
    taken = [OPENED, TAKEN, DECIDED, EFFECT]
    assert offices["review"].types == [
        "Case.CaseOpened",
        "Case.CaseWithdrawn",
        *taken,
        *taken,
        "Case.CaseOpened",
        *taken[1:],
    ]


def test_of_two_decisions_on_a_round_the_first_counts(offices: Installation) -> None:
    firm = Firm(offices)
    path = filing.first_filing(firm.enterprise)
    first, second = offices.officer("one"), offices.officer("two")
    case = first.case(path, 1)
    first.decide(case, "PASS", "")
    with pytest.raises(RequestRefused) as refused:
        second.decide(case, "PASS", "")
    assert [each["rule"] for each in refused.value.problem["errors"]] == ["STATE"]
    assert offices["review"].types.count(DECIDED) == 1


def test_people_are_filed_one_of_them_late_and_changed(offices: Installation) -> None:
    firm = Firm(offices)
    firm.file()
    team = staff.GRADE_C[:2]
    staff.play(firm.staff, offices.officer(), firm.random, team)
    rows = offices["personnel"].rows("people")
    assert sorted(row["filed_version"] for row in rows) == [1, 2]
    statuses = sorted(row["status"] for row in offices["personnel"].rows("filings"))
    assert statuses == ["APPROVED", "APPROVED", "SUPERSEDED"]
    told = {row["filing"]: row["status"] for row in offices["enterprise"].rows("person_filings")}
    assert sorted(told.values()) == statuses


def test_a_person_leaves_and_is_filed_by_another_enterprise(offices: Installation) -> None:
    first, second = Firm(offices, 1, "郑州甲设计有限公司"), Firm(offices, 2, "郑州乙设计有限公司")
    for each in (first, second):
        each.file()
    first.hire()
    name = staff.NAMES[1]
    known = first.clerk.get("personnel", f"/people/{first.staff.people[name]}")["content"]
    [refused] = second.joins(known)["refused"]
    assert [(each["rule"], "郑州甲" in each["zh"]) for each in refused["findings"]] == [
        ("P06", True)
    ]
    first.leaves(name)
    sent = second.staff.send([refused["filing"]])
    staff.approve(second.staff, offices.officer(), sent)
    [row] = (each for each in offices["personnel"].rows("people") if each["released_as"])
    assert row["enterprise"] == enterprise_id(first.uscc)


def test_a_rectification_is_rechecked_by_what_the_enterprise_has_then(
    everybody: Installation,
) -> None:
    firm = Firm(everybody)
    firm.file()
    firm.hire()
    firm.make_record(open_campaign(everybody), [firm.project()])
    firm.record.send()
    review(everybody, firm, "FAIL")
    publish(everybody, [firm], "ANNOUNCED")
    [notice] = everybody["review"].rows("publicity_results")
    officer = everybody.reviewer("PROV_OFFICER").actor
    [line] = officer.get("review", f"/publicities/{notice['publicity']}")["results"]
    assert [each["zh"] for each in line["qualifications"]] == ["建筑行业(建筑工程)乙级"]
    path = order_rectification(everybody, firm)
    report_rectification(firm, path)
    told = firm.clerk.get("review", path)["measurement"]
    [item] = told["items"]
    assert item["zh"] == "建筑行业(建筑工程)乙级"
    assert item["registered"]["need"] > item["registered"]["have"]
    version = officer.get("review", path)["version"]
    body = {"decision": "RETURN", "text": "请补充社保证明"}
    said = officer.do("POST", "review", f"{path}:recheck", body, version=version)["recheck"]
    assert (said["decision"], said["text"]) == ("RETURN", body["text"])


def test_a_record_goes_from_its_first_step_to_the_announced_result(
    everybody: Installation,
) -> None:
    firm = Firm(everybody)
    firm.file()
    firm.hire()
    firm.make_record(open_campaign(everybody), [firm.project()])
    firm.record.send()
    assessment.return_and_correct(firm.record, everybody.reviewer("CITY_OFFICER"))
    review(everybody, firm, "PASS")
    publish(everybody, [firm])
    prefix = "Record.Assessment"
    acts = [each for each in everybody["assessment"].types if each.startswith(prefix)]
    assert [each.removeprefix(prefix) for each in acts[-6:]] == [
        "CityPassed",
        "ReviewOpened",
        "Concluded",
        "Published",
        "Announced",
        "Closed",
    ]
    [row] = everybody["assessment"].rows("records")
    assert (row["status"], row["result"], row["round"]) == ("CLOSED", "PASS", 2)
    [told] = everybody["review"].rows("conclusions")
    assert (told["result"], told["announced"]) == ("PASS", True)
