"""What the authority says of one filing or record, by the facts that review tells, where review
itself is not in memory.
"""

from typing import Any
from uuid import UUID, uuid5

from libs.published import review
from libs.published.event import PublishedEvent
from tests.given import officer
from tests.in_memory.installation import Installation


class Authority:
    """`service` keeps what is reviewed in the stream `subject`."""

    def __init__(
        self,
        at: Installation,
        service: str,
        kind: str,
        subject: str | UUID,
        owner: UUID,
        filing: str | None = None,
    ) -> None:
        self._at, self._service, self._owner = at, service, owner
        self.subject, self.round, self.level = UUID(str(subject)), 1, "CITY"
        self._kind, self._filing = kind, UUID(filing) if filing else None
        self.pointer = "/basic/name"  # to what a decision objects

    @property
    def about(self) -> dict[str, Any]:
        return {
            "act": officer(),
            "subject_kind": self._kind,
            "subject_id": self.subject,
            "filing": self._filing,
            "round": self.round,
        }

    def reviewed(self, **changes: Any) -> review.Reviewed:
        """What was sent last, by its place and hash."""
        log = self._at[self._service].log.records
        sent = [each for each in log if each.stream == self.subject and each.type.endswith("Sent")]
        seen = {"position": sent[-1].position, "data_sha256": sent[-1].data_sha256}
        return review.Reviewed(**seen | changes)

    def say(self, fact: PublishedEvent) -> None:
        case = uuid5(self.subject, str(self._filing))
        self._at.hear(self._service, fact, case, self._owner)

    def take(self) -> None:
        self.say(review.CaseTaken(**self.about, level=self.level))

    def withdraw(self) -> None:
        self.say(review.CaseWithdrawn(**self.about))

    def decide(self, decision: str, *, binding: bool = True, **seen: Any) -> None:
        """`seen`: what differs from what was sent."""
        item = review.Item(pointer=self.pointer, reason="R01", text="与证照不一致")
        fact = review.Decided(
            **self.about,
            level=self.level,
            reviewed=self.reviewed(**seen),
            decision=decision,
            items=(item,),
            binding=binding,
        )
        self.say(fact)


def approve(at: Installation) -> None:
    """Whatever filing waits."""
    for service, kind, subject in (
        ("enterprise", "enterprise_filing", "enterprise"),
        ("personnel", "person_filing", "person"),
    ):
        for row in at[service].rows("filings"):
            if row["status"] == "SENT":
                owner, filing = row["enterprise"], str(row["id"])
                Authority(at, service, kind, row[subject], owner, filing).decide("PASS")
