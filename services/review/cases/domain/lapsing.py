"""A returned record whose time to correct is over (domain book 5.7)."""

from datetime import date

from libs.events.refusal import Finding, refuse
from libs.events.value import Act
from services.review.cases.domain.case import Case
from services.review.cases.domain.findings import about_move


def lapse(case: Case, act: Act, due_on: date) -> None:
    """The window is over, too: what was sent last is judged, at the level that returned it.
    Raises Refused.
    """
    refuse(findings_before_lapse(case, act))
    case.record(case.ReturnLapsed(**case.about, act=act, level=case.level, due_on=due_on))


def findings_before_lapse(case: Case, act: Act) -> list[Finding]:
    return about_move(case, act, "lapse")
