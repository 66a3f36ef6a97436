"""A token that is still valid opens nothing for an account, or a role, that an administrator has
revoked: in every service.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest

from deploy.demo.stage import RequestRefused
from libs.chassis.ports.principal import Principal
from libs.chassis.replicas.revoked import FRESH, HELD, Revocations
from libs.events.errors import Unavailable
from tests.events.test_kept import Hands
from tests.in_memory.firm import Firm
from tests.in_memory.installation import ALL, Installation

PATH = "/reference/account_revocation"
LISTS = {
    "enterprise": "/enterprises/{}/history",
    "personnel": "/people/{}",
    "projects": "/contracts/{}",
    "assessment": "/campaigns/{}",
    "review": "/cases/{}",
}


@pytest.fixture
def at() -> Iterator[Installation]:
    with Installation(*ALL) as made:
        yield made


def revoke(at: Installation, *items: dict[str, Any], user: str = "root") -> None:
    at.actor("SYS_ADMIN", user).do("PUT", "review", PATH, {"items": list(items)})


def read(at: Installation, service: str, role: str = "CITY_OFFICER", user: str = "fired") -> int:
    """The status of what this account is answered: 404 is within its rights."""
    bearer = at.actor(role, user, city="410100").token
    return at.run(at[service].ask(bearer, "GET", LISTS[service].format(UUID(int=0)))).status_code


@pytest.mark.parametrize("service", ALL)
def test_a_revoked_account_is_refused_everywhere(at: Installation, service: str) -> None:
    assert read(at, service) == 404
    revoke(at, {"code": "fired", "revoked": True, "reason": "离职"})
    assert read(at, service) == 401
    assert read(at, service, user="another") == 404
    revoke(at, {"code": "fired", "revoked": False})
    assert read(at, service) == 404


@pytest.mark.parametrize("service", ALL)
def test_a_revoked_role_counts_no_more_and_the_others_do(at: Installation, service: str) -> None:
    revoke(at, {"code": "fired", "roles": ["CITY_OFFICER"]})
    assert (read(at, service), read(at, service, "CITY_LEAD")) == (403, 404)


def test_revoking_is_an_event_of_an_administrator_who_never_revokes_themselves(
    at: Installation,
) -> None:
    for role, status in (("PROV_LEAD", "403"), ("AUDITOR", "403"), ("ENT_CLERK", "403")):
        with pytest.raises(RequestRefused, match=status):
            at.actor(role, city="410000").do("PUT", "review", PATH, {"items": [{"code": "x"}]})
    with pytest.raises(RequestRefused, match="409"):
        revoke(at, {"code": "root"})
    revoke(at, {"code": "fired"})
    assert at["review"].types[-1] == "Reference.ReferenceChanged"


def test_nobody_else_reads_who_was_revoked(at: Installation) -> None:
    revoke(at, {"code": "fired"})
    firm = Firm(at)
    for path in ("/codelists/account_revocation", PATH):
        with pytest.raises(RequestRefused):
            firm.clerk.get("review", path)
    assert at.actor("AUDITOR").get("review", PATH)["items"]


class Rows:
    """The table, as it stands or away."""

    def __init__(self) -> None:
        self.rows: list[dict[str, str]] = []
        self.away: Exception | None = None
        self.asked = 0

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator["Rows"]:
        yield self

    def terminate(self) -> None: ...

    async def fetch(self, *_: Any) -> list[dict[str, str]]:
        self.asked += 1
        await asyncio.sleep(0)
        if self.away:
            raise self.away
        return self.rows


async def test_it_is_known_within_a_minute_also_while_the_database_is_away() -> None:
    table, clock = Rows(), Hands()
    known = Revocations(table, clock=clock)  # type: ignore[arg-type]
    who = Principal(sub="fired", roles=("AUDITOR",))
    assert [await known.left_of(who) for _ in range(100)] == [who] * 100
    assert table.asked == 1
    table.rows = [{"code": "fired", "item": "{}"}]
    clock.now = FRESH
    assert await known.left_of(who) is None
    table.away = ConnectionRefusedError()
    clock.now = FRESH + HELD - 1
    assert await known.left_of(who) is None
    clock.now = FRESH + HELD
    with pytest.raises(Unavailable):
        await known.left_of(who)


async def test_who_waits_behind_a_look_that_nobody_answers_is_told_with_it() -> None:
    table, clock = Rows(), Hands()
    known = Revocations(table, clock=clock)  # type: ignore[arg-type]
    who = Principal(sub="anybody", roles=("AUDITOR",))
    assert await known.left_of(who) == who
    table.away, clock.now = TimeoutError(), FRESH
    asked = await asyncio.gather(*(known.left_of(who) for _ in range(50)), return_exceptions=True)
    assert [type(each) for each in asked] == [Unavailable] * 50
    assert table.asked == 2
    clock.now += FRESH - 1
    assert await known.left_of(who) == who, "what is known serves until the next look"
    assert table.asked == 2
