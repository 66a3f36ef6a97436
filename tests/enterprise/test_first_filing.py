"""One first filing at a time, in every order: at adding, saving and sending. Logs of earlier
versions may hold several, which are read as they are.
"""

from typing import Any

import pytest

from libs.events.refusal import Finding
from libs.events.testing import given
from libs.filing.filing import Status, Type
from services.enterprise.information.domain import Enterprise
from tests.enterprise.test_enterprise import (
    CORRECTED,
    FILED,
    FILING,
    OTHER,
    PAGE,
    SENT,
    approved,
    changing,
    drafted,
    filing_saved,
    opened,
    registered,
    returned,
    saved,
    sent,
    withdrawn,
)
from tests.given import AT, clerk, id_of

Past = tuple[Enterprise.Event, ...]
THIRD = id_of("third filing")
second = Enterprise.FilingDrafted(
    act=clerk(), filing=OTHER, type=Type.ENT_INIT, filing_no="ENT_INIT-2", base_version=None
)
second_saved = Enterprise.FilingSaved(act=clerk(), filing=OTHER, status=Status.SAVED, content=PAGE)
rejected = Enterprise.FilingRejected(
    act=clerk(), filing=FILING, round=1, decision=id_of("decision"), items=(), comment=""
)
voided = Enterprise.FilingVoided(act=clerk(), filing=FILING)

# What has happened to the first of two, by its status.
FIRST: dict[str, Past] = {
    "SENT": (filing_saved, sent()),
    "REVIEWING": (filing_saved, sent(), opened),
    "RETURNED": (filing_saved, sent(), opened, returned),
    "APPROVED": (filing_saved, sent(), opened, approved),
    "WITHDRAWN": (filing_saved, sent(), withdrawn),
}
# …what then stands against saving the second, against sending it, against saving the page
AGAINST = {
    "SENT": (["E24"], ["E21"], ["E24"]),
    "REVIEWING": (["E24"], ["E21"], ["E24"]),
    "RETURNED": (["E21"], ["E21"], ["E28"]),
    "APPROVED": (["E04"], ["E22"], ["E04"]),
    "WITHDRAWN": ([], [], []),
}
ORDERS: dict[str, Past] = {"first added first": (drafted, second), "last": (second, drafted)}


def blocking(findings: list[Finding]) -> list[str]:
    return [each.rule for each in findings if each.severity.blocks]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("status", FIRST)
def test_a_second_first_filing_is_no_way_around_what_holds_for_the_first(
    status: str, order: str
) -> None:
    past = (registered, saved, *ORDERS[order], second_saved, *FIRST[status])
    enterprise = given(Enterprise, *past).aggregate
    other = enterprise.filing(OTHER)
    found = (
        blocking(enterprise.findings_before_saving_filing(other, CORRECTED, clerk())),
        blocking(enterprise.findings_before_sending(other, clerk())),
        blocking(
            enterprise.findings_before_saving(
                CORRECTED.model_copy(update={"profile": "改" * 20}), clerk()
            )
        ),
    )
    assert found == AGAINST[status]


def test_saving_the_second_changes_neither_page_nor_name_of_the_first() -> None:
    past = (registered, saved, drafted, second, filing_saved, sent())
    given(Enterprise, *past).when(Enterprise.save_filing, clerk(), OTHER, CORRECTED).then_refused(
        "E24"
    )


@pytest.mark.parametrize(
    ("past", "rules"),
    [
        ((drafted,), ["STATE"]),
        ((drafted, filing_saved), ["STATE"]),
        (FIRST["WITHDRAWN"], ["STATE"]),
        (FIRST["SENT"], ["E21"]),
        (FIRST["RETURNED"], ["E21"]),
        (FIRST["APPROVED"], ["E22"]),
        ((*FIRST["REVIEWING"], rejected), []),
        ((voided,), []),
    ],
    ids=["draft", "saved", "withdrawn", "sent", "returned", "approved", "rejected", "given up"],
)
def test_a_first_filing_is_added_once_the_one_before_has_come_to_its_end(
    past: Past, rules: list[str]
) -> None:
    begun = past if drafted in past else (drafted, *past)
    enterprise = given(Enterprise, registered, saved, *begun).aggregate
    assert blocking(enterprise.findings_before_adding(Type.ENT_INIT)) == rules


def test_a_draft_is_not_sent_before_it_is_saved() -> None:
    for past, filing in (((*SENT[:2], drafted), FILING), ((*FILED, changing), OTHER)):
        enterprise = given(Enterprise, *past).aggregate
        found = enterprise.findings_before_sending(enterprise.filing(filing), clerk())
        assert "STATE" in blocking(found)


def test_a_page_fetched_from_5_0_after_the_saving_is_not_sent_before_it_is_saved() -> None:
    fetched = Enterprise.LegacyFilingFetched(
        act=clerk(), legacy_id="5-001", filed_on=AT.date(), sha256="5" * 64, information=PAGE
    )
    past = (*SENT[:-1], fetched)
    given(Enterprise, *past).when(Enterprise.send_filing, clerk(), FILING, "R").then_refused(
        "STATE"
    )
    scenario = given(Enterprise, *past, filing_saved)
    scenario.when(Enterprise.send_filing, clerk(), FILING, "410100-20240902-7K3M9QXZ").then(sent())


# Logs in which both were sent


def twice_sent(*first: Any) -> Any:
    past = (*SENT, *first, second, second_saved, sent(filing=OTHER))
    return given(Enterprise, *past).aggregate


def test_of_two_that_were_sent_the_one_with_the_authority_locks_the_page() -> None:
    enterprise = twice_sent(opened, returned)
    assert blocking(enterprise.findings_before_saving(PAGE, clerk())) == ["E24"]
    first = enterprise.filing(FILING)
    assert blocking(enterprise.findings_before_saving_filing(first, PAGE, clerk())) == ["E24"]


def test_one_that_was_sent_after_the_first_was_approved_is_read_and_can_be_decided() -> None:
    enterprise = twice_sent(opened, approved)
    assert enterprise.filing(OTHER).status is Status.SENT
    assert blocking(enterprise.findings_before_adding(Type.ENT_CHANGE)) == ["E21"]
