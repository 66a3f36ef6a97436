"""Rules of what follows the review: conclusion, publicity, rectification, withdrawal of a licence,
on-site check (group V).
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from libs.events.refusal import Finding
from libs.events.texts import normal
from libs.events.value import Value
from libs.filing.calendar import publicity_end, rectification_end
from libs.filing.catalogue import finding
from libs.filing.identifiers import is_resident_id
from libs.filing.policy import AssessmentPolicy
from libs.filing.rules import paths

# code list `assessment_result`: what a person may conclude
CONCLUSIONS = frozenset({"PASS", "BASIC", "FAIL"})
FAILED = frozenset({"REFUSED", "OVERDUE"})  # code list `rectification_status`
FEWEST_INSPECTORS = 2
PHONE = re.compile(r"(?<!\d)(1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?!\d)", re.ASCII)
ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)", re.ASCII)
SCAN_FIELDS = frozenset({"scan", "scans", "sha256"})
CREDIT_CODE = "uscc"  # 18 digits, too
# the system's own names of things, in whose digits any number may stand
OWN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


class ConcludedResult(Value):
    """What a person concludes: `reason` why it is not what was proposed or is not clean,
    `approved_by` the lead.
    """

    result: str  # code list `assessment_result`
    proposed: str
    uncleared: int = 0  # findings that are open or upheld
    reason: str | None = None
    approved_by: str | None = None


def v06(outcome: ConcludedResult) -> list[Finding]:
    if outcome.result not in CONCLUSIONS:
        return [finding("V06", "/result")]
    clean = outcome.result == outcome.proposed and not (
        outcome.result == "PASS" and outcome.uncleared
    )
    missing = [
        *([] if (outcome.reason or "").strip() else [finding("V06", "/override_reason")]),
        *([] if outcome.approved_by else [finding("V06", "/approved_by")]),
    ]
    return [] if clean else missing


def v07(
    opened_on: date, today: date, policy: AssessmentPolicy, *, open_objections: int
) -> list[Finding]:
    """The last working day of publicity is still a day of it."""
    over = today > publicity_end(opened_on, policy.publicity_workdays)
    return [] if over and not open_objections else [finding("V07")]


def v08(notice_date: date, deadline: date, policy: AssessmentPolicy) -> list[Finding]:
    late = deadline > rectification_end(notice_date, policy.rectify_months_max)
    return [finding("V08", "/deadline")] if late else []


def v09(rectification: str, *, heard: bool) -> list[Finding]:
    """`heard`: the enterprise was told and could state its case."""
    return [] if rectification in FAILED and heard else [finding("V09")]


def v10(certificates: Sequence[str | None]) -> list[Finding]:
    """The number of each inspector's certificate; one person named twice is one."""
    numbers = {normal(each or "") for each in certificates}
    return (
        []
        if "" not in numbers and len(numbers) >= FEWEST_INSPECTORS
        else [finding("V10", "/inspectors")]
    )


def v12(published: Value) -> list[Finding]:
    """No ID number, telephone number or scan, whichever field it was typed into."""
    return [
        finding("V12", pointer)
        for pointer, name, value in _leaves(paths.plain(published))
        if _is_personal(name, value)
    ]


def _is_personal(name: str, value: Any) -> bool:
    if name in SCAN_FIELDS:
        return value is not None
    if not isinstance(value, str) or name == CREDIT_CODE or OWN_ID.fullmatch(value):
        return False
    return bool(PHONE.search(value)) or any(
        is_resident_id(each) for each in ID_NUMBER.findall(value)
    )


def _leaves(value: Any, pointer: str = "", name: str = "") -> Iterator[tuple[str, str, Any]]:
    """Each single value with its place and the field it stands in."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _leaves(below, f"{pointer}/{key}", key)
    elif isinstance(value, list):
        for n, below in enumerate(value):
            yield from _leaves(below, f"{pointer}/{n}", name)
    else:
        yield pointer, name, value
