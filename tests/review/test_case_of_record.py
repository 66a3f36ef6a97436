"""The case of a record: opinions, signature, province, experts, visits, conclusion (domain book
5.7).
"""

from datetime import date

import pytest

from libs.filing.filing import Decision, Reviewed
from services.review.cases.domain.about import Submission
from services.review.cases.domain.actions import actions
from services.review.cases.domain.case import Case
from services.review.cases.domain.forwarding import forward
from services.review.cases.domain.handing import assign, findings_before_assigning
from services.review.cases.domain.judgement import Inspector, Mark, Verdict
from services.review.cases.domain.lapsing import findings_before_lapse, lapse
from services.review.cases.domain.reviewing import decide, take
from services.review.cases.domain.subject import Level, State
from services.review.cases.domain.visiting import record_onsite
from services.review.conclusions.domain.concluding import approve, propose
from services.review.conclusions.domain.experts import findings_before_opinion, give_opinion
from services.review.conclusions.domain.signing import findings_before_signing, sign
from tests.given import SEEN
from tests.review.given import (
    A11,
    CITY,
    CITY_LEAD,
    CLERK,
    DUE,
    EXPERT,
    ITEM,
    PROV,
    PROV_LEAD,
    THE_RECORD,
    Story,
    about,
    by,
    opinion_of,
)

AFTER = date(2024, 11, 30)  # window and correction are over
TWO = (Inspector(name="甲", certificate_no="J-1"), Inspector(name="乙", certificate_no="J-2"))


def where(story: Story) -> tuple[Level, State, str]:
    return story.case.level, story.case.state, story.case.status


# City


def test_the_citys_word_is_an_opinion_that_waits_for_the_lead() -> None:
    story = Story().decided("PASS", CITY)
    told = story.events[-1]
    assert isinstance(told, Case.Decided)
    assert not told.binding
    assert where(story) == (Level.CITY, State.OPINION, "CITY_REVIEW")


@pytest.mark.parametrize("decision", ["PASS", "FAIL"])
def test_the_leads_signature_lets_the_opinion_take_effect(decision: str) -> None:
    story = Story().decided(decision, CITY)
    story.when(sign, CITY_LEAD).then(
        Case.CaseSigned(
            act=CITY_LEAD,
            level=Level.CITY,
            reviewed=SEEN,
            decision=Decision(decision),
            decided=opinion_of(story.case),
            **about(),
        )
    )


def test_the_signed_opinion_names_the_decision_by_its_id() -> None:
    told = [
        each
        for each in Story().decided("PASS", CITY).signed().events
        if isinstance(each, (Case.Decided, Case.CaseSigned))
    ]
    assert isinstance(told[0], Case.Decided)
    assert isinstance(told[1], Case.CaseSigned)
    assert told[0].id == told[1].decided


def test_where_no_lead_signs_the_opinion_takes_effect_at_once() -> None:
    story = Story(city_lead_signs=False).decided("PASS", CITY)
    assert [type(each) for each in story.events[-2:]] == [Case.Decided, Case.CaseSigned]
    assert story.case.state is State.DECIDED


def test_a_passed_record_goes_to_the_province_when_its_owner_has_followed() -> None:
    story = Story().decided("PASS", CITY).signed()
    assert where(story) == (Level.CITY, State.DECIDED, "CITY_REVIEW")
    assert where(story.applied()) == (Level.PROV, State.WAITING, "CITY_PASSED")
    assert (story.case.assignee, story.case.decision) == (None, None)


def test_nobody_signs_their_own_opinion() -> None:
    story = Story().decided("PASS", by("CITY_OFFICER", "both/1"))
    story.when(sign, by("CITY_LEAD", "both/1")).then_refused("STATE")


def test_only_the_lead_of_the_own_unit_signs() -> None:
    story = Story().decided("PASS", CITY)
    story.when(sign, by("CITY_OFFICER", "another/1")).then_refused("STATE")
    story.when(sign, by("CITY_LEAD", office="410200")).then_refused("V01")


def test_what_has_no_opinion_cannot_be_signed() -> None:
    Story().when(sign, CITY_LEAD).then_refused("STATE")


def test_the_city_asks_no_experts() -> None:
    Story().when(decide, CITY, Decision.ESCALATE, 1, SEEN).then_refused("STATE")


def test_the_lead_does_not_review() -> None:
    Story().when(decide, CITY_LEAD, Decision.PASS, 1, SEEN).then_refused("STATE")


def test_the_lead_opens_no_case() -> None:
    Story().when(take, CITY_LEAD).then_refused("STATE")


def test_one_decision_a_round() -> None:
    Story().decided("PASS", CITY).when(
        decide, CITY, Decision.FAIL, 1, SEEN, (), "不符合要求"
    ).then_refused("STATE")


def test_another_citys_officer_decides_nothing() -> None:
    Story().when(decide, by("CITY_OFFICER", office="410200"), Decision.PASS, 1, SEEN).then_refused(
        "V01"
    )


def test_the_province_waits_for_the_city() -> None:
    Story().when(decide, PROV, Decision.PASS, 1, SEEN).then_refused("V05", "STATE")


@pytest.mark.parametrize(
    ("round", "reviewed"), [(2, SEEN), (1, Reviewed(position=8, data_sha256="5" * 64))]
)
def test_what_was_not_seen_is_not_decided(round: int, reviewed: Reviewed) -> None:
    Story().when(decide, CITY, Decision.PASS, round, reviewed).then_refused("V04")


def test_a_signature_is_of_one_opinion_not_of_the_next() -> None:
    story = Story().decided("PASS", CITY).signed()
    assert story.case.signed_by == CITY_LEAD.by.user
    assert Story().at_the_province().decided("PASS", PROV).case.signed_by is None


# Return and resend


def test_single_items_come_back() -> None:
    story = Story().decided("RETURN", CITY)
    told = story.events[-1]
    assert isinstance(told, Case.Decided)
    assert (told.binding, told.items) == (True, (ITEM,))
    assert where(story.applied()) == (Level.CITY, State.RETURNED, "RETURNED")


def test_a_return_names_its_points() -> None:
    Story().when(decide, CITY, Decision.RETURN, 1, SEEN).then_refused("V03")


def test_returns_are_counted() -> None:
    story = Story(max_returns=1).decided("RETURN", CITY).applied().sent_again()
    seen = story.case.reviewed
    story.when(decide, CITY, Decision.RETURN, 2, seen, (ITEM,), "请补正").then_refused("A20")
    story.decided("PASS", CITY)


def test_a_resend_goes_back_to_the_level_that_returned_it() -> None:
    city = Story().decided("RETURN", CITY).applied().sent_again()
    assert where(city) == (Level.CITY, State.WAITING, "SENT")
    province = Story().at_the_province().decided("RETURN", PROV).applied().sent_again()
    assert where(province) == (Level.PROV, State.WAITING, "SENT")
    assert where(province.decided("PASS", PROV)) == (Level.PROV, State.OPINION, "PROV_REVIEW")


def test_staff_chosen_anew_are_for_the_city_to_see_first() -> None:
    story = Story().at_the_province().decided("RETURN", PROV).applied().sent_again(rechosen=True)
    assert where(story) == (Level.CITY, State.WAITING, "SENT")
    of_the_province = Story("410000").decided("RETURN", PROV).applied().sent_again(rechosen=True)
    assert where(of_the_province) == (Level.PROV, State.WAITING, "SENT")


def test_enterprises_of_the_province_know_no_city_step() -> None:
    assert where(Story("410000").decided("PASS", PROV)) == (
        Level.PROV,
        State.OPINION,
        "PROV_REVIEW",
    )


def test_a_return_lapses_when_both_its_time_and_the_window_are_over() -> None:
    story = Story().decided("RETURN", CITY).applied()
    story.when(lapse, by("CITY_OFFICER", day=date(2024, 10, 31)), DUE).then_refused("STATE")
    late = by("CITY_OFFICER", day=AFTER)
    story.when(lapse, late, DUE).then(
        Case.ReturnLapsed(act=late, level=Level.CITY, due_on=DUE, **about())
    )
    story.when(lapse, by("PROV_OFFICER", day=AFTER), DUE).then_refused("STATE")


def test_what_lapsed_is_judged_as_it_was_sent_last() -> None:
    story = Story().at_the_province().decided("RETURN", PROV).applied()
    lapse(story.case, by("PROV_OFFICER", day=AFTER), DUE)
    assert where(story) == (Level.PROV, State.WAITING, "PROV_REVIEW")
    story.decided("FAIL", PROV)


def test_what_nobody_has_opened_is_given_back() -> None:
    Story().when(Case.ask_withdrawal, CLERK, 1).then(Case.CaseWithdrawn(act=CLERK, **about()))


def test_what_the_city_has_passed_is_not_given_back() -> None:
    Story().at_the_province().when(Case.ask_withdrawal, CLERK, 1).then(
        Case.WithdrawalRefused(act=CLERK, **about())
    )


# Visits, experts, interest


def test_minutes_bring_the_record_back_to_the_level_that_ordered_the_visit() -> None:
    story = Story().decided("ONSITE", CITY).applied()
    assert where(story) == (Level.CITY, State.ONSITE, "ONSITE")
    story.when(record_onsite, CITY, date(2024, 9, 9), TWO, "郑州", "情况属实").then(
        Case.OnsiteRecorded(
            act=CITY,
            level=Level.CITY,
            visited_on=date(2024, 9, 9),
            inspectors=TWO,
            place="郑州",
            minutes="情况属实",
            **about(),
        )
    )
    record_onsite(story.case, CITY, date(2024, 9, 9), TWO, "郑州", "情况属实")
    assert where(story) == (Level.CITY, State.WAITING, "CITY_REVIEW")
    assert (story.case.assignee, story.case.decision) == (None, None)


def test_one_inspector_is_not_enough() -> None:
    Story().decided("ONSITE", CITY).applied().when(
        record_onsite, CITY, AFTER, TWO[:1], "郑州", "情况属实"
    ).then_refused("V10")


def test_the_others_level_does_not_record_the_visit() -> None:
    story = Story().decided("ONSITE", CITY).applied()
    story.when(record_onsite, PROV, AFTER, TWO, "郑州", "情况属实").then_refused("V05", "STATE")


def test_no_minutes_without_a_visit() -> None:
    Story().when(record_onsite, CITY, AFTER, TWO, "郑州", "情况属实").then_refused("STATE")


def test_the_experts_word_brings_the_record_back_to_the_province() -> None:
    story = Story().at_the_province().decided("ESCALATE", PROV).applied()
    assert where(story) == (Level.EXPERT, State.WAITING, "EXPERT")
    story.when(decide, PROV, Decision.PASS, 1, SEEN).then_refused("STATE")
    story.when(give_opinion, PROV, "同意").then_refused("STATE")
    story.when(give_opinion, EXPERT, "同意").then_refused("STATE")
    story.when(assign, PROV, EXPERT.by.user, "请审核").then_refused("STATE")
    story.case.authors |= {"author/1"}
    against = findings_before_assigning(story.case, PROV_LEAD, "author/1")
    assert [each.rule for each in against] == ["STATE"]
    assign(story.case, PROV_LEAD, EXPERT.by.user, "请审核")
    story._keep()
    assert where(story) == (Level.EXPERT, State.WAITING, "EXPERT")
    story.when(give_opinion, by("EXPERT", "another"), "同意").then_refused("STATE")
    story.when(give_opinion, EXPERT, "同意").then(
        Case.ExpertOpinionGiven(act=EXPERT, text="同意", **about())
    )
    give_opinion(story.case, EXPERT, "同意")
    assert where(story) == (Level.PROV, State.WAITING, "PROV_REVIEW")


def test_whoever_declares_an_interest_decides_nothing_more() -> None:
    story = Story()
    take(story.case, CITY)
    story.case.declare_interest(CITY, "亲属在该企业任职")
    story._keep()
    assert story.case.state is State.WAITING
    story.when(decide, CITY, Decision.PASS, 1, SEEN).then_refused("V11")
    story.when(Case.ask_withdrawal, CLERK, 1).then(Case.WithdrawalRefused(act=CLERK, **about()))
    assert story.decided("PASS", by("CITY_OFFICER", "another/1")).case.state is State.OPINION


def test_an_interest_is_declared_once() -> None:
    story = Story()
    story.case.declare_interest(CITY, "亲属在该企业任职")
    story._keep().when(Case.declare_interest, CITY, "亲属在该企业任职").then()


def test_a_lead_with_an_interest_does_not_sign() -> None:
    story = Story().decided("PASS", CITY)
    story.case.declare_interest(CITY_LEAD, "亲属在该企业任职")
    story._keep().when(sign, CITY_LEAD).then_refused("V11")


# Province and conclusion


def test_the_city_reviewer_does_not_check_again() -> None:
    story = Story().decided("PASS", by("CITY_OFFICER", "both/1")).signed().applied()
    story.when(decide, by("PROV_OFFICER", "both/1"), Decision.PASS, 1, SEEN).then_refused("V02")


def test_the_provinces_word_is_an_opinion_until_the_conclusion_is_approved() -> None:
    story = Story().at_the_province().decided("PASS", PROV).proposed()
    story.when(approve, PROV_LEAD).then(
        Case.ConclusionApproved(
            act=PROV_LEAD, reviewed=SEEN, result="PASS", decided=opinion_of(story.case), **about()
        )
    )
    assert where(story.approved()) == (Level.PROV, State.DECIDED, "PROV_REVIEW")
    assert where(story.applied()) == (Level.PROV, State.CONCLUDED, "CONCLUDED")


def test_no_conclusion_without_an_opinion_of_the_province() -> None:
    Story().at_the_province().when(propose, PROV, "PASS", "", ()).then_refused("STATE")
    Story().decided("PASS", CITY).when(propose, PROV, "PASS", "", ()).then_refused("STATE")


@pytest.mark.parametrize("result", ["ABSENT", "EXEMPT", "MANUAL", ""])
def test_a_person_concludes_pass_basic_or_fail(result: str) -> None:
    Story().at_the_province().decided("PASS", PROV).when(
        propose, PROV, result, "有理由", ()
    ).then_refused("V06")


def test_another_result_than_the_machines_has_its_reason() -> None:
    story = Story().at_the_province().decided("PASS", PROV)
    story.when(propose, PROV, "BASIC", " ", ()).then_refused("V06")
    assert story.proposed("BASIC", "人员不足").case.conclusion


def test_a_pass_with_a_finding_that_is_not_cleared_has_its_reason() -> None:
    story = Story(findings=(A11,)).at_the_province().decided("PASS", PROV)
    cleared = Verdict(rule="A11", pointer=A11.pointer, verdict=Mark.CLEARED, text="已核对")
    entered = Verdict(rule="A22", verdict=Mark.UPHELD, text="未报送")
    story.when(propose, PROV, "PASS", "", ()).then_refused("V06")
    story.when(propose, PROV, "PASS", "", (cleared, entered)).then_refused("V06")
    assert story.proposed("PASS", "", (cleared,)).case.conclusion


def test_the_city_reviewer_proposes_no_conclusion() -> None:
    both = by("PROV_OFFICER", "both/1")
    story = Story().decided("PASS", by("CITY_OFFICER", "both/1")).signed().applied()
    story.decided("PASS", PROV).when(propose, both, "PASS", "", ()).then_refused("V02")
    assert [each.rule for each in actions(story.case, both)["propose"]] == ["V02"]


def test_nobody_approves_their_own_proposal() -> None:
    story = (
        Story().at_the_province().decided("PASS", PROV).proposed(by=by("PROV_OFFICER", "both/1"))
    )
    story.when(approve, by("PROV_LEAD", "both/1")).then_refused("STATE")


def test_only_a_lead_of_the_province_who_was_not_the_city_reviewer_approves() -> None:
    story = (
        Story()
        .decided("PASS", by("CITY_OFFICER", "both/1"))
        .signed()
        .applied()
        .decided("PASS", PROV)
        .proposed()
    )
    story.when(approve, by("PROV_OFFICER", "another/1")).then_refused("STATE")
    story.when(approve, by("PROV_LEAD", "both/1")).then_refused("V02")


def test_nothing_is_approved_that_nobody_proposed() -> None:
    Story().at_the_province().decided("PASS", PROV).when(approve, PROV_LEAD).then_refused("STATE")


def test_what_its_owner_did_not_apply_has_no_effect() -> None:
    story = Story().decided("PASS", CITY).signed()
    story.case.hear_not_applied(CLERK, 1, THE_RECORD)
    assert story.case.state is State.CLOSED


def test_an_answer_about_another_round_changes_nothing() -> None:
    story = Story().decided("PASS", CITY).signed()
    story.when(forward, CLERK, 2, THE_RECORD, province_due=DUE).then()
    story.when(Case.hear_not_applied, CLERK, 2, THE_RECORD).then()


def test_what_may_be_done_is_told_with_the_reasons() -> None:
    story = Story().decided("PASS", CITY)
    allowed = {action for action, against in actions(story.case, CITY_LEAD).items() if not against}
    assert allowed == {"sign"}
    assert {action for action, against in actions(Story().case, CITY).items() if not against} == {
        "take",
        "assign",
        "PASS",
        "RETURN",
        "FAIL",
        "ONSITE",
    }


def test_a_filings_case_has_no_signature() -> None:
    subject = Story().case.subject.model_copy(update={"kind": "enterprise_filing"})
    sent = Submission(subject=subject, level=Level.CITY, round=1, reviewed=SEEN, due_on=DUE)
    filing = Case.begin_with(CLERK, sent)
    for refused in (
        findings_before_signing(filing, CITY_LEAD),
        findings_before_lapse(filing, CITY),
        findings_before_opinion(filing, EXPERT),
    ):
        assert "STATE" in [each.rule for each in refused]
