"""What every item of every service offers, in every state and to everybody, is what its acts then
do: the same findings stand against an action and against the act (domain book 5.1: a button that
does not apply is greyed with its reason).
"""

from collections.abc import Callable, Iterator
from functools import cache

import pytest

from libs.events.refusal import Finding
from libs.filing.filing import Status as FilingStatus
from services.assessment.records.domain.status import Status as RecordStatus
from services.enterprise.packets.domain import State as PacketState
from services.review.cases.domain.subject import State as CaseState
from services.review.publicity.domain import Standing
from services.review.rectification.domain import Status as RectificationStatus
from tests.offers import of_assessment, of_enterprise, of_personnel, of_projects, of_review
from tests.offers.offer import Offer

TABLE: dict[str, Callable[[], Iterator[Offer]]] = {
    "enterprise": of_enterprise.pages,
    "enterprise filing": of_enterprise.filings,
    "packet": of_enterprise.mailings,
    "person": of_personnel.people,
    "person filing": of_personnel.filings,
    "contract": of_projects.contracts,
    "project": of_projects.projects,
    "record": of_assessment.records,
    "case": of_review.cases,
    "publicity": of_review.publicities,
    "rectification": of_review.rectifications,
}
STATES: dict[str, set[str]] = {
    "enterprise filing": set(FilingStatus),
    "packet": set(PacketState),
    "person filing": set(FilingStatus),
    "record": set(RecordStatus),
    "case": set(CaseState),
    "publicity": set(Standing),
    "rectification": set(RectificationStatus),
}


@cache
def offers(kind: str) -> tuple[Offer, ...]:
    """Each is used again: acts are done to a copy."""
    return tuple(TABLE[kind]())


@pytest.mark.parametrize("kind", TABLE)
def test_what_is_offered_is_what_the_act_then_says(kind: str) -> None:
    apart = [
        f"{offer.name}: {action} offered {_told(offer.against(action))}, refused {_told(refused)}"
        for offer in offers(kind)
        for action in offer.offered
        if (refused := offer.refused(action)) != offer.against(action)
        and not (refused is None and offer.against(action))
    ]
    assert not apart, "\n".join(apart)


@pytest.mark.parametrize("kind", STATES)
def test_the_stories_reach_every_state(kind: str) -> None:
    assert {offer.status for offer in offers(kind)} == STATES[kind]


def test_every_action_is_allowed_somewhere_and_refused_somewhere_but_for_those_nobody_refuses() -> (
    None
):
    seen = {
        (f"{kind} {action}", not offer.against(action))
        for kind in TABLE
        for offer in offers(kind)
        for action in offer.offered
    }
    always = {action for action, allowed in seen if (action, not allowed) not in seen}
    assert always == {"project delete"}


def _told(findings: list[Finding] | None) -> str:
    if findings is None:
        return "not found"
    return ", ".join(f"{f.rule}{f.pointer} {dict(f.facts)}" for f in findings) or "nothing"
