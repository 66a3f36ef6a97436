"""发送, and 撤回 as long as nobody has opened it."""

from collections.abc import Sequence
from typing import Any

from libs.events.refusal import Finding, refuse
from libs.events.value import Act
from libs.filing.filing import Answer
from libs.filing.rules import states
from libs.filing.rules.record_send import never_generated
from services.assessment.records.domain import correcting
from services.assessment.records.domain.record import Record
from services.assessment.records.domain.rounds import SendingEnterprise, SendingTerms
from services.assessment.records.domain.slots import slots_of
from services.assessment.records.domain.status import AWAITED


def was_sent_from(assessment: Record, version: int | None) -> bool:
    """Whether it was sent last from this version: pressing again is the same sending."""
    awaited = assessment.status in AWAITED
    return awaited and version is not None and version == assessment.sent_version - 1


def send(
    assessment: Record,
    act: Act,
    sender: SendingEnterprise,
    terms: SendingTerms,
    receipt_no: str,
    *,
    findings: Sequence[Finding],
    for_review: Sequence[Finding] = (),
    acknowledged: tuple[str, ...] = (),
    answers: tuple[Answer, ...] = (),
) -> None:
    """The latest generation becomes the next round. The first sending takes the receipt number
    given, later ones keep it. `findings`: what stands against it now; `for_review`: what is found
    for the reviewer besides. Raises Refused.
    """
    refuse([*findings_before_sending(assessment, answers), *findings], acknowledged)
    assessment.record(
        Record.AssessmentSent(
            act=act,
            findings=_for_reviewer(assessment, for_review, findings),
            acknowledged=tuple(sorted(acknowledged)),
            answers=answers,
            authors=tuple(sorted((assessment.authors | act.by.names) - {act.by.user})),
            **_next_round(assessment, receipt_no),
            **vars(sender),
            **vars(terms),
        )
    )


def _for_reviewer(
    assessment: Record, for_review: Sequence[Finding], findings: Sequence[Finding]
) -> tuple[Finding, ...]:
    """What the reviewer is shown: found at the generation, for the review, and at the sending."""
    warnings = [each for each in findings if not each.severity.blocks]
    return (*assessment.generations[-1].snapshot.findings, *for_review, *warnings)


def _next_round(assessment: Record, receipt_no: str) -> dict[str, Any]:
    """What the record itself says of its next round: its numbers, and its latest generation."""
    latest = assessment.ready
    assert latest
    return {
        "campaign": assessment.campaign,
        "record_no": assessment.record_no,
        "receipt_no": assessment.receipt_no or receipt_no,
        "round": assessment.round + 1,
        "generation": latest.no,
        "snapshot_sha256": latest.sha256,
        "rechosen": _is_rechosen(assessment),
        "proposal": latest.snapshot.proposal,
        "slots": slots_of(latest.snapshot.choices),
    }


def findings_before_sending(assessment: Record, answers: Sequence[Answer] = ()) -> list[Finding]:
    """What the record's own state says against it: the same answer for the command, for `:check`
    and for the allowed actions.
    """
    if not assessment.generations:
        return never_generated()
    return states.e24(assessment.status) or correcting.uncorrected(assessment, answers)


def _is_rechosen(assessment: Record) -> bool:
    """Whether staff or performance were chosen anew since the last sending."""
    sent, latest = assessment.sent, assessment.latest
    return sent is not None and latest is not None and sent.selection != latest.selection


def ask_withdrawal(assessment: Record, act: Act) -> None:
    """The enterprise asks; review, which alone knows whether somebody opened the case, grants or
    refuses. Asking twice changes nothing. Raises Refused (E25).
    """
    refuse(states.e25(assessment.status))
    if not assessment.withdrawal_asked:
        assessment.record(Record.WithdrawalAsked(act=act, round=assessment.round))


def grant_withdrawal(assessment: Record, act: Act, round: int) -> None:
    """Review said so; of a round that is not awaited any more it changes nothing."""
    if round == assessment.round and assessment.may("withdraw"):
        assessment.record(Record.AssessmentWithdrawn(act=act, round=round))
