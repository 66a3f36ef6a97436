"""Case: after sending, the only arbiter."""

from datetime import date
from typing import Any
from uuid import uuid5

from libs.events.testing import given
from libs.events.value import Act
from libs.filing.filing import Decision, ReturnedItem, Reviewed
from services.review.cases.domain.about import Submission
from services.review.cases.domain.case import Case
from services.review.cases.domain.handing import assign, release
from services.review.cases.domain.judgement import Inspector
from services.review.cases.domain.reviewing import decide, take
from services.review.cases.domain.subject import Level, Subject
from services.review.cases.domain.visiting import record_onsite
from services.review.conclusions.domain.signing import findings_before_signing
from tests.given import AT, ENTERPRISE, SEEN, USCC, clerk, id_of, officer
from tests.review.given import by

CASE, FILING, DECISION = id_of("case"), id_of("filing"), id_of("decision")
ITEM = ReturnedItem(pointer="/basic/name", reason="07", text="与营业执照不一致")
SUBJECT = Subject(
    kind="enterprise_filing",
    id=ENTERPRISE,
    filing=FILING,
    type="ENT_INIT",
    no="ENT_INIT-1",
    receipt_no="R-1",
    enterprise=ENTERPRISE,
    uscc=USCC,
    enterprise_name="某设计院",
    unit="410100",
)
ABOUT: dict[str, Any] = {
    "subject_kind": "enterprise_filing",
    "subject_id": ENTERPRISE,
    "filing": FILING,
    "round": 1,
}

opened = Case.CaseOpened(
    act=clerk(),
    case=CASE,
    subject=SUBJECT,
    level=Level.CITY,
    round=1,
    reviewed=SEEN,
    due_on=date(2024, 9, 30),
)
taken = Case.CaseTaken(act=officer(), level=Level.CITY, **ABOUT)
NEXT, LEAD = "city_officer/2", by("CITY_LEAD")
released = Case.CaseReleased(act=officer(), held_by="city_officer/410100", **ABOUT)
assigned = Case.CaseAssigned(act=officer(), level=Level.CITY, to=NEXT, reason="休假", **ABOUT)


def decided(decision: Decision = Decision.PASS, **changes: Any) -> Case.Decided:
    facts = {
        "level": Level.CITY,
        "reviewed": SEEN,
        "decision": decision,
        "items": (),
        "comment": "",
        **ABOUT,
        **changes,
    }
    return Case.Decided(act=officer(), case=CASE, id=uuid5(CASE, "3"), **facts)


def test_opening_takes_the_case() -> None:
    given(Case, opened).when(take, officer()).then(taken)


def test_opening_ones_own_case_again_changes_nothing() -> None:
    given(Case, opened, taken).when(take, officer()).then()


def test_a_case_is_opened_by_one_officer() -> None:
    given(Case, opened, taken).when(take, officer(user="city_officer/2")).then_refused("STATE")


def test_an_officer_of_another_unit_decides_nothing() -> None:
    given(Case, opened).when(decide, officer("410200"), Decision.PASS, 1, SEEN).then_refused("V01")


def test_who_has_no_office_is_of_no_unit_not_of_the_case_without_one() -> None:
    nowhere = SUBJECT.model_copy(update={"unit": ""})
    without_unit = opened.model_copy(update={"subject": nowhere})
    nobody = Act(by=officer().by.model_copy(update={"office": None}), at=AT)
    given(Case, without_unit).when(take, nobody).then_refused("V01")
    case = given(Case, without_unit).aggregate
    assert "V01" in [each.rule for each in findings_before_signing(case, nobody)]


def test_an_officer_gives_back_what_is_theirs_and_another_takes_it() -> None:
    given(Case, opened, taken).when(release, officer()).then(released)
    given(Case, opened, taken, released).when(take, officer(user="city_officer/2")).then(
        taken.model_copy(update={"act": officer(user="city_officer/2")})
    )


def test_what_was_given_back_was_opened_all_the_same() -> None:
    given(Case, opened, taken, released).when(Case.ask_withdrawal, clerk(), 1).then(
        Case.WithdrawalRefused(act=clerk(), **ABOUT)
    )


def test_nobody_gives_back_what_is_anothers_or_nobodys() -> None:
    given(Case, opened, taken).when(release, officer(user="city_officer/2")).then_refused("STATE")
    given(Case, opened).when(release, officer()).then_refused("STATE")
    given(Case, opened, taken, decided()).when(release, officer()).then_refused("STATE")


def test_a_lead_gives_back_what_an_absent_officer_holds() -> None:
    held = Case.CaseReleased(act=LEAD, held_by="city_officer/410100", **ABOUT)
    given(Case, opened, taken).when(release, LEAD).then(held)
    given(Case, opened, taken).when(release, by("CITY_LEAD", office="410200")).then_refused("V01")


def test_a_case_is_handed_over_with_a_reason_and_is_then_the_others() -> None:
    given(Case, opened, taken).when(assign, officer(), NEXT, "休假").then(assigned)
    case = given(Case, opened, taken, assigned)
    case.when(decide, officer(), Decision.PASS, 1, SEEN).then_refused("STATE")
    case.when(take, officer(user=NEXT)).then()


def test_handing_over_opens_what_nobody_has_opened() -> None:
    given(Case, opened).when(assign, officer(), NEXT, "休假").then(taken, assigned)


def test_only_who_holds_a_case_or_a_lead_hands_it_over() -> None:
    another = officer(user="city_officer/3")
    given(Case, opened, taken).when(assign, another, NEXT, "休假").then_refused("STATE")
    by_lead = assigned.model_copy(update={"act": LEAD})
    given(Case, opened, taken).when(assign, LEAD, NEXT, "休假").then(by_lead)


def test_handing_it_over_to_who_has_it_changes_nothing() -> None:
    given(Case, opened, taken).when(assign, officer(), "city_officer/410100", "休假").then()


def test_a_case_is_handed_over_to_nobody_with_an_interest() -> None:
    interest = Case.InterestDeclared(
        act=officer(user=NEXT), round=1, reason="亲属任职", gives_back=False
    )
    given(Case, opened, interest, taken).when(assign, officer(), NEXT, "休假").then_refused("V11")


def test_the_province_hands_nothing_over_to_the_citys_reviewer() -> None:
    escalated = decided(Decision.ESCALATE)
    given(Case, opened, taken, escalated).when(
        assign, by("PROV_OFFICER"), "city_officer/410100", "休假"
    ).then_refused("V02")


def test_a_decision_takes_the_case_first() -> None:
    given(Case, opened).when(decide, officer(), Decision.PASS, 1, SEEN).then(taken, decided())


def test_a_decision_on_an_older_round_is_refused() -> None:
    given(Case, opened, taken).when(decide, officer(), Decision.PASS, 2, SEEN).then_refused("V04")


def test_a_decision_on_other_bytes_is_refused() -> None:
    given(Case, opened, taken).when(
        decide, officer(), Decision.PASS, 1, Reviewed(position=7, data_sha256="6" * 64)
    ).then_refused("V04")


def test_a_return_needs_its_points() -> None:
    given(Case, opened, taken).when(decide, officer(), Decision.RETURN, 1, SEEN).then_refused("V03")


def test_a_return_names_what_is_wrong() -> None:
    given(Case, opened, taken).when(
        decide, officer(), Decision.RETURN, 1, SEEN, (ITEM,), "请补正注册地址"
    ).then(decided(Decision.RETURN, items=(ITEM,), comment="请补正注册地址"))


def test_what_nobody_has_opened_is_given_back() -> None:
    given(Case, opened).when(Case.ask_withdrawal, clerk(), 1).then(
        Case.CaseWithdrawn(act=clerk(), **ABOUT)
    )


def test_what_somebody_has_opened_is_not_given_back() -> None:
    given(Case, opened, taken).when(Case.ask_withdrawal, clerk(), 1).then(
        Case.WithdrawalRefused(act=clerk(), **ABOUT)
    )


def test_a_decided_case_is_closed_when_its_owner_has_applied_it() -> None:
    given(Case, opened, taken, decided()).when(Case.hear_applied, clerk(), 1, DECISION).then(
        Case.DecisionTookEffect(act=clerk(), round=1, decision=DECISION, returned=False)
    )


def test_an_answer_about_another_round_changes_nothing() -> None:
    given(Case, opened, taken, decided()).when(Case.hear_applied, clerk(), 2, DECISION).then()


def test_what_is_given_up_is_closed_once() -> None:
    given(Case, opened).when(Case.void, clerk()).then(Case.CaseVoided(act=clerk()))
    given(Case, opened, Case.CaseVoided(act=clerk())).when(Case.void, clerk()).then()


def test_what_was_sent_again_is_given_back_by_its_own_round_alone() -> None:
    given(Case, opened).when(Case.ask_withdrawal, clerk(), 2).then(
        Case.WithdrawalRefused(act=clerk(), **ABOUT | {"round": 2})
    )


def test_a_round_is_opened_once() -> None:
    same = Submission(
        subject=SUBJECT, level=Level.PROV, round=1, reviewed=SEEN, due_on=date(2024, 10, 9)
    )
    given(Case, opened).when(Case.open_round, clerk(), same).then()


def test_a_resent_round_comes_back_to_the_same_case() -> None:
    seen = Reviewed(position=9, data_sha256="9" * 64)
    effect = Case.DecisionTookEffect(act=clerk(), round=1, decision=DECISION, returned=True)
    returned = decided(Decision.RETURN, items=(ITEM,))
    again = Submission(
        subject=SUBJECT, level=Level.CITY, round=2, reviewed=seen, due_on=date(2024, 10, 9)
    )
    given(Case, opened, taken, returned, effect).when(Case.open_round, clerk(), again).then(
        Case.RoundOpened(act=clerk(), **dict(again))
    )


def test_a_visited_case_waits_at_the_level_that_ordered_the_visit() -> None:
    two = (Inspector(name="甲", certificate_no="J-1"), Inspector(name="乙", certificate_no="J-2"))
    visited = Case.OnsiteRecorded(
        act=officer(),
        level=Level.CITY,
        visited_on=date(2024, 9, 9),
        inspectors=two,
        place="郑州",
        minutes="情况属实",
        **ABOUT,
    )
    ordered = (opened, taken, decided(Decision.ONSITE))
    given(Case, *ordered).when(
        record_onsite, officer(), date(2024, 9, 9), two, "郑州", "情况属实"
    ).then(visited)
    given(Case, *ordered, visited).when(take, officer(user="city_officer/2")).then(
        Case.CaseTaken(act=officer(user="city_officer/2"), level=Level.CITY, **ABOUT)
    )


def test_an_escalated_filing_is_not_given_back() -> None:
    given(Case, opened, taken, decided(Decision.ESCALATE)).when(
        Case.ask_withdrawal, clerk(), 1
    ).then(Case.WithdrawalRefused(act=clerk(), **ABOUT))


def test_an_escalated_case_waits_at_the_province_for_another_officer() -> None:
    escalated = decided(Decision.ESCALATE)
    province = officer("410000", user="city_officer/410100")
    given(Case, opened, taken, escalated).when(take, province).then_refused("V02")
    given(Case, opened, taken, escalated).when(take, officer("410000", user="prov/1")).then(
        Case.CaseTaken(act=officer("410000", user="prov/1"), **ABOUT, level=Level.PROV)
    )


def test_who_acts_for_an_enterprise_reviews_nothing() -> None:
    both = officer().model_copy(
        update={"by": officer().by.model_copy(update={"enterprise": id_of("enterprise")})}
    )
    given(Case, opened).when(take, both).then_refused("V02")
