"""An officer opens a case and decides it (domain book 5.2, 5.7)."""

from uuid import uuid5

from libs.events.refusal import Finding, refuse
from libs.events.value import Act
from libs.filing.filing import Decision, ReturnedItem, Reviewed
from libs.filing.rules import review as rules
from services.review.cases.domain.case import Case
from services.review.cases.domain.findings import about_move, about_officer, once
from services.review.cases.domain.subject import UNDER_REVIEW, Level, State
from services.review.conclusions.domain.signing import let_take_effect

# on a record they bind nobody until the lead lets them take effect
OPINIONS = frozenset({Decision.PASS, Decision.FAIL})
OPENING = {
    ("SENT", Level.CITY): "take_city",
    ("SENT", Level.PROV): "take_province",
    ("CITY_PASSED", Level.PROV): "take_province",
}


def take(case: Case, act: Act) -> None:
    """Opening claims the case; opening one's own case again changes nothing. Raises Refused."""
    refuse(findings_before_taking(case, act))
    if case.state is State.WAITING:
        case.record(case.CaseTaken(**case.about, act=act, level=case.level))


def findings_before_taking(case: Case, act: Act) -> list[Finding]:
    """The same answer for the command and for the allowed actions."""
    by_another = case.state is State.TAKEN and case.assignee not in (None, act.by.user)
    waiting = case.state in (State.WAITING, State.TAKEN)
    return once(
        about_officer(case, act),
        _about_opening(case, act) if waiting and case.subject.is_record else [],
        rules.may_take(taken_by_another=by_another, waiting=waiting),
    )


def _about_opening(case: Case, act: Act) -> list[Finding]:
    """Whoever may decide may open again what was open before."""
    return about_move(case, act, OPENING.get((case.status, case.level), "PASS"))


def decide(
    case: Case,
    act: Act,
    decision: Decision,
    round: int,
    reviewed: Reviewed,
    items: tuple[ReturnedItem, ...] = (),
    comment: str = "",
) -> None:
    """Opens the case and decides on exactly what was seen. An opinion on a record waits for the
    lead's signature, unless the campaign asks the city for none. Raises Refused.
    """
    refuse(findings_before_deciding(case, act, decision, round, reviewed, items, comment))
    take(case, act)
    case.record(
        case.Decided(
            **case.about,
            act=act,
            case=case.id,
            level=case.level,
            reviewed=reviewed,
            decision=decision,
            items=items,
            comment=comment,
            binding=_binds(case, decision),
            id=uuid5(case.id, str(case.version + 1)),
        )
    )
    if _needs_no_signature(case):
        let_take_effect(case, act)


def findings_before_deciding(
    case: Case,
    act: Act,
    decision: Decision,
    round: int,
    reviewed: Reviewed,
    items: tuple[ReturnedItem, ...],
    comment: str,
) -> list[Finding]:
    """What stands against this decision, said this way. Of what was not seen as it stands nothing
    else is said (V04).
    """
    if (round, reviewed) != (case.round, case.reviewed):
        return rules.v04(same=False)
    return [*findings_about_decision(case, act, decision), *rules.v03(decision, items, comment)]


def findings_about_decision(case: Case, act: Act, decision: Decision) -> list[Finding]:
    """What stands against it, whatever is said with it."""
    against = findings_before_taking(case, act)
    if not case.subject.is_record:
        return against
    opened = UNDER_REVIEW[case.level]
    return once(against, about_move(case, act, decision.value, status=opened))


def _binds(case: Case, decision: Decision) -> bool:
    return not (case.subject.is_record and decision in OPINIONS)


def _needs_no_signature(case: Case) -> bool:
    opined = case.state is State.OPINION and case.level is Level.CITY
    return opined and case.terms is not None and not case.terms.city_lead_signs
