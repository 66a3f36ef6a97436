"""Signing in at somebody else's issuer: a real Keycloak."""

from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest
from lxml import html

from libs.chassis.identity.auth import Issuer
from services.portal.pages import ROUTER
from services.portal.settings import PortalSettings
from services.portal.web.app import application
from services.portal.web.sessions import Session
from tests.patience import PATIENCE
from tests.portal.in_memory import URL, AccountsInMemory, SessionsInMemory
from tests.portal.keycloak import keycloak

pytestmark = [pytest.mark.servers, pytest.mark.slow]
PASSWORD = "a-test"
CLERK = {
    "username": "clerk",
    "enabled": True,
    "email": "clerk@example.com",
    "emailVerified": True,
    "firstName": "经办人",
    "lastName": "测试",
    "attributes": {"org": ["91410100MA751502XT"]},
    "realmRoles": ["default-roles-kaohe", "ENT_CLERK"],
    "credentials": [{"type": "password", "value": PASSWORD}],
}


async def form_of(page: httpx.Response) -> tuple[str, dict[str, str]]:
    form = html.document_fromstring(page.text).forms[0]
    return urljoin(str(page.url), form.action), dict(form.form_values())


async def test_a_clerk_signs_in_at_keycloak_and_out_again(tmp_path: Path) -> None:
    async with (
        keycloak(tmp_path, URL, CLERK) as issuer,
        httpx.AsyncClient(timeout=PATIENCE) as outside,
    ):
        sessions = SessionsInMemory()
        app = application(settings(issuer), sessions, AccountsInMemory(), outside, ROUTER)
        browser = httpx.AsyncClient(
            mounts={URL: httpx.ASGITransport(app)},
            follow_redirects=True,
            timeout=PATIENCE,
            headers={"Accept-Language": "zh"},
        )

        async def trust_loopback(_: httpx.Response) -> None:
            """As browsers do: Secure cookies go to it without TLS too."""
            for cookie in browser.cookies.jar:
                cookie.secure = False

        browser.event_hooks = {"response": [trust_loopback]}
        session = await signed_in(browser, sessions)
        user = session.data["user"]
        assert (user["role"], user["org"]) == ("ENT_CLERK", "91410100MA751502XT")
        principal = await Issuer(issuer, "kaohe", outside).verify(
            session.data["tokens"]["access_token"]
        )
        assert "ENT_CLERK" in principal.roles
        assert principal.org == "91410100MA751502XT"

        session.data["tokens"]["expires_at"] = 0  # the token's end has come
        before = session.data["tokens"]["access_token"]
        assert await app.state.site.sign_in.keep_fresh(session)
        assert session.data["tokens"]["access_token"] != before
        logout = await app.state.site.sign_in.logout_url(session)
        assert str(logout).startswith(issuer)
        left = await browser.get(str(logout))
        assert str(left.url).startswith(f"{URL}/login")


async def signed_in(browser: httpx.AsyncClient, sessions: SessionsInMemory) -> Session:
    """Through the issuer's own page; the session that the portal keeps then."""
    page = await browser.get(f"{URL}/login/start?next=/login")
    where, fields = await form_of(page)
    filled: dict[str, Any] = fields | {"username": "clerk", "password": PASSWORD}
    back = await browser.post(where, data=filled)
    assert back.url.path == "/login", back.text
    session = await sessions.load(browser.cookies["kaohe"])
    assert session
    return session


def settings(issuer: str) -> PortalSettings:
    services = {name: f"http://{name}" for name in ("enterprise", "personnel", "projects")}
    return PortalSettings.model_validate(
        {
            "profile": "dev",
            "url": URL,
            "auth": {"issuer": issuer},
            "services": {**services, "assessment": "http://a", "review": "http://r"},
            "db": {"dsn": "postgresql://none"},
            "session_key_file": "none",
        }
    )
