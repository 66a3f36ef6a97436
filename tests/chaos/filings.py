"""What goes on while something is broken on purpose: clerks of six enterprises file people, two
officers decide, and every sixteenth comes back once. Afterwards nothing is lost, nothing doubled.
"""

import asyncio
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from random import Random
from typing import Any, Protocol

from deploy.installation.tokens import access_token
from libs.events.worker import BACKOFF
from tests.chaos import actors, evidence
from tests.chaos.evidence import by, once, rounds
from tests.deploy.clone import Clone
from tests.journeys.conftest import Silent
from tests.patience import PATIENCE

ENTERPRISES, OFFICERS = 6, 2
SENT, OUTCOMES = (
    "personnel.Person.FilingSent",
    ("personnel.Person.FilingApproved", "personnel.Person.FilingReturned"),
)


class Disturber(Protocol):
    """Whoever breaks things, from `start` to `stop`."""

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def all_live(self) -> bool:
        """Whether everything that it may have broken is there again."""


class Filings:
    def __init__(self, clone: Clone, random: Random) -> None:
        self._clone = clone
        self.told = told_by(clone)
        urls = {name: service["url"] for name, service in self.told["services"].items()}
        progress = actors.Progress()

        def actor(role: str, **claims: str) -> actors.Patient:
            token = access_token(self.told, role, **claims)
            return actors.Patient(role, token, urls, Silent(), progress=progress)

        self._officers = [
            actors.Officer(actor("CITY_OFFICER", city="410100", user=f"officer-{n}"), n, OFFICERS)
            for n in range(OFFICERS)
        ]
        self._clerks = [
            actors.clerk(actor, Random(random.random()), f"郑州{name}设计有限公司")
            for name in "甲乙丙丁戊己"[:ENTERPRISES]
        ]

    def answers(self) -> int:
        """How many acts have been acknowledged so far."""
        return len(self._sent()) + len(self._decided())

    def file(self, count: int, disturber: Disturber) -> None:
        """So many, from the first to the last decision, while things are broken."""
        enough = threading.Event()
        with ThreadPoolExecutor(len(self._clerks) + len(self._officers)) as pool:
            list(pool.map(actors.Clerk.prepare, self._clerks))
            deciding = [pool.submit(officer.work, enough) for officer in self._officers]
            disturber.start()
            try:
                each_files = count // ENTERPRISES
                filing = [pool.submit(clerk.work, each_files) for clerk in self._clerks]
                for each in as_completed([*filing, *deciding]):  # who fails first says why
                    each.result()
                    if all(clerk.done() for clerk in filing):
                        enough.set()
            except AssertionError:
                self._tell()
                raise
            finally:
                enough.set()
                disturber.stop()

    def _tell(self) -> None:
        """Where everything stands, for whoever reads why the test failed."""
        undecided = self._sent().keys() - self._decided().keys()
        print(f"sent and not decided: {undecided}")  # noqa: T201
        print(json.dumps(self._clone.status, ensure_ascii=False))  # noqa: T201

    def come_to_rest(self, disturber: Disturber) -> None:
        """Everything lives and is well, all that was said is told, and for longer than a loop may
        pause nothing new is said.
        """
        seen: list[tuple[float, Any]] = []

        def is_quiet() -> bool:
            services = self._clone.status["services"].values()
            heads = [each["head"] for each in services]
            if not (
                disturber.all_live()
                and all(each["ready"] and each["relayed"] == each["head"] for each in services)
            ):
                seen.clear()
            elif not seen or seen[0][1] != heads:
                seen[:] = [(time.monotonic(), heads)]
            return bool(seen) and time.monotonic() - seen[0][0] > 2 * BACKOFF[1]

        end = time.monotonic() + PATIENCE
        while not is_quiet():
            assert time.monotonic() < end, self._clone.status
            time.sleep(0.5)

    def assert_nothing_lost(self, count: int, strangers: evidence.Strangers) -> None:
        """`strangers`: how many records of each topic are not its service's."""
        asyncio.run(self._assert_nothing_lost(count, strangers))
        report = json.loads(self._clone.run("replay", "--check", "--json"))
        assert all(each["equal"] for each in (*report["logs"], *report["views"])), report

    async def _assert_nothing_lost(self, count: int, strangers: evidence.Strangers) -> None:
        names = self.told["services"]
        logs = {name: await evidence.log_of(self.told, name, strangers[name]) for name in names}
        for log in logs.values():
            evidence.assert_whole(log)
        personnel, review = logs["personnel"], logs["review"]
        sent, decided = self._sent(), self._decided()
        assert (
            len({filing for filing, _ in sent})
            == len(evidence.facts(personnel, "personnel.Person.PersonAdded"))
            == count
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

    def _sent(self) -> dict[tuple[str, int], str]:
        return {key: receipt for clerk in self._clerks for key, receipt in clerk.sent.items()}

    def _decided(self) -> dict[tuple[str, int], str]:
        return {
            key: decision
            for officer in self._officers
            for key, decision in list(officer.decided.items())
        }


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
