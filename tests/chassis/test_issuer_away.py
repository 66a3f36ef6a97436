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


class OddIssuer(FakeIssuer):
    """Says what it is told to say, by path; else what an issuer says."""

    def __init__(self, **said: Any) -> None:
        super().__init__()
        self.said, self.waited = said, list[object]()

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self._oddly))

    def _oddly(self, request: httpx.Request) -> httpx.Response:
        self.waited.append(request.extensions["timeout"]["read"])
        name = request.url.path.rpartition("/")[2].replace("openid-configuration", "discovery")
        said = self.said.get(name)
        if isinstance(said, int):
            return httpx.Response(said, json={})
        return self._answer(request) if said is None else httpx.Response(200, content=said)


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

    async def away(self) -> Unavailable:
        """Who asks now is told that the issuer is away."""
        with pytest.raises(Unavailable) as told:
            await self.verify(jti=str(self.clock.now))
        assert told.value.dependency == "issuer"
        return told.value

    async def looks(self) -> int:
        """How often the issuer was asked, once all looks beside the requests have ended."""
        for _ in range(20):
            await asyncio.sleep(0)
        return self.issuer.asked


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


async def test_an_issuer_that_is_away_is_asked_again_after_half_a_second_and_up_to_four() -> None:
    known = Known()
    known.issuer.down = True
    for number, rest in enumerate((0.5, 1, 2, 4, 4), 1):
        await known.away()
        assert known.issuer.asked == number
        await known.after(rest - 0.25)
        assert (await known.away()).seconds == 1  # until its next turn
        assert known.issuer.asked == number
        await known.after(0.25)
    await known.away()
    assert (await known.away()).seconds == 4
    known.issuer.down = False
    await known.after(4)
    assert await known.verify()
    known.issuer.down = True  # another time: its rests begin anew
    await known.after(3600)
    asked = known.issuer.asked
    for later in (0, 0.5):
        await known.after(later)
        await known.away()
        asked += 1
        assert known.issuer.asked == asked


async def test_an_unknown_key_is_looked_for_ten_seconds_after_the_last_look() -> None:
    known = Known()
    await known.verify()
    known.issuer.rotate()
    for later, found in ((9.75, False), (0.25, True)):
        await known.after(later)
        if found:
            assert await known.verify()
        else:
            with pytest.raises(Stopped):
                await known.verify()
    assert known.issuer.fetches == 2


async def test_known_keys_are_looked_at_after_five_minutes_and_used_for_an_hour() -> None:
    known = Known()
    await known.verify()
    asked = known.issuer.asked
    known.issuer.down = True
    await known.after(299.75)
    await known.verify(jti="2")
    assert await known.looks() == asked
    for looked in (1, 1, 2):  # it rests for half a second after a look that failed
        await known.after(0.25)
        await known.verify(jti=str(known.clock.now))
        assert await known.looks() == asked + looked
    await known.after(3600 - 300.5 - 0.25)
    assert await known.verify(jti="4")
    await known.looks()
    await known.after(0.25)
    await known.away()


async def test_keys_that_stay_the_same_leave_verified_tokens_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = Known()
    token = known.issuer.token("ENT_CLERK")
    await known.verifier.verify(token)
    await known.after(REFRESH)
    await known.verifier.verify(token)
    await known.looks()
    assert known.issuer.fetches == 2
    monkeypatch.setattr("libs.chassis.identity.auth.jwt.decode", None)
    assert await known.verifier.verify(token)


async def test_who_goes_away_leaves_the_look_to_those_who_wait() -> None:
    known = Known()
    known.issuer.let.clear()
    gone, stays = (asyncio.create_task(known.verify(jti=each)) for each in "12")
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.sleep(0)
    known.issuer.let.set()
    assert await stays
    assert known.issuer.fetches == 1


async def test_an_issuer_is_ready_once_its_keys_are_had() -> None:
    known = Known()
    known.issuer.down = True
    with pytest.raises(Unavailable):
        await known.verifier.ready()
    known.issuer.down = False
    await known.after(MOST_REST)
    await known.verifier.ready()
    known.issuer.down = True
    await known.verifier.ready()
    assert known.issuer.fetches == 1


@pytest.mark.parametrize(
    "said",
    [
        {"discovery": 500},
        {"jwks": 404},
        {"discovery": b"not JSON"},
        {"discovery": b"[]"},
        {"discovery": b'{"issuer":"https://issuer.test"}'},
        {"discovery": b'{"issuer":"https://a.test","jwks_uri":"https://issuer.test/jwks"}'},
        {"discovery": b'{"issuer":"https://z.test","jwks_uri":"https://issuer.test/jwks"}'},
        {"jwks": b"{}"},
        {"jwks": b'{"keys":[{"kty":"EC","crv":"P-0","x":"AA","y":"AA"}]}'},
    ],
)
async def test_an_issuer_that_makes_no_sense_is_taken_for_away(said: dict[str, Any]) -> None:
    odd = OddIssuer(**said)
    with pytest.raises(Unavailable):
        await Issuer(URL, AUDIENCE, odd.client()).verify(odd.token("ENT_CLERK"))


async def test_an_issuer_is_waited_for_two_seconds_a_question() -> None:
    patient = OddIssuer()
    assert await Issuer(URL, AUDIENCE, patient.client()).verify(patient.token("ENT_CLERK"))
    assert patient.waited == [2, 2]


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
