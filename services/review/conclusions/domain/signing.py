"""签发: the city's lead lets an opinion on a record take effect (domain book 5.7,
decision 17).
"""

from libs.events.refusal import Finding, refuse
from libs.events.value import Act
from services.review.cases.domain.case import Case
from services.review.cases.domain.findings import (
    about_author,
    about_interest,
    about_opinion,
    about_own_word,
    about_role,
    about_unit,
)
from services.review.cases.domain.subject import Level

SIGNERS = frozenset({"CITY_LEAD"})


def sign(case: Case, act: Act) -> None:
    """What the city decided takes effect. Raises Refused."""
    refuse(findings_before_signing(case, act))
    let_take_effect(case, act)


def findings_before_signing(case: Case, act: Act) -> list[Finding]:
    """Four eyes at the city (decision 17): a lead of the unit, who neither said the opinion nor had
    a hand in what was sent.
    """
    return [
        *about_role(act, SIGNERS),
        *about_unit(act, case.subject.unit),
        *about_author(case, act),
        *about_opinion(case, Level.CITY),
        *about_own_word(act, case.opined_by),
        *about_interest(case, act),
    ]


def let_take_effect(case: Case, act: Act) -> None:
    """What `sign` does, where nothing is asked any more: the opinion binds from now on."""
    assert case.decision
    assert case.opinion
    case.record(
        case.CaseSigned(
            **case.about,
            act=act,
            level=case.level,
            reviewed=case.reviewed,
            decision=case.decision,
            decided=case.opinion,
        )
    )
