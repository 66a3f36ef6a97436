"""The rules of the conclusion, in exact fractions."""

from collections.abc import Collection, Iterable
from typing import cast

from libs.filing import reference
from libs.filing.conclusion.held import HeldItem, in_force
from libs.filing.conclusion.result import ItemProposal, Proposal, Result, Serious
from libs.filing.policy import AssessmentPolicy
from libs.filing.staffing import Group, LicenceStaffing, Staffing, Tally
from libs.filing.standards import Standard

NO_CERTIFICATE: Serious = "NO_CERTIFICATE_IN_FORCE"


def propose(
    items: Iterable[HeldItem],
    staffing: Staffing,
    serious: Collection[Serious] = (),
    upheld: Collection[str] = (),
    policy: AssessmentPolicy | None = None,
    version: str = reference.VERSION,
) -> Proposal:
    """From every held item, the staffing check of their standards, and what a reviewer entered and
    upheld.
    """
    policy = policy or reference.policy()
    held = [item for item in items if in_force(item, staffing.as_of, policy)]
    per_item = tuple(_item(item, item.standard(version), staffing, policy) for item in held)
    points = _serious(serious, per_item, policy)
    return Proposal(
        result=Result.FAIL if points else _result(per_item, upheld),
        per_item=per_item,
        serious=points,
        upheld=tuple(sorted(set(upheld))),
        policy_version=policy.version,
    )


def _serious(
    entered: Collection[Serious], per_item: tuple[ItemProposal, ...], policy: AssessmentPolicy
) -> tuple[Serious, ...]:
    """Those the policy knows, in its order."""
    happened = {*entered, *(() if per_item else (NO_CERTIFICATE,))}
    known = cast(tuple[Serious, ...], policy.serious_points)
    return tuple(point for point in known if point in happened)


def _result(per_item: tuple[ItemProposal, ...], upheld: Collection[str]) -> Result:
    """The gravest of all items; no item at all is for a person."""
    results = {each.result for each in per_item} or {Result.MANUAL}
    if upheld:
        results.add(Result.BASIC)
    return next(each for each in Result if each in results)


def _item(
    item: HeldItem, standard: Standard | None, staffing: Staffing, policy: AssessmentPolicy
) -> ItemProposal:
    if standard is None:
        return ItemProposal(
            item=item, result=Result.MANUAL, registered=None, professionals=None, unverified=True
        )
    found = staffing.of(standard.code)
    guessed = _guessed(standard, found, policy)
    registered, professionals = found.tally(Group.REGISTERED), found.tally(Group.PROFESSIONAL)
    without, full = (
        _recounted(found, guessed) if registered and professionals and guessed else (None, None)
    )
    return ItemProposal(
        item=item,
        result=_item_result(found, (without, full) if guessed else (), policy),
        registered=registered,
        professionals=professionals,
        provisional=guessed,
        without_provisional=without,
        as_full=full,
        open_slots=found.shortfalls,
        excluded_persons=found.excluded,
        unverified=_unverified(standard, found),
    )


def _guessed(
    standard: Standard, found: LicenceStaffing, policy: AssessmentPolicy
) -> tuple[Group, ...]:
    """Known groups whose numbers the policy does not trust."""
    trust = {
        Group.REGISTERED: standard.confidence.registered,
        Group.PROFESSIONAL: standard.confidence.professionals,
    }
    return tuple(
        group
        for group, mark in trust.items()
        if mark in policy.provisional_confidence and found.tally(group) is not None
    )


def _recounted(found: LicenceStaffing, guessed: tuple[Group, ...]) -> tuple[Tally | None, Tally]:
    """Without the guessed groups (None: nothing left), and with them as full."""
    sure, full = Tally(filled=0, slots=0), Tally(filled=0, slots=0)
    for group in Group:
        counted = found.tally(group) or sure
        if group in guessed:
            full += Tally(filled=counted.slots, slots=counted.slots)
        else:
            sure, full = sure + counted, full + counted
    return (sure if sure.slots else None), full


def _item_result(
    found: LicenceStaffing, recounted: tuple[Tally | None, ...], policy: AssessmentPolicy
) -> Result:
    """`recounted` holds what must be short as well before the machine fails anybody on numbers
    that are not verified.
    """
    if found.total is None:
        return Result.MANUAL
    if found.total.ratio < policy.basic_threshold:
        firm = all(each is not None and each.ratio < policy.basic_threshold for each in recounted)
        return Result.FAIL if firm else Result.MANUAL
    return Result.PASS if found.reached else Result.BASIC


def _unverified(standard: Standard, found: LicenceStaffing) -> bool:
    """A28: the numbers in brackets matter only where a slot they might fill stays open."""
    unknown = (standard.min_registered, standard.min_professionals, standard.tech_leader)
    return None in unknown or any(each.brackets_unknown for each in found.shortfalls)
