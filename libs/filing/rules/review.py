"""Rules of reviewing (group V)."""

from collections.abc import Sequence

from libs.events.refusal import Finding
from libs.filing.catalogue import STATE, finding
from libs.filing.filing import Decision, ReturnedItem

SHORTEST_COMMENT = 5


def v01(*, own_unit: bool) -> list[Finding]:
    return [] if own_unit else [finding("V01")]


def v02(*, earlier: str | None, reviewer: str) -> list[Finding]:
    """`earlier`: who decided at the level before."""
    return [finding("V02")] if earlier == reviewer else []


def v03(decision: Decision, items: Sequence[ReturnedItem], comment: str) -> list[Finding]:
    """A reason and what is wrong, in words: on the points themselves, or for a refusal in the comment."""
    if decision not in (Decision.RETURN, Decision.FAIL):
        return []
    if not items:
        return [finding("V03", "/items")] if decision is Decision.RETURN or len(comment.strip()) < SHORTEST_COMMENT else []
    return [
        finding("V03", f"/items/{n}/text")
        for n, item in enumerate(items)
        if max(len(item.text.strip()), len(comment.strip())) < SHORTEST_COMMENT
    ]


def v04(*, same: bool) -> list[Finding]:
    """Round and hash of what was reviewed are those of what is sent."""
    return [] if same else [finding("V04")]


def may_take(*, taken_by_another: bool, waiting: bool) -> list[Finding]:
    if taken_by_another:
        return [finding(STATE, case="case_taken")]
    return [] if waiting else [finding(STATE, case="case_not_waiting")]
