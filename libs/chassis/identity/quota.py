"""How much one caller may ask: requests of a subject, or of an address that shows no valid token;
and of others' personal data how many records an hour, for each purpose. Counted in this process.
"""

import math
import time
from collections.abc import Callable, Hashable, Sequence

import structlog

from libs.chassis.problems.kinds import QUOTA
from libs.chassis.problems.problem import Stopped
from libs.chassis.process.settings import Quotas
from libs.events.kept import ExpiringCache

MINUTE, HOUR = 60.0, 3600.0
CALLERS = 50_000  # of whom something is remembered; who asked longest ago is forgotten first
log = structlog.get_logger("quota")


class Quota:
    def __init__(self, quotas: Quotas, clock: Callable[[], float] = time.monotonic) -> None:
        self._quotas, self._clock = quotas, clock
        # by caller: when their requests so far are paid off at the rate they may ask (GCRA)
        self._paid: ExpiringCache[Hashable, float] = ExpiringCache(CALLERS, clock)
        # by subject and operation: the hour's end, and whom they have read since it began
        self._read: ExpiringCache[Hashable, tuple[float, set[Hashable]]] = ExpiringCache(
            CALLERS, clock
        )

    def ask(self, subject: str) -> None:
        """One request of a signed-in caller. Raises Stopped (429) beyond what they may."""
        self._take(("subject", subject), self._quotas.requests_a_minute)

    def ask_from(self, address: str) -> None:
        """The same of whoever shows no valid token."""
        self._take(("address", address), self._quotas.unknown_a_minute)

    def read(self, subject: str, operation: str, records: Sequence[Hashable]) -> None:
        """Of personal data of others; the same record counts once an hour. Raises Stopped (429):
        nothing is shown, and the operator is alarmed.
        """
        key, now = (subject, operation), self._clock()
        until, seen = self._read.get(key) or (now + HOUR, set())
        most = self._quotas.records_an_hour
        if most is not None and len(seen | {*records}) > most:
            log.error("alarm", quota="records_an_hour", subject=subject, operation=operation)
            raise _beyond(until - now)
        seen |= {*records}
        self._read.put(key, (until, seen), until)

    def _take(self, caller: Hashable, a_minute: int) -> None:
        now, each = self._clock(), MINUTE / a_minute
        paid = max(self._paid.get(caller) or now, now) + each
        if paid - now > MINUTE:
            log.warning("refused", quota="requests", caller=str(caller))
            raise _beyond(paid - now - MINUTE)
        self._paid.put(caller, paid, paid)


def _beyond(seconds: float) -> Stopped:
    return Stopped(QUOTA, Retry_After=str(max(1, math.ceil(seconds))))
