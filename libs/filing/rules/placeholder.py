"""暂无业绩: the contract and project by which an enterprise says that it has no new performance
(domain book 5.6, decision 11).
"""

from collections.abc import Iterable

from libs.events.refusal import Finding
from libs.filing import reference

NAME = "暂无业绩"
QUOTATION_MARKS = "“”‘’\"'「」『』＂＇"


def is_placeholder(name: str | None) -> bool:
    """By its name, blanks at its ends and quotation marks aside."""
    return (name or "").translate(dict.fromkeys(map(ord, QUOTATION_MARKS))).strip() == NAME


def applying(findings: Iterable[Finding], *, placeholder: bool) -> list[Finding]:
    """Without the rules that the catalogue waives for it."""
    rules = reference.rules()
    return [
        each
        for each in findings
        if not (placeholder and each.rule in rules and rules[each.rule].placeholder_waived)
    ]
