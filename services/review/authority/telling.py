"""Two further routes of review's relay: cases that wait, and what became of each record. Pure, so
that the relay can compare them (decision 31).
"""

from libs.events.codec import canonical
from libs.events.envelope import KafkaRecord
from libs.events.records import StoredEvent
from libs.events.relay import Route
from libs.filing.filing import Decision
from services.review.authority.domain.decision import AuthorityDecision, AuthorityRecord
from services.review.authority.messages import (
    INBOX,
    RECEIPTS,
    CaseWaiting,
    CaseWaitsAgain,
    Outcome,
    Receipt,
)
from services.review.cases.domain.case import Case
from services.review.cases.domain.subject import Level, State

OPENED = frozenset({Case.CaseOpened.TOPIC, Case.RoundOpened.TOPIC})
AGAIN = frozenset({Case.OnsiteRecorded.TOPIC, Case.ReturnLapsed.TOPIC, Case.CaseReopened.TOPIC})
OUTCOMES = {
    AuthorityDecision.DecisionAccepted.TOPIC: Outcome.ACCEPTED,
    AuthorityDecision.DecisionRefused.TOPIC: Outcome.REFUSED,
    AuthorityRecord.RecordRefused.TOPIC: Outcome.REFUSED,
    AuthorityDecision.DecisionTookEffect.TOPIC: Outcome.EFFECTIVE,
    AuthorityDecision.DecisionHadNoEffect.TOPIC: Outcome.WITHOUT_EFFECT,
}


def waiting(event: StoredEvent) -> KafkaRecord | None:
    if event.type in OPENED:
        return _opened(event)
    if level := _waits_at(event):
        again = CaseWaitsAgain(case=event.stream, round=event.payload["round"], level=level)
        return _record(event, again)
    return None


def _waits_at(event: StoredEvent) -> Level | None:
    """The level at which a case that was opened before waits now because of this event."""
    payload = event.payload
    if event.type == Case.Decided.TOPIC:
        return Level.PROV if payload["decision"] == Decision.ESCALATE else None
    if event.type == Case.DecisionTookEffect.TOPIC:
        return Level(payload["level"]) if payload.get("state") == State.WAITING else None
    return Level(payload["level"]) if event.type in AGAIN else None


def _opened(event: StoredEvent) -> KafkaRecord:
    payload, subject = event.payload, event.payload["subject"]
    message = CaseWaiting(
        case=event.stream,
        subject=subject["filing"] or subject["id"],
        subject_kind=subject["kind"],
        subject_type=subject["type"],
        no=subject["no"],
        receipt_no=subject["receipt_no"],
        uscc=subject["uscc"],
        unit=subject["unit"],
        level=payload["level"],
        round=payload["round"],
        reviewed=payload["reviewed"],
        due_on=payload["due_on"],
    )
    return _record(event, message)


def receipt(event: StoredEvent) -> KafkaRecord | None:
    if (outcome := OUTCOMES.get(event.type)) is None:
        return None
    payload = event.payload
    message = Receipt(
        outcome=outcome,
        code=payload.get("code"),
        rules=payload.get("rules", ()),
        **payload["arrival"],
    )
    return _record(event, message)


def _record(event: StoredEvent, message: CaseWaiting | CaseWaitsAgain | Receipt) -> KafkaRecord:
    """Keyed by the owner, like everything we tell; the headers are those of a service's own topic,
    as far as they mean something.
    """
    headers = {
        "ce_specversion": "1.0",
        "ce_id": str(event.id),
        "ce_source": "/services/review",
        "ce_type": message.type,
        "ce_subject": str(event.stream),
        "ce_time": event.recorded_at.isoformat(),
        "content-type": "application/json",
        "ce_position": str(event.position),
    }
    pairs = tuple((name, value.encode()) for name, value in headers.items())
    return KafkaRecord(str(event.owner).encode(), canonical(message.model_dump(mode="json")), pairs)


ROUTES = (Route(INBOX, waiting), Route(RECEIPTS, receipt))
