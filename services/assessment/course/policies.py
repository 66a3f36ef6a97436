"""Because of what review said, records change."""

from libs.events.application import UnitOfWork
from libs.events.policy import Policy
from libs.events.records import StoredEvent
from libs.filing.filing import Decision
from libs.filing.rulings import is_as_sent, returned_items
from libs.published import review
from services.assessment.course.domain import publishing, rectifying, reviewing
from services.assessment.course.domain.reviewing import Ruling
from services.assessment.records.domain import sending
from services.assessment.records.domain.record import Record
from services.assessment.records.persons import free
from services.assessment.wizard.gathering import sources_of

KIND = "assessment"

decisions = Policy("assessment.decisions")


@decisions.on(review.CaseTaken)
async def open_review(work: UnitOfWork, fact: review.CaseTaken, at: StoredEvent) -> None:
    if fact.subject_kind == KIND:
        record = await work.load(Record, fact.subject_id)
        reviewing.open_review(record, fact.act, fact.round, fact.level)


@decisions.on(review.CaseWithdrawn)
async def withdraw(work: UnitOfWork, fact: review.CaseWithdrawn, at: StoredEvent) -> None:
    if fact.subject_kind == KIND:
        record = await work.load(Record, fact.subject_id)
        before = record.claimed
        sending.grant_withdrawal(record, fact.act, fact.round)
        await free(work, record, before)


@decisions.on(review.Decided)
async def decide(work: UnitOfWork, fact: review.Decided, at: StoredEvent) -> None:
    """Opinions that a lead must sign or approve take effect by the act of that lead."""
    if fact.subject_kind == KIND and fact.binding:
        ruling = Ruling(
            decision=at.id,
            round=fact.round,
            level=fact.level,
            taken=Decision(fact.decision),
            items=returned_items(fact.items),
            comment=fact.comment,
        )
        await _apply(work, fact, ruling, fact.reviewed)


@decisions.on(review.CaseSigned)
async def sign(work: UnitOfWork, fact: review.CaseSigned, at: StoredEvent) -> None:
    """The city's opinion takes effect."""
    if fact.subject_kind == KIND:
        ruling = Ruling(
            decision=fact.decided,
            round=fact.round,
            level=fact.level,
            taken=Decision(fact.decision),
        )
        await _apply(work, fact, ruling, fact.reviewed)


@decisions.on(review.ConclusionApproved)
async def conclude(work: UnitOfWork, fact: review.ConclusionApproved, at: StoredEvent) -> None:
    """The province's opinion takes effect, with the result that a person set."""
    if fact.subject_kind == KIND:
        ruling = Ruling(
            decision=fact.decided,
            round=fact.round,
            level="PROV",
            taken=Decision.PASS,
            result=fact.result,
        )
        await _apply(work, fact, ruling, fact.reviewed)


@decisions.on(review.ReturnLapsed)
async def lapse(work: UnitOfWork, fact: review.ReturnLapsed, at: StoredEvent) -> None:
    if fact.subject_kind == KIND:
        record = await work.load(Record, fact.subject_id)
        reviewing.lapse(record, fact.act, fact.round)


@decisions.on(review.CaseAssigned)
async def name_expert(work: UnitOfWork, fact: review.CaseAssigned, at: StoredEvent) -> None:
    if fact.subject_kind == KIND and fact.level == "EXPERT":
        record = await work.load(Record, fact.subject_id)
        reviewing.name_expert(record, fact.act, fact.round, fact.to)


@decisions.on(review.ExpertOpinionGiven)
async def hear_expert(work: UnitOfWork, fact: review.ExpertOpinionGiven, at: StoredEvent) -> None:
    if fact.subject_kind == KIND:
        record = await work.load(Record, fact.subject_id)
        reviewing.hear_expert(record, fact.act, fact.round)


@decisions.on(review.OnsiteRecorded)
async def record_onsite(work: UnitOfWork, fact: review.OnsiteRecorded, at: StoredEvent) -> None:
    if fact.subject_kind == KIND:
        record = await work.load(Record, fact.subject_id)
        reviewing.record_onsite(record, fact.act, fact.round)


@decisions.on(review.PublicityOpened)
async def publish(work: UnitOfWork, fact: review.PublicityOpened, at: StoredEvent) -> None:
    for each in fact.results:
        record = await work.load(Record, each.record)
        publishing.publish(record, fact.act, fact.last_day)


@decisions.on(review.ObjectionRaised)
async def object_to(work: UnitOfWork, fact: review.ObjectionRaised, at: StoredEvent) -> None:
    record = await work.load(Record, fact.record)
    publishing.object_to(record, fact.act)


@decisions.on(review.ObjectionClosed)
async def close_objection(work: UnitOfWork, fact: review.ObjectionClosed, at: StoredEvent) -> None:
    record = await work.load(Record, fact.record)
    publishing.close_objection(record, fact.act, upheld=fact.upheld)


@decisions.on(review.ResultAnnounced)
async def announce(work: UnitOfWork, fact: review.ResultAnnounced, at: StoredEvent) -> None:
    for each in fact.results:
        record = await work.load(Record, each.record)
        publishing.announce(record, fact.act, each.result, fact.announced_on)


@decisions.on(review.RectificationOrdered)
async def order_rectification(
    work: UnitOfWork, fact: review.RectificationOrdered, at: StoredEvent
) -> None:
    record = await work.load(Record, fact.record)
    rectifying.rectify(record, fact.act, fact.deadline)


@decisions.on(review.RectificationReopened)
async def reopen_rectification(
    work: UnitOfWork, fact: review.RectificationReopened, at: StoredEvent
) -> None:
    record = await work.load(Record, fact.record)
    rectifying.rectify(record, fact.act, None)


@decisions.on(review.RectificationReported)
async def report(work: UnitOfWork, fact: review.RectificationReported, at: StoredEvent) -> None:
    record = await work.load(Record, fact.record)
    sources = await sources_of(work, record)
    rectifying.report(record, fact.act, sources.measured(fact.act.today))


@decisions.on(review.QualificationWithdrawalProposed)
async def propose_withdrawal(
    work: UnitOfWork, fact: review.QualificationWithdrawalProposed, at: StoredEvent
) -> None:
    record = await work.load(Record, fact.record)
    rectifying.propose_withdrawal(record, fact.act)


@decisions.on(review.RectificationAccepted, review.WithdrawalSettled)
async def close(
    work: UnitOfWork, fact: review.RectificationAccepted | review.WithdrawalSettled, at: StoredEvent
) -> None:
    record = await work.load(Record, fact.record)
    rectifying.close(record, fact.act)


async def _apply(
    work: UnitOfWork, fact: review.AboutCase, ruling: Ruling, reviewed: review.Reviewed
) -> None:
    """`reviewed`: the position of the event that the reviewer saw, and the hash of its bytes."""
    record = await work.load(Record, fact.subject_id)
    sent = await work.recorded(record.id, record.sent_version)
    reviewing.decide(record, fact.act, ruling, as_sent=is_as_sent(sent, reviewed))
