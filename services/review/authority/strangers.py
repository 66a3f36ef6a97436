"""How many records that are not authentic are answered: of each who claims to have sent them so
many an hour, the others are counted. In this process, which is the one that reads (decision 59).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

ANSWERED = 500  # an hour, of one claim
HOUR = timedelta(hours=1)
NOBODY = ""  # no key of ours is named


@dataclass(frozen=True)
class Counted:
    """What became of a claim's records since its hour began."""

    claimed: str
    since: datetime
    answered: int = 0
    beyond: int = 0

    @property
    def is_answered(self) -> bool:
        """Whether the last one is."""
        return not self.beyond

    @property
    def tells(self) -> bool:
        """At the first that is not, and at each tenfold."""
        return str(self.beyond).strip("0") == "1"

    def and_another(self) -> "Counted":
        if self.answered < ANSWERED:
            return replace(self, answered=self.answered + 1)
        return replace(self, beyond=self.beyond + 1)


class Strangers:
    """Claims are keys that an office has, and nobody: they are few."""

    def __init__(self) -> None:
        self._counted: dict[str, Counted] = {}

    def count(self, claimed: str, at: datetime) -> Counted:
        """With this one."""
        known = self._counted.get(claimed)
        if known is None or at - known.since >= HOUR:
            known = Counted(claimed, at)
        self._counted[claimed] = counted = known.and_another()
        return counted
