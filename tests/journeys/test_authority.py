"""Decisions by topic on the whole system: an honest one is applied at the enterprise, the others
change nothing and stop nobody.
"""

import os
import signal
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deploy.authority import registering
from deploy.authority.kit import Authority
from deploy.authority.misbehaving import MISBEHAVIOURS, id_reused, replayed
from deploy.authority.signing import Signer
from deploy.demo import filing, people
from deploy.demo.authority import decided_by_topic
from deploy.demo.stage import DemoUser, RequestRefused
from deploy.installation import clocks
from libs.events.envelope import KafkaRecord
from tests.journeys.conftest import Silent, System

pytestmark = [pytest.mark.servers, pytest.mark.slow]


def register(admin: DemoUser, other: DemoUser, signer: Signer) -> None:
    for key_id, body in registering.keys(signer):
        admin.do("PUT", "review", f"/offices/{signer.office}/keys/{key_id}", body)
        other.do("POST", "review", f"/offices/{signer.office}/keys/{key_id}:confirm")
    admin.do("POST", "review", f"/offices/{signer.office}/keys/{signer.key_id}-revoked:revoke")


@pytest.fixture(scope="module")
def signer(system: System) -> Signer:
    """A system of Zhengzhou whose keys an operator has registered."""
    ahead = datetime.fromisoformat(clocks.now(system.told)) - datetime.now(UTC)
    made = Signer(
        Ed25519PrivateKey.generate(),
        "zz-approval",
        "410100",
        f"test-{uuid4().hex[:8]}",
        lambda: datetime.now(UTC) + ahead,
    )
    register(system.actor("SYS_ADMIN"), system.actor("SYS_ADMIN", user="sys_admin_2"), made)
    return made


@pytest.fixture
async def authority(system: System, signer: Signer) -> AsyncIterator[Authority]:
    async with Authority(system.told["kafka"], signer) as made:
        yield made


@pytest.fixture
def sent(system: System) -> Callable[[], tuple[filing.DemoEnterprise, str]]:
    """A filing that was sent and waits for its decision."""

    def send() -> tuple[filing.DemoEnterprise, str]:
        random = Random()
        uscc = people.credit_code(random)
        enterprise = filing.make(
            system.actor("ENT_CLERK", org=uscc), random, "郑州示范建筑设计有限公司", uscc
        )
        enterprise.register()
        enterprise.fill_in()
        path = enterprise.add("ENT_INIT")
        enterprise.save(path)
        enterprise.send(path)
        return enterprise, path

    return send


def case_of(system: System, path: str, round: int = 1) -> str:
    officer = filing.Officer(system.actor("CITY_OFFICER", city="410100"))
    return str(officer.case(path, round)["id"])


async def test_an_honest_decision_takes_effect_and_is_told_twice(
    system: System, authority: Authority, sent: Any
) -> None:
    enterprise, path = sent()
    case = await authority.case(case_of(system, path))
    assert (case["uscc"], case["unit"], case["round"], case["subject"]) == (
        enterprise.uscc,
        "410100",
        1,
        path.rpartition("/")[2],
    )
    receipt = await authority.decide(case["case"])
    assert receipt["outcome"] == "ACCEPTED"
    effect = await authority.receipt(receipt["offset"], 2)
    assert (effect["outcome"], effect["decision_id"]) == ("EFFECTIVE", receipt["decision_id"])
    assert enterprise.waits_for(path, "APPROVED")["filed_version"] == 1


async def test_what_is_refused_changes_nothing_and_nothing_waits_behind_it(
    system: System, authority: Authority, sent: Any
) -> None:
    enterprise, path = sent()
    case = await authority.case(case_of(system, path))
    offsets = {
        name: await authority.send(bad.make(authority.signer, case))
        for name, bad in MISBEHAVIOURS.items()
    }
    accepted = await authority.decide(
        case["case"], "RETURN", items=[POINT], comment="请核对后重新发送"
    )
    told = {each["offset"]: each for each in await authority.receipts()}
    assert {name: told[offset]["code"] for name, offset in offsets.items()} == {
        name: bad.code for name, bad in MISBEHAVIOURS.items()
    }
    assert accepted["outcome"] == "ACCEPTED"
    assert enterprise.waits_for(path, "RETURNED")["round"] == 1


POINT = {"pointer": "/basic/office_phone", "reason": "R01", "text": "请核对办公电话"}


async def test_yesterday_s_decision_is_not_for_today_s_round(
    system: System, authority: Authority, sent: Any
) -> None:
    enterprise, path = sent()
    case = await authority.case(case_of(system, path))
    signer = authority.signer
    stale, said = (
        signer.signed(signer.decision(case)),
        signer.decision(case, "RETURN", [POINT], "请核对后重新发送"),
    )
    first = await authority.receipt(await authority.send(signer.signed(said)))
    content = enterprise.waits_for(path, "RETURNED")["content"]
    content["basic"]["office_phone"] = "0371-60000009"
    enterprise.save(path, content)
    enterprise.send(path)
    now = await authority.case(case["case"], 2)
    codes = [
        (await authority.receipt(await authority.send(record)))["code"]
        for record in (
            stale,
            replayed(signer.signed(said)),
            signer.signed(signer.decision(case, round=2)),
            id_reused(signer, now, said),
            in_place_of(signer.signed(signer.decision(now)), str(uuid4())),
        )
    ]
    assert (first["outcome"], codes) == (
        "ACCEPTED",
        ["ROUND", "ROUND", "REVIEWED", "ID_REUSED", "MOVED"],
    )
    assert enterprise.state(path)["status"] == "SENT"
    assert (await authority.decide(case["case"]))["outcome"] == "ACCEPTED"
    assert enterprise.waits_for(path, "APPROVED")["round"] == 2


def in_place_of(record: KafkaRecord, key: str) -> KafkaRecord:
    return KafkaRecord(key.encode(), record.value, record.headers)


async def test_whoever_is_first_decides_the_other_is_told_so(
    system: System, authority: Authority, sent: Any
) -> None:
    _, path = sent()
    officer = filing.Officer(system.actor("CITY_OFFICER", city="410100"))
    case = officer.case(path, 1)
    receipt = await authority.decide(case["id"])
    with pytest.raises(RequestRefused) as refused:
        officer.decide(case, "FAIL", "", comment="资料不符合要求")
    assert (receipt["outcome"], refused.value.problem["status"]) == ("ACCEPTED", 409)
    _, other = sent()
    taken = officer.open(other)
    officer.decide(taken, "PASS", "")
    late = await authority.decide(taken["id"])
    assert (late["outcome"], late["code"]) == ("REFUSED", "STATE")


def test_keys_are_an_operator_s_business(system: System, signer: Signer) -> None:
    body = dict(registering.keys(signer))[signer.key_id]
    place = f"/offices/{signer.office}/keys"
    for role, claims in (("CITY_OFFICER", {"city": "410100"}), ("AUDITOR", {})):
        with pytest.raises(RequestRefused) as refused:
            system.actor(role, **claims).do("PUT", "review", f"{place}/mine", body)
        assert refused.value.problem["status"] == 403
    admin = system.actor("SYS_ADMIN")
    with pytest.raises(RequestRefused, match="/proof"):  # it was made for another id
        admin.do("PUT", "review", f"{place}/moved", body)
    del body["proof"]
    for path, wrong, status in (
        (f"{place}/{signer.key_id}", body | {"issuer": "somebody-else"}, 409),
        (f"{place}/short", body | {"public_key": "AAAA"}, 422),
        (f"{place}/backwards", body | {"valid_to": body["valid_from"]}, 422),
        ("/offices/999999/keys/1", body, 404),
    ):
        with pytest.raises(RequestRefused) as refused:
            admin.do("PUT", "review", path, wrong)
        assert refused.value.problem["status"] == status, path
    with pytest.raises(RequestRefused) as refused:
        admin.do("POST", "review", f"{place}/nobody:revoke")
    assert refused.value.problem["status"] == 404
    shown = system.actor("AUDITOR").get("review", f"/offices/{signer.office}")["keys"]
    assert {
        each["key_id"]: each["revoked_at"] is not None
        for each in shown
        if each["key_id"].startswith(signer.key_id)
    } == {
        signer.key_id: False,
        f"{signer.key_id}-revoked": True,
        f"{signer.key_id}-expired": False,
        f"{signer.key_id}-early": False,
    }


def test_the_demo_s_own_decision(system: System, sent: Any) -> None:
    enterprise, path = sent()
    officer = filing.Officer(system.actor("CITY_OFFICER", city="410100"))
    decided_by_topic(system.told, Silent(), officer.case(path, 1))
    assert enterprise.waits_for(path, "APPROVED")["filed_version"] == 1


async def test_a_flood_and_a_killed_reader_leave_one_answer_for_each_record(
    system: System, authority: Authority, sent: Any
) -> None:
    _, path = sent()
    case, signer = await authority.case(case_of(system, path)), authority.signer
    bad = [
        MISBEHAVIOURS[name].make(signer, case)
        for name in ("forged", "malformed", "expired", "moved")
    ]
    offsets = [await authority.send(record) for _ in range(15) for record in bad]
    os.kill(system.told["pids"]["review"], signal.SIGKILL)
    offsets += [await authority.send(record) for record in bad]
    honest = signer.signed(signer.decision(case))
    offsets += [await authority.send(honest), await authority.send(honest)]
    last = await authority.receipt(offsets[-1])
    told = [
        each
        for each in await authority.receipts()
        if each["offset"] in offsets and each["outcome"] in ("ACCEPTED", "REFUSED")
    ]
    assert sorted(each["offset"] for each in told) == offsets
    assert ([each["outcome"] for each in told].count("ACCEPTED"), last["code"]) == (1, "REPLAYED")
