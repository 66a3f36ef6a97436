"""Accounts at Keycloak, and people who sign in there as they do through the portal: by the code
flow with PKCE, on Keycloak's own page.
"""

import base64
import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
from lxml import html

from deploy.demo.stage import API, DemoUser, RequestRefused
from tests.compose.installation import DOMAIN

KEYCLOAK, PORTAL = f"https://id.{DOMAIN}", f"https://portal.{DOMAIN}"
PROTOCOL = "protocol/openid-connect"
BACK = f"{PORTAL}/login/callback"
LATER = (502, 503, 504)
RENEWED = 200.0  # seconds; a token lives five minutes
PATIENCE = 300.0  # seconds until the next primary answers


@dataclass
class Account:
    """At Keycloak, with a role of the realm."""

    name: str
    role: str
    claims: dict[str, str]
    password: str = field(default_factory=lambda: secrets.token_urlsafe(12))

    def made(self, client: httpx.Client, admin: str) -> None:
        asked = {"grant_type": "password", "client_id": "admin-cli", "username": "admin"}
        token = client.post(
            f"{KEYCLOAK}/realms/master/{PROTOCOL}/token", data=asked | {"password": admin}
        )
        headers = {"Authorization": f"Bearer {found(token)['access_token']}"}
        realm = f"{KEYCLOAK}/admin/realms/kaohe"
        user = {
            "username": self.name,
            "enabled": True,
            "emailVerified": True,
            "email": f"{self.name}@example.com",
            "firstName": "测试",
            "lastName": "用户",
            "attributes": {name: [value] for name, value in self.claims.items()},
            "credentials": [{"type": "password", "value": self.password, "temporary": False}],
        }
        made = client.post(f"{realm}/users", json=user, headers=headers).raise_for_status()
        role = found(client.get(f"{realm}/roles/{self.role}", headers=headers))
        client.post(
            f"{made.headers['Location']}/role-mappings/realm", json=[role], headers=headers
        ).raise_for_status()

    def signs_in(self, ca: Path) -> str:
        """Their access token."""
        proof = secrets.token_urlsafe(48)
        digest = hashlib.sha256(proof.encode()).digest()
        asked = {
            "client_id": "kaohe-portal",
            "response_type": "code",
            "scope": "openid",
            "redirect_uri": BACK,
            "state": secrets.token_urlsafe(8),
            "code_challenge_method": "S256",
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        }
        realm = f"{KEYCLOAK}/realms/kaohe/{PROTOCOL}"
        with browser(ca) as client:
            page = client.get(f"{realm}/auth", params=asked).raise_for_status()
            form = html.document_fromstring(page.text).forms[0]
            typed = dict(form.form_values()) | {"username": self.name, "password": self.password}
            answer = client.post(urljoin(str(page.url), form.action), data=typed)
            (code,) = parse_qs(urlsplit(answer.headers["Location"]).query)["code"]
            grant = {
                "grant_type": "authorization_code",
                "client_id": "kaohe-portal",
                "redirect_uri": BACK,
                "code": code,
                "code_verifier": proof,
            }
            return str(found(client.post(f"{realm}/token", data=grant))["access_token"])


def browser(ca: Path) -> httpx.Client:
    return httpx.Client(verify=str(ca), timeout=60, trust_env=False)


def found(answer: httpx.Response) -> dict[str, Any]:
    return dict(answer.raise_for_status().json())


@dataclass
class SignedIn(DemoUser):
    """Signs in again before the token ends; whatever is not answered is asked again."""

    signs_in: Callable[[], str] = str
    since: float = 0.0

    def _call(self, method: str, service: str, path: str, **given: Any) -> httpx.Response:
        own, end = given.pop("headers", {}), time.monotonic() + PATIENCE
        while True:
            answer = self._asked(method, f"{self.services[service]}{API}{path}", own, given)
            if answer and answer.status_code not in LATER:
                break
            if time.monotonic() > end:
                raise TimeoutError(f"{method} {service} {path}: {answer}")
            time.sleep(1)
        if answer.is_error:
            raise RequestRefused(answer)
        return answer

    def _asked(
        self, method: str, url: str, own: dict[str, str], given: dict[str, Any]
    ) -> httpx.Response | None:
        try:
            if time.monotonic() - self.since > RENEWED:
                self.token, self.since = self.signs_in(), time.monotonic()
            headers = own | {"Authorization": f"Bearer {self.token}"}
            return self.client.request(method, url, headers=headers, **given)
        except httpx.HTTPError:
            return None
