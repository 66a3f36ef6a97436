"""How a record is judged: what the machine proposes under the campaign's rules, what persons find
and conclude (domain book 3.2, 4.5).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from libs.events.personal import PersonalData
from libs.events.value import Value
from libs.filing.conclusion.held import HeldItem


class Told(Value):
    """A finding of the rules, for the reviewer."""

    rule: str
    severity: str
    pointer: str = ""


class Qualification(Value):
    """资质: a licence at a grade; `licence_name`: of the open entries, as typed."""

    licence: str
    grade: str
    licence_name: str | None = None

    def label(self, lang: str = "zh") -> str:
        """建筑行业(建筑工程)乙级."""
        held = HeldItem(**dict(self), status=None, valid_to=None)
        return held.label(lang)


class Terms(Value):
    """What a sent record tells besides its bytes, and the campaign's rules for its review."""

    campaign: UUID
    generation: int
    snapshot_sha256: str
    proposal: str  # code list `assessment_result`, MANUAL included
    policy_version: str
    findings: tuple[Told, ...] = ()
    city_lead_signs: bool
    max_returns: int
    return_fix_days: int
    window_end: date  # last day on which records may be sent
    qualifications: tuple[Qualification, ...] = ()  # in force, as the record puts them forward


class Mark(StrEnum):
    CLEARED = "CLEARED"
    UPHELD = "UPHELD"


class Verdict(Value):
    """A reviewer's word on a finding; what they add themselves (A22, A23) is upheld. A finding
    without a verdict is open.
    """

    rule: str
    pointer: str = ""
    verdict: Mark
    text: str = ""


class Inspector(Value):
    name: PersonalData[str]
    certificate_no: PersonalData[str]


@dataclass(frozen=True)
class Conclusion:
    """拟定结论: one person proposes, another approves."""

    result: str
    override_reason: str
    proposed_by: str
    verdicts: tuple[Verdict, ...] = field(default=())
    approved_by: str | None = None


def not_cleared(findings: tuple[Told, ...], verdicts: tuple[Verdict, ...]) -> tuple[str, ...]:
    """Rules of the findings that stand, with those that the reviewer added."""
    cleared = {(each.rule, each.pointer) for each in verdicts if each.verdict is Mark.CLEARED}
    rules: dict[str, None] = {}  # each once, in the order in which they are met
    for finding in findings:
        if (finding.rule, finding.pointer) not in cleared:
            rules[finding.rule] = None
    for verdict in verdicts:
        if verdict.verdict is Mark.UPHELD:
            rules[verdict.rule] = None
    return tuple(rules)
