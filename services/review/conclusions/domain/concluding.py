"""拟定结论: an officer of the province proposes what the record's result is, a lead approves it
(domain book 3.2, 5.7).
"""

from libs.events.refusal import Finding, refuse
from libs.events.value import Act
from libs.filing.catalogue import STATE, finding
from libs.filing.rules import concluding as rules
from services.review.cases.domain.case import Case
from services.review.cases.domain.findings import (
    about_officer_of_province,
    about_opinion,
    about_own_word,
    about_role,
)
from services.review.cases.domain.judgement import Terms, Verdict, not_cleared
from services.review.cases.domain.subject import Level, State

PROPOSERS = frozenset({"PROV_OFFICER"})
APPROVERS = frozenset({"PROV_LEAD"})


def propose(
    case: Case, act: Act, result: str, override_reason: str, verdicts: tuple[Verdict, ...]
) -> None:
    """Until it is approved another proposal may take its place. Raises Refused."""
    refuse(findings_before_proposing(case, act, result, override_reason, verdicts))
    terms = _terms(case)
    case.record(
        case.ConclusionProposed(
            act=act,
            record=case.subject.id,
            round=case.round,
            result=result,
            proposal=terms.proposal,
            policy_version=terms.policy_version,
            override_reason=override_reason,
            verdicts=verdicts,
        )
    )


def findings_before_proposing(
    case: Case, act: Act, result: str, override_reason: str, verdicts: tuple[Verdict, ...]
) -> list[Finding]:
    """What stands against proposing this result: overriding the machine asks for a reason (V06)."""
    if against := findings_about_proposal(case, act):
        return against
    outcome = rules.ConcludedResult(
        result=result,
        proposed=_terms(case).proposal,
        uncleared=_uncleared(case, verdicts),
        reason=override_reason,
        approved_by="PROV_LEAD",  # their approval is the next step
    )
    return rules.v06(outcome)


def findings_about_proposal(case: Case, act: Act) -> list[Finding]:
    """What stands against proposing, whatever the result."""
    return [
        *about_role(act, PROPOSERS),
        *about_opinion(case, Level.PROV),
        *about_officer_of_province(case, act),
    ]


def approve(case: Case, act: Act) -> None:
    """The opinion takes effect with the proposed result. Raises Refused."""
    refuse(findings_before_approving(case, act))
    assert case.opinion
    case.record(
        case.ConclusionApproved(
            **case.about,
            act=act,
            reviewed=case.reviewed,
            result=case.result,
            decided=case.opinion,
        )
    )


def findings_before_approving(case: Case, act: Act) -> list[Finding]:
    """What stands against approving what was proposed: four eyes, of the province, and the rules of
    an overridden result, which the lead answers for.
    """
    proposed = case.conclusion
    if not proposed or case.state is not State.OPINION:
        return [*about_role(act, APPROVERS), finding(STATE, case="no_proposal")]
    outcome = rules.ConcludedResult(
        result=proposed.result,
        proposed=_terms(case).proposal,
        uncleared=_uncleared(case, proposed.verdicts),
        reason=proposed.override_reason,
        approved_by=act.by.user,
    )
    return [
        *about_role(act, APPROVERS),
        *about_own_word(act, proposed.proposed_by),
        *about_officer_of_province(case, act),
        *rules.v06(outcome),
    ]


def _uncleared(case: Case, verdicts: tuple[Verdict, ...]) -> int:
    return len(not_cleared(_terms(case).findings, verdicts))


def _terms(case: Case) -> Terms:
    assert case.terms, "the case of a record has its terms"
    return case.terms
