"""The published keys of an OpenID Connect issuer (JWKS), kept for as long as they may be."""

import asyncio
import math
from collections.abc import Callable
from typing import Any

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from libs.events.errors import Unavailable

# seconds between two looks for an unknown key: a made-up kid must not become a way to load the
# issuer
REST = 10.0
FIRST_REST, MOST_REST = 0.5, 4.0  # seconds after a look that failed, doubled each time
REFRESH = 300.0  # seconds after which keys are looked at again, while they go on being used
LONGEST = 3600.0  # seconds for which keys are used without the issuer saying so again


class IssuerKeys:
    """A known key is had without waiting for anything; of all who need the issuer one asks it,
    the others get the same answer.
    """

    def __init__(
        self,
        issuer: str,
        client: httpx.AsyncClient,
        changed: Callable[[], None],
        clock: Callable[[], float],
    ) -> None:
        """`changed`: told whenever the issuer publishes other keys than before."""
        self._issuer, self._client = issuer, client
        self._changed, self._clock = changed, clock
        self._keys, self._fetched = KeySet([]), -math.inf
        self._failures, self._rests_until = 0, -math.inf
        self._look: asyncio.Task[None] | None = None

    async def with_key(self, kid: str) -> KeySet:
        """The published keys; the one with this id may not be among them. Raises Unavailable
        where only the issuer could tell, and is away.
        """
        if not self._has(kid) and self._age >= REST:
            await self._looked()
        else:
            await self.refreshed()
        return self._keys

    async def refreshed(self) -> None:
        """While keys go on being used: looks at them again beside it, before they are too old.
        Raises Unavailable once they are.
        """
        if self._age >= LONGEST:
            await self._looked()
        elif self._age >= REFRESH and self._clock() >= self._rests_until:
            self._begin()

    @property
    def _age(self) -> float:
        return self._clock() - self._fetched

    async def ready(self) -> None:
        """Raises Unavailable if no key of the issuer can be had."""
        if not self._keys.keys:
            await self._looked()

    def _has(self, kid: str) -> bool:
        return any(key.kid == kid for key in self._keys.keys)

    async def _looked(self) -> None:
        """After a look, one's own or that of others. Raises Unavailable."""
        if self._look is None and (left := self._rests_until - self._clock()) > 0:
            raise Unavailable("issuer", "its next turn", math.ceil(left))
        await asyncio.shield(self._begin())

    def _begin(self) -> asyncio.Task[None]:
        if self._look is None:
            self._look = asyncio.create_task(self._fetch())
            self._look.add_done_callback(self._ended)
        return self._look

    def _ended(self, look: asyncio.Task[None]) -> None:
        self._look = None
        if look.cancelled():
            return
        if look.exception():
            rest = min(MOST_REST, FIRST_REST * 2.0**self._failures)
            self._failures = min(self._failures + 1, 10)
            self._rests_until = self._clock() + rest
        else:
            self._failures = 0

    async def _fetch(self) -> None:
        try:
            found = await self._json(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
            if found["issuer"] != self._issuer:
                raise ValueError("another issuer")
            keys = KeySet.import_key_set(await self._json(found["jwks_uri"]))
        except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError) as error:
            raise Unavailable("issuer", f"its keys ({type(error).__name__})") from error
        before, self._keys, self._fetched = self._keys, keys, self._clock()
        if before.as_dict() != keys.as_dict():
            self._changed()

    async def _json(self, url: str) -> Any:
        answer = await self._client.get(url, timeout=2)
        return answer.raise_for_status().json()
