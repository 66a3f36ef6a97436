"""Services in memory that read each other, and whoever calls them over HTTP: the actors of the
demo, without its servers.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import date, datetime, time
from importlib import import_module
from typing import Any, Self, TypeVar
from uuid import UUID, uuid4

import httpx

from deploy.demo import assessment, filing
from deploy.demo.stage import DemoUser, Teller
from libs.chassis.in_memory import ServiceInMemory, Setting, connected, token
from libs.chassis.service.service import Service
from libs.events.value import SHANGHAI
from libs.published.event import PublishedEvent
from tests.in_memory.answers import ANSWERS

T = TypeVar("T")
CITY, PROVINCE = "410100", "410000"
ALL = ("enterprise", "personnel", "projects", "assessment", "review")


class Silent(Teller):
    def act(self, *_: Any, **__: Any) -> None:
        pass

    def note(self, text: str) -> None:
        pass


def service(name: str) -> Service:
    found: Service = import_module(f"services.{name}.main").SERVICE
    return found


class Installation(httpx.BaseTransport):
    """Use it as a context manager. `services` are named, and reached by name as host; no other is
    imported.
    """

    def __init__(self, *services: str, runner: asyncio.Runner | None = None) -> None:
        self._runner = runner or asyncio.Runner()
        self.setting = Setting()
        self.services = {name: self._made(name) for name in services}
        connected(*self.services.values())

    def _made(self, name: str) -> ServiceInMemory:
        return ServiceInMemory(service(name), self.setting, ANSWERS[name])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.close()

    def __getitem__(self, service: str) -> ServiceInMemory:
        return self.services[service]

    @property
    def urls(self) -> dict[str, str]:
        return {name: f"http://{name}" for name in self.services}

    def actor(self, role: str, user: str = "", **claims: str) -> "ActorInMemory":
        client = httpx.Client(transport=self, trust_env=False)
        made = ActorInMemory(role, token(role, user, **claims), self.urls, Silent(), client)
        made.take_effect = self.take_effect
        return made

    def officer(self, user: str = "", city: str = CITY) -> "OfficerInMemory":
        return OfficerInMemory(self.actor("CITY_OFFICER", user, city=city), self)

    def reviewer(self, role: str, city: str = CITY) -> "ReviewerInMemory":
        place = PROVINCE if role.startswith("PROV") else city
        return ReviewerInMemory(self.actor(role, city=place), self)

    def hear(
        self, service: str, fact: PublishedEvent, stream: UUID, owner: UUID | None = None
    ) -> None:
        """One service is told a fact of a neighbour that is not there."""
        self.run(self[service].hear(fact, stream=stream, owner=owner))

    def take_effect(self) -> None:
        """Until no service has anything left to do in the world."""
        while sum(self.run(each.take_effect()) for each in self.services.values()):
            pass

    def pass_to(self, day: date) -> None:
        """It is nine in the morning."""
        self.setting.clock.at = datetime.combine(day, time(9), SHANGHAI)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        return self.run(self.answer(request))

    async def answer(self, request: httpx.Request) -> httpx.Response:
        """To a service, or to where objects are kept; its body is there."""
        if request.url.host == "objects":
            self.setting.arrive(str(request.url), request.content)
            return httpx.Response(200)
        return await self.services[request.url.host].answer(request)

    def run(self, what: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(what)


class ActorInMemory(DemoUser):
    take_effect: Callable[[], None]

    def wait(self, what: str, look: Callable[[], Any]) -> Any:
        """It is there at once, or as soon as effects are carried out, or never."""
        if not (found := look()):
            self.take_effect()
            found = look()
        assert found, f"waited in vain for {what}"
        return found

    def remove(self, service: str, path: str) -> None:
        """Nothing is answered."""
        self._call("DELETE", service, path, headers={"Idempotency-Key": str(uuid4())})

    def read(self, service: str, *paths: str) -> None:
        """Each is answered."""
        for path in paths:
            self._call("GET", service, path)


@dataclass
class OfficerInMemory(filing.Officer):
    """The queue is a list, so the case is found by its row."""

    actor: ActorInMemory
    installation: Installation

    def case(self, filing: str, round: int) -> dict[str, Any]:
        id = filing.rpartition("/")[2]
        rows = self.installation["review"].rows("cases")
        (row,) = (each for each in rows if str(each["filing"]) == id and each["round"] == round)
        return self.actor.get("review", f"/cases/{row['id']}")


@dataclass
class ReviewerInMemory(assessment.Reviewer):
    actor: ActorInMemory
    installation: Installation

    def case(
        self, record: assessment.DemoRecord, level: str, states: Any = ("WAITING", "TAKEN")
    ) -> dict[str, Any]:
        rows = self.installation["review"].rows("cases")
        (row,) = (each for each in rows if str(each["subject_id"]) == record.id)
        assert (row["level"], row["state"] in states) == (level, True), row
        return self.actor.get("review", f"/cases/{row['id']}")
