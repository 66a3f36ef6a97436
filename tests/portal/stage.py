"""Where the manual is played: on the whole system, or over services in memory, where every state
of a page can be looked at for the price of the page.
"""

from abc import ABC, abstractmethod
from asyncio import to_thread
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any

from deploy.installation import clocks
from libs.events.value import SHANGHAI
from services.portal.web.signin import SignIn
from tests.journeys.conftest import System
from tests.portal.in_memory import told
from tests.portal.served import ServedPortal
from tests.portal.visitor import Browsers, Visitor

Looking = Callable[[Visitor], Awaitable[None]]
BEGIN = date(2024, 9, 2)  # records are taken


@dataclass(frozen=True)
class Person:
    """Somebody with an account."""

    role: str
    org: str = ""
    city: str = ""


async def nothing(visitor: Visitor) -> None:
    """Is looked for."""


class Stage(ABC):
    """`looked`: what is done with every state of a page that the play comes to; `asked`: with
    every dialog.
    """

    browsers: Browsers
    looked: Looking
    asked: Looking

    async def visitor(self, person: Person) -> Visitor:
        made = await self.browsers.visitor()
        made.is_asked = self.asked
        await self.sign_in(made, person)
        return made

    @abstractmethod
    async def sign_in(self, visitor: Visitor, person: Person) -> None:
        """From where the visitor is, by the login page."""

    @abstractmethod
    async def pass_to(self, day: date) -> None:
        """It is nine in the morning."""

    @abstractmethod
    async def settle(self) -> None:
        """What services do by themselves is done, or soon will be."""


@dataclass
class OnTheSystem(Stage):
    system: System
    browsers: Browsers
    looked: Looking = nothing
    asked: Looking = nothing

    async def sign_in(self, visitor: Visitor, person: Person) -> None:
        account = "/".join(filter(None, (person.role.lower(), person.city)))
        await visitor.sign_in(uscc=person.org, account="" if person.org else account)

    async def pass_to(self, day: date) -> None:
        morning = datetime.combine(day, time(9), SHANGHAI)
        await to_thread(clocks.set_clock, self.system.told, morning)

    async def settle(self) -> None:
        """They do."""


@dataclass
class InMemory(Stage):
    portal: ServedPortal
    browsers: Browsers
    looked: Looking = nothing
    asked: Looking = nothing
    issuer: "IssuerBeside" = field(init=False)

    def __post_init__(self) -> None:
        self.issuer, state = IssuerBeside(), self.portal.app.state
        state.site = replace(state.site, sign_in=self.issuer)

    async def sign_in(self, visitor: Visitor, person: Person) -> None:
        claims = {"org": person.org, "city": person.city}
        given = {name: each for name, each in claims.items() if each}
        self.issuer.who = told(person.role, **given)
        if not visitor.page.url.startswith(f"{visitor.url}/login"):
            await visitor.open("/")
        await visitor.push(visitor.page.locator("main a.btn-main"))

    async def pass_to(self, day: date) -> None:
        self.portal.services.pass_to(day)

    async def settle(self) -> None:
        await self.portal.meanwhile(self.portal.services.take_effect)


class IssuerBeside(SignIn):
    """Whoever comes is `who`."""

    def __init__(self) -> None:
        self.who: dict[str, Any] = {}

    async def begin(self, request: Any, session: Any) -> str:
        return "/login/callback"

    async def end(self, request: Any, session: Any) -> dict[str, Any]:
        return self.who

    async def keep_fresh(self, session: Any) -> bool:
        return True

    async def logout_url(self, session: Any) -> str | None:
        return None
