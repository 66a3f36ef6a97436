"""Enterprise: basic information, filings, approved versions."""

from datetime import date
from typing import Any

from libs.events.testing import given
from libs.filing.content.enterprise import Information
from libs.filing.filing import Answer, Decision, ReturnedItem, Status, Type
from services.enterprise.information.domain import Enterprise
from services.enterprise.information.offer import LegacyOffer
from tests.filing.given import information
from tests.given import USCC, clerk, id_of, officer

PAGE = information(uscc=USCC)
FILING, OTHER, DECISION = id_of("filing"), id_of("other filing"), id_of("decision")
ITEM = ReturnedItem(pointer="/basic/registered_address", reason="07", text="与营业执照不一致")
OFFER = LegacyOffer("5-001", date(2023, 5, 1), True, "5" * 64, PAGE)

registered = Enterprise.EnterpriseRegistered(
    act=clerk(), uscc=USCC, name="某设计院", supervising_city_code="410100"
)
saved = Enterprise.EnterpriseInfoSaved(act=clerk(), information=PAGE)
drafted = Enterprise.FilingDrafted(
    act=clerk(), filing=FILING, type=Type.ENT_INIT, filing_no="ENT_INIT-1", base_version=None
)
filing_saved = Enterprise.FilingSaved(act=clerk(), filing=FILING, status=Status.SAVED, content=PAGE)


def sent(round: int = 1, content: Information = PAGE, **changes: Any) -> Enterprise.FilingSent:
    facts: dict[str, Any] = {
        "filing": FILING,
        "type": Type.ENT_INIT,
        "filing_no": "ENT_INIT-1",
        "receipt_no": "410100-20240902-7K3M9QXZ",
        "round": round,
        "base_version": None,
        "uscc": USCC,
        "name": content.basic.name,
        "supervising_city_code": "410100",
        "established_on": content.basic.established_on,
        "content": content,
        "acknowledged": (),
        "answers": (),
    }
    return Enterprise.FilingSent(act=clerk(), **(facts | changes))


opened = Enterprise.FilingReviewOpened(act=officer(), filing=FILING, round=1)
returned = Enterprise.FilingReturned(
    act=officer(), filing=FILING, round=1, decision=DECISION, items=(ITEM,), comment=""
)
withdrawn = Enterprise.FilingWithdrawn(act=clerk(), filing=FILING, round=1)
approved = Enterprise.FilingApproved(
    act=officer(),
    filing=FILING,
    type=Type.ENT_INIT,
    round=1,
    decision=DECISION,
    filed_version=1,
    name=PAGE.basic.name or "",
    supervising_city_code="410100",
    established_on=PAGE.basic.established_on,
)
SENT = (registered, saved, drafted, filing_saved, sent())
FILED = (*SENT, opened, approved)
changing = Enterprise.FilingDrafted(
    act=clerk(), filing=OTHER, type=Type.ENT_CHANGE, filing_no="ENT_CHANGE-1", base_version=1
)
CORRECTED = PAGE.model_copy(
    update={"basic": PAGE.basic.model_copy(update={"registered_address": "郑州市中原区建设路1号"})}
)


# The page


def test_an_incomplete_page_can_be_saved() -> None:
    page = Information()
    given(Enterprise, registered).when(Enterprise.save_information, clerk(), page).then(
        Enterprise.EnterpriseInfoSaved(act=clerk(), information=page)
    )


def test_after_approval_the_page_changes_only_through_a_change_filing() -> None:
    given(Enterprise, *FILED).when(Enterprise.save_information, clerk(), CORRECTED).then_refused(
        "E04"
    )


def test_the_page_is_locked_while_a_filing_is_sent() -> None:
    given(Enterprise, *SENT).when(Enterprise.save_information, clerk(), CORRECTED).then_refused(
        "E24"
    )


def test_what_was_filed_in_5_0_fills_the_page() -> None:
    given(Enterprise, registered).when(Enterprise.fetch_legacy, clerk(), OFFER, False).then(
        Enterprise.LegacyFilingFetched(
            act=clerk(),
            legacy_id="5-001",
            filed_on=date(2023, 5, 1),
            sha256="5" * 64,
            information=PAGE,
        )
    )


def test_an_enterprise_unknown_to_5_0_cannot_fetch() -> None:
    given(Enterprise, registered).when(Enterprise.fetch_legacy, clerk(), None, False).then_refused(
        "E20"
    )


def test_what_is_not_yet_migrated_cannot_be_fetched() -> None:
    offer = LegacyOffer("5-001", date(2023, 5, 1), False, "5" * 64, PAGE)
    given(Enterprise, registered).when(Enterprise.fetch_legacy, clerk(), offer, False).then_refused(
        "E20"
    )


def test_after_the_first_sending_nothing_is_fetched() -> None:
    given(Enterprise, *SENT, withdrawn).when(
        Enterprise.fetch_legacy, clerk(), OFFER, True
    ).then_refused("E20")


def test_fetching_asks_before_it_overwrites() -> None:
    given(Enterprise, registered, saved).when(
        Enterprise.fetch_legacy, clerk(), OFFER, False
    ).then_refused("STATE")


# Sending


def test_a_saved_filing_can_be_sent() -> None:
    given(Enterprise, *SENT[:-1]).when(
        Enterprise.send_filing, clerk(), FILING, "410100-20240902-7K3M9QXZ"
    ).then(sent())


def test_a_filing_is_not_sent_twice() -> None:
    given(Enterprise, *SENT).when(
        Enterprise.send_filing, clerk(), FILING, "410100-20240902-AAAAAAAA"
    ).then_refused("E24")


def test_an_empty_page_cannot_be_sent() -> None:
    empty = Enterprise.EnterpriseInfoSaved(act=clerk(), information=Information())
    scenario = given(Enterprise, registered, empty, drafted).when(
        Enterprise.send_filing, clerk(), FILING, "R"
    )
    rules = {
        finding.rule
        for finding in scenario.aggregate.findings_before_sending(
            scenario.aggregate.filing(FILING), clerk()
        )
    }
    assert {"E05", "E18"} <= rules


def test_an_initial_filing_is_only_for_an_enterprise_not_yet_filed() -> None:
    given(Enterprise, *FILED).when(
        Enterprise.add_filing, clerk(), OTHER, Type.ENT_INIT, "N"
    ).then_refused("E22")


def test_a_change_filing_is_only_for_a_filed_enterprise() -> None:
    given(Enterprise, registered).when(
        Enterprise.add_filing, clerk(), OTHER, Type.ENT_CHANGE, "N"
    ).then_refused("E22")


# Withdrawing


def test_withdrawing_is_a_request() -> None:
    given(Enterprise, *SENT).when(Enterprise.ask_withdrawal, clerk(), FILING).then(
        Enterprise.WithdrawalAsked(act=clerk(), filing=FILING, round=1)
    )


def test_what_review_has_opened_cannot_be_asked_back() -> None:
    given(Enterprise, *SENT, opened).when(Enterprise.ask_withdrawal, clerk(), FILING).then_refused(
        "E25"
    )


def test_a_withdrawn_filing_can_be_sent_again_with_the_same_receipt() -> None:
    given(Enterprise, *SENT, withdrawn).when(
        Enterprise.send_filing, clerk(), FILING, "410100-20240903-NEWNEWNE"
    ).then(sent(round=2))


# Decisions


def test_a_returned_filing_keeps_everything_but_the_returned_points() -> None:
    other = PAGE.model_copy(
        update={"basic": PAGE.basic.model_copy(update={"fax": "0371-12345678"})}
    )
    given(Enterprise, *SENT, opened, returned).when(
        Enterprise.save_filing, clerk(), FILING, other
    ).then_refused("E28")


def test_a_returned_filing_is_not_sent_before_its_points_are_corrected_or_answered() -> None:
    given(Enterprise, *SENT, opened, returned).when(
        Enterprise.send_filing, clerk(), FILING, "R"
    ).then_refused("V14")


def test_a_returned_filing_can_be_corrected_and_sent_again() -> None:
    corrected = Enterprise.FilingSaved(
        act=clerk(), filing=FILING, status=Status.RETURNED, content=CORRECTED
    )
    given(Enterprise, *SENT, opened, returned).when(
        Enterprise.save_filing, clerk(), FILING, CORRECTED
    ).then(corrected)
    given(Enterprise, *SENT, opened, returned, corrected).when(
        Enterprise.send_filing, clerk(), FILING, "R"
    ).then(sent(round=2, content=CORRECTED))


def test_a_returned_point_may_be_answered_instead() -> None:
    answer = Answer(pointer=ITEM.pointer, text="营业执照已变更，见扫描件")
    given(Enterprise, *SENT, opened, returned).when(
        Enterprise.send_filing, clerk(), FILING, "R", (), (answer,)
    ).then(sent(round=2, answers=(answer,)))


def test_approval_makes_the_filed_version() -> None:
    given(Enterprise, *SENT, opened).when(
        Enterprise.decide, officer(), FILING, 1, DECISION, Decision.PASS, as_sent=True
    ).then(approved)


def test_a_decision_on_another_round_changes_nothing() -> None:
    unapplied = Enterprise.DecisionNotApplied(
        act=officer(), filing=FILING, round=1, decision=DECISION
    )
    given(Enterprise, *SENT, withdrawn, sent(round=2)).when(
        Enterprise.decide, officer(), FILING, 1, DECISION, Decision.PASS, as_sent=True
    ).then(unapplied)


def test_a_decision_on_other_bytes_changes_nothing() -> None:
    unapplied = Enterprise.DecisionNotApplied(
        act=officer(), filing=FILING, round=1, decision=DECISION
    )
    given(Enterprise, *SENT, opened).when(
        Enterprise.decide, officer(), FILING, 1, DECISION, Decision.PASS, as_sent=False
    ).then(unapplied)


# Change filings


def test_a_change_filing_begins_from_the_approved_version() -> None:
    scenario = given(Enterprise, *FILED).when(
        Enterprise.add_filing, clerk(), OTHER, Type.ENT_CHANGE, "ENT_CHANGE-1"
    )
    scenario.then(changing)
    assert scenario.aggregate.content_of(scenario.aggregate.filing(OTHER)) == PAGE


def test_a_change_filing_that_changes_nothing_is_not_sent() -> None:
    change_saved = Enterprise.FilingSaved(
        act=clerk(), filing=OTHER, status=Status.SAVED, content=PAGE
    )
    given(Enterprise, *FILED, changing).when(Enterprise.save_filing, clerk(), OTHER, None).then(
        change_saved
    )
    given(Enterprise, *FILED, changing, change_saved).when(
        Enterprise.send_filing, clerk(), OTHER, "R"
    ).then_refused("E23")


def test_a_change_from_an_older_version_is_refused() -> None:
    first, third = id_of("first change"), id_of("third")
    events = (
        *FILED,
        changing,
        Enterprise.FilingDrafted(
            act=clerk(), filing=first, type=Type.ENT_CHANGE, filing_no="N", base_version=1
        ),
        Enterprise.FilingSaved(act=clerk(), filing=first, status=Status.SAVED, content=CORRECTED),
        sent(filing=first, type=Type.ENT_CHANGE, content=CORRECTED, base_version=1),
        Enterprise.FilingApproved(
            act=officer(),
            filing=first,
            type=Type.ENT_CHANGE,
            round=1,
            decision=third,
            filed_version=2,
            name=CORRECTED.basic.name or "",
            supervising_city_code="410100",
            established_on=None,
        ),
        Enterprise.FilingSaved(act=clerk(), filing=OTHER, status=Status.SAVED, content=CORRECTED),
    )
    scenario = given(Enterprise, *events).when(Enterprise.send_filing, clerk(), OTHER, "R")
    rules = {
        f.rule
        for f in scenario.aggregate.findings_before_sending(
            scenario.aggregate.filing(OTHER), clerk()
        )
        if f.severity.blocks
    }
    assert "E26" in rules


def test_the_approved_version_stays_while_a_change_is_reviewed() -> None:
    change = (
        changing,
        Enterprise.FilingSaved(act=clerk(), filing=OTHER, status=Status.SAVED, content=CORRECTED),
        sent(filing=OTHER, type=Type.ENT_CHANGE, content=CORRECTED, base_version=1),
    )
    enterprise = given(Enterprise, *FILED, *change).aggregate
    assert enterprise.filed
    assert enterprise.filed.content == PAGE


def test_an_approved_change_supersedes_the_filing_before() -> None:
    change = (changing, sent(filing=OTHER, type=Type.ENT_CHANGE, content=CORRECTED, base_version=1))
    given(Enterprise, *FILED, *change).when(
        Enterprise.decide, officer(), OTHER, 1, DECISION, Decision.PASS, as_sent=True
    ).then(
        Enterprise.FilingApproved(
            act=officer(),
            filing=OTHER,
            type=Type.ENT_CHANGE,
            round=1,
            decision=DECISION,
            filed_version=2,
            name=CORRECTED.basic.name or "",
            supervising_city_code="410100",
            established_on=CORRECTED.basic.established_on,
        ),
        Enterprise.FilingSuperseded(act=officer(), filing=FILING, superseded_by=OTHER),
    )


# The authority's mark


def test_an_enterprise_that_must_rectify_bears_the_mark_and_its_filing_stays_as_it_was_sent() -> (
    None
):
    flagged = Enterprise.CertificatesFlagged(act=officer(), kind="ABNORMAL")
    scenario = given(Enterprise, *FILED).when(Enterprise.flag_certificates, officer(), "ABNORMAL")
    scenario.then(flagged)
    enterprise = scenario.aggregate
    assert [flag.kind for flag in enterprise.filed.content.certificates[0].flags] == ["ABNORMAL"]
    assert enterprise.filing(FILING).content.certificates[0].flags == ()
    given(Enterprise, *FILED, flagged).when(
        Enterprise.flag_certificates, officer(), "ABNORMAL"
    ).then()


def test_the_mark_is_lifted_when_the_rectification_is_accepted() -> None:
    flagged = Enterprise.CertificatesFlagged(act=officer(), kind="ABNORMAL")
    lifted = Enterprise.CertificateFlagsLifted(act=officer(), kind="ABNORMAL")
    given(Enterprise, *FILED, flagged).when(Enterprise.lift_flags, officer(), "ABNORMAL").then(
        lifted
    )
    given(Enterprise, *FILED).when(Enterprise.lift_flags, officer(), "ABNORMAL").then()


def test_who_was_never_filed_bears_no_mark() -> None:
    given(Enterprise, *SENT).when(Enterprise.flag_certificates, officer(), "ABNORMAL").then()
