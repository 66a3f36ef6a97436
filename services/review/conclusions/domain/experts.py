"""The word of an expert whom the province asked about a record (domain book 5.7)."""

from libs.events.refusal import Finding, refuse
from libs.events.value import Act
from services.review.cases.domain.case import Case
from services.review.cases.domain.findings import about_author, about_interest, about_move


def give_opinion(case: Case, act: Act, text: str) -> None:
    """Brings the record back to the province. Raises Refused."""
    refuse(findings_before_opinion(case, act))
    case.record(case.ExpertOpinionGiven(**case.about, act=act, text=text))


def findings_before_opinion(case: Case, act: Act) -> list[Finding]:
    return [*about_move(case, act, "opinion"), *about_author(case, act), *about_interest(case, act)]
