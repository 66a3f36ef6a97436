"""Because of what enterprises send, cases open; because of what owners say, decisions are
effective.
"""

from libs.events.application import Unit
from libs.events.contracts import assessment, enterprise, personnel
from libs.events.policy import Policy
from libs.events.records import Recorded
from libs.filing.filing import Reviewed
from libs.filing.reference import policy
from services.review.domain import deadlines
from services.review.domain.case import Case, Submission
from services.review.domain.forwarding import forward
from services.review.domain.judgement import Terms, Told
from services.review.domain.subject import RECORD, Level, Subject, case_id

filings = Policy("review.enterprise-filings")
people = Policy("review.person-filings")
records = Policy("review.records")


async def open_case(unit: Unit, subject: Subject, round: int, at: Recorded) -> None:
    """The case of a filing, or its next round, at the supervising unit; enterprises of the
    province skip the city.
    """
    case = await unit.find(Case, subject.case)
    sent = Submission(
        subject=subject,
        level=case.level_of_next(subject, rechosen=False) if case else subject.entry,
        round=round,
        reviewed=_reviewed(at),
        due_on=deadlines.for_filing(unit.act.today),
    )
    _open(unit, case, sent)


def _open(unit: Unit, case: Case | None, sent: Submission) -> None:
    if case:
        case.open_round(unit.act, sent)
    else:
        unit.add(Case.begin_with(unit.act, sent))


def _reviewed(at: Recorded) -> Reviewed:
    return Reviewed(position=at.position, data_sha256=at.data_sha256)


@filings.on(enterprise.FilingSent)
async def open_enterprise_case(unit: Unit, fact: enterprise.FilingSent, at: Recorded) -> None:
    subject = Subject(
        kind="enterprise_filing",
        id=at.stream,
        filing=fact.filing,
        type=fact.type,
        no=fact.filing_no,
        receipt_no=fact.receipt_no,
        enterprise=at.owner,
        uscc=fact.uscc,
        enterprise_name=fact.name,
        unit=fact.supervising_city_code,
    )
    await open_case(unit, subject, fact.round, at)


@people.on(personnel.FilingSent)
async def open_person_case(unit: Unit, fact: personnel.FilingSent, at: Recorded) -> None:
    subject = Subject(
        kind="person_filing",
        id=at.stream,
        filing=fact.filing,
        type=fact.type,
        no=fact.filing_no,
        receipt_no=fact.receipt_no,
        enterprise=at.owner,
        uscc=fact.sender.uscc,
        enterprise_name=fact.sender.name,
        unit=fact.sender.supervising_city_code,
    )
    await open_case(unit, subject, fact.round, at)


@people.on(personnel.WithdrawalAsked)
@filings.on(enterprise.WithdrawalAsked)
async def withdraw(
    unit: Unit, fact: enterprise.WithdrawalAsked | personnel.WithdrawalAsked, at: Recorded
) -> None:
    (await unit.load(Case, case_id(fact.filing))).ask_withdrawal(fact.act, fact.round)


@people.on(personnel.FilingVoided)
@filings.on(enterprise.FilingVoided)
async def void(
    unit: Unit, fact: enterprise.FilingVoided | personnel.FilingVoided, at: Recorded
) -> None:
    if case := await unit.find(Case, case_id(fact.filing)):  # a draft that was never sent has none
        case.void(fact.act)


@people.on(personnel.FilingApproved, personnel.FilingReturned, personnel.FilingRejected)
@filings.on(enterprise.FilingApproved, enterprise.FilingReturned, enterprise.FilingRejected)
async def applied(
    unit: Unit, fact: enterprise.DecisionApplied | personnel.DecisionApplied, at: Recorded
) -> None:
    case = await unit.load(Case, case_id(fact.filing))
    case.hear_applied(unit.act, fact.round, fact.decision)


@people.on(personnel.DecisionNotApplied)
@filings.on(enterprise.DecisionNotApplied)
async def not_applied(
    unit: Unit, fact: enterprise.DecisionNotApplied | personnel.DecisionNotApplied, at: Recorded
) -> None:
    case = await unit.load(Case, case_id(fact.filing))
    case.hear_not_applied(unit.act, fact.round, fact.decision)


@records.on(assessment.AssessmentSent)
async def open_record_case(unit: Unit, fact: assessment.AssessmentSent, at: Recorded) -> None:
    """A record enters at the city; what the province returned comes back to it, unless staff or
    performance were chosen anew.
    """
    subject = Subject(
        kind=RECORD,
        id=at.stream,
        filing=None,
        type="ASSESSMENT",
        no=fact.record_no,
        receipt_no=fact.receipt_no,
        enterprise=at.owner,
        uscc=fact.uscc,
        enterprise_name=fact.name,
        unit=fact.supervising_city_code,
    )
    case = await unit.find(Case, subject.case)
    again = fact.rechosen or not policy().province_return_keeps_city_pass
    level = case.level_of_next(subject, rechosen=again) if case else subject.entry
    sent = Submission(
        subject=subject,
        level=level,
        round=fact.round,
        reviewed=_reviewed(at),
        due_on=deadlines.for_record(level, unit.act.today),
        terms=_terms(fact),
    )
    _open(unit, case, sent)


@records.on(assessment.WithdrawalAsked)
async def withdraw_record(unit: Unit, fact: assessment.WithdrawalAsked, at: Recorded) -> None:
    (await unit.load(Case, case_id(at.stream))).ask_withdrawal(fact.act, fact.round)


@records.on(
    assessment.AssessmentReturned,
    assessment.AssessmentCityPassed,
    assessment.AssessmentOnsiteOrdered,
    assessment.AssessmentEscalated,
    assessment.AssessmentConcluded,
)
async def applied_to_record(unit: Unit, fact: assessment.DecisionApplied, at: Recorded) -> None:
    case = await unit.load(Case, case_id(at.stream))
    province_due = deadlines.for_record(Level.PROV, unit.act.today)
    forward(case, unit.act, fact.round, fact.decision, province_due=province_due)


@records.on(assessment.DecisionNotApplied)
async def not_applied_to_record(
    unit: Unit, fact: assessment.DecisionNotApplied, at: Recorded
) -> None:
    case = await unit.load(Case, case_id(at.stream))
    case.hear_not_applied(unit.act, fact.round, fact.decision)


def _terms(fact: assessment.AssessmentSent) -> Terms:
    return Terms(
        campaign=fact.campaign,
        generation=fact.generation,
        snapshot_sha256=fact.snapshot_sha256,
        proposal=fact.proposal.result,
        policy_version=fact.proposal.policy_version,
        findings=tuple(
            Told(rule=each.rule, severity=each.severity, pointer=each.pointer)
            for each in fact.findings
        ),
        city_lead_signs=fact.city_lead_signs,
        max_returns=fact.max_returns,
        return_fix_days=fact.return_fix_days,
        window_end=fact.window_end or policy().submission_window[1],
    )
