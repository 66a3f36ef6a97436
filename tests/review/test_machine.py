"""Whatever anybody tries, in whatever order: one decision a round, no step skipped, nobody
approves what they proposed themselves.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from libs.events.refusal import Refused
from libs.filing.filing import Decision
from libs.filing.transitions import next_state
from services.review.cases.domain.case import Case
from services.review.cases.domain.forwarding import forward
from services.review.cases.domain.handing import assign
from services.review.cases.domain.judgement import Inspector
from services.review.cases.domain.lapsing import lapse
from services.review.cases.domain.reviewing import decide, take
from services.review.cases.domain.subject import Level, State
from services.review.cases.domain.visiting import record_onsite
from services.review.conclusions.domain.concluding import approve, propose
from services.review.conclusions.domain.experts import give_opinion
from services.review.conclusions.domain.publishing import publish, reopen, settle
from services.review.conclusions.domain.signing import sign
from tests.given import id_of
from tests.review.given import DUE, ITEM, Story, by

MOVES = "assessment_transition"
PEOPLE = {
    "CITY_OFFICER": ("a", "b"),
    "CITY_LEAD": ("a", "c"),
    "PROV_OFFICER": ("a", "b", "d"),
    "PROV_LEAD": ("c", "d"),
    "EXPERT": ("e", "f"),
}
EVERYBODY = [(role, user) for role, users in PEOPLE.items() for user in users]
TWO = (Inspector(name="甲", certificate_no="J-1"), Inspector(name="乙", certificate_no="J-2"))
IN_TIME, LATE = date(2024, 9, 10), date(2024, 11, 30)
OPINIONS = (Decision.PASS, Decision.FAIL)
REVIEWER = {Level.CITY: "CITY_OFFICER", Level.PROV: "PROV_OFFICER", Level.EXPERT: "EXPERT"}
Who = tuple[str, str]


def someone(data: st.DataObject, *roles: str) -> Who:
    """Mostly of these roles, so that the story goes on; sometimes anybody."""
    fit = [each for each in EVERYBODY if each[0] in roles]
    who = data.draw(st.sampled_from(fit * (3 * len(EVERYBODY) // len(fit)) + EVERYBODY))
    note(f"{who[0]} {who[1]}")
    return who


class CaseOfARecord(RuleBasedStateMachine):
    """The model is the book's list: what the case says of the record must be reached by it. One
    rule, so that no run lacks a move.
    """

    @initialize(unit=st.sampled_from(["410100", "410100", "410000"]), signs=st.booleans())
    def opens(self, unit: str, signs: bool) -> None:
        self.story = Story(unit, city_lead_signs=signs, max_returns=2)
        self.record = "SENT"
        self.final: list[tuple[int, Level]] = []  # opinions given, by round and level

    @rule(data=st.data())
    def somebody_acts(self, data: st.DataObject) -> None:
        act = data.draw(
            st.sampled_from(
                [
                    *self.next(),
                    *self.next(),
                    self.tries_out_of_turn,
                    self.is_asked_back,
                    self.declares_an_interest,
                ]
            )
        )
        note(act.__name__)
        act(data)

    def next(self) -> list[Callable[[st.DataObject], None]]:
        """What brings the story forward from here."""
        if self.case.state is State.OPINION:
            return [self.signs] if self.case.level is Level.CITY else [self.proposes, self.approves]
        if self.case.level is Level.EXPERT:
            return [self.gives_an_experts_word, self.names_an_expert]
        following: dict[State, list[Callable[[st.DataObject], None]]] = {
            State.WAITING: [self.decides, self.takes],
            State.TAKEN: [self.decides],
            State.DECIDED: [self.hears],
            State.ONSITE: [self.records_a_visit],
            State.RETURNED: [self.is_sent_again, self.lapses],
            State.WITHDRAWN: [self.is_sent_again],
            State.CONCLUDED: [self.is_published],
        }
        return following.get(self.case.state, [])

    @property
    def case(self) -> Case:
        return self.story.case

    def tries(self, command: Callable[..., None], *args: Any) -> bool:
        """A refusal changes nothing."""
        try:
            command(self.case, *args)
        except Refused:
            assert not self.case.collect_events()
            return False
        self.story._keep()
        return True

    def moves(self, act: str, back_to: str | None = None) -> None:
        reached = next_state(MOVES, self.record, act, back_to)
        assert reached is not None, f"the book has no {act} in {self.record}"
        self.record = reached

    def opened(self) -> None:
        """A case that was opened is under review at its level."""
        if self.record in ("SENT", "CITY_PASSED"):
            self.moves("take_city" if self.case.level is Level.CITY else "take_province")

    def takes(self, data: st.DataObject) -> None:
        if self.tries(take, by(*someone(data, REVIEWER[self.case.level]))):
            self.opened()

    def decides(self, data: st.DataObject) -> None:
        who, decision = (
            someone(data, REVIEWER[self.case.level]),
            data.draw(st.sampled_from([*OPINIONS, *OPINIONS, *Decision])),
        )
        level, stale = self.case.level, data.draw(st.sampled_from([False] * 5 + [True]))
        items = (ITEM,) if decision is Decision.RETURN else ()
        if self.tries(
            decide,
            by(*who),
            decision,
            self.case.round - stale,
            self.case.reviewed,
            items,
            "说明具体问题",
        ):
            assert not stale
            assert who[0] == REVIEWER[level]
            self.opened()
            if decision in OPINIONS:
                assert (self.case.round, level) not in self.final, (
                    "two decisions in one round at one level"
                )
                self.final.append((self.case.round, level))

    def signs(self, data: st.DataObject) -> None:
        who, opined_by = someone(data, "CITY_LEAD"), self.case.opined_by
        if self.tries(sign, by(*who)):
            assert who[0] == "CITY_LEAD"
            assert opined_by != who[1]

    def proposes(self, data: st.DataObject) -> None:
        who, result = (
            someone(data, "PROV_OFFICER"),
            data.draw(st.sampled_from(["PASS", "BASIC", "FAIL", "MANUAL"])),
        )
        if self.tries(propose, by(*who), result, "有理由", ()):
            assert result != "MANUAL"
            assert self.final[-1] == (self.case.round, Level.PROV), (
                "no conclusion without the province's opinion"
            )
            assert self.case.city_reviewer != who[1]

    def approves(self, data: st.DataObject) -> None:
        who, proposed = someone(data, "PROV_LEAD"), self.case.conclusion
        if self.tries(approve, by(*who)):
            assert proposed
            assert who[0] == "PROV_LEAD"
            assert who[1] not in (proposed.proposed_by, self.case.city_reviewer)

    def hears(self, data: st.DataObject) -> None:
        applied, decision = data.draw(st.sampled_from([True] * 9 + [False])), self.case.decision
        about = by("ENT_CLERK"), self.case.round, id_of("applied")
        if applied:
            forward(self.case, *about, province_due=DUE)
        else:
            self.case.hear_not_applied(*about)
        self.story._keep()
        if applied and decision:
            self.moves(decision.value)

    def lapses(self, data: st.DataObject) -> None:
        day, back_to = data.draw(st.sampled_from([IN_TIME, LATE])), self.case.back_to
        if self.tries(lapse, by(*someone(data, "CITY_OFFICER", "PROV_OFFICER"), day=day), DUE):
            assert day == LATE
            self.moves("lapse", back_to)

    def is_sent_again(self, data: st.DataObject) -> None:
        level, rechosen = self.case.level, data.draw(st.booleans())
        self.story.sent_again(rechosen=rechosen)
        self.moves("send")
        assert self.case.level is (
            Level.CITY if rechosen and self.story.unit != "410000" else level
        )

    def is_asked_back(self, data: st.DataObject) -> None:
        untouched = (
            self.record == "SENT"
            and self.case.taken_at is None
            and self.case.state is State.WAITING
        )
        if untouched and data.draw(st.integers(0, 5)):
            return  # else hardly a story would begin
        self.case.ask_withdrawal(by("ENT_CLERK"), self.case.round)
        granted = isinstance(self.story._keep().events[-1], Case.CaseWithdrawn)
        assert granted == untouched
        if granted:
            self.moves("withdraw")

    def records_a_visit(self, data: st.DataObject) -> None:
        inspectors, back_to = data.draw(st.sampled_from([2, 2, 1])), self.case.back_to
        who = someone(data, "CITY_OFFICER", "PROV_OFFICER")
        if self.tries(record_onsite, by(*who), IN_TIME, TWO[:inspectors], "郑州", "情况属实"):
            assert inspectors == 2
            self.moves("minutes", back_to)

    def names_an_expert(self, data: st.DataObject) -> None:
        lead, expert = someone(data, "PROV_LEAD"), data.draw(st.sampled_from(PEOPLE["EXPERT"]))
        if self.tries(assign, by(*lead), expert, "请审核"):
            assert lead[0] == "PROV_LEAD"
            assert self.case.level is Level.EXPERT

    def gives_an_experts_word(self, data: st.DataObject) -> None:
        who, named = someone(data, "EXPERT"), self.case.assignee
        if self.tries(give_opinion, by(*who), "同意"):
            assert who[0] == "EXPERT"
            assert who[1] == named
            self.moves("opinion")

    def declares_an_interest(self, data: st.DataObject) -> None:
        if not self.case.interested:  # somebody must be left
            self.tries(Case.declare_interest, by(*someone(data, *PEOPLE)), "亲属任职")

    def is_published(self, data: st.DataObject) -> None:
        assert self.final[-1] == (self.case.round, Level.PROV)
        publish(self.case, by("PROV_OFFICER"), id_of("publicity"))
        self.moves("publish")
        if data.draw(st.booleans()):
            reopen(self.case, by("PROV_OFFICER"), DUE)
            self.moves("object")
            self.moves("uphold")
            # the province decides on this round again
            self.final.remove((self.case.round, Level.PROV))
        else:
            settle(self.case, by("PROV_OFFICER"))
            self.moves("announce")
        self.story._keep()

    def tries_out_of_turn(self, data: st.DataObject) -> None:
        act, case = by(*someone(data, *PEOPLE)), self.case
        if case.state not in (State.WAITING, State.TAKEN):
            assert not self.tries(decide, act, Decision.PASS, case.round, case.reviewed)
            assert not self.tries(take, act)
        if case.state is not State.OPINION or case.level is not Level.CITY:
            assert not self.tries(sign, act)
        if case.state is not State.OPINION or case.level is not Level.PROV:
            assert not self.tries(propose, act, "PASS", "有理由", ())
            assert not self.tries(approve, act)
        if case.state is not State.CONCLUDED:
            assert not self.tries(publish, act, id_of("publicity"))

    @invariant()
    def the_case_knows_where_the_record_is(self) -> None:
        if hasattr(self, "story"):
            assert self.case.status == self.record

    @invariant()
    def the_province_has_the_citys_word_first(self) -> None:
        if (
            hasattr(self, "story")
            and self.case.level is not Level.CITY
            and self.story.unit != "410000"
        ):
            assert any(level is Level.CITY for _, level in self.final)


CaseOfARecord.TestCase.settings = settings(
    max_examples=200, stateful_step_count=30, report_multiple_bugs=False
)
TestCaseOfARecord = pytest.mark.slow(CaseOfARecord.TestCase)
