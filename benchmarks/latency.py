"""From a click to another service's decision applied: through Kafka both ways, decided at once by
a machine in the officer's place.

A filing is sent; review reads it from the enterprise's topic and opens a case; the officer hears
of the case on review's topic, opens it and returns the filing by the API; the enterprise hears
that on review's topic, applies it, and tells so on its own. Measured from the click to that last
record. Beside it, in the same run: one record to Kafka and back, one row written durably. The
floor is what the way takes if nothing but its four hops and five commits cost time.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from random import Random
from typing import Any
from uuid import uuid4

import asyncpg
import orjson

from benchmarks import report
from benchmarks.client import Client
from benchmarks.http import API
from benchmarks.stack import actor, enterprise, stack
from deploy.demo.filing import DemoEnterprise
from deploy.demo.stage import DemoUser
from deploy.embedded.outside import in_database
from deploy.kafka.cluster import cluster
from libs.events.envelope import KafkaRecord, topic_of
from libs.events.kafka import Bus, KafkaSettings, Subscription

HOPS, COMMITS = 4, 5
PARTS = ("sending", "until_the_case_is_told", "opening_and_deciding", "until_applied_and_told")
ITEM = {"pointer": "/basic/registered_address", "reason": "R01", "text": "请核对注册地址"}
TABLE = "CREATE TABLE IF NOT EXISTS commits (id uuid PRIMARY KEY, data bytea NOT NULL)"


@asynccontextmanager
async def at_the_end(bus: Bus, topic: str) -> AsyncIterator[Subscription]:
    """What comes from now on."""
    async with bus.reading(topic, await bus.end(topic)) as subscription:
        yield subscription


async def heard(subscription: Subscription, kind: str) -> KafkaRecord:
    """The next record of this type."""
    while True:
        for record in await subscription.next(1):
            if record.header("ce_type").endswith(f".{kind}"):
                return record


async def act(
    client: Client, user: DemoUser, path: str, body: Any = None, version: int | None = None
) -> Any:
    """A command, by the lean client: the caller's own work is no part of what is measured."""
    headers = {"Authorization": f"Bearer {user.token}", "Idempotency-Key": str(uuid4())}
    if version is not None:
        headers["If-Match"] = f'"{version}"'
    data = b"" if body is None else orjson.dumps(body)
    status, _, answer = await client.ask(
        "POST", f"{API}{path}", data, Content_Type="application/json", **headers
    )
    assert status < 300, answer
    return orjson.loads(answer)


async def decide(client: Client, officer: DemoUser, case: str) -> None:
    """Opens the case and sends the filing back."""
    found = await act(client, officer, f"/cases/{case}:open")
    body = {
        "decision": "RETURN",
        "round": found["round"],
        "reviewed": found["reviewed"],
        "items": [ITEM],
        "comment": "",
    }
    await act(client, officer, f"/cases/{case}:decide", body)


def filed(told: dict[str, Any]) -> tuple[DemoEnterprise, str]:
    """An enterprise with a filing that is ready to be sent."""
    made = enterprise(told, Random())
    made.fill_in()
    filing = made.add("ENT_INIT")
    made.save(filing)
    return made, filing


class FilingSender:
    """Sends the same filing again and again; what was sent back is answered, not changed."""

    def __init__(self, made: DemoEnterprise, filing: str) -> None:
        self._clerk, self._made, self._filing = made.clerk, made, filing
        self._answers: list[dict[str, str]] = []

    def ready(self) -> None:
        """Everything up to the click."""
        findings = self._clerk.do("POST", "enterprise", f"{self._filing}:check")["findings"]
        warnings = sorted({each["rule"] for each in findings if each["severity"] == "W"})
        self._body, self._version = (
            {"acknowledged": warnings, "answers": self._answers},
            self._made.version,
        )

    async def click(self, client: Client) -> None:
        await act(client, self._clerk, f"{self._filing}:send", self._body, self._version)
        self._answers = [{"pointer": ITEM["pointer"], "text": "已核对，无误"}]


async def decisions(
    told: dict[str, Any], bus: Bus, rounds: int, say: report.Say
) -> list[list[float]]:
    """Of each filing, the instants at which its PARTS ended, the first one its beginning."""
    sender = FilingSender(*await asyncio.to_thread(filed, told))
    officer, found = actor(told, "CITY_OFFICER", city="410100"), list[list[float]]()
    async with (
        at_the_end(bus, topic_of("review")) as cases,
        at_the_end(bus, topic_of("enterprise")) as applied,
        Client(told["services"]["enterprise"]["url"]) as clerks,
        Client(told["services"]["review"]["url"]) as officers,
    ):
        for number in range(rounds + 1):
            await asyncio.to_thread(sender.ready)
            opened, returned = (
                asyncio.create_task(heard(s, kind))
                for s, kind in ((cases, first(number)), (applied, "FilingReturned"))
            )
            instants = [time.perf_counter()]
            await sender.click(clerks)
            instants.append(time.perf_counter())
            case = (await opened).header("ce_subject")
            instants.append(time.perf_counter())
            await decide(officers, officer, case)
            instants.append(time.perf_counter())
            await returned
            found.append([*instants, time.perf_counter()])
    say(f"{rounds} filings sent, decided, decision applied")
    return found[1:]  # the first one warms up


def first(number: int) -> str:
    """A case is opened with the first round; the next ones are rounds of the same case."""
    return "RoundOpened" if number else "CaseOpened"


async def round_trips(bus: Bus, rounds: int) -> list[float]:
    """One record to a topic and back."""
    topic, times = topic_of("bench"), list[float]()
    async with cluster(bus.settings.bootstrap, {}) as there:
        await there.make_topic(topic, {}, replication=1)
    publisher = bus.publisher()
    record = KafkaRecord(b"key", b"{}" * 1024, (("ce_type", b"bench.Done"),))
    try:
        await publisher.publish(topic, [record])
        async with at_the_end(bus, topic) as subscription:
            for _ in range(rounds):
                back = asyncio.create_task(heard(subscription, "Done"))
                began = time.perf_counter()
                await publisher.publish(topic, [record])
                await back
                times.append(time.perf_counter() - began)
    finally:
        await publisher.end()
    return times[1:]


async def commits(dsn: str, rounds: int) -> list[float]:
    """One row, durable."""
    connection, times = await asyncpg.connect(in_database(dsn, "postgres")), list[float]()
    try:
        await connection.execute(TABLE)
        for _ in range(rounds):
            began = time.perf_counter()
            await connection.execute("INSERT INTO commits VALUES ($1, $2)", uuid4(), b"{}" * 1024)
            times.append(time.perf_counter() - began)
    finally:
        await connection.close()
    return times[1:]


async def measure(given: argparse.Namespace, say: report.Say) -> dict[str, Any]:
    with stack() as told:
        bus = Bus(KafkaSettings(told["kafka"], "kaohe-bench"))
        plain = (
            await round_trips(bus, given.rounds * 3),
            await commits(told["postgres"], given.rounds * 3),
        )
        decided = await decisions(told, bus, given.rounds, say)
    kafka, commit = (report.milliseconds(each) for each in plain)
    found = report.milliseconds([instants[-1] - instants[0] for instants in decided])
    parts = {
        name: report.milliseconds([instants[n + 1] - instants[n] for instants in decided])
        for n, name in enumerate(PARTS)
    }
    floor = HOPS * kafka["p50_ms"] + COMMITS * commit["p50_ms"]
    return {
        "decisions": len(decided),
        "send_to_decision_applied": found,
        "parts": parts,
        "kafka_round_trip": kafka,
        "database_commit": commit,
        "floor_ms": round(floor, 2),
        "ratio_to_floor": round(found["p50_ms"] / floor, 2),
        "ratio_to_kafka_round_trip": round(found["p50_ms"] / kafka["p50_ms"], 2),
    }


def main(argv: Sequence[str] | None = None) -> int:
    return report.run("latency", __doc__, argv, {"rounds": (60, "filings")}, measure)


if __name__ == "__main__":
    sys.exit(main())
