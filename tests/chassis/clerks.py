"""Who uses a service of several processes: each act at one of them, and seen at another."""

import time
from uuid import uuid4

import httpx

from tests.chassis.bank import new_enterprise
from tests.chassis.issuer import FakeIssuer
from tests.chassis.members import Member
from tests.patience import PATIENCE

API = "/api/v1/books"


class Clerks:
    """Each opens one book; `urls` are asked in turn, and again while there is no answer."""

    def __init__(self, issuer: FakeIssuer, url: str) -> None:
        self._issuer, self._url = issuer, url
        self.opened: list[str] = []

    def opens(self, first: Member, second: Member, lines: int = 0) -> None:
        """At the first, and sees it at once in the list of the second."""
        uscc, enterprise = new_enterprise()
        who = self._signed_in(uscc)
        key = {"Idempotency-Key": str(uuid4())}
        url = first.url + API
        answer = httpx.post(url, json={"city": "410100"}, headers=who | key, timeout=10)
        assert answer.status_code == 201, answer.text
        position = answer.headers["x-event-position"]
        end = time.monotonic() + PATIENCE
        while True:
            listed = httpx.get(
                second.url + API, params={"min_position": position}, headers=who, timeout=10
            )
            if listed.status_code != 503 or time.monotonic() > end:
                break
        assert listed.json()["items"] == [str(enterprise)]
        self.opened.append(str(enterprise))
        if lines:
            self._writes(who, str(enterprise), [first, second] * (lines // 2))

    def _writes(self, who: dict[str, str], book: str, members: list[Member]) -> None:
        """A line at each; every one has read what those before it wrote."""
        for version, each in enumerate(members, 1):
            headers = who | {"Idempotency-Key": str(uuid4()), "If-Match": f'"{version}"'}
            line = {"text": "租金", "payer": "张三丰"}
            url = f"{each.url}{API}/{book}/lines"
            answer = httpx.post(url, json=line, headers=headers, timeout=10)
            assert (answer.status_code, answer.text) == (200, str(version))

    def looks(self, api: Member, position: str) -> int:
        """How a list answers that is to show a position."""
        who = self._signed_in(new_enterprise()[0])
        asked = {"min_position": position}
        return httpx.get(api.url + API, params=asked, headers=who, timeout=10).status_code

    def _signed_in(self, uscc: str) -> dict[str, str]:
        token = self._issuer.token("ENT_CLERK", org=uscc, iss=self._url)
        return {"Authorization": f"Bearer {token}"}
