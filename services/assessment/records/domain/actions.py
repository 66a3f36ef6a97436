"""What the enterprise may do with its record, and what stands against each act."""

from collections.abc import Sequence

from libs.events.refusal import Finding
from libs.filing.rules import states
from services.assessment.records.domain.record import Record
from services.assessment.wizard.domain.generating import findings_before_generating


def actions(assessment: Record, sending: Sequence[Finding]) -> dict[str, list[Finding]]:
    """By act; `sending`: what stands against sending it."""
    return {
        "save": states.e24(assessment.status),
        "generate": findings_before_generating(assessment),
        "send": [*sending],
        "withdraw": states.e25(assessment.status),
    }
