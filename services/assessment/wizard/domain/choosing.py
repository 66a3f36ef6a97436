"""保存: each step of the wizard is chosen and saved by itself (decision 37)."""

from libs.events.refusal import Finding, refuse
from libs.events.value import Act
from libs.filing.catalogue import finding
from libs.filing.content.record import Wizard
from libs.filing.rules import states
from services.assessment.records.domain import correcting
from services.assessment.records.domain.record import FIELDS, Record
from services.assessment.records.domain.status import Status

# step → the place of what it chooses
PLACES = {
    "enterprise": "/enterprise",
    "qualifications": "/certificates",
    "people": "/persons",
    "performance": "/performances",
    "social-insurance": "/si_proofs",
}


def save_step(
    assessment: Record, act: Act, step: str, choices: Wizard, *, available: Wizard
) -> None:
    """The step as chosen; the others stay as they are. `available`: the present choices without
    what can no longer be chosen. Raises Refused (E24, E28).
    """
    refuse(findings_before_saving(assessment, step, choices, available=available))
    assessment.record(Record.StepSaved(act=act, step=step, choices=choices))


def findings_before_saving(
    assessment: Record, step: str, choices: Wizard, *, available: Wizard
) -> list[Finding]:
    """After a return only returned steps open; dropping what can no longer be chosen is no new
    choice.
    """
    if against := states.e24(assessment.status):
        return against
    if assessment.status is not Status.RETURNED or correcting.is_open(assessment, PLACES[step]):
        return []
    new, *old = (getattr(each, FIELDS[step]) for each in (choices, assessment.wizard, available))
    if new in old:
        return []
    returned = [each.pointer for each in assessment.returned_items]
    return [finding("E28", PLACES[step], items=returned)]
