"""Sessions that several requests use at once, that end while they are used, and that are signed in
from several tabs.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest
from authlib.integrations.base_client import OAuthError
from starlette.requests import Request

from libs.chassis.in_memory import token
from libs.events.errors import Unavailable
from libs.events.pools import open_pool
from services.portal.settings import Client
from services.portal.web.sessions import SCHEMA, Session, Sessions
from services.portal.web.signin import SignIn
from services.portal.web.tokens import Tokens
from tests.portal.in_memory import PortalInMemory

pytestmark = [pytest.mark.servers]
KEY = bytes(32)


@pytest.fixture
async def sessions(postgres: str) -> AsyncIterator[Sessions]:
    connection = await asyncpg.connect(postgres)
    await connection.execute("DROP TABLE IF EXISTS sessions")
    await connection.execute(SCHEMA)
    pool = await open_pool(postgres, 4)
    yield Sessions(pool, KEY)
    await pool.close()
    await connection.execute("DROP TABLE sessions")
    await connection.close()


async def kept(sessions: Sessions, session: Session) -> Session:
    found = await sessions.load(session.token)
    assert found
    return found


def signed_in(sessions: Sessions, **tokens: Any) -> Session:
    now = {"access_token": "a", "refresh_token": "0", "expires_at": time.time() + 9e6}
    return sessions.signed_in({"tokens": now | tokens, "user": {"sub": "zhao"}})


async def test_what_two_requests_write_at_once_both_stands(sessions: Sessions) -> None:
    session = signed_in(sessions)
    await sessions.save(session)
    one, other = await kept(sessions, session), await kept(sessions, session)
    one.data["tokens"] = {**one.data["tokens"], "refresh_token": "1"}
    one.data["positions"] = {"enterprise": 7, "review": 2}
    other.data["queue"] = {"q": "x"}
    other.data["positions"] = {"enterprise": 5, "personnel": 3}
    await sessions.save(one)
    await sessions.save(other)
    found = (await kept(sessions, session)).data
    assert found["tokens"]["refresh_token"] == "1"
    assert found["queue"] == {"q": "x"}
    assert found["positions"] == {"enterprise": 7, "review": 2, "personnel": 3}


async def test_who_signed_out_stays_signed_out(sessions: Sessions) -> None:
    """A page of another tab was still on its way."""
    session = signed_in(sessions)
    await sessions.save(session)
    late = await kept(sessions, session)
    await sessions.end(session)
    late.data["queue"] = {"q": "x"}
    await sessions.save(late)
    assert await sessions.load(session.token) is None


async def test_a_session_sealed_with_another_key_is_none(sessions: Sessions, postgres: str) -> None:
    session = signed_in(sessions)
    await sessions.save(session)
    pool = await open_pool(postgres, 1)
    assert await Sessions(pool, bytes([1]) * 32).load(session.token) is None
    await pool.close()


class RotatingIssuer(SignIn):
    """It takes each refresh token once."""

    def __init__(self) -> None:
        self.next, self.asked = 0, 0

    async def _refreshed(self, token: str) -> dict[str, Any]:
        self.asked += 1
        await asyncio.sleep(0)
        if token != str(self.next):
            raise OAuthError(error="invalid_grant")
        self.next += 1
        return {"access_token": "new", "refresh_token": str(self.next), "expires_in": 300}


class IssuerAway(SignIn):
    def __init__(self) -> None:
        """It has no address."""

    async def _refreshed(self, token: str) -> dict[str, Any]:
        raise Unavailable("issuer", "an answer")


async def test_of_requests_at_once_one_fetches_the_token_anew(sessions: Sessions) -> None:
    session = signed_in(sessions, expires_at=time.time() + 5)
    await sessions.save(session)
    issuer, tokens = RotatingIssuer(), Tokens()
    loaded = [await kept(sessions, session) for _ in range(6)]
    found = await asyncio.gather(*(tokens.renewed(sessions, issuer, each) for each in loaded))
    assert {each.data["tokens"]["access_token"] for each in found if each} == {"new"}
    assert (len([each for each in found if each]), issuer.asked) == (6, 1)
    assert (await kept(sessions, session)).data["tokens"]["refresh_token"] == "1"


async def test_what_another_process_fetched_serves_too(sessions: Sessions) -> None:
    session = signed_in(sessions, expires_at=time.time() + 5)
    await sessions.save(session)
    issuer = RotatingIssuer()
    loaded = [await kept(sessions, session) for _ in range(2)]
    found = await asyncio.gather(*(Tokens().renewed(sessions, issuer, each) for each in loaded))
    assert len([each for each in found if each]) == 2
    assert (await kept(sessions, session)).data["tokens"]["access_token"] == "new"


async def test_while_the_issuer_is_away_a_token_is_good_until_its_end(sessions: Sessions) -> None:
    session = signed_in(sessions, expires_at=time.time() + 5)
    await sessions.save(session)
    assert await Tokens().renewed(sessions, IssuerAway(), session) is not None
    session.data["tokens"] = {**session.data["tokens"], "expires_at": 0}
    await sessions.save(session)
    with pytest.raises(Unavailable):
        await Tokens().renewed(sessions, IssuerAway(), session)
    assert await sessions.load(session.token) is not None


class IssuerByState(SignIn):
    """Whoever comes back with the state that it gave is signed in."""

    def __init__(self) -> None:
        super().__init__(Client(issuer="http://issuer"), "http://portal")
        self._issuer.server_metadata = {
            "authorization_endpoint": "http://issuer/authorize",
            "_loaded_at": time.time() + 9e6,
        }

    async def end(self, request: Request, session: Session) -> dict[str, Any]:
        begun = session.data["sign_ins"].pop(request.query_params["state"], None)
        if begun is None:
            raise OAuthError(error="mismatching_state")
        return {
            "tokens": {
                "access_token": token("AUDITOR"),
                "expires_at": time.time() + 9e6,
            },
            "user": {"sub": "a", "role": "AUDITOR", "name": "a", "org": None, "city": None},
        }

    async def logout_url(self, session: Session) -> str | None:
        raise Unavailable("issuer", "an answer")


@pytest.fixture
def issuer(portal: PortalInMemory) -> IssuerByState:
    made = IssuerByState()
    object.__setattr__(portal.app.state.site, "sign_in", made)
    return made


def test_a_sign_in_begun_in_two_tabs_ends_in_either(
    portal: PortalInMemory, issuer: IssuerByState
) -> None:
    browser = portal.visitor()
    browser.browser.follow_redirects = False
    states = [begin(browser) for _ in range(2)]
    browser.open(f"/login/callback?code=1&state={states[0]}")
    assert location(browser) == "/audit"
    browser.open(f"/login/callback?code=1&state={states[1]}")
    assert location(browser) == "/"


def test_no_state_serves_twice_or_anybody_else(
    portal: PortalInMemory, issuer: IssuerByState
) -> None:
    one, other = portal.visitor(), portal.visitor()
    for each in (one, other):
        each.browser.follow_redirects = False
    state = begin(one)
    begin(other)
    other.open(f"/login/callback?code=1&state={state}")
    assert location(other) == "/login?error=1"
    one.open(f"/login/callback?code=1&state={state}")
    assert location(one) == "/audit"
    one.browser.cookies.delete("kaohe")
    one.open(f"/login/callback?code=1&state={state}")
    assert location(one) == "/login?error=1"


def begin(browser: Any) -> str:
    browser.open("/login/start?next=/audit")
    return str(parse_qs(urlsplit(location(browser)).query)["state"][0])


def location(browser: Any) -> str:
    return str(browser.told.headers["location"])


def test_who_signs_out_while_the_issuer_is_away_is_signed_out(
    portal: PortalInMemory, issuer: IssuerByState
) -> None:
    auditor = portal.visitor("AUDITOR")
    auditor.open("/")
    known = auditor.session.token
    auditor.press("退出")
    assert "已退出" in auditor.text
    auditor.browser.cookies.set("kaohe", known)
    auditor.open("/")
    assert auditor.path.startswith("/login")
