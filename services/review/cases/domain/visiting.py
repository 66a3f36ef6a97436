"""登记核查记录: the minutes of a visit that was ordered (domain book 5.2, 5.7)."""

from datetime import date

from libs.events.refusal import Finding, refuse
from libs.events.value import Act
from libs.filing.catalogue import STATE, finding
from libs.filing.rules.concluding import v10
from services.review.cases.domain.case import Case
from services.review.cases.domain.findings import about_move, about_officer, once
from services.review.cases.domain.judgement import Inspector
from services.review.cases.domain.subject import State


def record_onsite(
    case: Case,
    act: Act,
    visited_on: date,
    inspectors: tuple[Inspector, ...],
    place: str,
    minutes: str,
) -> None:
    """The case goes on at the level that ordered the visit. Raises Refused."""
    refuse(findings_before_minutes(case, act, inspectors))
    case.record(
        case.OnsiteRecorded(
            **case.about,
            act=act,
            level=case.level,
            visited_on=visited_on,
            inspectors=inspectors,
            place=place,
            minutes=minutes,
        )
    )


def findings_before_minutes(
    case: Case, act: Act, inspectors: tuple[Inspector, ...]
) -> list[Finding]:
    against = findings_about_visit(case, act)
    if case.state is not State.ONSITE:
        return against
    return [*against, *v10([each.certificate_no for each in inspectors])]


def findings_about_visit(case: Case, act: Act) -> list[Finding]:
    """What stands against its minutes, whoever was there."""
    if case.state is not State.ONSITE:
        return [finding(STATE, case="no_visit")]
    ordered = about_move(case, act, "minutes") if case.subject.is_record else []
    return once(about_officer(case, act), ordered)
