"""The last hour of the assessment: a tenth of all enterprises sends, ten times as fast.

The whole system runs, as `./kaohe up` starts it. Each enterprise of the part that is chosen has
done the manual up to the click; then they send, at the pace of a tenth of the nation within an hour
compressed ten-fold, each its record and the filings of two new persons, whether or not the one
before was answered. Afterwards it is counted: what was acknowledged stands in its log, on its topic
with the same bytes, and as one case in review.
"""

import argparse
import asyncio
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime
from datetime import time as clock_time
from random import Random
from typing import Any

import asyncpg

from benchmarks import memory, report
from benchmarks.national.population import ENTERPRISES
from benchmarks.stack import actor, enterprise, stack
from deploy.demo import assessment, filing, performance, staff
from deploy.installation import clocks
from libs.events.records import StoredEvent
from libs.events.value import SHANGHAI
from tests.chaos.evidence import assert_whole, facts, log_of

DAY = date(2024, 9, 2)
TENTH, COMPRESSED = 0.1, 10
PACE = ENTERPRISES * TENTH / 3600 * COMPRESSED  # enterprises a second
PREPARING = 4  # enterprises at the same time
PATIENCE = 300.0  # seconds until the queues must be empty
CITY, PROVINCE = "410100", "410000"
TEAM = (("ARC1", "ARCH"), (None, "STRU"))  # filed before, in the record
SENT = ("assessment.Record.AssessmentSent", "personnel.Person.FilingSent")
OPENED = ("review.Case.CaseOpened",)


@dataclass
class Sender:
    """One enterprise, up to the click and over it. `sent`: records and filings acknowledged."""

    told: dict[str, Any]
    campaign: str
    random: Random
    sent: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def prepare(self) -> "Sender":
        self.enterprise = enterprise(self.told, self.random)
        self.clerk = self.enterprise.clerk
        self.staff = staff.Staff(self.clerk, self.enterprise.uscc, self.random)
        officer = filing.Officer(actor(self.told, "CITY_OFFICER", city=CITY))
        path = filing.first_filing(self.enterprise)
        officer.decide(officer.open(path), "PASS", "")
        self.enterprise.waits_for(path, "APPROVED")
        filed = staff.hire(self.staff, self.random, TEAM)
        staff.approve(self.staff, officer, self.staff.file(filed))
        self.record = self._record(filed, self._project(filed))
        late = [self.staff.add(name, None, "ARCH") for name in staff.NAMES[5:7]]
        self.filings = self.staff.begin(late)
        return self

    def _project(self, people: Sequence[str]) -> str:
        page = self.clerk.get("enterprise", self.enterprise.path)["information"]
        made = performance.Performance(
            self.clerk,
            self.enterprise.id,
            self.enterprise.uscc,
            self.enterprise.name,
            people,
            str(page["certificates"][0]["items"][0]["id"]),
            self.random,
        )
        project = made.project(made.contract("示范学校教学楼"), "示范学校教学楼")
        made.stage(project)
        return project

    def _record(self, people: Sequence[str], project: str) -> assessment.DemoRecord:
        positions = [
            self.clerk.position("enterprise", self.enterprise.path),
            max(
                (self.clerk.position("personnel", f"/people/{id}") for id in people),
                key=lambda at: int(at.partition("/")[2]),
            ),
            self.clerk.position("projects", f"/projects/{project}"),
        ]
        record = assessment.DemoRecord(self.clerk, self.enterprise.uscc)
        record.start(self.campaign, ",".join(positions))
        record.fill_in([project])
        record.generate()
        return record

    def send(self) -> None:
        began = time.perf_counter()
        self.record.send()
        self.sent.append(self.record.id)
        self.seconds.append(time.perf_counter() - began)
        began = time.perf_counter()
        found = self.staff.send(self.filings)
        self.sent += [str(each["filing"]) for each in found["sent"]]
        self.seconds.append(time.perf_counter() - began)


async def measure(given: argparse.Namespace, say: report.Say) -> dict[str, Any]:
    with stack() as told:
        return await asyncio.to_thread(measured, told, given.enterprises, say)


def measured(told: dict[str, Any], enterprises: int, say: report.Say) -> dict[str, Any]:
    clocks.set_clock(told, datetime.combine(DAY, clock_time(9), SHANGHAI))
    campaign = assessment.open_campaign(actor(told, "PROV_OFFICER"))
    say(f"preparing {enterprises} enterprises")
    with ThreadPoolExecutor(PREPARING) as pool:
        prepared = [Sender(told, campaign, Random(n)) for n in range(enterprises)]
        senders = list(pool.map(Sender.prepare, prepared))
    before = memory.measured(told["pids"])
    say(f"{enterprises} enterprises send, {PACE:.1f} a second")
    began = time.perf_counter()
    sending = hour(senders)
    cases = asyncio.run(drained(told, [id for each in senders for id in each.sent]))
    drain = time.perf_counter() - began - sending
    counted = asyncio.run(count(told, [id for each in senders for id in each.sent]))
    return {
        "enterprises": enterprises,
        "part_of_the_deadline_hour": round(enterprises / (ENTERPRISES * TENTH), 4),
        "enterprises_per_second": round(enterprises / sending, 2),
        "asked_per_second": round(PACE, 2),
        "send": report.milliseconds([took for each in senders for took in each.seconds]),
        "seconds_until_drained": round(drain, 2),
        "cases": cases,
        **counted,
        "memory_before": before["all"],
        "memory_after": memory.measured(told["pids"])["all"],
    }


def hour(senders: Sequence[Sender]) -> float:
    """Each sends when its time has come; how many seconds that took."""
    began = time.perf_counter()

    def at_its_time(number: int) -> None:
        time.sleep(max(0.0, began + number / PACE - time.perf_counter()))
        senders[number].send()

    with ThreadPoolExecutor(len(senders)) as pool:
        list(pool.map(at_its_time, range(len(senders))))
    return time.perf_counter() - began


async def drained(told: dict[str, Any], sent: Sequence[str]) -> int:
    """Cases of what was sent, once review has them all. Raises TimeoutError."""
    query = (
        "SELECT count(DISTINCT subject) FROM (SELECT coalesce(filing, subject_id)::text AS subject "
        "FROM cases) AS known WHERE subject = ANY($1)"
    )
    connection = await asyncpg.connect(told["services"]["review"]["database"])
    try:
        async with asyncio.timeout(PATIENCE):
            while (found := await connection.fetchval(query, list(sent))) < len(sent):
                await asyncio.sleep(0.05)
        return int(found)
    finally:
        await connection.close()


async def count(told: dict[str, Any], sent: Iterable[str]) -> dict[str, int]:
    """Of what was acknowledged, how much stands in the logs and as a case, and what does without;
    each log beside its topic, byte for byte. Raises AssertionError where they differ.
    """
    logs = {name: await log_of(told, name) for name in ("personnel", "assessment", "review")}
    for log in logs.values():
        assert_whole(log)
    wanted = set(sent)
    stands = Counter(
        subject for log in logs.values() for each in facts(log, *SENT) if (subject := told_of(each))
    )
    opened = Counter(case_of(each) for each in facts(logs["review"], *OPENED))
    return {
        "sent": len(wanted),
        "in_log_and_on_topic": sum(stands[each] == 1 for each in wanted),
        "one_case_in_review": sum(opened[each] == 1 for each in wanted),
        "lost": sum(not stands[each] or not opened[each] for each in wanted),
        "twice": sum(stands[each] > 1 or opened[each] > 1 for each in wanted),
    }


def told_of(sent: StoredEvent) -> str:
    """The filing, or the record itself."""
    return str(sent.payload.get("filing") or sent.stream)


def case_of(opened: StoredEvent) -> str:
    subject = opened.payload["subject"]
    return str(subject["filing"] or subject["id"])


def main(argv: Sequence[str] | None = None) -> int:
    options = {"enterprises": (54, "enterprises that send")}
    return report.run("deadline", __doc__, argv, options, measure)


if __name__ == "__main__":
    sys.exit(main())
