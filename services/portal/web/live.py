"""Live: open pages are told that something of theirs has moved, and fetch their chips and counts
again with their visitor's own rights. A telling says which services moved and how far; it holds no
content and names nobody (decision 52).
"""

import asyncio
import json
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from uuid import UUID

from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event

from libs.events.records import StoredEvent
from services.portal.web.moved import Moved

MOST, MOST_OF_ONE = 2000, 12  # pages listening in this process; with one session
CITIES = 20_000  # enterprises whose city is remembered
LATELY = 5.0  # seconds: a page drawn before a telling may begin to listen only after it
TOGETHER = 0.3  # seconds in which tellings are gathered to one
HEARTBEAT = 15.0  # seconds without a telling after which the line says that it is alive
AGAIN_MS = 3000  # after which a browser that lost its line asks for another
# seconds between two tellings: an enterprise hears of its own, an officer of a whole city
PACE, PACE_OF_A_QUEUE = 1.0, 10.0
# what moves nothing that a page shows, or is itself caused by showing it
SILENT = ("chassis.", "events.")
# what begins so concerns everybody: a campaign that opens is news to each enterprise
TO_ALL = ("assessment.Campaign.",)
# types that say the city that supervises their owner
SAY_THE_CITY = (
    "enterprise.Enterprise.EnterpriseRegistered",
    "enterprise.Enterprise.FilingSent",
    "enterprise.Enterprise.FilingApproved",
    "personnel.Person.FilingSent",
    "assessment.Record.AssessmentSent",
)


@dataclass(frozen=True)
class Audience:
    """Who listens: an enterprise (`owner`), or officers, of a city or of all cities."""

    owner: UUID | None = None
    city: str | None = None

    def hears(self, service: str, owner: UUID, city: str | None) -> bool:
        """`city`: of the owner; of one whose city is not known all officers hear. They hear what
        review tells: what was only saved is the enterprise's own.
        """
        if self.owner is not None:
            return owner == self.owner
        return service == "review" and (self.city is None or city in (None, self.city))

    @property
    def pace(self) -> float:
        return PACE if self.owner is not None else PACE_OF_A_QUEUE


@dataclass(eq=False)
class Listener:
    """One open page. However slowly it reads, what waits for it is one number a service."""

    audience: Audience
    session: bytes
    waiting: dict[str, int] = field(default_factory=dict)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _ended: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, service: str, position: int) -> None:
        self.waiting[service] = max(position, self.waiting.get(service, 0))
        self._news.set()

    @property
    def is_ended(self) -> bool:
        return self._ended.is_set()

    def end(self) -> None:
        self._ended.set()
        self._news.set()

    async def lines(self, is_there: Callable[[], Awaitable[bool]]) -> AsyncIterator[bytes]:
        """Server-sent events, until the end; `is_there`: whether the session still is."""
        yield format_sse_event(retry=AGAIN_MS)
        while not self.is_ended:
            heard = await _within(HEARTBEAT, self._news)
            if heard:
                await _within(TOGETHER, self._ended)
            if self.is_ended or not await is_there():
                return
            if not heard:
                yield KEEPALIVE_COMMENT
                continue
            self._news.clear()
            told, self.waiting = self.waiting, {}
            yield format_sse_event(event="moved", data_str=json.dumps(told))
            await _within(self.audience.pace, self._ended)


async def _within(seconds: float, event: asyncio.Event) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return event.is_set()


@dataclass(frozen=True)
class _Told:
    at: float
    service: str
    position: int
    owner: UUID
    to_all: bool


class Live:
    """All pages that listen to this process. `is_on`: somebody reads the services' topics."""

    def __init__(self, *, is_on: bool = False) -> None:
        self.is_on, self.moved = is_on, Moved(is_on=is_on)
        self._listeners: OrderedDict[Listener, None] = OrderedDict()
        self._cities: OrderedDict[UUID, str] = OrderedDict()
        self._lately: deque[_Told] = deque(maxlen=500)
        self._ends = False

    @contextmanager
    def listening(self, audience: Audience, session: bytes) -> Iterator[Listener]:
        """Hears from now on, and what was told just before. Of a session's pages that are too many
        the oldest ends.
        """
        listener = Listener(audience, session)
        self._listeners[listener] = None
        same = [each for each in self._listeners if each.session == session]
        for each in same[:-MOST_OF_ONE]:
            each.end()
        since = time.monotonic() - LATELY
        for told in self._lately:
            if told.at > since and self._concerns(audience, told):
                listener.tell(told.service, told.position)
        if self._ends:
            listener.end()
        try:
            yield listener
        finally:
            self._listeners.pop(listener, None)

    @property
    def count(self) -> int:
        return len(self._listeners)

    @property
    def is_full(self) -> bool:
        return self.count >= MOST

    def told(self, service: str, event: StoredEvent) -> None:
        """A fact stands on the service's topic."""
        if event.type.startswith(SILENT):
            return
        self._learn_city(event)
        to_all = event.type.startswith(TO_ALL)
        self.moved.told(event.owner, to_all=to_all)
        told = _Told(time.monotonic(), service, event.position, event.owner, to_all)
        self._lately.append(told)
        for each in self._listeners:
            if self._concerns(each.audience, told):
                each.tell(service, event.position)

    def missed(self, service: str) -> None:
        """Nobody knows what the service has told meanwhile: every page looks again."""
        self.moved.missed()
        for each in self._listeners:
            each.tell(service, 0)

    def end(self) -> None:
        """The process ends: so do all lines, and browsers ask another one."""
        self._ends = True
        for each in self._listeners:
            each.end()

    def _concerns(self, audience: Audience, told: _Told) -> bool:
        return told.to_all or audience.hears(told.service, told.owner, self._cities.get(told.owner))

    def _learn_city(self, event: StoredEvent) -> None:
        """No header says an enterprise's city; what it sends does."""
        if city := city_of(event):
            self._cities[event.owner] = city
            self._cities.move_to_end(event.owner)
            if len(self._cities) > CITIES:
                self._cities.popitem(last=False)


def city_of(event: StoredEvent) -> str | None:
    """The city that supervises the event's owner, where the event says so."""
    if event.type not in SAY_THE_CITY:
        return None
    said = json.loads(event.data)
    city: str | None = said.get("sender", said).get("supervising_city_code")
    return city
