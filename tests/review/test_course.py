"""A record's whole course through the review service, by its API, and what the assessment service
hears of it.
"""

from datetime import date
from typing import Any

import pytest

from libs.published import assessment
from services.review.rectification.domain import Rectification
from tests.given import id_of
from tests.review.given import CASE, THE_RECORD, on
from tests.review.review_in_memory import TOLD, House

PROPOSE, APPROVE, SIGN = (
    f"/conclusions/{THE_RECORD}:propose",
    f"/conclusions/{THE_RECORD}:approve",
    f"/cases/{CASE}:sign",
)


@pytest.fixture
def house() -> House:
    return House()


def rules(problem: Any) -> list[str]:
    return [each["rule"] for each in problem.json()["errors"]]


async def test_from_the_city_to_the_announcement(house: House) -> None:
    await house.announced("PASS")
    assert house.types == [
        "Case.CaseOpened",
        "Case.CaseTaken",
        "Case.Decided",
        "Case.CaseSigned",
        "Case.DecisionTookEffect",
        "Case.CaseTaken",
        "Case.Decided",
        "Case.ConclusionProposed",
        "Case.ConclusionApproved",
        "Case.DecisionTookEffect",
        "Case.ResultPublished",
        "Publicity.PublicityOpened",
        "Case.ResultSettled",
        "Publicity.ResultAnnounced",
    ]
    found = await house.done("PROV_LEAD", "GET", f"/conclusions/{THE_RECORD}")
    assert (found["state"], found["status"], found["result"]) == ("CLOSED", "ANNOUNCED", "PASS")
    assert (found["proposed_by"], found["approved_by"]) == ("prov_officer", "prov_lead")


async def test_every_event_that_others_read_holds_what_they_read(house: House) -> None:
    await house.announced("FAIL")
    heard = [
        TOLD[each.type].model_validate_json(each.data)
        for each in house.log.records
        if each.type in TOLD
    ]
    assert {type(each).__name__ for each in heard} == {
        "CaseTaken",
        "Decided",
        "CaseSigned",
        "ConclusionApproved",
        "PublicityOpened",
        "ResultAnnounced",
    }


async def test_until_the_owner_has_followed_the_record_stays_at_the_city(house: House) -> None:
    house.follows = False
    await house.at_the_province()
    case = await house.done("CITY_LEAD", "GET", f"/cases/{CASE}")
    assert (case["level"], case["state"]) == ("CITY", "DECIDED")
    house.follows = True
    await house.assess()
    case = await house.done("PROV_OFFICER", "GET", f"/cases/{CASE}")
    assert (case["level"], case["state"], case["status"], case["due_on"]) == (
        "PROV",
        "WAITING",
        "CITY_PASSED",
        "2024-10-14",
    )


async def test_a_returned_record_comes_back_to_the_province_or_to_the_city(house: House) -> None:
    await house.at_the_province()
    await house.decided("PROV_OFFICER", "RETURN")
    assert (await house.case()).state == "RETURNED"
    await house.send(2)
    assert (await house.case()).level == "PROV"
    await house.decided("PROV_OFFICER", "RETURN")
    await house.send(3, rechosen=True)
    assert ((await house.case()).level, (await house.case()).returns) == ("CITY", 2)


async def test_only_the_right_roles_sign_propose_and_approve(house: House) -> None:
    await house.send()
    await house.decided("CITY_OFFICER", "PASS")
    assert (await house.do("CITY_OFFICER", "POST", SIGN)).status_code == 403
    assert (await house.do("CITY_LEAD/x/410200", "POST", SIGN)).status_code == 404
    assert (await house.do("", "POST", SIGN)).status_code == 401
    await house.done("CITY_LEAD", "POST", SIGN)
    await house.decided("PROV_OFFICER", "PASS")
    assert (await house.do("PROV_LEAD", "POST", PROPOSE, {"result": "PASS"})).status_code == 403
    assert (await house.do("PROV_OFFICER", "POST", APPROVE)).status_code == 403


async def test_a_conclusion_is_refused_with_its_reasons_and_changes_nothing(house: House) -> None:
    await house.at_the_province()
    await house.decided("PROV_OFFICER", "FAIL")
    before = len(house.log.records)
    answer = await house.do("PROV_OFFICER", "POST", PROPOSE, {"result": "FAIL"})
    assert (answer.status_code, rules(answer)) == (422, ["V06"])
    assert (await house.do("PROV_LEAD", "POST", APPROVE)).status_code == 409
    assert len(house.log.records) == before


async def test_a_stale_version_is_refused_where_one_is_given(house: House) -> None:
    await house.send()
    await house.decided("CITY_OFFICER", "PASS")
    assert (await house.do("CITY_LEAD", "POST", SIGN, **{"If-Match": '"1"'})).status_code == 412
    assert (await house.do("CITY_LEAD", "POST", SIGN, **{"If-Match": '"3"'})).status_code == 200


async def test_pressing_twice_signs_once(house: House) -> None:
    await house.send()
    await house.decided("CITY_OFFICER", "PASS")
    answers = [
        await house.do("CITY_LEAD", "POST", SIGN, **{"Idempotency-Key": "once"}) for _ in range(2)
    ]
    assert [each.status_code for each in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert house.types.count("Case.CaseSigned") == 1


async def test_what_may_be_done_is_told_to_each(house: House) -> None:
    await house.send()
    await house.decided("CITY_OFFICER", "PASS")
    told = (await house.done("CITY_LEAD", "POST", f"/cases/{CASE}:check"))["allowed_actions"]
    assert [each["action"] for each in told if each["allowed"]] == ["sign"]
    assert all(
        each["reasons"] and all(reason["zh"] and reason["en"] for reason in each["reasons"])
        for each in told
        if not each["allowed"]
    )


async def test_the_experts_see_only_what_lies_before_them(house: House) -> None:
    await house.at_the_province()
    assert (await house.do("EXPERT", "GET", f"/cases/{CASE}")).status_code == 404
    await house.decided("PROV_OFFICER", "ESCALATE")
    assert (await house.do("EXPERT", "GET", f"/cases/{CASE}")).status_code == 404
    await house.named("expert")
    assert (await house.done("EXPERT", "GET", f"/cases/{CASE}"))["level"] == "EXPERT"
    for read in ("", "/history"):
        assert (await house.do("EXPERT/two", "GET", f"/cases/{CASE}{read}")).status_code == 404
    for act, body in (("give-opinion", {"text": "同意"}), ("check", None)):
        answer = await house.do("EXPERT/two", "POST", f"/cases/{CASE}:{act}", body)
        assert answer.status_code == 404
    answer = await house.do("EXPERT", "POST", f"/cases/{CASE}:give-opinion", {"text": "同意通过"})
    assert answer.status_code == 200
    assert (await house.case()).status == "PROV_REVIEW"


async def test_the_lead_of_the_province_names_the_expert_and_another_if_need_be(
    house: House,
) -> None:
    await house.at_the_province()
    await house.decided("PROV_OFFICER", "ESCALATE")
    to = {"to": "expert", "reason": "请专家审核"}
    for who, status in (("PROV_OFFICER", 409), ("CITY_LEAD", 409), ("EXPERT", 403)):
        answer = await house.do(who, "POST", f"/cases/{CASE}:assign", to)
        assert answer.status_code == status, who
    assert (await house.named("two"))["state"] == "WAITING"
    await house.named("expert")
    assert (await house.do("EXPERT/two", "GET", f"/cases/{CASE}")).status_code == 404
    interest = {"reason": "亲属任职"}
    await house.done("EXPERT", "POST", f"/cases/{CASE}:declare-interest", interest)
    assert (await house.do("EXPERT", "GET", f"/cases/{CASE}")).status_code == 404
    refused = await house.do("PROV_LEAD", "POST", f"/cases/{CASE}:assign", to)
    assert (refused.status_code, refused.json()["errors"][0]["rule"]) == (422, "V11")


async def test_minutes_keep_the_inspectors_names_from_the_log(house: House) -> None:
    await house.send()
    await house.decided("CITY_OFFICER", "ONSITE")
    minutes = {
        "date": "2024-09-09",
        "place": "郑州",
        "minutes": "情况属实",
        "inspectors": [{"name": "甲某", "certificate_no": "J-100"}],
    }
    path = f"/cases/{CASE}:record-onsite"
    assert rules(await house.do("CITY_OFFICER", "POST", path, minutes)) == ["V10"]
    minutes["inspectors"] = [
        {"name": "甲某", "certificate_no": "J-100"},
        {"name": "乙某", "certificate_no": "J-200"},
    ]
    found = await house.done("CITY_OFFICER", "POST", path, minutes)
    assert (found["state"], found["visited_on"]) == ("WAITING", "2024-09-09")
    assert not any(secret in house.log.records[-1].data.decode() for secret in ("甲某", "J-100"))
    assert "甲某" not in str(found)
    for role, told in (("CITY_OFFICER", ["甲某", "乙某"]), ("AUDITOR", None)):
        assert (await house.done(role, "GET", f"/cases/{CASE}")).get("inspectors") == told


async def test_whoever_declares_an_interest_may_not_decide(house: House) -> None:
    await house.send()
    await house.done(
        "CITY_OFFICER", "POST", f"/cases/{CASE}:declare-interest", {"reason": "亲属任职"}
    )
    case = await house.case()
    body = {"decision": "PASS", "round": 1, "reviewed": case.reviewed.model_dump()}
    assert rules(await house.do("CITY_OFFICER", "POST", f"/cases/{CASE}:decide", body)) == ["V11"]


async def test_a_return_lapses_when_its_time_is_over(house: House) -> None:
    await house.send()
    await house.decided("CITY_OFFICER", "RETURN")
    assert (await house.do("CITY_OFFICER", "POST", f"/cases/{CASE}:lapse")).status_code == 409
    house.clock.at = on(date(2024, 11, 4))
    found = await house.done("CITY_OFFICER", "POST", f"/cases/{CASE}:lapse")
    assert (found["state"], found["status"], found["due_on"]) == (
        "WAITING",
        "CITY_REVIEW",
        "2024-12-02",
    )


async def test_withdrawing_is_granted_until_somebody_opens_it(house: House) -> None:
    await house.send()
    await house.tell(assessment.WithdrawalAsked(act=house.clerk, round=1))
    assert house.types[-1] == "Case.CaseWithdrawn"


# Publicity


async def test_an_upheld_objection_takes_the_record_out_and_back_to_the_province(
    house: House,
) -> None:
    await house.concluded()
    publicity = await house.done(
        "PROV_OFFICER", "POST", "/publicities", {"records": [str(THE_RECORD)]}
    )
    path = f"/publicities/{publicity['id']}"
    objection = {"record": str(THE_RECORD), "text": "人员王某不在该单位", "who": "张三"}
    assert (await house.done("PROV_OFFICER", "POST", f"{path}/objections", objection))[
        "open_objections"
    ] == 1
    assert not any(secret in house.log.records[-1].data.decode() for secret in ("张三", "王某"))
    shown = await house.done("PROV_OFFICER", "GET", path)
    assert [each["who"] for each in shown["objections"]] == ["张三"]
    assert any(each.type.endswith("PersonalDataRead") for each in house.log.records)
    closing = f"{path}/objections/{shown['objections'][0]['id']}:close"
    assert (
        await house.done("PROV_LEAD", "POST", closing, {"upheld": True, "text": "经核实，异议成立"})
    )["results"] == []
    case = await house.case()
    assert (case.level, case.state, case.status) == ("PROV", "WAITING", "PROV_REVIEW")
    assert rules(await house.do("PROV_LEAD", "POST", f"{path}:announce")) == ["STATE"]


async def test_everybody_reads_the_results_and_nobody_an_objection(house: House) -> None:
    await house.concluded()
    publicity = await house.done(
        "PROV_OFFICER", "POST", "/publicities", {"records": [str(THE_RECORD)]}
    )
    path = f"/publicities/{publicity['id']}"
    await house.done(
        "PROV_OFFICER",
        "POST",
        f"{path}/objections",
        {"record": str(THE_RECORD), "text": "不实", "who": "张三"},
    )
    for token in ("", "ENT_CLERK", "CITY_OFFICER"):
        found = await house.done(token, "GET", path)
        assert (found["objections"], [each["result"] for each in found["results"]]) == (
            None,
            ["PASS"],
        )
    assert (await house.do("ENT_CLERK", "POST", f"{path}:announce")).status_code == 403


async def test_the_public_reads_what_was_assessed_and_no_id_of_ours(house: House) -> None:
    await house.concluded()
    body = {"records": [str(THE_RECORD)]}
    publicity = await house.done("PROV_OFFICER", "POST", "/publicities", body)
    path = f"/publicities/{publicity['id']}"
    for token in ("", "ENT_CLERK", "CITY_OFFICER"):
        [line] = (await house.done(token, "GET", path))["results"]
        assert (line["record"], line["enterprise"]) == (None, None)
        [held] = line["qualifications"]
        assert (held["licence"], held["zh"]) == ("A32101", "建筑行业(建筑工程)乙级")
        assert held["en"].endswith("grade B")
    [line] = (await house.done("PROV_LEAD", "GET", path))["results"]
    assert line["record"] == str(THE_RECORD)


async def test_results_are_announced_after_full_working_days(house: House) -> None:
    house.clock.at = on(date(2024, 9, 27))
    await house.concluded()
    publicity = await house.done(
        "PROV_OFFICER", "POST", "/publicities", {"records": [str(THE_RECORD)]}
    )
    assert publicity["last_day"] == "2024-10-12"
    house.clock.at = on(date(2024, 10, 12))
    assert rules(
        await house.do("PROV_LEAD", "POST", f"/publicities/{publicity['id']}:announce")
    ) == ["V07"]
    house.clock.at = on(date(2024, 10, 13))
    assert (await house.done("PROV_LEAD", "POST", f"/publicities/{publicity['id']}:announce"))[
        "announced_on"
    ] == "2024-10-13"


async def test_a_publicity_opens_with_all_its_records_or_not_at_all(house: House) -> None:
    await house.concluded()
    await house.send(record=id_of("another record"))
    body = {"records": [str(THE_RECORD), str(id_of("another record"))]}
    answer = await house.do("PROV_OFFICER", "POST", "/publicities", body)
    assert [(each["rule"], each["pointer"]) for each in answer.json()["errors"]] == [
        ("STATE", "/records/1")
    ]
    assert "Case.ResultPublished" not in house.types
    assert (
        await house.do("PROV_OFFICER", "POST", "/publicities", {"records": [str(id_of("nothing"))]})
    ).status_code == 404


# Rectification

ORDER: dict[str, Any] = {
    "record": str(THE_RECORD),
    "notice_date": "2024-10-20",
    "deadline": "2025-01-20",
    "shortfalls": [{"item": "建筑工程甲级", "need": "注册建筑师 3 人", "have": "2 人"}],
}


async def test_only_an_announced_fail_is_ordered_to_rectify_and_once(house: House) -> None:
    await house.concluded("FAIL")
    assert (await house.do("PROV_OFFICER", "POST", "/rectifications", ORDER)).status_code == 409
    await House.announced(other := House(), "PASS")
    assert (await other.do("PROV_OFFICER", "POST", "/rectifications", ORDER)).status_code == 409
    await House.announced(failed := House(), "FAIL")
    assert (await failed.done("CITY_LEAD", "POST", "/rectifications", ORDER))[
        "status"
    ] == "NOTIFIED"
    assert (await failed.do("PROV_OFFICER", "POST", "/rectifications", ORDER)).status_code == 409


async def test_a_deadline_lies_within_three_months(house: House) -> None:
    await house.announced()
    late = await house.do(
        "PROV_OFFICER", "POST", "/rectifications", ORDER | {"deadline": "2025-01-21"}
    )
    assert rules(late) == ["V08"]


async def test_an_enterprise_reads_its_own_rectification_alone(house: House) -> None:
    await house.announced()
    await house.done("PROV_OFFICER", "POST", "/rectifications", ORDER)
    path = f"/rectifications/{Rectification.create_id(THE_RECORD)}"
    assert (await house.done("ENT_CLERK", "GET", path))["deadline"] == "2025-01-20"
    assert (await house.do("CITY_OFFICER/x/410200", "GET", path)).status_code == 404
    assert (
        await house.do("ENT_CLERK", "POST", f"{path}:recheck", {"decision": "PASS"})
    ).status_code == 403
    unknown = await house.do(
        "ENT_CLERK", "POST", f"{path}:report", {"text": "已整改", "scans": [str(id_of("scan"))]}
    )
    assert rules(unknown) == ["FORMAT"]


async def test_a_licence_is_given_up_only_after_the_enterprise_was_heard(house: House) -> None:
    await house.announced()
    await house.done("PROV_OFFICER", "POST", "/rectifications", ORDER)
    path = f"/rectifications/{Rectification.create_id(THE_RECORD)}"
    heard = {"told_on": "2025-02-05", "heard_on": "2025-02-10", "statement": "无异议"}
    assert rules(await house.do("PROV_LEAD", "POST", f"{path}:propose-withdrawal", heard)) == [
        "V09"
    ]
    house.clock.at = on(date(2025, 2, 12))
    assert (await house.done("PROV_LEAD", "GET", path))["status"] == "OVERDUE"
    unheard = heard | {"heard_on": "2025-03-01"}
    assert rules(await house.do("PROV_LEAD", "POST", f"{path}:propose-withdrawal", unheard)) == [
        "V09"
    ]
    assert (await house.done("PROV_LEAD", "POST", f"{path}:propose-withdrawal", heard))[
        "status"
    ] == "WITHDRAW_PROPOSED"
    assert (await house.done("PROV_LEAD", "POST", f"{path}:settle", {"withdrawn": True}))[
        "status"
    ] == "WITHDRAWN"


async def test_nothing_is_published_into_a_year_whose_holidays_nobody_knows_yet(
    house: House,
) -> None:
    await house.concluded()
    house.clock.at = on(date(2026, 12, 29))
    answer = await house.do("PROV_OFFICER", "POST", "/publicities", {"records": [str(THE_RECORD)]})
    assert (answer.status_code, rules(answer)) == (409, ["STATE"])
    assert "工作日历" in answer.json()["errors"][0]["zh"]
    assert (await house.case()).state == "CONCLUDED"
