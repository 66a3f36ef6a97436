"""How tests look at findings."""

from collections.abc import Sequence

from libs.events.refusal import Finding
from libs.filing.catalogue import texts_of


def places(findings: Sequence[Finding]) -> list[str]:
    """`rule pointer` of each; every finding must have words without an open placeholder in both
    languages.
    """
    for found in findings:
        told = texts_of(found)
        assert "{" not in told.zh + told.en, told
    return [f"{found.rule} {found.pointer}".strip() for found in findings]
