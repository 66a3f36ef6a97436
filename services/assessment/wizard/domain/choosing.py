"""保存: each step of the wizard is chosen and saved by itself (decision 37)."""

from libs.events.refusal import Finding, refuse
from libs.events.value import Act
from libs.filing.content.record import Wizard
from libs.filing.rules import states
from services.assessment.records.domain import correcting
from services.assessment.records.domain.record import Record
from services.assessment.records.domain.slots import FIELDS
from services.assessment.records.domain.status import Status


def chosen(assessment: Record) -> Wizard:
    """What a step is compared with: what was sent, after a return."""
    returned = assessment.status is Status.RETURNED
    return assessment.rounds[-1].choices if returned else assessment.wizard


def save_step(
    assessment: Record, act: Act, step: str, choices: Wizard, *, available: Wizard
) -> None:
    """The step as chosen; the others stay as they are. `available`: what was chosen, as it can be
    chosen now. Raises Refused (E24, E28).
    """
    refuse(findings_before_saving(assessment, step, choices, available=available))
    assessment.record(Record.StepSaved(act=act, step=step, choices=choices))


def findings_before_saving(
    assessment: Record, step: str, choices: Wizard, *, available: Wizard
) -> list[Finding]:
    """After a return exactly what was returned opens; dropping what can no longer be chosen is no
    new choice, nor is leaving the step as it is.
    """
    if against := states.e24(assessment.status):
        return against
    new, old = (getattr(each, FIELDS[step]) for each in (choices, assessment.wizard))
    if assessment.status is not Status.RETURNED or new == old:
        return []
    return correcting.beside_the_returned(assessment, step, choices, available)
