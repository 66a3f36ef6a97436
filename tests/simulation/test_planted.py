"""Bugs planted on purpose: a few seeds tell a story in which each is seen."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from libs.events.append import Appended
from libs.events.application import Application, Codec, UnitOfWork
from libs.events.commands import UseCase
from libs.events.errors import Conflict
from libs.events.replayed import Replayed
from libs.events.testing.log import MemoryLog
from libs.filing.filing import Decision, Filing
from services.enterprise.information.domain import Enterprise
from services.review.cases.domain.case import Case
from tests.simulation.filing_story import FilingStory
from tests.simulation.world import Beginning, World

SEEDS = 60
Plant = Callable[[pytest.MonkeyPatch], None]


def a_case_that_was_opened_is_given_back(planted: pytest.MonkeyPatch) -> None:
    def ask_withdrawal(case: Any, act: Any, round: int) -> None:
        case.record(case.CaseWithdrawn(act=act, **(case.about | {"round": round})))

    planted.setattr(Case, "ask_withdrawal", ask_withdrawal)


def a_returned_filing_closes_its_case(planted: pytest.MonkeyPatch) -> None:
    def hear_applied(case: Any, act: Any, round: int, decision: Any) -> None:
        if case.awaits_outcome(round):
            case.record(
                case.DecisionTookEffect(act=act, round=round, decision=decision, returned=False)
            )

    planted.setattr(Case, "hear_applied", hear_applied)


def giving_up_leaves_the_case_open(planted: pytest.MonkeyPatch) -> None:
    planted.setattr(Case, "void", lambda *_: None)


def opening_is_not_told_to_the_enterprise(planted: pytest.MonkeyPatch) -> None:
    planted.setattr(Enterprise, "open_review", lambda *_: None)


def a_repeat_is_not_recognised(planted: pytest.MonkeyPatch) -> None:
    async def nothing(*_: object) -> None:
        return None

    planted.setattr(UseCase, "_repeated", nothing)


def a_command_is_appended_without_its_key(planted: pytest.MonkeyPatch) -> None:
    planted.setattr(UnitOfWork, "answered", lambda *_: None)


def what_is_remembered_is_believed(planted: pytest.MonkeyPatch) -> None:
    """A load asks the log nothing where something is held."""
    asked = Application._replay

    async def replay(self: Application, id: Any, version: int | None) -> Any:
        known = self._replayed.get(id)
        return known or await asked(self, id, version)

    planted.setattr(Application, "_replay", replay)


def what_is_held_is_handed_out(planted: pytest.MonkeyPatch) -> None:
    """The very object, which a refused command has changed."""
    planted.setattr("libs.events.application.copied", lambda value: value)


def a_conflict_keeps_what_is_held(planted: pytest.MonkeyPatch) -> None:
    planted.setattr(Replayed, "drop", lambda *_: None)
    what_is_remembered_is_believed(planted)


def a_granted_withdrawal_is_not_heard(planted: pytest.MonkeyPatch) -> None:
    planted.setattr(Enterprise, "grant_withdrawal", lambda *_: None)


def a_next_round_is_not_opened(planted: pytest.MonkeyPatch) -> None:
    planted.setattr(Case, "open_round", lambda *_: None)


def every_sending_is_the_first_round(planted: pytest.MonkeyPatch) -> None:
    sent = Filing.sent
    planted.setattr(Filing, "sent", lambda self, *a, **k: replace(sent(self, *a, **k), round=1))


def what_was_taken_back_is_still_sent(planted: pytest.MonkeyPatch) -> None:
    planted.setattr(Filing, "withdrawn", lambda self: self)


def what_was_refused_is_still_in_review(planted: pytest.MonkeyPatch) -> None:
    planted.setattr(Filing, "rejected", lambda self, _: self)


def an_opened_filing_counts_as_sent(planted: pytest.MonkeyPatch) -> None:
    planted.setattr(Filing, "opened", lambda self: self)


def what_was_reviewed_is_never_what_was_sent(planted: pytest.MonkeyPatch) -> None:
    planted.setattr("services.enterprise.filings.policies.is_as_sent", lambda *_: False)


def an_outcome_is_heard_whatever_the_case_waits_for(planted: pytest.MonkeyPatch) -> None:
    planted.setattr(Case, "awaits_outcome", lambda *_: False)


def an_answer_tells_the_version_before(planted: pytest.MonkeyPatch) -> None:
    answered = UnitOfWork.answered

    def early(self: UnitOfWork, about: Any) -> Any:
        row = answered(self, about)
        return row and row._replace(version=row.version - 1)

    planted.setattr(UnitOfWork, "answered", early)


def a_filing_that_was_given_up_is_open(planted: pytest.MonkeyPatch) -> None:
    planted.setattr(Filing, "voided", lambda self: self)


def a_conflict_is_told_as_done(planted: pytest.MonkeyPatch) -> None:
    append = MemoryLog.append

    async def forgiving(self: MemoryLog, unit: Any) -> Any:
        try:
            return await append(self, unit)
        except Conflict:
            return Appended(len(self.records))

    planted.setattr(MemoryLog, "append", forgiving)


def bytes_of_another_event_are_believed(planted: pytest.MonkeyPatch) -> None:
    planted.setattr(
        Codec,
        "_just_said",
        lambda self, at: (self._said.get((at.stream, at.version)) or (None, None))[1],
    )


def an_enterprise_is_changed_from_any_version(planted: pytest.MonkeyPatch) -> None:
    planted.setattr(UnitOfWork, "made_from", lambda _, aggregate: aggregate)


def a_refusal_is_taken_for_an_approval(planted: pytest.MonkeyPatch) -> None:
    decide = Enterprise.decide

    def approving(
        self: Any, act: Any, filing: Any, round: int, id: Any, _: Any, **more: Any
    ) -> None:
        decide(self, act, filing, round, id, Decision.PASS, **more)

    planted.setattr(Enterprise, "decide", approving)


def decisions_are_passed_over(planted: pytest.MonkeyPatch) -> None:
    planted.setattr("services.enterprise.filings.policies.KIND", "another")


def a_caller_is_told_another_version(planted: pytest.MonkeyPatch) -> None:
    repeated = UseCase._repeated

    async def later(*arguments: Any) -> Any:
        done = await repeated(*arguments)
        return done and replace(done, version=done.version + 1)

    planted.setattr(UseCase, "_repeated", later)


PLANTS = (
    a_case_that_was_opened_is_given_back,
    a_returned_filing_closes_its_case,
    giving_up_leaves_the_case_open,
    opening_is_not_told_to_the_enterprise,
    a_repeat_is_not_recognised,
    a_command_is_appended_without_its_key,
    what_is_remembered_is_believed,
    what_is_held_is_handed_out,
    a_conflict_keeps_what_is_held,
    a_granted_withdrawal_is_not_heard,
    a_next_round_is_not_opened,
    every_sending_is_the_first_round,
    what_was_taken_back_is_still_sent,
    what_was_refused_is_still_in_review,
    an_opened_filing_counts_as_sent,
    what_was_reviewed_is_never_what_was_sent,
    an_outcome_is_heard_whatever_the_case_waits_for,
    an_answer_tells_the_version_before,
    a_filing_that_was_given_up_is_open,
    a_conflict_is_told_as_done,
    bytes_of_another_event_are_believed,
    an_enterprise_is_changed_from_any_version,
    a_refusal_is_taken_for_an_approval,
    decisions_are_passed_over,
    a_caller_is_told_another_version,
)


@pytest.mark.parametrize("plant", PLANTS)
def test_a_planted_bug_is_found(
    plant: Plant, beginning: Beginning, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch)
    with pytest.raises(Exception):  # noqa: B017 -- whatever it does not survive
        asyncio.run(told(beginning))


async def told(beginning: Beginning) -> None:
    for seed in range(SEEDS):
        await FilingStory(World(seed, beginning)).play()
