"""What came from the authority's topic and what became of it: one outcome a record, for ever."""

from __future__ import annotations

from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.domain import event

from libs.events.aggregate import Aggregate
from libs.events.value import Act, Instant, Value
from libs.filing.filing import Decision
from services.review.authority.codes import Code

# owns records of which nobody knows who sent them
OWNER = uuid5(NAMESPACE_URL, "/owners/authority")


class Arrival(Value):
    """A record of the topic; who, what and which round only where its signature is right."""

    offset: int
    sha256: str  # of its value
    issuer: str | None = None
    decision_id: UUID | None = None
    case: UUID | None = None
    round: int | None = None


class AuthorityDecision(Aggregate):
    """A decision with a right signature. Its stream is the inbox: the first record uses the id up,
    accepted or not, so that what was refused today cannot be brought again tomorrow.
    """

    class DecisionReceived(Aggregate.Created):
        issuer: str
        decision_id: UUID
        kept_for: UUID
        arrival: Arrival
        office: str
        key_id: str
        decision: Decision
        officer: str
        decided_at: Instant

    class DecisionAccepted(Aggregate.Event):
        arrival: Arrival

    class DecisionRefused(Aggregate.Event):
        arrival: Arrival
        code: Code
        rules: tuple[str, ...]

    class DecisionTookEffect(Aggregate.Event):
        arrival: Arrival

    class DecisionHadNoEffect(Aggregate.Event):
        arrival: Arrival

    @staticmethod
    def create_id(issuer: str, decision_id: UUID) -> UUID:
        return uuid5(NAMESPACE_URL, f"/authority/{issuer}/decisions/{decision_id}")

    @property
    def owner(self) -> UUID:
        return self.kept_for

    def accept(self, act: Act) -> None:
        self._decision_accepted(act, self.arrival)

    def refuse(self, act: Act, code: Code, rules: tuple[str, ...]) -> None:
        self._decision_refused(act, self.arrival, code, rules)

    def hear(self, act: Act, applied: bool) -> None:
        """The owner of the filing or record says whether it took effect."""
        if applied:
            self._decision_took_effect(act, self.arrival)
        else:
            self._decision_had_no_effect(act, self.arrival)

    @event(DecisionReceived)
    def __init__(
        self,
        act: Act,
        issuer: str,
        decision_id: UUID,
        kept_for: UUID,
        arrival: Arrival,
        office: str,
        key_id: str,
        decision: Decision,
        officer: str,
        decided_at: Instant,
    ) -> None:
        self.kept_for, self.arrival = kept_for, arrival

    @event(DecisionAccepted)
    def _decision_accepted(self, act: Act, arrival: Arrival) -> None:
        pass

    @event(DecisionRefused)
    def _decision_refused(
        self, act: Act, arrival: Arrival, code: Code, rules: tuple[str, ...]
    ) -> None:
        pass

    @event(DecisionTookEffect)
    def _decision_took_effect(self, act: Act, arrival: Arrival) -> None:
        pass

    @event(DecisionHadNoEffect)
    def _decision_had_no_effect(self, act: Act, arrival: Arrival) -> None:
        pass


class AuthorityRecord(Aggregate):
    """A record that brought no new decision: nobody knows whose it is, or its decision came
    before.
    """

    class RecordRefused(Aggregate.Created):
        kept_for: UUID
        arrival: Arrival
        code: Code

    @staticmethod
    def create_id(arrival: Arrival) -> UUID:
        return uuid5(NAMESPACE_URL, f"/authority/records/{arrival.offset}/{arrival.sha256}")

    @property
    def owner(self) -> UUID:
        return self.kept_for

    @event(RecordRefused)
    def __init__(self, act: Act, kept_for: UUID, arrival: Arrival, code: Code) -> None:
        self.kept_for = kept_for
