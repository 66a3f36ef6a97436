"""Rules of reviewing (group V, and A20 of the returns)."""

from collections.abc import Sequence

from libs.events.refusal import Finding
from libs.filing.catalogue import STATE, finding
from libs.filing.filing import Decision, ReturnedItem

SHORTEST_COMMENT = 5
READ_ONLY = frozenset({"AUDITOR", "PUBLIC"})  # code list `role`


def a20(decision: Decision, returns: int, max_returns: int) -> list[Finding]:
    """It binds the reviewer: at the limit he decides on this round."""
    return (
        [finding("A20", "/decision")]
        if decision is Decision.RETURN and returns >= max_returns
        else []
    )


def v01(*, own_unit: bool) -> list[Finding]:
    return [] if own_unit else [finding("V01")]


def v02(*, earlier: str | None, reviewer: str, acts_for_enterprise: bool = False) -> list[Finding]:
    """`earlier`: who decided at the level before."""
    return [finding("V02")] if earlier == reviewer or acts_for_enterprise else []


def v03(decision: Decision, items: Sequence[ReturnedItem], comment: str) -> list[Finding]:
    """A reason and what is wrong, in words: on the points themselves, or for a refusal in the
    comment.
    """
    if decision not in (Decision.RETURN, Decision.FAIL):
        return []
    if not items and decision is Decision.FAIL:
        is_said = len(comment.strip()) >= SHORTEST_COMMENT
        return [] if is_said else [finding("V03", "/items", case="failed")]
    if not items:
        return [finding("V03", "/items")]
    return [
        finding("V03", f"/items/{n}/text")
        for n, item in enumerate(items)
        if max(len(item.text.strip()), len(comment.strip())) < SHORTEST_COMMENT
    ]


def v04(*, same: bool) -> list[Finding]:
    """Round and hash of what was reviewed are those of what is sent."""
    return [] if same else [finding("V04")]


def v05(*, city_opinion: bool, of_province: bool) -> list[Finding]:
    """A record at the province; `of_province`: its enterprise's supervising unit is 410000, which
    knows no city step.
    """
    return [] if city_opinion or of_province else [finding("V05")]


def v11(*, interest: bool) -> list[Finding]:
    """`interest`: the reviewer has declared one in the enterprise."""
    return [finding("V11")] if interest else []


def v13(role: str, *, writes: bool, numbers_in_clear: bool = False) -> list[Finding]:
    """Who only looks has no command and sees document numbers masked."""
    return [finding("V13")] if role in READ_ONLY and (writes or numbers_in_clear) else []


def may_take(*, taken_by_another: bool, waiting: bool) -> list[Finding]:
    if taken_by_another:
        return [finding(STATE, case="case_taken")]
    return [] if waiting else [finding(STATE, case="case_not_waiting")]
