"""Bearer tokens: JWT access tokens (RFC 9068) of an OpenID Connect issuer. Their lifetimes are
measured by the machine's clock.
"""

import time
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import httpx
from fastapi import Request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jws import extract_compact

from libs.chassis.identity.issuer_keys import IssuerKeys
from libs.chassis.ports.ports import ports_of
from libs.chassis.ports.principal import ANYBODY, Principal
from libs.chassis.problems.kinds import UNAUTHENTICATED
from libs.chassis.problems.problem import Stopped
from libs.events.kept import ExpiringCache

TYPES = ("at+jwt", "application/at+jwt")
LEEWAY = 5  # seconds between the issuer's clock and ours
REMEMBERED = 4096  # verified tokens


class Issuer:
    """Checks tokens against an issuer's published keys. A verified token is remembered by its hash
    until it expires, or until the issuer publishes other keys.
    """

    def __init__(
        self,
        issuer: str,
        audience: str,
        client: httpx.AsyncClient,
        *,
        algorithm: str = "ES256",
        roles_claim: str = "roles",
        longest: int | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`algorithm` is pinned: a token never chooses how it is checked. `roles_claim` may lie in
        another, with a dot between. `longest`: seconds that a token may live, from `iat` to `exp`;
        None: any.
        """
        self._algorithm, self._roles_claim, self._longest = algorithm, roles_claim, longest
        self._claims = jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        self._verified: ExpiringCache[bytes, Principal] = ExpiringCache(
            REMEMBERED,
            lambda: time.time(),  # asked each time, as the JWT library does
        )
        self._keys = IssuerKeys(issuer, client, self._verified.clear, clock)

    @property
    def cache(self) -> ExpiringCache[bytes, Principal]:
        return self._verified

    async def verify(self, token: str) -> Principal:
        """Who the token speaks for. Raises Stopped if it is not valid."""
        digest = sha256(token.encode()).digest()
        if known := self._verified.get(digest):
            await self._keys.refreshed()
            return known
        try:
            header = _header(token)
            keys = await self._keys.with_key(str(header["kid"]))
            checked = jwt.decode(token, keys, algorithms=[self._algorithm])
            self._judge(checked.claims)
            principal = _principal(checked.claims, self._roles_claim)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise invalid() from error
        self._verified.put(digest, principal, checked.claims["exp"])
        return principal

    async def ready(self) -> None:
        """Raises Unavailable if no key of the issuer can be had."""
        await self._keys.ready()

    def _judge(self, claims: dict[str, Any]) -> None:
        """Raises JoseError, or ValueError for a token that lives longer than any may."""
        self._claims.validate(claims)
        if self._longest is None:
            return
        issued, lives = claims["iat"], claims["exp"] - claims["iat"]
        if type(issued) is not int or lives > self._longest:
            raise ValueError("a token that lives too long")


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


def _principal(claims: dict[str, Any], roles_claim: str) -> Principal:
    roles = _claim(claims, roles_claim)
    if not isinstance(roles, list) or not roles or not all(isinstance(role, str) for role in roles):
        raise ValueError("no roles")
    text = {name: claims.get(name) for name in ("org", "city", "office", "act_for", "person")}
    if not isinstance(claims["sub"], str) or not all(
        value is None or isinstance(value, str) for value in text.values()
    ):
        raise ValueError("claims of the wrong type")
    return Principal(sub=claims["sub"], roles=tuple(roles), **text)


def _claim(claims: dict[str, Any], name: str) -> Any:
    """By its name, else by its path. Raises KeyError, TypeError."""
    if name in claims:
        return claims[name]
    found: Any = claims
    for part in name.split("."):
        found = found[part]
    return found
