"""What an item in one state offers to one person, beside what each act itself says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from libs.events.errors import NotFound
from libs.events.refusal import Finding, Refused
from libs.events.replayed import copied
from libs.filing.reference import rules

READ = tuple(rules())  # whoever acts has read every warning


@dataclass(frozen=True)
class Offer:
    """`offered`: by action, what stands against it; `acts`: the act of each, done as well as it
    can be done, with every warning read; `status`: where the item stands.
    """

    name: str
    status: str
    item: Any
    offered: Mapping[str, Sequence[Finding]]
    acts: Mapping[str, Callable[[Any], object]]

    def against(self, action: str) -> list[Finding]:
        """What the offer says; warnings do not forbid."""
        return [each for each in self.offered[action] if each.severity.blocks]

    def refused(self, action: str) -> list[Finding] | None:
        """What the act says; None where there is nothing to do it to."""
        try:
            self.acts[action](copied(self.item))
        except Refused as error:
            return list(error.findings)
        except NotFound:
            return None
        return []
