"""An enterprise of Zhengzhou with an approved certificate and three persons, and how its clerk
calls the projects service.
"""

from functools import cached_property
from random import Random
from typing import Any, Protocol
from uuid import uuid4

import httpx

from deploy.demo import filing, people, performance, staff
from deploy.demo.stage import API, DemoUser


class Place(Protocol):
    """Where services are: at work, or in memory."""

    @property
    def urls(self) -> dict[str, str]: ...
    def actor(self, role: str, **claims: str) -> DemoUser: ...


class Firm:
    def __init__(self, system: Place, seed: int) -> None:
        self.system, self.random = system, Random(seed)
        self.uscc = people.credit_code(self.random)
        self.clerk = system.actor("ENT_CLERK", org=self.uscc)
        self.enterprise = filing.make(
            self.clerk, self.random, "郑州示范建筑设计有限公司", self.uscc
        )
        self.enterprise.register()
        self._file()
        added = staff.Staff(self.clerk, self.uscc, self.random)
        self.people = [self._person(added, name) for name in staff.NAMES[:4]]
        heads = {
            name: system.actor("AUDITOR").get(name, "/events", limit=1)["head"]
            for name in ("enterprise", "personnel")
        }
        self._caught_up(
            "/contracts?min_position=" + ",".join(f"{name}/{head}" for name, head in heads.items())
        )

    @cached_property
    def officer(self) -> filing.Officer:
        return filing.Officer(self.system.actor("CITY_OFFICER", city="410100"))

    @cached_property
    def performance(self) -> performance.Performance:
        return performance.Performance(
            self.clerk,
            self.enterprise.id,
            self.uscc,
            self.enterprise.name,
            self.people,
            self.item,
            self.random,
        )

    def contract(self, **changes: Any) -> dict[str, Any]:
        """What the clerk would type, without scans."""
        found = performance.contract(
            self.random, self.uscc, self.enterprise.name, "示范学校教学楼设计合同", self.people[0]
        )
        return found | changes

    def project(self, contract: str, **changes: Any) -> dict[str, Any]:
        return performance.project(contract, "示范学校教学楼", self.item) | changes

    def stage(self, code: str = "D3", **changes: Any) -> dict[str, Any]:
        return performance.stage(code, self.people) | changes

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        version: int | None = None,
        key: str | None = None,
        token: str = "",
    ) -> httpx.Response:
        """The answer as it came, whatever it is."""
        headers = {"Authorization": f"Bearer {token or self.clerk.token}"}
        if method != "GET":
            headers |= {"Idempotency-Key": key or str(uuid4())} | (
                {"If-Match": f'"{version}"'} if version is not None else {}
            )
        return self.clerk.client.request(
            method,
            f"{self.system.urls['projects']}{API}{path}",
            json=body,
            headers=headers,
        )

    def done(
        self, method: str, path: str, body: Any = None, version: int | None = None
    ) -> dict[str, Any]:
        answer = self.call(method, path, body, version=version)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def listed(self, project: str, position: str, **query: Any) -> dict[str, Any] | None:
        asked = "&".join(
            f"{name}={value}" for name, value in {"min_position": position, **query}.items()
        )
        found = self._caught_up(f"/projects?limit=200&{asked}").json()["items"]
        return next((each for each in found if each["id"] == project), None)

    @property
    def head(self) -> int:
        """Of the projects service's log: what changed nothing leaves it where it was."""
        return int(self.system.actor("AUDITOR").get("projects", "/events", limit=1)["head"])

    def _caught_up(self, path: str) -> httpx.Response:
        """On a busy machine the read models may be behind for longer than one request waits."""
        answer: httpx.Response = self.clerk.wait(
            path, lambda: (found := self.call("GET", path)).status_code != 503 and found
        )
        assert answer.is_success, answer.text
        return answer

    def _file(self) -> None:
        self.enterprise.fill_in()
        path = self.enterprise.add("ENT_INIT")
        self.enterprise.save(path)
        self.enterprise.send(path)
        self.officer.decide(self.officer.open(path), "PASS", "")
        self.item = str(
            self.enterprise.waits_for(path, "APPROVED")["content"]["certificates"][0]["items"][0][
                "id"
            ]
        )

    def _person(self, added: staff.Staff, name: str) -> str:
        content = staff.person(self.random, name, self.uscc, None, "ARCH")
        return str(self.clerk.do("POST", "personnel", "/people", content)["id"])


def saved_contract(firm: Firm, **changes: Any) -> dict[str, Any]:
    return firm.done("POST", "/contracts", firm.contract(**changes))


def saved_project(firm: Firm) -> dict[str, Any]:
    return firm.done("POST", "/projects", firm.project(saved_contract(firm)["id"]))


def rules(answer: httpx.Response) -> list[str]:
    return [f"{each['rule']} {each['pointer']}".strip() for each in answer.json()["errors"]]


def refused(firm: Firm, status: int, answer: httpx.Response) -> list[str]:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert all(
        each["zh"] and each["en"] and "{" not in each["zh"] + each["en"]
        for each in answer.json()["errors"]
    )
    return rules(answer)
