"""An issuer that is slow or away: whoever is known goes on, nobody waits for another, and nobody
asks it more often than it can bear.
"""

import asyncio
import time
from typing import Any

import httpx
import pytest
from joserfc.jwk import KeySet

from libs.chassis.identity.auth import Issuer
from libs.chassis.identity.issuer_keys import LONGEST, MOST_REST, REFRESH, REST
from libs.chassis.problems.problem import Stopped
from libs.events.errors import Unavailable
from tests.chassis.issuer import AUDIENCE, URL, FakeIssuer
from tests.events.test_kept import Hands


class SlowIssuer(FakeIssuer):
    """Answers when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.let = 0, asyncio.Event()
        self.let.set()

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self._slowly))

    async def _slowly(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        await self.let.wait()
        return self._answer(request)


class Known:
    def __init__(self, longest: int | None = None) -> None:
        self.issuer, self.clock = SlowIssuer(), Hands()
        self.verifier = Issuer(
            URL, AUDIENCE, self.issuer.client(), longest=longest, clock=self.clock
        )

    async def verify(self, **claims: Any) -> Any:
        return await self.verifier.verify(self.issuer.token("ENT_CLERK", **claims))

    async def after(self, seconds: float) -> None:
        self.clock.now += seconds


async def test_who_is_known_does_not_wait_for_who_is_not() -> None:
    known = Known()
    await known.verify()
    old = known.issuer.key
    await known.after(REST)
    known.issuer.let.clear()
    known.issuer.rotate()
    waiting = asyncio.create_task(known.verify(jti="unknown key"))
    await asyncio.sleep(0)
    token = known.issuer.token("ENT_CLERK", key=old, jti="known key")
    assert (await asyncio.wait_for(known.verifier.verify(token), 1)).roles == ("ENT_CLERK",)
    assert not waiting.done()
    known.issuer.let.set()
    assert await waiting


async def test_many_who_are_not_known_ask_once() -> None:
    known = Known()
    known.issuer.let.clear()
    waiting = [asyncio.create_task(known.verify(jti=str(n))) for n in range(50)]
    await asyncio.sleep(0)
    known.issuer.let.set()
    await asyncio.gather(*waiting)
    assert known.issuer.fetches == 1


async def test_an_issuer_that_is_away_is_left_alone_longer_each_time() -> None:
    known = Known()
    known.issuer.down = True
    asked = []
    for _ in range(200):
        with pytest.raises(Unavailable):
            await known.verify()
        asked.append(known.issuer.asked)
        await known.after(0.1)
    assert asked[0] == asked[1] == 1  # not again at once
    assert known.issuer.asked < 10  # in twenty seconds
    known.issuer.down = False
    await known.after(MOST_REST)
    assert await known.verify()


async def test_keys_are_looked_at_again_while_they_are_used() -> None:
    known = Known()
    await known.verify()
    await known.after(REFRESH)
    known.issuer.let.clear()
    assert await known.verify(jti="2")  # it does not wait
    known.issuer.let.set()
    for _ in range(10):
        await asyncio.sleep(0)
    assert known.issuer.fetches == 2


async def test_keys_have_a_longest_age() -> None:
    known = Known()
    await known.verify()
    known.issuer.down = True
    await known.after(LONGEST - 1)
    assert await known.verify(jti="2")
    await known.after(LONGEST)
    with pytest.raises(Unavailable):
        await known.verify(jti="3")


@pytest.mark.parametrize(
    "claims",
    [
        {"iat": 0},
        {"iat": None},
        {"iat": "yesterday"},
        {"iat": True},
        {"iat": int(time.time()) - 100, "exp": int(time.time()) + 201},
        {"iat": int(time.time()) + 3600, "exp": int(time.time()) + 3700},
    ],
)
async def test_a_token_that_lives_too_long_is_refused(claims: dict[str, Any]) -> None:
    known = Known(longest=300)
    now = int(time.time())
    assert await known.verify(iat=now, exp=now + 300)
    assert await known.verify(iat=now, exp=now + 200)
    with pytest.raises(Stopped):
        await known.verify(**claims)


async def test_keys_that_an_issuer_withdrew_are_forgotten() -> None:
    known = Known()
    token = known.issuer.token("ENT_CLERK")
    assert await known.verifier.verify(token)
    known.issuer.rotate()
    await known.after(REFRESH)
    await known.verifier.verify(token)
    for _ in range(10):
        await asyncio.sleep(0)
    with pytest.raises(Stopped):
        await known.verifier.verify(token)
    assert KeySet([known.issuer.key])
