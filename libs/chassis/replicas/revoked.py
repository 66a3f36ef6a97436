"""Accounts and roles that an administrator has revoked: reference data of its own kind, which every
service projects (decision 22). A token that is still valid opens nothing for them.
"""

import asyncio
import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from libs.chassis.ports.ports import LeftOf, everything
from libs.chassis.ports.principal import Principal
from libs.events.errors import Unavailable
from libs.events.pools import CONNECTION_ERRORS, Pool, borrowed

KIND = "account_revocation"  # no code list: it is nobody's to read but operators' and auditors'
FRESH = 5.0  # seconds for which this process does not look again
HELD = 60.0  # seconds for which it goes on with what it knows while the database is away
ALL = "SELECT code, item FROM reference WHERE kind = $1"


def left_of(pool: Pool, fresh: float = FRESH, *, followed: bool) -> LeftOf:
    """Who asks, with what they have left; `followed`: whether the service follows reference data;
    `fresh`: seconds for which its process does not look again.
    """
    return Revocations(pool, fresh).left_of if followed else everything


class Revocations:
    def __init__(
        self, pool: Pool, fresh: float = FRESH, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._pool, self._fresh, self._clock = pool, fresh, clock
        self._known: Mapping[str, Mapping[str, Any]] = {}
        self._tried = self._looked = self._unanswered = -math.inf
        self._one_at_a_time = asyncio.Lock()

    async def left_of(self, principal: Principal) -> Principal | None:
        """Who asks, with the roles that they still have; None for an account that is revoked.
        Raises Unavailable where that has not been known for too long.
        """
        item = (await self._current()).get(principal.sub)
        if item is None or item.get("revoked") is False:
            return principal
        roles = item.get("roles")
        if not isinstance(roles, list) or not roles:
            return None
        return replace(principal, roles=tuple(r for r in principal.roles if r not in roles))

    async def _current(self) -> Mapping[str, Mapping[str, Any]]:
        asked = self._clock()
        if self._is_due:
            async with self._one_at_a_time:
                if self._unanswered >= asked:  # who looked for those who wait here
                    raise Unavailable("database", KIND)
                if self._is_due:
                    await self._look()
        if self._clock() - self._looked >= HELD:
            raise Unavailable("database", KIND)
        return self._known

    async def _look(self) -> None:
        """A database that refuses is away for this look alone; of one that says nothing nobody asks
        twice (decision 62).
        """
        began = self._clock()
        try:
            async with borrowed(self._pool) as connection:
                rows = await connection.fetch(ALL, KIND)
        except TimeoutError as error:
            self._unanswered = self._clock()
            raise Unavailable("database", KIND) from error
        except CONNECTION_ERRORS:
            pass
        else:
            self._known = {row["code"]: json.loads(row["item"]) for row in rows}
            self._looked = began
        finally:
            self._tried = began

    @property
    def _is_due(self) -> bool:
        now = self._clock()
        return now - self._tried >= self._fresh or now - self._looked >= HELD
