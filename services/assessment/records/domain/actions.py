"""What the enterprise may do with its record, and what stands against each act."""

from collections.abc import Sequence

from libs.events.refusal import Finding
from libs.filing.rules import states
from services.assessment.records.domain.record import Record

READ = "A25"  # warnings are read with the sending itself


def actions(
    assessment: Record, *, generating: Sequence[Finding], sending: Sequence[Finding]
) -> dict[str, list[Finding]]:
    """By act; `generating` and `sending`: what stands against these with the choices as they are
    and the sources as they stand.
    """
    return {
        "save": states.e24(assessment.status),
        "generate": [*generating],
        "send": [each for each in sending if each.rule != READ],
        "withdraw": states.e25(assessment.status),
    }
