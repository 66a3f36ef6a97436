"""Every operation of the review service is answered in memory, its lists aside. (Its course, step
by step, is test_course.py's; what others tell it, here.)
"""

import hashlib
from datetime import date
from typing import Any

import pytest

from deploy.authority import registering
from deploy.demo import scans
from libs.events.testing.tables import NeedsPostgres
from libs.published import assessment, enterprise, personnel
from tests.authority.given import SIGNER
from tests.given import ENTERPRISE, USCC, clerk, id_of
from tests.in_memory.operations import lists, unanswered
from tests.review.given import CASE, THE_RECORD, on
from tests.review.review_in_memory import House, caller

HEARING = {"told_on": "2025-02-05", "heard_on": "2025-02-10", "statement": "无异议"}
RESULT = "/results/2024-410100-000001"
OBJECTION = {"record": str(THE_RECORD), "text": "人员王某不在该单位", "who": "张三"}
MINUTES = {
    "date": "2024-09-09",
    "place": "郑州",
    "minutes": "情况属实",
    "inspectors": [{"name": name, "certificate_no": f"J-{name}"} for name in ("甲某", "乙某")],
}
ORDER = {
    "record": str(THE_RECORD),
    "notice_date": "2024-10-20",
    "deadline": "2025-01-20",
    "shortfalls": [{"item": "建筑工程甲级", "need": "注册建筑师 3 人", "have": "2 人"}],
}


@pytest.fixture
def house() -> House:
    return House()


# What others tell


async def test_a_filing_opens_a_case_and_another_round_of_it_opens_it_again(house: House) -> None:
    sent: dict[str, Any] = {
        "act": clerk(),
        "filing": id_of("filing"),
        "type": "ENT_INIT",
        "filing_no": "ENT_INIT-1",
        "receipt_no": "R-1",
        "uscc": USCC,
        "name": "某设计院",
        "supervising_city_code": "410100",
    }
    for round in (1, 2):
        await house.hear(enterprise.FilingSent(**sent, round=round), stream=ENTERPRISE)
    assert house.types == ["Case.CaseOpened", "Case.RoundOpened"]
    asked = enterprise.WithdrawalAsked(act=clerk(), filing=sent["filing"], round=2)
    await house.hear(asked, stream=ENTERPRISE)
    [row] = house.rows("cases")
    assert (house.types[-1], row["state"], row["round"]) == ("Case.CaseWithdrawn", "WITHDRAWN", 2)


async def test_a_person_s_filing_opens_a_case_of_the_enterprise(house: House) -> None:
    sender = personnel.Sender(uscc=USCC, name="某设计院", supervising_city_code="410100")
    sent = personnel.FilingSent(
        act=clerk(),
        filing=id_of("filing"),
        type="PER_INIT",
        filing_no="PER_INIT-1",
        receipt_no="R-1",
        round=1,
        sender=sender,
    )
    await house.hear(sent, stream=id_of("person"), owner=ENTERPRISE)
    [row] = house.rows("cases")
    assert (row["subject_kind"], row["subject_id"], row["enterprise"]) == (
        "person_filing",
        id_of("person"),
        ENTERPRISE,
    )


async def test_a_decision_without_effect_leaves_the_case_as_it_was(house: House) -> None:
    await house.send()
    house.follows = False
    await house.decided("CITY_OFFICER", "RETURN")
    [decided] = (each for each in house.log.records if each.type.endswith("Decided"))
    refused = assessment.DecisionNotApplied(act=house.clerk, round=1, decision=decided.id)
    await house.tell(refused)
    assert house.types[-1] == "Case.DecisionHadNoEffect"


# Every operation


async def reviewed(house: House) -> None:
    """Returned and lapsed, visited, before the experts, concluded, published, objected to."""
    await house.send()
    interest = {"reason": "亲属任职"}
    await house.done("CITY_OFFICER/one", "POST", f"/cases/{CASE}:declare-interest", interest)
    await house.done("CITY_OFFICER", "POST", f"/cases/{CASE}:check")
    await house.done("CITY_OFFICER", "POST", f"/cases/{CASE}:open")
    await house.done("CITY_OFFICER", "POST", f"/cases/{CASE}:release")
    to_another = {"to": "three", "reason": "休假"}
    await house.done("CITY_OFFICER/two", "POST", f"/cases/{CASE}:assign", to_another)
    await house.decided("CITY_OFFICER/three", "RETURN")
    house.clock.at = on(date(2024, 11, 4))
    await house.done("CITY_OFFICER", "POST", f"/cases/{CASE}:lapse")
    await house.decided("CITY_OFFICER", "ONSITE")
    await house.done("CITY_OFFICER", "POST", f"/cases/{CASE}:record-onsite", MINUTES)
    await decided_with_others(house)
    await house.done("CITY_LEAD/other", "POST", f"/cases/{CASE}:sign")
    await house.decided("PROV_OFFICER", "ESCALATE")
    await house.named("expert")
    await house.done("EXPERT", "POST", f"/cases/{CASE}:give-opinion", {"text": "同意"})
    await house.decided("PROV_OFFICER", "PASS")
    await objected(house)


async def decided_with_others(house: House) -> None:
    case = await house.case()
    one = {"case": str(CASE), "round": case.round, "reviewed": case.reviewed.model_dump()}
    await house.done(
        "CITY_OFFICER", "POST", "/cases:decide", {"cases": [one | {"decision": "PASS"}]}
    )


async def objected(house: House) -> None:
    path = f"/conclusions/{THE_RECORD}"
    await house.done("PROV_OFFICER", "POST", f"{path}:propose", {"result": "PASS"})
    await house.done("PROV_LEAD", "POST", f"{path}:approve")
    records = {"records": [str(THE_RECORD)]}
    publicity = await house.done("PROV_OFFICER", "POST", "/publicities", records)
    shown = f"/publicities/{publicity['id']}"
    await house.done("PROV_OFFICER", "POST", f"{shown}/objections", OBJECTION)
    [objection] = (await house.done("PROV_OFFICER", "GET", shown))["objections"]
    closing = f"{shown}/objections/{objection['id']}:close"
    await house.done("PROV_LEAD", "POST", closing, {"upheld": False, "text": "经核实不成立"})
    await house.done("PROV_LEAD", "POST", f"{shown}:check")
    for page in (path, f"{path}/history", f"/cases/{CASE}", f"/cases/{CASE}/history"):
        await house.done("PROV_LEAD", "GET", page)
    await house.done("PROV_LEAD", "GET", f"{shown}/history")
    house.clock.at = on(date(2024, 12, 20))
    await house.done("PROV_LEAD", "POST", f"{shown}:announce")


async def rectified(house: House) -> None:
    """Reported and rechecked; overdue, its licence is withdrawn in the end."""
    await house.announced("FAIL")
    ordered = await house.done("PROV_OFFICER", "POST", "/rectifications", ORDER)
    path = f"/rectifications/{ordered['id']}"
    report = {"text": "已整改", "scans": [await uploaded(house)]}
    await house.done("ENT_CLERK", "POST", f"{path}:report", report)
    await house.done("PROV_OFFICER", "POST", f"{path}:check")
    recheck = {"decision": "RETURN", "text": "整改材料不完整，请补充社保证明"}
    await house.done("PROV_OFFICER", "POST", f"{path}:recheck", recheck)
    house.clock.at = on(date(2025, 2, 12))
    await house.done("PROV_LEAD", "POST", f"{path}:propose-withdrawal", HEARING)
    await house.done("PROV_LEAD", "POST", f"{path}:settle", {"withdrawn": True})
    for page in (path, f"{path}/history"):
        await house.done("PROV_LEAD", "GET", page)


async def uploaded(house: House) -> str:
    data = scans.pdf("RECT_REPORT", USCC)
    body = {
        "size": len(data),
        "mime": "application/pdf",
        "sha256": hashlib.sha256(data).hexdigest(),
        "scan_type": "RECT_REPORT",
    }
    ticket = await house.done("ENT_CLERK", "POST", "/uploads", body)
    house.setting.arrive(ticket["upload_url"], data)
    await house.done("ENT_CLERK", "POST", f"/uploads/{ticket['scan']}:complete")
    return str(ticket["scan"])


async def administered(house: House) -> None:
    """Code lists and the clock are changed, an office's key is registered and revoked."""
    item = {"code": "156", "zh": "人民币", "en": "Renminbi"}
    await house.done("SYS_ADMIN", "PUT", "/reference/currency", {"items": [item]})
    await house.done("SYS_ADMIN", "PUT", "/reference/clock", {"offset_seconds": 60})
    key = f"/offices/{SIGNER.office}/keys/{SIGNER.key_id}"
    body = dict(registering.keys(SIGNER))[SIGNER.key_id]
    await house.done("SYS_ADMIN", "PUT", key, body)
    await house.done("SYS_ADMIN/another", "POST", f"{key}:confirm")
    await house.done("SYS_ADMIN", "POST", f"{key}:revoke")
    office = f"/offices/{SIGNER.office}"
    for page in (
        "/reference/currency",
        "/reference/currency/history",
        "/codelists",
        "/forms",
        "/forms/person",
        "/codelists/degree",
        office,
        f"{office}/history",
    ):
        await house.done("SYS_ADMIN", "GET", page)
    assert house.rows("clock") == [{"id": 1, "offset_seconds": 60}]


DAYS = (reviewed, rectified, administered)


async def test_every_operation_but_lists_is_answered() -> None:
    houses = []
    for day in DAYS:
        houses.append(House())
        await day(houses[-1])
    assert set.intersection(*map(unanswered, houses)) == set()


async def test_a_list_needs_postgresql(house: House) -> None:
    paths = {"/cases", "/conclusions", "/publicities", "/rectifications", "/results", RESULT}
    paths |= {"/work", "/overdue"}
    assert len(lists(house.service)) == len(paths)
    for path in paths:
        with pytest.raises(NeedsPostgres):
            await house.ask(caller("PROV_LEAD"), "GET", path)
