"""How a filing of the enterprise ends without approval."""

from libs.events.testing import given
from libs.filing.filing import Decision
from services.enterprise.information.domain import Enterprise
from tests.enterprise.test_enterprise import (
    DECISION,
    FILING,
    ITEM,
    SENT,
    drafted,
    opened,
    registered,
    saved,
)
from tests.given import clerk, officer

rejected = Enterprise.FilingRejected(
    act=officer(), filing=FILING, round=1, decision=DECISION, items=(ITEM,), comment="不予备案"
)


def test_a_draft_is_given_up() -> None:
    given(Enterprise, registered, saved, drafted).when(
        Enterprise.void_filing, clerk(), FILING
    ).then(Enterprise.FilingVoided(act=clerk(), filing=FILING))


def test_a_filing_under_review_is_not_given_up() -> None:
    given(Enterprise, *SENT, opened).when(Enterprise.void_filing, clerk(), FILING).then_refused(
        "E24"
    )


def test_the_authority_rejects() -> None:
    given(Enterprise, *SENT, opened).when(
        Enterprise.decide,
        officer(),
        FILING,
        1,
        DECISION,
        Decision.FAIL,
        as_sent=True,
        items=(ITEM,),
        comment="不予备案",
    ).then(rejected)


def test_a_rejected_filing_is_not_given_up_either() -> None:
    given(Enterprise, *SENT, opened, rejected).when(
        Enterprise.void_filing, clerk(), FILING
    ).then_refused("E24")
