"""Bearer tokens: JWT access tokens (RFC 9068) of an OpenID Connect issuer. Their lifetimes are
measured by the machine's clock.
"""

import asyncio
import time
from hashlib import sha256
from typing import Any

import httpx
from fastapi import Request
from fastapi.security import HTTPBearer
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import extract_compact

from libs.chassis.ports.ports import ports_of
from libs.chassis.ports.principal import ANYBODY, Principal
from libs.chassis.problems.kinds import UNAUTHENTICATED
from libs.chassis.problems.problem import Stopped
from libs.events.errors import Unavailable
from libs.events.kept import ExpiringCache

ALGORITHM = "ES256"  # pinned: a token never chooses how it is checked
TYPES = ("at+jwt", "application/at+jwt")
# seconds between two refreshes of the key set: a made-up kid must not become a way to load the
# issuer
REST = 10.0
LEEWAY = 5  # seconds between the issuer's clock and ours
REMEMBERED = 4096  # verified tokens

bearer = HTTPBearer(
    auto_error=False, bearerFormat="JWT", description="OpenID Connect access token (RFC 9068)"
)


class Issuer:
    """Checks tokens against an issuer's published keys, which it keeps and fetches again when an
    unknown key turns up. A verified token is remembered by its hash until it expires, or until the
    keys are fetched again.
    """

    def __init__(self, issuer: str, audience: str, client: httpx.AsyncClient) -> None:
        self._issuer, self._client = issuer, client
        self._claims = jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        self._keys, self._fetched = KeySet([]), -REST
        self._verified: ExpiringCache[bytes, Principal] = ExpiringCache(
            REMEMBERED,
            lambda: time.time(),  # asked each time, as the JWT library does
        )
        self._lock = asyncio.Lock()

    async def verify(self, token: str) -> Principal:
        """Who the token speaks for. Raises Stopped if it is not valid."""
        digest = sha256(token.encode()).digest()
        if known := self._verified.get(digest):
            return known
        try:
            header = _header(token)
            await self._know(str(header["kid"]))
            checked = jwt.decode(token, self._keys, algorithms=[ALGORITHM])
            self._claims.validate(checked.claims)
            principal = _principal(checked.claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise invalid() from error
        self._verified.put(digest, principal, checked.claims["exp"])
        return principal

    async def ready(self) -> None:
        """Raises Unavailable if no key of the issuer can be had."""
        if not self._keys.keys:
            await self._fetch()

    async def _know(self, kid: str) -> None:
        async with self._lock:
            if (
                all(key.kid != kid for key in self._keys.keys)
                and time.monotonic() - self._fetched >= REST
            ):
                await self._fetch()

    async def _fetch(self) -> None:
        try:
            found = await self._json(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
            if found["issuer"] != self._issuer:
                raise ValueError("another issuer")
            self._keys = KeySet.import_key_set(await self._json(found["jwks_uri"]))
            self._fetched = time.monotonic()
            self._verified.clear()
        except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError) as error:
            raise Unavailable("issuer", f"its keys ({type(error).__name__})") from error

    async def _json(self, url: str) -> Any:
        answer = await self._client.get(url, timeout=2)
        return answer.raise_for_status().json()


async def caller(request: Request) -> Principal:
    """Who asks; anybody, if the request brings no token. Raises Stopped for an invalid token."""
    given = request.headers.get("authorization")
    if given is None:
        return ANYBODY
    scheme, _, token = given.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise invalid()
    return await ports_of(request).verifier.verify(token.strip())


def missing() -> Stopped:
    return Stopped(UNAUTHENTICATED, WWW_Authenticate='Bearer realm="kaohe"')


def invalid() -> Stopped:
    return Stopped(UNAUTHENTICATED, WWW_Authenticate='Bearer realm="kaohe", error="invalid_token"')


def _header(token: str) -> dict[str, Any]:
    header = dict(extract_compact(token.encode()).headers())
    if str(header.get("typ", "")).lower() not in TYPES:
        raise ValueError("not an access token")
    return header


def _principal(claims: dict[str, Any]) -> Principal:
    roles = claims["roles"]
    if not isinstance(roles, list) or not roles or not all(isinstance(role, str) for role in roles):
        raise ValueError("no roles")
    text = {name: claims.get(name) for name in ("org", "city", "office", "act_for", "person")}
    if not isinstance(claims["sub"], str) or not all(
        value is None or isinstance(value, str) for value in text.values()
    ):
        raise ValueError("claims of the wrong type")
    return Principal(sub=claims["sub"], roles=tuple(roles), **text)
