"""The year of the nation, written into the logs as far as is asked for."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from benchmarks.national.population import Firm
from benchmarks.national.year import FirmYear, events_of
from libs.events.keyring import KeyRing
from libs.events.store import Log

AT_ONCE = 32  # enterprises whose year passes at the same time


@dataclass
class Year:
    logs: Mapping[str, Log]
    keys: KeyRing
    firms: Iterator[Firm]
    events: int = 0  # of the enterprises that were begun
    enterprises: int = 0
    people: int = 0

    async def grow(self, events: int) -> None:
        """Until enterprises with so many events in all have had their year."""

        async def write() -> None:
            while self.events < events and (firm := next(self.firms, None)):
                self.events += events_of(firm)
                self.enterprises += 1
                self.people += firm.staff
                await FirmYear(firm, self.logs, self.keys).pass_by()

        await asyncio.gather(*(write() for _ in range(AT_ONCE)))
