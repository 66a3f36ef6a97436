"""Why a command is refused: every broken rule at once, by its id. Texts in each language come from
the rule catalogue.
"""

from collections.abc import Collection, Iterable
from enum import StrEnum

from libs.events.value import Value


class Severity(StrEnum):
    BLOCKING = "B"
    WARNING = "W"  # may be acknowledged by rule id
    REVIEW = "R"  # shown to the reviewer

    @property
    def blocks(self) -> bool:
        return self is Severity.BLOCKING


class Finding(Value):
    rule: str
    severity: Severity = Severity.BLOCKING
    pointer: str = ""  # RFC 6901, into the form
    facts: tuple[tuple[str, str], ...] = ()  # what the text's placeholders need


class Refused(Exception):
    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(", ".join(f"{f.rule} {f.pointer}".strip() for f in self.findings))


def refuse(findings: Iterable[Finding], acknowledged: Collection[str] = ()) -> None:
    """Raise Refused with all that still stands; findings for the reviewer never stop a command."""
    standing = [
        f
        for f in findings
        if f.severity is Severity.BLOCKING
        or (f.severity is Severity.WARNING and f.rule not in acknowledged)
    ]
    if standing:
        raise Refused(standing)
