"""The proposal and its arithmetic, kept with the record and with the conclusion."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Literal

from libs.events.refusal import Finding
from libs.events.value import Value
from libs.filing.catalogue import finding
from libs.filing.conclusion.held import HeldItem
from libs.filing.staffing import Exclusion, Group, Shortfall, Tally

Serious = Literal[
    "FALSE_MATERIAL", "REFUSED_INSPECTION", "SERIOUS_PENALTY", "NO_CERTIFICATE_IN_FORCE"
]


class Result(StrEnum):
    """Of list assessment_result, what a machine may propose; the gravest first."""

    FAIL = "FAIL"
    MANUAL = "MANUAL"
    BASIC = "BASIC"
    PASS = "PASS"


class ItemProposal(Value):
    """One licence in force. None: a group without known numbers."""

    item: HeldItem
    result: Result
    registered: Tally | None
    professionals: Tally | None
    provisional: tuple[Group, ...] = ()  # groups whose numbers are not verified and were used: 暂定
    without_provisional: Tally | None = None  # None too where nothing is left
    as_full: Tally | None = None
    open_slots: tuple[Shortfall, ...] = ()
    excluded_persons: tuple[Exclusion, ...] = ()
    unverified: bool = False  # A28

    @property
    def total(self) -> Tally | None:
        if self.registered is None or self.professionals is None:
            return None
        return self.registered + self.professionals


class Proposal(Value):
    result: Result
    per_item: tuple[ItemProposal, ...]
    serious: tuple[Serious, ...] = ()
    upheld: tuple[str, ...] = ()  # rules whose findings a reviewer upheld
    policy_version: str

    @property
    def provisional(self) -> bool:
        return any(each.provisional for each in self.per_item)


def findings(proposal: Proposal, places: Iterable[str] = ()) -> tuple[Finding, ...]:
    """A28 for each licence whose standard is not known in full. `places`: where the licences in
    force stand in the record, in order.
    """
    spots = tuple(places) or ("",) * len(proposal.per_item)
    unverified = [
        (each.item, spot)
        for each, spot in zip(proposal.per_item, spots, strict=True)
        if each.unverified
    ]
    return tuple(
        finding("A28", spot, qualification=item.label(), qualification_en=item.label("en"))
        for item, spot in unverified
    )
