"""Clerks and officers who do not give up: whatever is not answered is asked again, under the same
key.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

from deploy.demo import filing, people, staff
from deploy.demo.stage import DemoUser, RequestRefused
from tests.patience import PATIENCE

SCANS = {type: kind for type, kind in staff.SCANS.items() if type != "PER_REG"}
WARNINGS = ["P09", "P14", "P25"]
RETURNED = {"pointer": "/post", "reason": "R01", "text": "请补充岗位"}


@dataclass
class Progress:
    """When anybody of a crowd was last answered: as long as others are, nobody waits in vain."""

    last: float = 0.0

    def made(self) -> None:
        self.last = time.monotonic()


@dataclass
class Patient(DemoUser):
    progress: Progress = field(default_factory=Progress)

    def wait(self, what: str, look: Callable[[], Any]) -> Any:
        began = time.monotonic()
        while not (found := look()):
            since = max(began, self.progress.last)
            assert time.monotonic() < since + PATIENCE, f"waited in vain for {what}"
            time.sleep(0.3)
        return found

    def _call(self, method: str, service: str, path: str, **given: Any) -> httpx.Response:
        """No connection, no answer and 503 say nothing; every other answer counts."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return super()._call(method, service, path, **given)
            except httpx.TransportError as error:
                last: Exception = error
            except RequestRefused as refused:
                if refused.problem["status"] != 503:
                    raise
                last = refused
            assert time.monotonic() < end, f"{method} {service} {path}: {last!r}"
            time.sleep(0.2)


@dataclass
class Clerk:
    """Files people of one enterprise, one by one. `sent`: receipt numbers of what was
    acknowledged, by filing and round.
    """

    actor: Patient
    enterprise: filing.DemoEnterprise
    random: Random
    sent: dict[tuple[str, int], str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)  # by filing

    def prepare(self) -> None:
        self.enterprise.register()
        self.side = staff.Staff(self.actor, self.enterprise.uscc, self.random)
        self.scans = [
            self.side.scan(type, kind, self.enterprise.name, self.enterprise.id)
            for type, kind in SCANS.items()
        ]

    def work(self, count: int) -> None:
        for n in range(count):
            self._file(f"示范{'甲乙丙丁戊己庚辛壬癸'[n % 10]}")
        while pending := [each for each, status in self._states().items() if status != "APPROVED"]:
            for each in pending:
                self._correct(each, self._decided(each))

    def _file(self, name: str) -> None:
        content = staff.person(self.random, name, self.enterprise.uscc, None, "ARCH") | {
            "scans": self.scans
        }
        added = self.actor.do("POST", "personnel", "/people", content)
        (begun,) = self.side.begin([str(added["id"])])
        self.people[begun] = added["id"]
        self._send(begun)

    def _send(self, id: str) -> None:
        found = self.actor.do(
            "POST", "personnel", "/filings:send", {"filings": [id], "acknowledged": WARNINGS}
        )
        assert [each["filing"] for each in found["sent"]] == [id], found
        self.sent[id, found["sent"][0]["round"]] = found["sent"][0]["receipt_no"]
        self.actor.progress.made()

    def _decided(self, id: str) -> str:
        found: str = self.actor.wait(
            f"a decision on {id}",
            lambda: (now := self._states()[id]) in ("APPROVED", "RETURNED") and now,
        )
        return found

    def _correct(self, id: str, status: str) -> None:
        if status != "RETURNED":
            return
        version = self.actor.get("personnel", f"/people/{self.people[id]}")["version"]
        content = self.actor.get("personnel", f"/filings/{id}")["content"] | {"post": "建筑师"}
        self.actor.do("PUT", "personnel", f"/filings/{id}/content", content, version=version)
        self._send(id)
        self.actor.wait(f"approval of {id}", lambda: self._states()[id] == "APPROVED")

    def _states(self) -> dict[str, str]:
        return {each["id"]: each["status"] for each in listed(self.actor, "personnel", "/filings")}


@dataclass
class Officer:
    """Decides those waiting cases that are his by number. `decided`: what was acknowledged, by
    filing and round.
    """

    actor: Patient
    number: int
    of: int
    decided: dict[tuple[str, int], str] = field(default_factory=dict)

    def work(self, stop: threading.Event) -> None:
        while not stop.is_set():
            waiting = [
                each
                for each in listed(self.actor, "review", "/cases", state="WAITING")
                if self._is_mine(each)
            ]
            for each in waiting:
                self._decide(each["id"])
            time.sleep(0.2)

    def _is_mine(self, case: dict[str, Any]) -> bool:
        return (
            int(case["id"][:8], 16) % self.of == self.number
            and (case["filing"], case["round"]) not in self.decided
        )

    def _decide(self, id: str) -> None:
        """Every sixteenth comes back once."""
        case = self.actor.do("POST", "review", f"/cases/{id}:open")
        back = case["round"] == 1 and case["filing"].endswith("0")
        body = {
            "decision": "RETURN" if back else "PASS",
            "round": case["round"],
            "reviewed": case["reviewed"],
            "items": [RETURNED] if back else [],
            "comment": "请补正" if back else "",
        }
        self.actor.do("POST", "review", f"/cases/{id}:decide", body)
        self.decided[case["filing"], case["round"]] = body["decision"]
        self.actor.progress.made()


def listed(actor: DemoUser, service: str, path: str, **query: Any) -> list[dict[str, Any]]:
    """All pages."""
    page = actor.get(service, path, limit=200, **query)
    found = list(page["items"])
    while cursor := page["next_cursor"]:
        page = actor.get(service, path, limit=200, cursor=cursor, **query)
        found += page["items"]
    return found


def clerk(actor: Callable[..., Patient], random: Random, name: str) -> Clerk:
    uscc = people.credit_code(random)
    signed_in = actor("ENT_CLERK", org=uscc)
    return Clerk(signed_in, filing.make(signed_in, random, name, uscc), random)
