"""What the authority's systems are told of cases: everything a decision must name, nothing of what
was filed.
"""

from datetime import timedelta

from libs.filing.filing import Decision
from services.review.authority import telling
from services.review.cases.domain.case import Case
from services.review.cases.domain.reviewing import decide
from tests.authority.given import CASE, FILING, SIGNER, desk, read, waiting
from tests.given import SEEN, USCC, officer


async def test_a_case_that_waits_is_told_without_names_or_contents() -> None:
    at = await desk()
    assert waiting(at) == {
        "type": "kaohe.authority.CaseWaiting.v1",
        "case": str(CASE),
        "subject": str(FILING),
        "subject_kind": "enterprise_filing",
        "subject_type": "ENT_INIT",
        "no": "ENT_INIT-1",
        "receipt_no": "R-1",
        "uscc": USCC,
        "unit": "410100",
        "level": "CITY",
        "round": 1,
        "reviewed": SEEN.model_dump(),
        "due_on": "2024-09-30",
    }


async def test_what_is_told_is_the_same_whenever_the_relay_looks() -> None:
    at = await desk()
    at.clock.at += timedelta(days=1)
    await at.hand(SIGNER.signed(SIGNER.decision(waiting(at))))
    for event in at.log.records:
        assert [route.record(event) for route in telling.ROUTES] == [
            route.record(event) for route in telling.ROUTES
        ]
    told = [
        record
        for event in at.log.records
        if (record := telling.waiting(event) or telling.receipt(event))
    ]
    assert [record.position for record in told] == [
        1,
        len(at.log.records) - at.types[::-1].index("DecisionAccepted"),
    ]


async def test_a_case_that_was_escalated_waits_again_at_the_province() -> None:
    at = await desk()
    await at.act(Case, CASE, decide, officer(), Decision.ESCALATE, 1, SEEN)
    told = [read(record) for event in at.log.records if (record := telling.waiting(event))]
    assert told[-1] == {
        "type": "kaohe.authority.CaseWaitsAgain.v1",
        "case": str(CASE),
        "round": 1,
        "level": "PROV",
    }
    assert (await at.hand(SIGNER.signed(SIGNER.decision(told[0]))))["code"] == "NOT_YOURS"
