"""Because of what review said, records change; because of what other services tell, sent records
hear that a source has moved.
"""

from libs.events.application import Unit
from libs.events.contracts import enterprise, personnel, projects, review
from libs.events.policy import Policy
from libs.events.records import Recorded
from libs.filing.filing import Decision, ReturnedItem
from services.assessment.application import AssessmentApplication, existing, free
from services.assessment.domain import drifting, publishing, rectifying, reviewing, sending
from services.assessment.domain.record import Record
from services.assessment.domain.reviewing import Ruling

KIND = "assessment"


decisions = Policy("assessment.decisions")
enterprises = Policy("assessment.enterprises")
people = Policy("assessment.people")
performance = Policy("assessment.performance")
sendings = Policy("assessment.sendings")


# What review said


@decisions.on(review.CaseTaken)
async def open_review(unit: Unit, fact: review.CaseTaken, at: Recorded) -> None:
    if fact.subject_kind == KIND:
        record = await unit.load(Record, fact.subject_id)
        reviewing.open_review(record, fact.act, fact.round, fact.level)


@decisions.on(review.CaseWithdrawn)
async def withdraw(unit: Unit, fact: review.CaseWithdrawn, at: Recorded) -> None:
    if fact.subject_kind == KIND:
        record = await unit.load(Record, fact.subject_id)
        held = record.claimed  # persons who are free with it
        sending.grant_withdrawal(record, fact.act, fact.round)
        await free(unit, record, held)


@decisions.on(review.Decided)
async def decide(unit: Unit, fact: review.Decided, at: Recorded) -> None:
    """Opinions that a lead must sign or approve take effect by his act."""
    if fact.subject_kind == KIND and fact.binding:
        ruling = Ruling(
            decision=at.id,
            round=fact.round,
            level=fact.level,
            taken=Decision(fact.decision),
            items=tuple(
                ReturnedItem(pointer=each.pointer, reason=each.reason, text=each.text)
                for each in fact.items
            ),
            comment=fact.comment,
        )
        await _apply(unit, fact, ruling, fact.reviewed)


@decisions.on(review.CaseSigned)
async def sign(unit: Unit, fact: review.CaseSigned, at: Recorded) -> None:
    """The city's opinion takes effect."""
    if fact.subject_kind == KIND:
        ruling = Ruling(
            decision=fact.decided,
            round=fact.round,
            level=fact.level,
            taken=Decision(fact.decision),
        )
        await _apply(unit, fact, ruling, fact.reviewed)


@decisions.on(review.ConclusionApproved)
async def conclude(unit: Unit, fact: review.ConclusionApproved, at: Recorded) -> None:
    """The province's opinion takes effect, with the result that a person set."""
    if fact.subject_kind == KIND:
        ruling = Ruling(
            decision=fact.decided,
            round=fact.round,
            level="PROV",
            taken=Decision.PASS,
            result=fact.result,
        )
        await _apply(unit, fact, ruling, fact.reviewed)


@decisions.on(review.ReturnLapsed)
async def lapse(unit: Unit, fact: review.ReturnLapsed, at: Recorded) -> None:
    if fact.subject_kind == KIND:
        record = await unit.load(Record, fact.subject_id)
        reviewing.lapse(record, fact.act, fact.round)


@decisions.on(review.ExpertOpinionGiven)
async def hear_expert(unit: Unit, fact: review.ExpertOpinionGiven, at: Recorded) -> None:
    if fact.subject_kind == KIND:
        record = await unit.load(Record, fact.subject_id)
        reviewing.hear_expert(record, fact.act, fact.round)


@decisions.on(review.OnsiteRecorded)
async def record_onsite(unit: Unit, fact: review.OnsiteRecorded, at: Recorded) -> None:
    if fact.subject_kind == KIND:
        record = await unit.load(Record, fact.subject_id)
        reviewing.record_onsite(record, fact.act, fact.round)


@decisions.on(review.PublicityOpened)
async def publish(unit: Unit, fact: review.PublicityOpened, at: Recorded) -> None:
    for each in fact.results:
        record = await unit.load(Record, each.record)
        publishing.publish(record, fact.act, fact.last_day)


@decisions.on(review.ObjectionRaised)
async def object_to(unit: Unit, fact: review.ObjectionRaised, at: Recorded) -> None:
    record = await unit.load(Record, fact.record)
    publishing.object_to(record, fact.act)


@decisions.on(review.ObjectionClosed)
async def close_objection(unit: Unit, fact: review.ObjectionClosed, at: Recorded) -> None:
    record = await unit.load(Record, fact.record)
    publishing.close_objection(record, fact.act, upheld=fact.upheld)


@decisions.on(review.ResultAnnounced)
async def announce(unit: Unit, fact: review.ResultAnnounced, at: Recorded) -> None:
    for each in fact.results:
        record = await unit.load(Record, each.record)
        publishing.announce(record, fact.act, each.result, fact.announced_on)


@decisions.on(review.RectificationOrdered)
async def order_rectification(unit: Unit, fact: review.RectificationOrdered, at: Recorded) -> None:
    record = await unit.load(Record, fact.record)
    rectifying.rectify(record, fact.act, fact.deadline)


@decisions.on(review.RectificationReopened)
async def reopen_rectification(
    unit: Unit, fact: review.RectificationReopened, at: Recorded
) -> None:
    record = await unit.load(Record, fact.record)
    rectifying.rectify(record, fact.act, None)


@decisions.on(review.RectificationReported)
async def report(unit: Unit, fact: review.RectificationReported, at: Recorded) -> None:
    record = await unit.load(Record, fact.record)
    rectifying.report(record, fact.act)


@decisions.on(review.QualificationWithdrawalProposed)
async def propose_withdrawal(
    unit: Unit, fact: review.QualificationWithdrawalProposed, at: Recorded
) -> None:
    record = await unit.load(Record, fact.record)
    rectifying.propose_withdrawal(record, fact.act)


@decisions.on(review.RectificationAccepted, review.WithdrawalSettled)
async def close(
    unit: Unit, fact: review.RectificationAccepted | review.WithdrawalSettled, at: Recorded
) -> None:
    record = await unit.load(Record, fact.record)
    rectifying.close(record, fact.act)


async def _apply(
    unit: Unit, fact: review.AboutCase, ruling: Ruling, reviewed: review.Reviewed
) -> None:
    """`reviewed`: where the event stands that the reviewer saw, and the hash of its bytes."""
    record = await unit.load(Record, fact.subject_id)
    sent = await unit.recorded(record.id, record.sent_version)
    as_sent = (
        sent is not None
        and sent.position == reviewed.position
        and sent.data_sha256 == reviewed.data_sha256
    )
    reviewing.decide(record, fact.act, ruling, as_sent=as_sent)


# What moved after a record was sent: approved versions, and projects that are gone


@enterprises.on(enterprise.FilingApproved)
async def enterprise_changed(unit: Unit, fact: enterprise.FilingApproved, at: Recorded) -> None:
    for record in await existing(unit, at.owner):
        drifting.hear_of_enterprise(record, unit.act, fact.filed_version)


@people.on(personnel.FilingApproved)
async def person_changed(unit: Unit, fact: personnel.FilingApproved, at: Recorded) -> None:
    for record in await existing(unit, at.owner):
        now = None if fact.released_as else fact.filed_version
        drifting.hear_of_person(record, unit.act, at.stream, now)


@performance.on(projects.ProjectSaved, projects.StageSaved, projects.StageRemoved)
async def project_changed(unit: Unit, fact: object, at: Recorded) -> None:
    for record in await existing(unit, at.owner):
        drifting.hear_of_project(record, unit.act, at.stream, at.version)


@performance.on(projects.ProjectDeleted)
async def project_deleted(unit: Unit, fact: projects.ProjectDeleted, at: Recorded) -> None:
    for record in await existing(unit, at.owner):
        drifting.hear_of_project(record, unit.act, at.stream, None)


@sendings.on(Record.AssessmentSent)
async def compare_again(unit: Unit, fact: Record.AssessmentSent, at: Recorded) -> None:
    """What moved between the clerk's last look and the sending."""
    application: AssessmentApplication = unit.application
    record = await unit.load(Record, at.stream)
    sources = await application.sources(unit, record.campaign, record.enterprise)
    drifting.compare(record, unit.act, sources)
