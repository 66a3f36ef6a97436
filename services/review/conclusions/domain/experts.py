"""The word of an expert whom the province asked about a record: of the one to whom its lead gave it
(domain book 5.7, 6).
"""

from libs.events.refusal import Finding, refuse
from libs.events.value import Act
from libs.filing.catalogue import STATE, finding
from services.review.cases.domain.case import Case
from services.review.cases.domain.findings import about_author, about_interest, about_move
from services.review.cases.domain.subject import Level

NOT_ASSIGNED = finding(STATE, case="not_assigned")


def give_opinion(case: Case, act: Act, text: str) -> None:
    """Brings the record back to the province. Raises Refused."""
    refuse(findings_before_opinion(case, act))
    case.record(case.ExpertOpinionGiven(**case.about, act=act, text=text))


def findings_before_opinion(case: Case, act: Act) -> list[Finding]:
    return [
        *about_move(case, act, "opinion"),
        *_about_assignee(case, act),
        *about_author(case, act),
        *about_interest(case, act),
    ]


def is_before(case: Case, user: str) -> bool:
    """Whether it lies before this expert now."""
    return case.level is Level.EXPERT and case.assignee == user


def _about_assignee(case: Case, act: Act) -> list[Finding]:
    asked = case.level is Level.EXPERT and act.by.role == "EXPERT"
    return [] if not asked or is_before(case, act.by.user) else [NOT_ASSIGNED]
