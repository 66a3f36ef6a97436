"""Publicity: results that everybody sees, objections, the announcement after full working days."""

from datetime import date
from typing import Any

import pytest

from libs.events.errors import NotFound
from libs.events.refusal import Refused
from libs.events.testing import given
from libs.filing.calendar import publicity_end
from libs.filing.reference import policy
from services.review.cases.domain.case import Case
from services.review.cases.domain.subject import Level, State
from services.review.conclusions.domain.publishing import publish, reopen, settle
from services.review.publicity.domain import (
    Publicity,
    Published,
    Standing,
    findings_before_publishing,
)
from tests.given import ENTERPRISE, USCC, id_of
from tests.review.given import DUE, PROV, THE_RECORD, Story, by

PUBLICITY, OBJECTION, OTHER = id_of("publicity"), id_of("objection"), id_of("other record")
# Friday; the 29th is worked for 1 to 7 October, and so is the 12th
BEFORE_NATIONAL_DAY = date(2024, 9, 27)


def line(record: Any = THE_RECORD, **changes: Any) -> Published:
    facts: dict[str, Any] = {
        "enterprise": ENTERPRISE,
        "uscc": USCC,
        "enterprise_name": "某设计院",
        "result": "PASS",
    }
    return Published(record=record, **(facts | changes))


def opened(day: date = BEFORE_NATIONAL_DAY) -> Publicity.PublicityOpened:
    last = publicity_end(day, policy().publicity_workdays)
    results = (line(), line(OTHER))
    return Publicity.PublicityOpened(
        act=by("PROV_OFFICER", day=day),
        publicity=PUBLICITY,
        results=results,
        first_day=day,
        last_day=last,
    )


raised = Publicity.ObjectionRaised(
    act=PROV, objection=OBJECTION, record=THE_RECORD, text="人员不实", who="张三"
)


def closed(upheld: bool) -> Publicity.ObjectionClosed:
    return Publicity.ObjectionClosed(
        act=PROV, objection=OBJECTION, record=THE_RECORD, upheld=upheld, text="经核实"
    )


def test_the_days_of_publicity_are_working_days_around_the_holidays() -> None:
    assert opened().last_day == date(2024, 10, 12)  # 29 and 30 September, 8 to 12 October
    assert policy().publicity_workdays == 7


@pytest.mark.parametrize(
    ("day", "allowed"),
    [(date(2024, 10, 10), False), (date(2024, 10, 12), False), (date(2024, 10, 13), True)],
)
def test_results_are_announced_when_the_working_days_are_full(day: date, allowed: bool) -> None:
    act = by("PROV_OFFICER", day=day)
    scenario = given(Publicity, opened()).when(Publicity.announce, act)
    if allowed:
        scenario.then(
            Publicity.ResultAnnounced(act=act, results=(line(), line(OTHER)), announced_on=day)
        )
    else:
        scenario.then_refused("V07")


LATER = by("PROV_LEAD", day=date(2024, 10, 20))


def test_an_open_objection_stops_the_announcement() -> None:
    given(Publicity, opened(), raised).when(Publicity.announce, LATER).then_refused("V07")


def test_after_a_dismissed_objection_all_is_announced() -> None:
    given(Publicity, opened(), raised, closed(False)).when(Publicity.announce, LATER).then(
        Publicity.ResultAnnounced(
            act=LATER, results=(line(), line(OTHER)), announced_on=LATER.today
        )
    )


def test_an_upheld_objection_takes_its_record_out() -> None:
    given(Publicity, opened(), raised, closed(True)).when(Publicity.announce, LATER).then(
        Publicity.ResultAnnounced(act=LATER, results=(line(OTHER),), announced_on=LATER.today)
    )


def test_an_objection_is_raised_and_answered() -> None:
    given(Publicity, opened()).when(
        Publicity.object, PROV, OBJECTION, THE_RECORD, "人员不实", "张三"
    ).then(raised)
    given(Publicity, opened(), raised).when(
        Publicity.close_objection, PROV, OBJECTION, "经核实", upheld=False
    ).then(closed(False))


def test_an_objection_is_answered_once() -> None:
    given(Publicity, opened(), raised, closed(False)).when(
        Publicity.close_objection, PROV, OBJECTION, "", upheld=True
    ).then_refused("STATE")


def test_a_record_waits_for_one_answer_at_a_time() -> None:
    other = id_of("another objection")
    given(Publicity, opened(), raised).when(
        Publicity.object, PROV, other, THE_RECORD, "业绩不实", "李四"
    ).then_refused("STATE")
    given(Publicity, opened(), raised).when(
        Publicity.object, PROV, other, OTHER, "业绩不实", "李四"
    ).then(
        Publicity.ObjectionRaised(
            act=PROV, objection=other, record=OTHER, text="业绩不实", who="李四"
        )
    )


def test_what_is_announced_is_not_announced_again_nor_objected_to() -> None:
    done = Publicity.ResultAnnounced(
        act=LATER, results=(line(), line(OTHER)), announced_on=LATER.today
    )
    given(Publicity, opened(), done).when(Publicity.announce, LATER).then_refused("STATE")
    given(Publicity, opened(), done).when(
        Publicity.object, PROV, OBJECTION, THE_RECORD, "人员不实", "张三"
    ).then_refused("STATE")


def test_only_the_province_announces_and_takes_objections() -> None:
    city = by("CITY_LEAD", day=LATER.today)
    given(Publicity, opened()).when(Publicity.announce, city).then_refused("STATE")
    given(Publicity, opened()).when(
        Publicity.object, city, OBJECTION, THE_RECORD, "人员不实", "张三"
    ).then_refused("STATE")


def test_a_record_that_is_not_in_it_has_no_objection() -> None:
    with pytest.raises(NotFound):
        given(Publicity, opened()).when(
            Publicity.object, PROV, OBJECTION, id_of("stranger"), "人员不实", "张三"
        ).then()


def test_nothing_personal_is_published() -> None:
    assert findings_before_publishing((line(),)) == []
    assert [
        each.rule for each in findings_before_publishing((line(enterprise_name="联系13800000000"),))
    ] == ["V12"]


# The case of a record in a publicity


def test_what_is_not_concluded_is_not_published() -> None:
    Story().at_the_province().decided("PASS", PROV).proposed().approved().when(
        publish, PROV, PUBLICITY
    ).then_refused("STATE")


def test_a_concluded_record_is_published_once() -> None:
    story = Story().concluded()
    story.when(publish, PROV, PUBLICITY).then(
        Case.ResultPublished(act=PROV, record=THE_RECORD, publicity=PUBLICITY, result="PASS")
    )
    publish(story.case, PROV, PUBLICITY)
    assert story._keep().case.state is State.PUBLISHED
    with pytest.raises(Refused, match="STATE"):
        publish(story.case, PROV, id_of("another publicity"))


def test_an_upheld_objection_brings_the_case_back_to_the_province() -> None:
    story = Story().concluded()
    publish(story.case, PROV, PUBLICITY)
    story._keep().when(reopen, PROV, DUE).then(
        Case.CaseReopened(act=PROV, record=THE_RECORD, round=1, level=Level.PROV, due_on=DUE)
    )
    reopen(story.case, PROV, DUE)
    assert (story._keep().case.level, story.case.state, story.case.status) == (
        Level.PROV,
        State.WAITING,
        "PROV_REVIEW",
    )
    assert (
        story.decided("PASS", PROV).proposed("FAIL", "异议成立").approved().applied().case.state
        is State.CONCLUDED
    )


def test_what_nobody_published_is_neither_looked_at_again_nor_final() -> None:
    concluded = Story().concluded()
    concluded.when(reopen, PROV, DUE).then()
    publish(concluded.case, PROV, PUBLICITY)
    settle(concluded.case, PROV)
    closed = concluded._keep()
    closed.when(reopen, PROV, DUE).then()
    closed.when(settle, PROV).then()


def test_an_announced_record_is_closed() -> None:
    story = Story().concluded()
    publish(story.case, PROV, PUBLICITY)
    story._keep().when(settle, PROV).then(
        Case.ResultSettled(act=PROV, record=THE_RECORD, publicity=PUBLICITY, result="PASS")
    )
    settle(story.case, PROV)
    assert (story.case.state, story.case.announced) == (State.CLOSED, "PASS")


def test_a_publicity_stands_open_until_it_is_announced() -> None:
    assert given(Publicity, opened()).aggregate.standing is Standing.OPEN
