"""Because of what enterprises send, cases open; because of what owners say, decisions are
effective.
"""

from libs.events.application import UnitOfWork
from libs.events.policy import Policy
from libs.events.records import StoredEvent
from libs.filing.filing import Reviewed
from libs.filing.reference import policy
from libs.published import assessment, enterprise, personnel
from services.review.cases.domain import deadlines
from services.review.cases.domain.about import Submission
from services.review.cases.domain.case import Case
from services.review.cases.domain.forwarding import forward
from services.review.cases.domain.judgement import Qualification, Terms, Told
from services.review.cases.domain.subject import RECORD, Level, Subject, case_id

filings = Policy("review.enterprise-filings")
people = Policy("review.person-filings")
records = Policy("review.records")


# A filing, of an enterprise or a person


@filings.on(enterprise.FilingSent)
async def open_enterprise_case(
    work: UnitOfWork, fact: enterprise.FilingSent, at: StoredEvent
) -> None:
    """An enterprise's filing came in: its case, or the next round of it, at the unit that the
    filing itself names.
    """
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
    await _open_filing_case(work, subject, fact, at)


@people.on(personnel.FilingSent)
async def open_person_case(work: UnitOfWork, fact: personnel.FilingSent, at: StoredEvent) -> None:
    """A person's filing came in: its case, or the next round of it, at the unit of the enterprise
    as it stood when it was sent.
    """
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
    await _open_filing_case(work, subject, fact, at)


async def _open_filing_case(
    work: UnitOfWork,
    subject: Subject,
    fact: enterprise.FilingSent | personnel.FilingSent,
    at: StoredEvent,
) -> None:
    """The case of a filing, or its next round, at the supervising unit; enterprises of the
    province skip the city.
    """
    case = await work.find(Case, subject.case)
    sent = Submission(
        subject=subject,
        level=case.level_of_next(subject, rechosen=False) if case else subject.entry,
        round=fact.round,
        reviewed=_reviewed(at),
        due_on=deadlines.for_filing(work.act.today),
        authors=_authors(fact),
    )
    _open(work, case, sent)


@people.on(personnel.WithdrawalAsked)
@filings.on(enterprise.WithdrawalAsked)
async def withdraw(
    work: UnitOfWork, fact: enterprise.WithdrawalAsked | personnel.WithdrawalAsked, at: StoredEvent
) -> None:
    (await work.load(Case, case_id(fact.filing))).ask_withdrawal(fact.act, fact.round)


@people.on(personnel.FilingVoided)
@filings.on(enterprise.FilingVoided)
async def void(
    work: UnitOfWork, fact: enterprise.FilingVoided | personnel.FilingVoided, at: StoredEvent
) -> None:
    if case := await work.find(Case, case_id(fact.filing)):  # a draft that was never sent has none
        case.void(fact.act)


@people.on(personnel.FilingApproved, personnel.FilingReturned, personnel.FilingRejected)
@filings.on(enterprise.FilingApproved, enterprise.FilingReturned, enterprise.FilingRejected)
async def applied(
    work: UnitOfWork, fact: enterprise.DecisionApplied | personnel.DecisionApplied, at: StoredEvent
) -> None:
    case = await work.load(Case, case_id(fact.filing))
    case.hear_applied(work.act, fact.round, fact.decision)


@people.on(personnel.DecisionNotApplied)
@filings.on(enterprise.DecisionNotApplied)
async def not_applied(
    work: UnitOfWork,
    fact: enterprise.DecisionNotApplied | personnel.DecisionNotApplied,
    at: StoredEvent,
) -> None:
    case = await work.load(Case, case_id(fact.filing))
    case.hear_not_applied(work.act, fact.round, fact.decision)


# A record


@records.on(assessment.AssessmentSent)
async def open_record_case(
    work: UnitOfWork, fact: assessment.AssessmentSent, at: StoredEvent
) -> None:
    """A record enters at the city; what the province returned comes back to it, unless staff or
    performance were chosen anew.
    """
    subject = _record(fact, at)
    case = await work.find(Case, subject.case)
    again = fact.rechosen or not policy().province_return_keeps_city_pass
    level = case.level_of_next(subject, rechosen=again) if case else subject.entry
    sent = Submission(
        subject=subject,
        level=level,
        round=fact.round,
        reviewed=_reviewed(at),
        due_on=deadlines.for_record(level, work.act.today),
        terms=_terms(fact),
        authors=_authors(fact),
    )
    _open(work, case, sent)


@records.on(assessment.WithdrawalAsked)
async def withdraw_record(
    work: UnitOfWork, fact: assessment.WithdrawalAsked, at: StoredEvent
) -> None:
    (await work.load(Case, case_id(at.stream))).ask_withdrawal(fact.act, fact.round)


@records.on(
    assessment.AssessmentReturned,
    assessment.AssessmentCityPassed,
    assessment.AssessmentOnsiteOrdered,
    assessment.AssessmentEscalated,
    assessment.AssessmentConcluded,
)
async def applied_to_record(
    work: UnitOfWork, fact: assessment.DecisionApplied, at: StoredEvent
) -> None:
    case = await work.load(Case, case_id(at.stream))
    province_due = deadlines.for_record(Level.PROV, work.act.today)
    forward(case, work.act, fact.round, fact.decision, province_due=province_due)


@records.on(assessment.DecisionNotApplied)
async def not_applied_to_record(
    work: UnitOfWork, fact: assessment.DecisionNotApplied, at: StoredEvent
) -> None:
    case = await work.load(Case, case_id(at.stream))
    case.hear_not_applied(work.act, fact.round, fact.decision)


def _record(fact: assessment.AssessmentSent, at: StoredEvent) -> Subject:
    return Subject(
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
        qualifications=tuple(Qualification(**dict(each.item)) for each in fact.proposal.per_item),
    )


# Any case


def _open(work: UnitOfWork, case: Case | None, sent: Submission) -> None:
    if case:
        case.open_round(work.act, sent)
    else:
        work.add(Case.begin_with(work.act, sent))


def _authors(
    fact: enterprise.FilingSent | personnel.FilingSent | assessment.AssessmentSent,
) -> tuple[str, ...]:
    """Whoever had a hand in what was sent, by account; by person where its owner was told who is
    behind the account.
    """
    return tuple(sorted({*fact.authors, *fact.act.by.names}))


def _reviewed(at: StoredEvent) -> Reviewed:
    return Reviewed(position=at.position, data_sha256=at.data_sha256)
