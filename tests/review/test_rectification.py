"""Rectification after an announced FAIL: ordered, reported, rechecked, or the licence's withdrawal
is proposed.
"""

from datetime import date
from typing import Any

import pytest

from libs.events.testing import given
from libs.filing.filing import Decision
from services.review.cases.domain.judgement import Qualification
from services.review.rectification.domain import (
    Counted,
    Hearing,
    MeasuredItem,
    Measurement,
    Rectification,
    Report,
    Shortfall,
    findings_before_ordering,
)
from tests.given import ENTERPRISE, USCC, id_of
from tests.review.given import THE_RECORD, by

NOTICE, DEADLINE, LATE = date(2024, 11, 30), date(2025, 2, 28), date(2025, 3, 10)
REPORT = Report(text="已补充注册建筑师一名", scans=(id_of("scan"),))
HEARING = Hearing(told_on=date(2025, 3, 3), heard_on=date(2025, 3, 10), statement="无异议")
CLERK, PROV, CITY_LEAD = (
    by(role, day=date(2024, 12, 20)) for role in ("ENT_CLERK", "PROV_OFFICER", "CITY_LEAD")
)

ordered = Rectification.RectificationOrdered(
    act=PROV,
    record=THE_RECORD,
    enterprise=ENTERPRISE,
    uscc=USCC,
    enterprise_name="某设计院",
    unit="410100",
    notice_date=NOTICE,
    deadline=DEADLINE,
    shortfalls=(Shortfall(item="建筑工程甲级", need="注册建筑师 3 人", have="2 人"),),
)
reported = Rectification.RectificationReported(act=CLERK, record=THE_RECORD, report=REPORT)
refused = Rectification.RectificationRefused(act=PROV, record=THE_RECORD, text="人员仍然不足")
reopened = Rectification.RectificationReopened(act=PROV, record=THE_RECORD, text="缺少社保证明")


MEASURED = Rectification.RecheckMeasured(
    act=PROV,
    record=THE_RECORD,
    measurement=Measurement(
        on=date(2024, 12, 20),
        items=(
            MeasuredItem(
                qualification=Qualification(licence="A32101", grade="B"),
                registered=Counted(need=5, have=4),
                professionals=None,
            ),
        ),
        net_assets_wan=None,
    ),
)


def test_what_the_enterprise_has_is_told_once_beside_the_report_that_waits() -> None:
    command = (Rectification.measure, PROV, MEASURED.measurement)
    given(Rectification, ordered, reported).when(*command).then(MEASURED)
    given(Rectification, ordered, reported, MEASURED).when(*command).then()
    given(Rectification, ordered).when(*command).then()
    again = given(Rectification, ordered, reported, MEASURED, reopened, reported)
    assert again.aggregate.measurement is None


@pytest.mark.parametrize(
    ("notice", "deadline", "rules"),
    [
        (NOTICE, DEADLINE, []),  # 30 November and three months: the end of February
        (NOTICE, date(2025, 3, 1), ["V08"]),
        (NOTICE, NOTICE, ["V08"]),
        (date(2024, 12, 21), date(2025, 1, 21), ["V08"]),
    ],
)
def test_a_deadline_lies_within_three_months_of_a_notice_that_was_served(
    notice: date, deadline: date, rules: list[str]
) -> None:
    assert [
        each.rule for each in findings_before_ordering(notice, deadline, date(2024, 12, 20))
    ] == rules


def test_the_enterprise_reports() -> None:
    given(Rectification, ordered).when(Rectification.report, CLERK, REPORT).then(reported)
    given(Rectification, ordered, reported).when(Rectification.report, CLERK, REPORT).then_refused(
        "STATE"
    )
    given(Rectification, ordered).when(Rectification.report, PROV, REPORT).then_refused("STATE")


def test_an_accepted_report_ends_it() -> None:
    accepted = Rectification.RectificationAccepted(act=PROV, record=THE_RECORD, text="")
    given(Rectification, ordered, reported).when(
        Rectification.recheck, PROV, Decision.PASS, ""
    ).then(accepted)
    given(Rectification, ordered, reported, accepted).when(
        Rectification.recheck, PROV, Decision.FAIL, "人员仍然不足"
    ).then_refused("STATE")


def test_an_incomplete_report_comes_back_under_the_same_deadline() -> None:
    given(Rectification, ordered, reported).when(
        Rectification.recheck, CITY_LEAD, Decision.RETURN, "缺少社保证明"
    ).then(
        Rectification.RectificationReopened(act=CITY_LEAD, record=THE_RECORD, text="缺少社保证明")
    )
    given(Rectification, ordered, reported, reopened).when(
        Rectification.report, CLERK, REPORT
    ).then(reported)
    aggregate = given(Rectification, ordered, reported, reopened).aggregate
    assert (aggregate.status_on(DEADLINE), aggregate.status_on(LATE)) == ("IN_PROGRESS", "OVERDUE")


@pytest.mark.parametrize("decision", [Decision.RETURN, Decision.FAIL])
def test_what_is_wrong_with_a_report_is_said(decision: Decision) -> None:
    given(Rectification, ordered, reported).when(
        Rectification.recheck, PROV, decision, "不行"
    ).then_refused("V03")


def test_nothing_is_rechecked_before_it_is_reported() -> None:
    given(Rectification, ordered).when(Rectification.recheck, PROV, Decision.PASS, "").then_refused(
        "STATE"
    )


def test_another_citys_lead_rechecks_nothing() -> None:
    given(Rectification, ordered, reported).when(
        Rectification.recheck, by("CITY_LEAD", office="410200"), Decision.PASS, ""
    ).then_refused("V01")


def test_after_a_refusal_only_the_hearing_can_still_lead_to_acceptance() -> None:
    story = (ordered, reported, refused)
    given(Rectification, *story).when(
        Rectification.recheck, PROV, Decision.FAIL, "人员仍然不足"
    ).then_refused("STATE")
    given(Rectification, *story).when(Rectification.recheck, PROV, Decision.PASS, "陈述成立").then(
        Rectification.RectificationAccepted(act=PROV, record=THE_RECORD, text="陈述成立")
    )


@pytest.mark.parametrize(
    ("past", "day", "hearing", "allowed"),
    [
        ((ordered,), date(2025, 2, 28), HEARING, False),  # neither overdue nor refused
        ((ordered,), LATE, HEARING, True),  # overdue, heard
        ((ordered, reported, refused), LATE, HEARING, True),
        ((ordered, reported), LATE, HEARING, False),  # a report waits for its recheck
        # heard tomorrow
        ((ordered,), LATE, HEARING.model_copy(update={"heard_on": date(2025, 3, 11)}), False),
        ((ordered,), LATE, HEARING.model_copy(update={"told_on": date(2025, 3, 11)}), False),
    ],
)
def test_a_withdrawal_is_proposed_when_it_failed_and_the_enterprise_was_heard(
    past: tuple[Any, ...], day: date, hearing: Hearing, allowed: bool
) -> None:
    act = by("PROV_LEAD", day=day)
    scenario = given(Rectification, *past).when(
        Rectification.propose_withdrawal, act, hearing, "拟撤回"
    )
    if allowed:
        scenario.then(
            Rectification.QualificationWithdrawalProposed(
                act=act, record=THE_RECORD, hearing=hearing, text="拟撤回"
            )
        )
    else:
        scenario.then_refused("V09")


@pytest.mark.parametrize(
    ("withdrawn", "status"), [(True, "WITHDRAWN"), (False, "WITHDRAW_PROPOSED")]
)
def test_a_proposal_is_settled_once(withdrawn: bool, status: str) -> None:
    act = by("PROV_LEAD", day=LATE)
    proposed = Rectification.QualificationWithdrawalProposed(
        act=act, record=THE_RECORD, hearing=HEARING, text=""
    )
    settled = Rectification.WithdrawalSettled(
        act=act, record=THE_RECORD, withdrawn=withdrawn, text=""
    )
    given(Rectification, ordered).when(
        Rectification.settle, act, "", withdrawn=withdrawn
    ).then_refused("STATE")
    given(Rectification, ordered, proposed).when(
        Rectification.settle, act, "", withdrawn=withdrawn
    ).then(settled)
    given(Rectification, ordered, proposed, settled).when(
        Rectification.settle, act, "", withdrawn=withdrawn
    ).then_refused("STATE")
    found = given(Rectification, ordered, proposed, settled).aggregate
    assert (found.status, found.is_settled, found.record_status) == (status, True, "CLOSED")
