"""Two acts in the same instant: always exactly one of the two, and everybody agrees which."""

import time
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.demo import filing, people, staff
from deploy.demo.stage import API, DemoUser, RequestRefused
from tests.journeys.conftest import System

pytestmark = [pytest.mark.servers, pytest.mark.slow]
TIMES = 100
SCANS = [(type, kind) for type, kind in staff.SCANS.items() if type != "PER_REG"]


def registered(
    system: System, random: Random, name: str = "郑州示范建筑设计有限公司"
) -> filing.DemoEnterprise:
    uscc = people.credit_code(random)
    enterprise = filing.make(system.actor("ENT_CLERK", org=uscc), random, name, uscc)
    enterprise.register()
    return enterprise


def in_the_same_instant(first: Any, second: Any) -> list[Any]:
    with ThreadPoolExecutor(2) as pool:
        return [future.result() for future in (pool.submit(first), pool.submit(second))]


def outcome(act: Any) -> Any:
    try:
        return act()
    except RequestRefused as refused:
        return refused


def test_fifty_parallel_sends_with_one_key_are_one_sending(system: System) -> None:
    enterprise = registered(system, Random(1))
    enterprise.fill_in()
    path = enterprise.add("ENT_INIT")
    enterprise.save(path)
    version, key = enterprise.version, str(uuid4())

    def send(_: int) -> httpx.Response:
        headers = {
            "Authorization": f"Bearer {enterprise.clerk.token}",
            "Idempotency-Key": key,
            "If-Match": f'"{version}"',
        }
        body = {"acknowledged": ["Q07", "E16", "E17", "E27"]}
        return httpx.post(
            f"{system.urls['enterprise']}{API}{path}:send", json=body, headers=headers, timeout=30
        )

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(send, range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    history = enterprise.clerk.get("enterprise", f"{enterprise.path}")
    assert history["filings"][0]["round"] == 1


def test_of_two_enterprises_that_send_the_same_person_one_wins(system: System) -> None:
    random = Random(2)
    firms = [
        registered(system, random, name) for name in ("郑州甲设计有限公司", "郑州乙设计有限公司")
    ]
    sides = [staff.Staff(firm.clerk, firm.uscc, random) for firm in firms]
    scans = [
        [side.scan(type, kind, firm.name, firm.id) for type, kind in SCANS]
        for side, firm in zip(sides, firms, strict=True)
    ]
    for turn in range(TIMES):
        content = staff.person(random, "赵示范", firms[0].uscc, None, "ARCH")
        filings = [
            ready(side, content | {"scans": own}, turn)
            for side, own in zip(sides, scans, strict=True)
        ]
        found = in_the_same_instant(
            *(
                lambda s=side, f=one: send(s.clerk, f)
                for side, one in zip(sides, filings, strict=True)
            )
        )
        won = [number for number, answer in enumerate(found) if answer["sent"]]
        assert len(won) == 1, found
        refusal = found[1 - won[0]]["refused"][0]["findings"]
        assert [(each["rule"], firms[won[0]].name in each["zh"]) for each in refusal] == [
            ("P06", True)
        ]


def test_withdrawing_and_opening_at_once_end_in_one_of_the_two(system: System) -> None:
    random = Random(3)
    enterprise = registered(system, random)
    enterprise.fill_in()
    officer = filing.Officer(system.actor("CITY_OFFICER", city="410100"))
    path = enterprise.add("ENT_INIT")
    enterprise.save(path)
    seen = set()
    for _ in range(TIMES):
        sent = enterprise.send(path)
        case, version = officer.case(path, sent["round"]), enterprise.version

        def withdraw(version: int = version) -> Any:
            return outcome(
                lambda: enterprise.clerk.do(
                    "POST", "enterprise", f"{path}:withdraw", version=version
                )
            )

        def take(id: str = case["id"], late: float = random.uniform(0, 0.2)) -> Any:
            # the request for withdrawal travels by topic: opening must not always be there first
            time.sleep(late)
            return outcome(lambda: officer.actor.do("POST", "review", f"/cases/{id}:open"))

        in_the_same_instant(withdraw, take)
        end = enterprise.clerk.wait(
            "an end",
            lambda: (s := enterprise.state(path)["status"]) in ("WITHDRAWN", "REVIEWING") and s,
        )
        now = agreed(
            officer, path, sent["round"], {"WITHDRAWN": "WITHDRAWN", "REVIEWING": "TAKEN"}[end]
        )
        seen.add(end)
        if end == "REVIEWING":
            item = {"pointer": "/basic/fax", "reason": "R01", "text": "请补充传真号码"}
            officer.decide(now, "RETURN", "", [item], "请补充传真号码")
            enterprise.waits_for(path, "RETURNED")
            content = enterprise.state(path)["content"]
            content["basic"]["fax"] = f"0371-{random.randrange(10**8):08d}"
            enterprise.save(path, content)
    assert seen == {"WITHDRAWN", "REVIEWING"}


def agreed(officer: filing.Officer, path: str, round: int, state: str) -> dict[str, Any]:
    """The case, once review sees the same end."""
    found: dict[str, Any] = officer.actor.wait(
        "review to agree", lambda: (c := officer.case(path, round))["state"] == state and c
    )
    return found


def ready(side: staff.Staff, content: dict[str, Any], turn: int) -> str:
    """The person saved and his filing, saved too."""
    added = side.clerk.do(
        "POST",
        "personnel",
        "/people",
        content | {"name": f"示范{'甲乙丙丁戊己庚辛壬癸'[turn % 10]}"},
    )
    (filing,) = side.begin([str(added["id"])])
    return filing


def send(clerk: DemoUser, filing: str) -> dict[str, Any]:
    return clerk.do(
        "POST",
        "personnel",
        "/filings:send",
        {"filings": [filing], "acknowledged": ["P09", "P14", "P25"]},
    )
