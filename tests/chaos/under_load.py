"""Everybody asks everything while something is away: every operation of every service, and clerks
who save.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field
from itertools import cycle
from random import Random
from typing import Any
from uuid import uuid4

import httpx

from deploy.demo import scans
from deploy.demo.filing import DemoEnterprise
from deploy.demo.stage import API
from tests.http.firm import Firm
from tests.http.http_client import Asker
from tests.http.operations import Operation, operations
from tests.journeys.test_races import registered

LEFT_OUT = {"set_clock"}
ASKERS, SAVERS = 8, 4
GIVEN_UP = 30.0  # seconds after which an answer is not waited for any more
AGAIN = 5.0  # seconds until everything is answered again
STALE = '"999999999"'  # so that what may be changed is not
SCANS = {
    "enterprise": "ENT_LICENSE",
    "personnel": "PER_LABOUR",
    "projects": "CON_KEY",
    "assessment": "ASM_PERF",
    "review": "RECT_REPORT",
}


@dataclass
class Outage:
    statuses: Counter[int] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0.0, "")
    slow: Counter[str] = field(default_factory=Counter)  # over the limit, by operation
    again: float = 0.0  # seconds until nobody was refused any more
    last: str = ""  # who was refused last
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        told = ", ".join(f"{status}: {n}" for status, n in sorted(self.statuses.items()))
        seconds, what = self.slowest
        return (
            f"answered {told}; the longest took {seconds:.1f} s ({what}); "
            f"{self.slow.total()} over the limit; nobody refused after {self.again:.1f} s"
            f" {self.last}"
        )


@dataclass(frozen=True)
class Probe:
    """A request that changes nothing that others ask for."""

    operation: Operation
    url: str
    token: str
    body: Any

    async def ask(self, client: httpx.AsyncClient) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if self.operation.method != "GET":
            headers["Idempotency-Key"] = str(uuid4())
        if "If-Match" in self.operation.named("header"):
            headers["If-Match"] = STALE
        return await client.request(
            self.operation.method, self.url, json=self.body, headers=headers
        )


class Saver:
    """A clerk who saves again and again, under the same key until there is an answer."""

    def __init__(self, enterprise: DemoEnterprise) -> None:
        self.enterprise, self.versions = enterprise, list[int]()
        self._version, self._pending = int(enterprise.version), False
        self._url = f"{enterprise.clerk.services['enterprise']}{API}{enterprise.path}/information"

    async def work(self, client: httpx.AsyncClient, enough: asyncio.Event) -> None:
        while not enough.is_set():
            headers = {
                "Authorization": f"Bearer {self.enterprise.clerk.token}",
                "Idempotency-Key": str(uuid4()),
                "If-Match": f'"{self._version}"',
            }
            body = {"profile": f"简介 {self._version}"}
            while (answer := await self._put(client, headers, body)) is None:
                await asyncio.sleep(0.3)
            assert answer.status_code == 200, answer.text
            self._version = int(answer.headers["ETag"].strip('"'))
            self.versions.append(self._version)

    async def _put(
        self, client: httpx.AsyncClient, headers: dict[str, str], body: Any
    ) -> httpx.Response | None:
        with suppress(httpx.TransportError):
            answer = await client.put(self._url, headers=headers, json=body)
            return None if answer.status_code == 503 else answer
        return None

    def lost(self) -> list[str]:
        """Versions that were acknowledged and do not stand, or the other way round."""
        history: Any = self.enterprise.clerk._call(
            "GET", "enterprise", f"{self.enterprise.path}/history"
        ).json()
        stand = [each["version"] for each in history if each["type"].endswith("InfoSaved")]
        return [f"{self.enterprise.name} {n}" for n in {*self.versions} ^ {*stand}]


class Load:
    def __init__(self, asker: Asker, limit: float) -> None:
        self._limit, self.failed = limit, False
        firm, system = Firm(asker), asker.system
        self._savers = [
            Saver(registered(system, Random(), f"郑州{name}设计有限公司"))
            for name in "甲乙丙丁"[:SAVERS]
        ]
        self._probes = list(probes(asker, firm))

    @property
    def acknowledged(self) -> int:
        return sum(len(each.versions) for each in self._savers)

    def lost(self) -> list[str]:
        return [fault for each in self._savers for fault in each.lost()]

    async def during(self, away: AbstractAsyncContextManager[None], seconds: float) -> Outage:
        outage, enough = Outage(), asyncio.Event()
        async with httpx.AsyncClient(timeout=GIVEN_UP, trust_env=False) as client:
            saving = [asyncio.create_task(each.work(client, enough)) for each in self._savers]
            await self._round(client)  # all that is kept is kept by now
            async with away:
                await asyncio.sleep(0.2)
                await self._press(client, outage, seconds)
            await self._recovers(client, outage)
            enough.set()
            await asyncio.gather(*saving)
        if outage.again > AGAIN:
            outage.faults.append(f"answered again after {outage.again:.1f} s only")
        outage.faults += [f"{n} × over the limit: {what}" for what, n in outage.slow.items()]
        self.failed |= bool(outage.faults)
        return outage

    async def _press(self, client: httpx.AsyncClient, outage: Outage, seconds: float) -> None:
        """Every operation at least once, and for so long."""
        waiting, end, left = cycle(self._probes), time.monotonic() + seconds, len(self._probes)

        async def one() -> None:
            nonlocal left
            while left > 0 or time.monotonic() < end:
                left -= 1
                await self._judge(next(waiting), client, outage)

        await asyncio.gather(*(one() for _ in range(ASKERS)))

    async def _recovers(self, client: httpx.AsyncClient, outage: Outage) -> None:
        """Until all are answered; what counts is when somebody was refused for the last time."""
        began = time.monotonic()
        while missing := await self._round(client):
            outage.again, outage.last = time.monotonic() - began, missing[-1]
            if outage.again > GIVEN_UP:
                outage.faults.append(f"not answered again: {missing[:5]}")
                return
            await asyncio.sleep(0.1)

    async def _round(self, client: httpx.AsyncClient) -> list[str]:
        """Operations that are not answered."""
        missing: list[str] = []
        for first in range(0, len(self._probes), ASKERS):
            part = self._probes[first : first + ASKERS]
            answers = await asyncio.gather(
                *(each.ask(client) for each in part), return_exceptions=True
            )
            missing += [
                str(probe.operation)
                for probe, answer in zip(part, answers, strict=True)
                if not isinstance(answer, httpx.Response) or answer.status_code >= 500
            ]
        return missing

    async def _judge(self, probe: Probe, client: httpx.AsyncClient, outage: Outage) -> None:
        began, what = time.monotonic(), str(probe.operation)
        try:
            answer = await probe.ask(client)
        except httpx.TransportError as error:
            outage.faults.append(f"{what}: {error!r}")
            return
        took = time.monotonic() - began
        outage.statuses[answer.status_code] += 1
        outage.slowest = max(outage.slowest, (took, what))
        if took > self._limit:
            outage.slow[what] += 1
        if fault := wrong(probe.operation, answer):
            outage.faults.append(f"{what}: {fault}")


def wrong(operation: Operation, answer: httpx.Response) -> str | None:
    """What is wrong with an answer while something is away."""
    if answer.status_code < 500:
        told = str(answer.status_code) in operation.headers
        return None if told else f"{answer.status_code} is not told"
    is_problem = answer.headers.get("Content-Type") == "application/problem+json"
    if answer.status_code == 503 and is_problem and "Retry-After" in answer.headers:
        return None
    return f"{answer.status_code} {answer.text[:300]}"


def probes(asker: Asker, firm: Firm) -> Iterator[Probe]:
    """One for each operation, as a role that may; scans lie in the store."""
    lying = {
        service: firm.clerk.upload(service, type, scans.pdf(type, firm.uscc), "application/pdf")
        for service, type in SCANS.items()
    }
    for operation in operations():
        if operation.id in LEFT_OUT:
            continue
        roles = [role for row in operation.rows for role in row["roles"]]
        role = "ENT_CLERK" if "ENT_CLERK" in roles else roles[0]
        ids = firm.ids(operation) | {"scan": lying[operation.service]["scan"]}
        needed = {
            name: str(each["example"])
            for name, each in operation.named("query").items()
            if each.get("required")
        }
        url = f"{asker.system.urls[operation.service]}{API}{operation.address(ids)}"
        yield Probe(operation, str(httpx.URL(url, params=needed)), firm.token(role), operation.body)
