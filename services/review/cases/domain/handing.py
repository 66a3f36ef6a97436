"""An officer gives a case back 释放, or hands it over 转办 (domain book 5.2). A lead may do so for
whoever holds it: nobody's absence keeps a case from being decided. To the experts the province's
lead hands it by name.
"""

from libs.events.refusal import Finding, refuse
from libs.events.value import Act
from libs.filing.catalogue import STATE, finding
from services.review.cases.domain.case import Case
from services.review.cases.domain.findings import (
    about_officer,
    about_officer_of_province,
    about_role,
    once,
)
from services.review.cases.domain.reviewing import findings_before_taking, take
from services.review.cases.domain.subject import Level, State

LEADS = frozenset({"CITY_LEAD", "PROV_LEAD"})
NAMING = frozenset({"PROV_LEAD"})


def release(case: Case, act: Act) -> None:
    """Somebody else may open it then; the enterprise gets it back no more. Raises Refused."""
    refuse(findings_before_release(case, act))
    case.record(case.CaseReleased(**case.about, act=act, held_by=case.assignee or ""))


def findings_before_release(case: Case, act: Act) -> list[Finding]:
    if case.state is not State.TAKEN:
        return [finding(STATE, case="case_not_taken")]
    return once(about_officer(case, act), _about_holder(case, act))


def assign(case: Case, act: Act, to: str, reason: str) -> None:
    """Opens the case where no officer has; from then on it is theirs. Raises Refused."""
    refuse(findings_before_assigning(case, act, to))
    if case.state is State.WAITING and case.level is not Level.EXPERT:
        take(case, act)
    if case.assignee != to:
        case.record(
            case.CaseAssigned(**case.about, act=act, level=case.level, to=to, reason=reason)
        )


def findings_before_assigning(case: Case, act: Act, to: str) -> list[Finding]:
    return [*findings_about_assigning(case, act), *_about_next(case, to)]


def findings_about_assigning(case: Case, act: Act) -> list[Finding]:
    """What stands against it, whoever is to have it."""
    if case.level is Level.EXPERT and case.state is State.WAITING:
        return once(about_role(act, NAMING), about_officer_of_province(case, act))
    if case.state is State.TAKEN and act.by.role in LEADS:
        return about_officer(case, act)
    return findings_before_taking(case, act)


def _about_holder(case: Case, act: Act) -> list[Finding]:
    may = act.by.user == case.assignee or act.by.role in LEADS
    return [] if may else [finding(STATE, case="case_taken")]


def _about_next(case: Case, to: str) -> list[Finding]:
    """Not to whom the case is closed: an interest declared, the city's reviewer once more."""
    twice = case.level is not Level.CITY and to == case.city_reviewer
    return [
        *([finding("V02", "/to")] if twice else []),
        *([finding("V11", "/to")] if to in case.interested else []),
        *([finding(STATE, "/to", case="own_submission")] if to in case.authors else []),
    ]
