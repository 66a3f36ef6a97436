"""What came from the authority's topic and what became of it: one outcome a record, for ever.
A valid signature uses up its id (decision 30).
"""

from __future__ import annotations

from uuid import NAMESPACE_URL, UUID, uuid5

from libs.events.aggregate import Aggregate, evolves
from libs.events.strict import Instant
from libs.events.value import Act, Value
from libs.filing.filing import Decision
from services.review.authority.domain.codes import Code

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


class AboutArrival(Aggregate.Event):
    arrival: Arrival


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

    @staticmethod
    def create_id(issuer: str, decision_id: UUID) -> UUID:
        return uuid5(NAMESPACE_URL, f"/authority/{issuer}/decisions/{decision_id}")

    @classmethod
    def receive(cls, received: DecisionReceived) -> AuthorityDecision:
        """It came for the first time: the id is used up, whatever the answer will be."""
        return cls.begin(cls.create_id(received.issuer, received.decision_id), received)

    @evolves(DecisionReceived)
    def _received(self, e: DecisionReceived) -> None:
        self.kept_for = e.kept_for
        self.arrival = e.arrival

    @property
    def owner(self) -> UUID:
        return self.kept_for

    # The case takes it, or not

    class DecisionAccepted(AboutArrival):
        pass

    def accept(self, act: Act) -> None:
        self.record(self.DecisionAccepted(act=act, arrival=self.arrival))

    @evolves(DecisionAccepted)
    def _accepted(self, e: DecisionAccepted) -> None:
        """It is known, and changes nothing."""

    class DecisionRefused(AboutArrival):
        code: Code
        rules: tuple[str, ...]

    def refuse(self, act: Act, code: Code, rules: tuple[str, ...]) -> None:
        self.record(self.DecisionRefused(act=act, arrival=self.arrival, code=code, rules=rules))

    @evolves(DecisionRefused)
    def _refused(self, e: DecisionRefused) -> None:
        """It is known, and changes nothing."""

    # The owner of the filing or record says whether it took effect

    class DecisionTookEffect(AboutArrival):
        pass

    class DecisionHadNoEffect(AboutArrival):
        pass

    def hear(self, act: Act, *, applied: bool) -> None:
        outcome = self.DecisionTookEffect if applied else self.DecisionHadNoEffect
        self.record(outcome(act=act, arrival=self.arrival))

    @evolves(DecisionTookEffect)
    def _took_effect(self, e: DecisionTookEffect) -> None:
        """It is known, and changes nothing."""

    @evolves(DecisionHadNoEffect)
    def _had_no_effect(self, e: DecisionHadNoEffect) -> None:
        """It is known, and changes nothing."""


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

    @classmethod
    def refuse(cls, act: Act, arrival: Arrival, code: Code, owner: UUID) -> AuthorityRecord:
        """The answer to this record, in a stream that ends with it."""
        refused = cls.RecordRefused(act=act, kept_for=owner, arrival=arrival, code=code)
        return cls.begin(cls.create_id(arrival), refused)

    @evolves(RecordRefused)
    def _refused(self, e: RecordRefused) -> None:
        self.kept_for = e.kept_for

    @property
    def owner(self) -> UUID:
        return self.kept_for
