"""What an enterprise and a person have in common: filings that are sent, asked back, and changed
because of what review said (domain book 5.2). Each subclass has these events under its own stored
names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from libs.events.aggregate import Aggregate, evolves
from libs.events.errors import NotFound
from libs.events.refusal import Finding, refuse
from libs.events.value import Act
from libs.filing.filing import Decision, Filing, ReturnedItem, Status
from libs.filing.rules import states


class FilingSubject(Aggregate):
    if TYPE_CHECKING:  # an annotation at run time would make a dataclass of the aggregate
        filings: dict[UUID, Filing[Any]]
        versions: tuple[Any, ...]  # approved, from the first on
        authors: frozenset[str]  # whoever saved something of it

    def authors_beside(self, act: Act) -> tuple[str, ...]:
        """Whoever had a hand in what is sent, beside the account that sends it."""
        return tuple(sorted((self.authors | act.by.names) - {act.by.user}))

    @property
    def open_filing(self) -> Filing[Any] | None:
        """What lies with the authority, else what came back. Logs of earlier versions may have
        several open first filings.
        """
        return self.open_beside(None)

    def open_beside(self, filing: UUID | None) -> Filing[Any] | None:
        """The open filing besides this one."""
        others = [each for each in self.filings.values() if each.is_open and each.id != filing]
        return min(others, key=lambda each: each.is_editable, default=None)

    @property
    def first_is_begun(self) -> bool:
        """Whether there is a first filing that may still be sent, or decided on."""
        filings = self.filings.values()
        return any(each.type in states.FIRST and each.is_running for each in filings)

    def filing(self, id: UUID) -> Filing[Any]:
        """Raises NotFound."""
        if id not in self.filings:
            raise NotFound
        return self.filings[id]

    def approved(self, number: int) -> Any:
        """One approved version. Raises NotFound."""
        if not 1 <= number <= len(self.versions):
            raise NotFound
        return self.versions[number - 1]

    def content_of(self, filing: Filing[Any]) -> Any:
        """The filing as it stands. Raises NotImplementedError unless a subclass says it."""
        raise NotImplementedError

    def actions_on(
        self, current: Filing[Any], *, saving: list[Finding], sending: list[Finding]
    ) -> dict[str, list[Finding]]:
        """What may be done with a filing, and what stands against each; `saving` and `sending`:
        against these, as it stands.
        """
        return {
            "save": saving,
            "send": sending,
            "withdraw": states.e25(current.status),
            "discard": states.e24(current.status),
        }

    # Withdrawing 撤回

    class WithdrawalAsked(Aggregate.Event):
        filing: UUID
        round: int

    def ask_withdrawal(self, act: Act, filing: UUID) -> None:
        """The enterprise asks; review, which alone knows whether somebody opened the case, grants
        or refuses. Asking twice changes nothing.
        """
        current = self.filing(filing)
        refuse(states.e25(current.status))
        if not current.withdrawal_asked:
            self.record(self.WithdrawalAsked(act=act, filing=filing, round=current.round))

    @evolves(WithdrawalAsked)
    def _withdrawal_asked(self, e: WithdrawalAsked) -> None:
        self.filings[e.filing] = self.filings[e.filing].asked_back()

    class FilingWithdrawn(Aggregate.Event):
        filing: UUID
        round: int

    def grant_withdrawal(self, act: Act, filing: UUID, round: int) -> None:
        """Review said so; of a round that is not awaited any more it changes nothing."""
        if self.filing(filing).awaits(round):
            self.record(self.FilingWithdrawn(act=act, filing=filing, round=round))

    @evolves(FilingWithdrawn)
    def _filing_withdrawn(self, e: FilingWithdrawn) -> None:
        self.filings[e.filing] = self.filings[e.filing].withdrawn()

    # Giving up 放弃

    class FilingVoided(Aggregate.Event):
        filing: UUID

    def void_filing(self, act: Act, filing: UUID) -> None:
        """A draft, or a filing that came back."""
        refuse(states.e24(self.filing(filing).status))
        self.record(self.FilingVoided(act=act, filing=filing))

    @evolves(FilingVoided)
    def _filing_voided(self, e: FilingVoided) -> None:
        self.filings[e.filing] = self.filings[e.filing].voided()

    # An officer opens it

    class FilingReviewOpened(Aggregate.Event):
        filing: UUID
        round: int

    def open_review(self, act: Act, filing: UUID, round: int) -> None:
        current = self.filing(filing)
        if current.awaits(round) and current.status is Status.SENT:
            self.record(self.FilingReviewOpened(act=act, filing=filing, round=round))

    @evolves(FilingReviewOpened)
    def _filing_review_opened(self, e: FilingReviewOpened) -> None:
        self.filings[e.filing] = self.filings[e.filing].opened()

    # The authority decides

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

    class DecisionNotApplied(Aggregate.Event):
        """The decision was about a round that is not under review any more, or about other bytes
        than those that were sent.
        """

        filing: UUID
        round: int
        decision: UUID

    def decide(
        self,
        act: Act,
        filing: UUID,
        round: int,
        decision: UUID,
        taken: Decision,
        *,
        as_sent: bool,
        items: tuple[ReturnedItem, ...] = (),
        comment: str = "",
    ) -> None:
        """A decision takes effect only on the round that was sent and is awaited, and only if the
        reviewer saw these bytes (`as_sent`).
        """
        current = self.filing(filing)
        about: dict[str, Any] = {"act": act, "filing": filing, "round": round, "decision": decision}
        if not (current.awaits(round) and as_sent):
            self.record(self.DecisionNotApplied(**about))
        elif taken is Decision.PASS:
            self.approve(act, current, decision)
        elif taken is Decision.RETURN:
            self.record(self.FilingReturned(**about, items=items, comment=comment))
        elif taken is Decision.FAIL:
            self.record(self.FilingRejected(**about, items=items, comment=comment))

    def approve(self, act: Act, current: Filing[Any], decision: UUID) -> None:
        """Approves the filing; what that means is each subject's own. Raises NotImplementedError
        unless a subclass says it.
        """
        raise NotImplementedError

    @evolves(FilingReturned)
    def _filing_returned(self, e: FilingReturned) -> None:
        self.filings[e.filing] = self.filings[e.filing].returned(e.items, e.act.at)

    @evolves(FilingRejected)
    def _filing_rejected(self, e: FilingRejected) -> None:
        self.filings[e.filing] = self.filings[e.filing].rejected(e.act.at)

    @evolves(FilingSuperseded)
    def _filing_superseded(self, e: FilingSuperseded) -> None:
        self.filings[e.filing] = self.filings[e.filing].superseded()

    @evolves(DecisionNotApplied)
    def _decision_not_applied(self, e: DecisionNotApplied) -> None:
        """It is known, and changes nothing."""
