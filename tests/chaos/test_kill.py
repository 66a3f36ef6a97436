"""kill -9 of every process at random during 120 filings: nothing that was acknowledged is lost,
nothing is doubled, and everybody agrees.

A run is repeated by its seed: KAOHE_CHAOS_SEED; a longer one by KAOHE_CHAOS_FILINGS.
"""

import asyncio
import json
import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from random import Random, SystemRandom
from typing import Any

import pytest

from deploy.installation.tokens import access_token
from libs.events.worker import BACKOFF
from tests.chaos import actors, evidence
from tests.chaos.evidence import by, once, rounds
from tests.chaos.killer import Killer
from tests.deploy.clone import Clone
from tests.journeys.conftest import Silent
from tests.patience import PATIENCE

pytestmark = [pytest.mark.servers, pytest.mark.slow]
FILINGS = int(os.environ.get("KAOHE_CHAOS_FILINGS", "120"))
ENTERPRISES, OFFICERS = 6, 2
SENT, OUTCOMES = (
    "personnel.Person.FilingSent",
    ("personnel.Person.FilingApproved", "personnel.Person.FilingReturned"),
)


@pytest.fixture(scope="module")
def seed() -> int:
    return int(os.environ.get("KAOHE_CHAOS_SEED") or SystemRandom().randrange(10**9))


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    made = Clone(tmp_path_factory.mktemp("clone"))
    made.run("up")
    yield made
    made.run("down")


def test_nothing_is_lost_or_doubled_while_everything_is_killed(clone: Clone, seed: int) -> None:
    print(f"KAOHE_CHAOS_SEED={seed}")  # noqa: T201
    random, told = Random(seed), told_by(clone)

    def actor(role: str, **claims: str) -> actors.Patient:
        urls = {name: service["url"] for name, service in told["services"].items()}
        return actors.Patient(role, access_token(told, role, **claims), urls, Silent())

    officers = [
        actors.Officer(actor("CITY_OFFICER", city="410100", user=f"officer-{n}"), n, OFFICERS)
        for n in range(OFFICERS)
    ]
    clerks = [
        actors.clerk(actor, Random(random.random()), f"郑州{name}设计有限公司")
        for name in "甲乙丙丁戊己"[:ENTERPRISES]
    ]
    killer = Killer(
        clone.home,
        random,
        lambda: (
            sum(len(each.sent) for each in clerks) + sum(len(each.decided) for each in officers)
        ),
    )
    assert set(killer.pids().values()) == named_by(clone.status)
    file_everything(clerks, officers, killer)
    comes_to_rest(clone, killer)
    assert len(killer.killed) == len(killer.pids())
    print(f"killed: {dict(killer.killed)}")  # noqa: T201
    asyncio.run(assert_nothing_lost(told, clerks, officers))
    report = json.loads(clone.run("replay", "--check", "--json"))
    assert all(each["equal"] for each in (*report["logs"], *report["views"]))


def file_everything(
    clerks: list[actors.Clerk], officers: list[actors.Officer], killer: Killer
) -> None:
    enough = threading.Event()
    with ThreadPoolExecutor(len(clerks) + len(officers)) as pool:
        list(pool.map(actors.Clerk.prepare, clerks))
        deciding = [pool.submit(officer.work, enough) for officer in officers]
        killer.start()
        try:
            filing = [pool.submit(clerk.work, FILINGS // ENTERPRISES) for clerk in clerks]
            for each in as_completed([*filing, *deciding]):  # who fails first says why
                each.result()
                if all(clerk.done() for clerk in filing):
                    enough.set()
        finally:
            enough.set()
            killer.stop()


def comes_to_rest(clone: Clone, killer: Killer) -> None:
    """Everything lives and is well, all that was said is told, and for longer than a loop may
    pause nothing new is said.
    """
    seen: list[tuple[float, Any]] = []

    def is_quiet() -> bool:
        services = clone.status["services"].values()
        heads = [each["head"] for each in services]
        if not (
            killer.all_live()
            and all(each["ready"] and each["relayed"] == each["head"] for each in services)
        ):
            seen.clear()
        elif not seen or seen[0][1] != heads:
            seen[:] = [(time.monotonic(), heads)]
        return bool(seen) and time.monotonic() - seen[0][0] > 2 * BACKOFF[1]

    end = time.monotonic() + PATIENCE
    while not is_quiet():
        assert time.monotonic() < end, clone.status
        time.sleep(0.5)


async def assert_nothing_lost(
    told: dict[str, Any], clerks: list[actors.Clerk], officers: list[actors.Officer]
) -> None:
    logs = {name: await evidence.log_of(told, name) for name in told["services"]}
    for log in logs.values():
        evidence.assert_whole(log)
    personnel, review = logs["personnel"], logs["review"]
    sent = {key: receipt for clerk in clerks for key, receipt in clerk.sent.items()}
    decided = {key: decision for officer in officers for key, decision in officer.decided.items()}
    assert (
        len({filing for filing, _ in sent})
        == len(evidence.facts(personnel, "personnel.Person.PersonAdded"))
        == FILINGS
    )
    assert {
        (each.payload["filing"], each.payload["round"]): each.payload["receipt_no"]
        for each in evidence.facts(personnel, SENT)
    } == sent
    once(rounds(personnel, SENT), sent, "sent")
    once(rounds(review, "review.Case.CaseTaken"), sent, "opened")
    once(rounds(review, "review.Case.Decided"), decided, "decided")
    assert decided.keys() == sent.keys()
    both_sides_agree(personnel, review, decided)


def both_sides_agree(
    personnel: list[Any], review: list[Any], decided: dict[tuple[str, int], str]
) -> None:
    """Every decision took effect at its owner, once, as it was meant, and review knows it."""
    decisions = {
        str(each.id): each.payload for each in evidence.facts(review, "review.Case.Decided")
    }
    once(by(personnel, lambda each: each.payload["decision"], *OUTCOMES), decisions, "applied")
    once(
        by(review, lambda each: each.payload["decision"], "review.Case.DecisionTookEffect"),
        decisions,
        "effective",
    )
    assert not evidence.facts(review, "review.Case.DecisionHadNoEffect")
    assert not evidence.facts(personnel, "personnel.Person.DecisionNotApplied")
    for each in evidence.facts(personnel, *OUTCOMES):
        meant = decided[each.payload["filing"], each.payload["round"]]
        assert each.type.endswith({"PASS": "FilingApproved", "RETURN": "FilingReturned"}[meant])


def told_by(clone: Clone) -> dict[str, Any]:
    return dict(json.loads((clone.home / "endpoints.json").read_text()))


def named_by(status: dict[str, Any]) -> set[int]:
    """Every process but the supervisor, which owns the others."""
    parts = ("kafka", "s3", "mail", "postgres", "portal")
    servers = {status[part]["pid"] for part in parts} | {status["issuer_pid"]}
    return servers | {
        pid for service in status["services"].values() for pid in service["pids"].values()
    }
