"""What the tables of bad input are about: one enterprise that has come all the way, another's, one
that waits for its officer, one that has only just been registered.
"""

from dataclasses import replace
from functools import cached_property
from typing import Any

from libs.chassis.problems.kinds import ProblemKind
from tests.http.firm import CITY, PROVINCE, Firm
from tests.http.http_client import Asker, Wrong
from tests.http.scene import OWN, scene

PLACED = {"ENT": "", "CITY": OWN, "PROV": PROVINCE}


class Situation:
    def __init__(self, asker: Asker) -> None:
        at: Any = asker.system
        self.asker, sides = asker, scene(at)
        self.own, self.foreign, self.fresh, self.waiting = (
            sides["own"],
            sides["foreign"],
            Firm(asker),
            Firm(asker),
        )
        self.draft = self.fresh.enterprise.add("ENT_INIT")
        self.waiting.enterprise.fill_in()
        self.sent = self.waiting.enterprise.add("ENT_INIT")
        self.waiting.enterprise.save(self.sent)
        self.waiting.enterprise.send(self.sent)
        self.case = at.officer(city=CITY).case(self.sent, 1)

    def token(self, role: str) -> str:
        """Of the enterprise that has come all the way, or of its authority."""
        group = role.partition("_")[0]
        return self.asker.token(
            role, {"ENT": self.own.uscc, "CITY": OWN, "PROV": PROVINCE}.get(group, "")
        )

    def wrong(
        self,
        what: str,
        kind: ProblemKind,
        service: str,
        request: str,
        *items: tuple[str, str],
        role: str = "ENT_CLERK",
        token: str = "",
        body: Any = None,
        version: int | None = None,
        **headers: str,
    ) -> Wrong:
        """`request`: method and path; `items`: rule and pointer of what must be told."""
        method, _, path = request.partition(" ")
        given = {name.replace("_", "-"): value for name, value in headers.items()} | (
            {"If-Match": f'"{version}"'} if version else {}
        )
        made = Wrong(
            what,
            kind,
            service,
            method,
            path,
            token or self.token(role),
            frozenset(items),
            headers=given,
        )
        return made if body is None else made.with_body(body)

    def waits(self, *args: Any, **given: Any) -> Wrong:
        """The same, of the clerk whose filing waits for its officer."""
        return self.wrong(*args, token=self.waiting.clerk.token, **given)

    def begins(self, *args: Any, **given: Any) -> Wrong:
        """The same, of the clerk who has only registered."""
        return self.wrong(*args, token=self.fresh.clerk.token, **given)

    @cached_property
    def versions(self) -> dict[str, int]:
        """As they stand; reading them is itself written down, so it is done once, before."""
        own = self.own.clerk
        return {
            "own": self.own.enterprise.version,
            "waiting": self.waiting.enterprise.version,
            "fresh": self.fresh.enterprise.version,
            "person": own.get("personnel", f"/people/{self.own.person}")["version"],
            "record": self.own.record.now["version"],
            "campaign": own.get("assessment", f"/campaigns/{self.own.campaign}")["version"],
        }


def canary_in(wrong: Wrong, header: str, value: str) -> Wrong:
    return replace(wrong, headers={**wrong.headers, header: value})
