"""What may be done with a case now, by this person."""

from libs.events.refusal import Finding
from libs.events.value import Act
from libs.filing.filing import Decision
from services.review.cases.domain import handing, lapsing, reviewing, visiting
from services.review.cases.domain.case import Case
from services.review.conclusions.domain import concluding, experts, publishing, signing


def actions(case: Case, act: Act, *, ordered: bool = False) -> dict[str, list[Finding]]:
    """Each act, and what stands against it; nothing: it is allowed. `ordered`: it was ordered to
    rectify.
    """
    deciding = {each.value: reviewing.findings_about_decision(case, act, each) for each in Decision}
    return {
        "take": reviewing.findings_before_taking(case, act),
        "release": handing.findings_before_release(case, act),
        "assign": handing.findings_about_assigning(case, act),
        **deciding,
        "minutes": visiting.findings_about_visit(case, act),
        **(_of_record(case, act, ordered=ordered) if case.subject.is_record else {}),
    }


def _of_record(case: Case, act: Act, *, ordered: bool) -> dict[str, list[Finding]]:
    return {
        "sign": signing.findings_before_signing(case, act),
        "opinion": experts.findings_before_opinion(case, act),
        "lapse": lapsing.findings_before_lapse(case, act),
        "propose": concluding.findings_about_proposal(case, act),
        "approve": concluding.findings_before_approving(case, act),
        "publish": publishing.findings_before_publicity(case, act),
        "order_rectification": publishing.findings_before_rectification(case, act, ordered=ordered),
    }
