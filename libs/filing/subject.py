"""What an enterprise and a person have in common: filings that are sent, asked back, and changed
because of what review said (domain book 5.2). Each subclass has these events under its own stored
names.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from eventsourcing.domain import event

from libs.events.aggregate import Aggregate
from libs.events.errors import NotFound
from libs.events.planted import planted
from libs.events.refusal import Finding, refuse
from libs.events.value import Act
from libs.filing.filing import Decision, Filing, ReturnedItem, Status
from libs.filing.rules import states


class FilingSubject(Aggregate):
    filings: dict[UUID, Filing[Any]]

    class WithdrawalAsked(Aggregate.Event):
        filing: UUID
        round: int

    class FilingWithdrawn(Aggregate.Event):
        filing: UUID
        round: int

    class FilingReviewOpened(Aggregate.Event):
        filing: UUID
        round: int

    class FilingReturned(Aggregate.Event):
        filing: UUID
        round: int
        decision: UUID
        items: tuple[ReturnedItem, ...]
        comment: str

    class FilingRejected(Aggregate.Event):
        filing: UUID
        round: int
        decision: UUID
        items: tuple[ReturnedItem, ...]
        comment: str

    class FilingSuperseded(Aggregate.Event):
        filing: UUID
        superseded_by: UUID

    class FilingVoided(Aggregate.Event):
        filing: UUID

    class DecisionNotApplied(Aggregate.Event):
        filing: UUID
        round: int
        decision: UUID

    # What the enterprise may ask

    def ask_withdrawal(self, act: Act, filing: UUID) -> None:
        """The enterprise asks; review, which alone knows whether somebody opened the case, grants
        or refuses.
        """
        current = self.filing(filing)
        refuse(states.e25(current.status))
        if not current.withdrawal_asked:
            self._withdrawal_asked(act, filing, current.round)

    def void_filing(self, act: Act, filing: UUID) -> None:
        """放弃: a draft, or a filing that came back."""
        refuse(states.e24(self.filing(filing).status))
        self._filing_voided(act, filing)

    # What review said

    def open_review(self, act: Act, filing: UUID, round: int) -> None:
        current = self.filing(filing)
        if current.awaits(round) and current.status is Status.SENT:
            self._filing_review_opened(act, filing, round)

    def grant_withdrawal(self, act: Act, filing: UUID, round: int) -> None:
        if self.filing(filing).awaits(round):
            self._filing_withdrawn(act, filing, round)

    def decide(
        self,
        act: Act,
        filing: UUID,
        round: int,
        decision: UUID,
        taken: Decision,
        as_sent: bool,
        items: tuple[ReturnedItem, ...] = (),
        comment: str = "",
    ) -> None:
        """A decision takes effect only on the round that was sent and is awaited, and only if the
        reviewer saw these bytes (`as_sent`).
        """
        current = self.filing(filing)
        if not (current.awaits(round) and as_sent) and not planted("stale round"):
            self._decision_not_applied(act, filing, round, decision)
        elif taken is Decision.PASS:
            self.approve(act, current, decision)
        elif taken is Decision.RETURN:
            self._filing_returned(act, filing, round, decision, items, comment)
        elif taken is Decision.FAIL:
            self._filing_rejected(act, filing, round, decision, items, comment)

    def approve(self, act: Act, current: Filing[Any], decision: UUID) -> None:
        raise NotImplementedError

    # What it is

    @property
    def open_filing(self) -> Filing[Any] | None:
        return next((each for each in self.filings.values() if each.is_open), None)

    def filing(self, id: UUID) -> Filing[Any]:
        if id not in self.filings:
            raise NotFound
        return self.filings[id]

    def actions_on(self, current: Filing[Any], sending: list[Finding]) -> dict[str, list[Finding]]:
        """What may be done with a filing, and what stands against each; `sending`: what stands
        against sending it.
        """
        editable = states.e24(current.status)
        return {
            "save": editable,
            "send": sending,
            "withdraw": states.e25(current.status),
            "discard": editable,
        }

    # What each event changes: no rules here, history must always replay

    @event(WithdrawalAsked)
    def _withdrawal_asked(self, act: Act, filing: UUID, round: int) -> None:
        self.filings[filing] = self.filings[filing].asked_back()

    @event(FilingWithdrawn)
    def _filing_withdrawn(self, act: Act, filing: UUID, round: int) -> None:
        self.filings[filing] = self.filings[filing].withdrawn()

    @event(FilingReviewOpened)
    def _filing_review_opened(self, act: Act, filing: UUID, round: int) -> None:
        self.filings[filing] = self.filings[filing].opened()

    @event(FilingReturned)
    def _filing_returned(
        self,
        act: Act,
        filing: UUID,
        round: int,
        decision: UUID,
        items: tuple[ReturnedItem, ...],
        comment: str,
    ) -> None:
        self.filings[filing] = self.filings[filing].returned(items, act.at)

    @event(FilingRejected)
    def _filing_rejected(
        self,
        act: Act,
        filing: UUID,
        round: int,
        decision: UUID,
        items: tuple[ReturnedItem, ...],
        comment: str,
    ) -> None:
        self.filings[filing] = self.filings[filing].rejected(act.at)

    @event(FilingSuperseded)
    def _filing_superseded(self, act: Act, filing: UUID, superseded_by: UUID) -> None:
        self.filings[filing] = self.filings[filing].superseded()

    @event(FilingVoided)
    def _filing_voided(self, act: Act, filing: UUID) -> None:
        self.filings[filing] = self.filings[filing].voided()

    @event(DecisionNotApplied)
    def _decision_not_applied(self, act: Act, filing: UUID, round: int, decision: UUID) -> None:
        pass
