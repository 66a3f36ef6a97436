"""Commands by the API: versions that are compared, several cases in one command, the authority's
own data.
"""

from typing import Any

import pytest

from services.review.rectification.domain import Rectification
from tests.given import id_of
from tests.review.given import CASE, THE_RECORD
from tests.review.review_in_memory import House
from tests.review.test_course import ORDER

RECTIFICATION = Rectification.create_id(THE_RECORD)
MINUTES = {"date": "2024-09-09", "inspectors": [], "place": "郑州", "minutes": "情况属实"}
OBJECTION = {"record": str(THE_RECORD), "text": "不实", "who": "张三"}
HEARING = {"told_on": "2024-10-20", "heard_on": "2024-10-20"}
REPORT = {"text": "已整改", "scans": [str(id_of("scan"))]}
CLOSING = f"/publicities/{{publicity}}/objections/{id_of('objection')}:close"
OF_ONE_ITEM: dict[str, tuple[str, Any]] = {
    f"/cases/{CASE}:sign": ("CITY_LEAD", None),
    f"/cases/{CASE}:record-onsite": ("CITY_OFFICER", MINUTES),
    f"/cases/{CASE}:declare-interest": ("CITY_OFFICER", {}),
    f"/cases/{CASE}:lapse": ("CITY_OFFICER", None),
    f"/conclusions/{THE_RECORD}:propose": ("PROV_OFFICER", {"result": "FAIL"}),
    f"/conclusions/{THE_RECORD}:approve": ("PROV_LEAD", None),
    "/publicities/{publicity}/objections": ("PROV_OFFICER", OBJECTION),
    CLOSING: ("PROV_OFFICER", {"upheld": True, "text": "属实"}),
    "/publicities/{publicity}:announce": ("PROV_OFFICER", None),
    f"/rectifications/{RECTIFICATION}:report": ("ENT_CLERK", REPORT),
    f"/rectifications/{RECTIFICATION}:recheck": ("PROV_OFFICER", {"decision": "PASS"}),
    f"/rectifications/{RECTIFICATION}:propose-withdrawal": ("PROV_OFFICER", HEARING),
    f"/rectifications/{RECTIFICATION}:settle": ("PROV_OFFICER", {"withdrawn": True}),
}
KEY = {
    "issuer": "zz-approval",
    "public_key": "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
    "valid_from": "2024-01-01T00:00:00Z",
    "valid_to": "2025-01-01T00:00:00Z",
}


@pytest.fixture
def house() -> House:
    return House()


def rules(problem: Any) -> list[str]:
    return [each["rule"] for each in problem.json()["errors"]]


def opinion(row: dict[str, Any], round: int) -> dict[str, Any]:
    """To pass the case of this row."""
    reviewed = {"position": row["position"], "data_sha256": row["data_sha256"]}
    return {"case": str(row["id"]), "decision": "PASS", "round": round, "reviewed": reviewed}


async def test_a_command_made_from_another_version_is_refused_before_any_rule(
    house: House,
) -> None:
    await house.announced("FAIL")
    await house.done("PROV_OFFICER", "POST", "/rectifications", ORDER)
    publicity, before = house.rows("publicities")[0]["id"], len(house.log.records)
    statuses = {
        path: (
            await house.do(
                who, "POST", path.format(publicity=publicity), body, **{"If-Match": '"99"'}
            )
        ).status_code
        for path, (who, body) in OF_ONE_ITEM.items()
    }
    assert statuses == dict.fromkeys(OF_ONE_ITEM, 412)
    assert len(house.log.records) == before


async def test_several_cases_are_decided_together_or_not_at_all(house: House) -> None:
    await house.send()
    await house.send(record=id_of("another record"))
    first, second = house.rows("cases")
    one_of_another_round = {"cases": [opinion(first, 1), opinion(second, 2)]}
    answer = await house.do("CITY_OFFICER", "POST", "/cases:decide", one_of_another_round)
    assert (answer.status_code, rules(answer)) == (409, ["V04"])
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/cases/1"]
    assert {each["state"] for each in house.rows("cases")} == {"WAITING"}
    both = {"cases": [opinion(first, 1), opinion(second, 1)]}
    decided = await house.done("CITY_OFFICER", "POST", "/cases:decide", both)
    assert [each["id"] for each in decided] == [str(first["id"]), str(second["id"])]
    assert {each["state"] for each in house.rows("cases")} == {"OPINION"}


async def test_a_key_is_registered_once_and_revoked(house: House) -> None:
    path = "/offices/410100/keys/2024-1"
    registered = await house.done("SYS_ADMIN", "PUT", path, KEY)
    assert [(each["key_id"], each["revoked_at"]) for each in registered["keys"]] == [
        ("2024-1", None)
    ]
    assert (await house.done("SYS_ADMIN", "PUT", path, KEY))["version"] == registered["version"]
    other = await house.do("SYS_ADMIN", "PUT", path, KEY | {"issuer": "another"})
    assert rules(other) == ["STATE"]
    confirmed = await house.done("SYS_ADMIN/another", "POST", f"{path}:confirm")
    assert confirmed["keys"][0]["confirmed"]
    revoked = await house.done("SYS_ADMIN", "POST", f"{path}:revoke")
    assert revoked["keys"][0]["revoked_at"] is not None
    assert (await house.do("CITY_LEAD", "PUT", path, KEY)).status_code == 403


async def test_what_the_authority_does_not_have_is_not_found(house: House) -> None:
    register, revoke = "/offices/999999/keys/2024-1", "/offices/410100/keys/2024-1:revoke"
    assert (await house.do("SYS_ADMIN", "PUT", register, KEY)).status_code == 404
    assert (await house.do("SYS_ADMIN", "POST", revoke)).status_code == 404
    await house.done("SYS_ADMIN", "PUT", "/offices/410100/keys/another", KEY)
    assert (await house.do("SYS_ADMIN", "POST", revoke)).status_code == 404
    items = {"items": [{"code": "A"}]}
    assert (await house.do("SYS_ADMIN", "PUT", "/reference/nothing", items)).status_code == 404


async def test_only_what_differs_of_a_code_list_is_changed(house: House) -> None:
    item = {"code": "R99", "zh": "其他", "en": "Other"}
    path = "/reference/return_reason"
    changed = await house.done("SYS_ADMIN", "PUT", path, {"items": [item]})
    assert (changed["items"], changed["offset_seconds"]) == ([item], None)
    again = await house.done("SYS_ADMIN", "PUT", path, {"items": [item]})
    assert again["version"] == changed["version"]


async def test_the_development_clock_is_moved(house: House) -> None:
    moved = await house.done("SYS_ADMIN", "PUT", "/reference/clock", {"offset_seconds": 3600})
    assert (moved["kind"], moved["offset_seconds"]) == ("clock", 3600)
    assert (await house.done("AUDITOR", "GET", "/reference/clock"))["offset_seconds"] == 3600
