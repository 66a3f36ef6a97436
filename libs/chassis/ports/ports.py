"""Dependencies of the HTTP layer, injected by `run`."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from starlette.requests import HTTPConnection

from libs.chassis.ports.principal import Principal
from libs.events.application import Application
from libs.events.clock import Clock
from libs.events.records import StoredEvent
from libs.events.refusal import Finding

Check = Callable[[], Awaitable[object]]  # of the health page: raises, or says something


class Bilingual(Protocol):
    """One thing said in both languages."""

    @property
    def zh(self) -> str: ...
    @property
    def en(self) -> str: ...


Catalogue = Callable[[Finding], Bilingual]  # the catalogue's words for a finding


class Verifier(Protocol):
    async def verify(self, token: str) -> Principal:
        """Who the token speaks for. Raises Stopped (401), or Unavailable while the issuer's keys
        cannot be had.
        """


Told = Callable[[Application, Sequence[StoredEvent]], Awaitable[Sequence[StoredEvent]]]


async def nothing(_application: Application, _records: Sequence[StoredEvent]) -> list[StoredEvent]:
    return []


LeftOf = Callable[[Principal], Awaitable[Principal | None]]


async def everything(principal: Principal) -> Principal:
    return principal


@dataclass(frozen=True, kw_only=True)
class Ports:
    service: str
    clock: Clock
    verifier: Verifier
    texts: Catalogue
    # for HMAC over requests, so that the commands table holds nothing that can be guessed back
    fingerprint_key: bytes
    enterprise_id: Callable[[str], UUID]  # of a credit code
    # from the directory; None: no such enterprise
    supervising_city: Callable[[UUID], Awaitable[str | None]]
    # how far the read models have followed each log, by service
    positions: Callable[[], Awaitable[Mapping[str, int]]]
    # who asks, with the roles that nobody has revoked; None: the account is revoked
    left_of: LeftOf = everything
    state_rules: frozenset[str] = frozenset()  # refusals that are about state: 409 instead of 422
    # of a stream's events those that the authority knows: what was sent, and what came of it
    told: Told = nothing
    # types that are part of what was sent, and no steps in its history
    silent: frozenset[str] = frozenset()
    # the database role that reads lists for an enterprise; None: the one that serves
    scoped_role: str | None = None


def ports_of(connection: HTTPConnection) -> Ports:
    ports: Ports = connection.app.state.ports
    return ports
