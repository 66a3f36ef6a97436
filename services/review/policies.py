"""Because of what enterprises send, cases open; because of what owners say, decisions are effective."""

from libs.events.application import Unit
from libs.events.contracts import enterprise, personnel
from libs.events.policy import Policy
from libs.events.records import Recorded
from libs.filing import calendar
from libs.filing.filing import Reviewed
from libs.filing.reference import policy
from services.review.domain.case import PROVINCE, Case, Level, Subject, case_id

IGNORED = (
    "enterprise.Enterprise.EnterpriseRegistered", "enterprise.Enterprise.LegacyFilingFetched", "enterprise.Enterprise.EnterpriseInfoSaved",
    "enterprise.Enterprise.FilingDrafted", "enterprise.Enterprise.FilingSaved", "enterprise.Enterprise.FilingWithdrawn",
    "enterprise.Enterprise.FilingReviewOpened", "enterprise.Enterprise.FilingSuperseded", "enterprise.LegacyFiling.LegacyFilingOffered",
    "enterprise.LegacyFiling.LegacyFilingOfferedAgain",
)  # fmt: skip

PERSONNEL_IGNORED = (
    "personnel.Person.PersonAdded", "personnel.Person.PersonSaved", "personnel.Person.FilingDrafted", "personnel.Person.FilingSaved",
    "personnel.Person.FilingWithdrawn", "personnel.Person.FilingReviewOpened", "personnel.Person.FilingSuperseded",
    "personnel.Batch.BatchSent", "personnel.FilingPlace.FilingPlaced",
)  # fmt: skip
Outcome = enterprise.DecisionApplied | enterprise.DecisionNotApplied | personnel.DecisionApplied | personnel.DecisionNotApplied

filings = Policy("review.enterprise-filings")
people = Policy("review.person-filings")


async def open_case(unit: Unit, subject: Subject, round: int, at: Recorded) -> None:
    """The case of a filing, or its next round, at the supervising unit; enterprises of the province skip the city."""
    id, reviewed = case_id(subject.filing or subject.id), Reviewed(position=at.position, data_sha256=at.data_sha256)
    due_on = calendar.add_workdays(unit.act.today, policy().filing_review_workdays)
    if case := await unit.find(Case, id):
        case.open_round(unit.act, subject, round, reviewed, due_on)
    else:
        level = Level.PROV if subject.unit == PROVINCE else Level.CITY
        unit.add(Case(act=unit.act, case=id, subject=subject, level=level, round=round, reviewed=reviewed, due_on=due_on))


@filings.on(enterprise.FilingSent)
async def open_enterprise_case(unit: Unit, fact: enterprise.FilingSent, at: Recorded) -> None:
    subject = Subject(
        kind="enterprise_filing", id=at.stream, filing=fact.filing, type=fact.type, no=fact.filing_no, receipt_no=fact.receipt_no,
        enterprise=at.owner, uscc=fact.uscc, enterprise_name=fact.name, unit=fact.supervising_city_code,
    )  # fmt: skip
    await open_case(unit, subject, fact.round, at)


@people.on(personnel.FilingSent)
async def open_person_case(unit: Unit, fact: personnel.FilingSent, at: Recorded) -> None:
    subject = Subject(
        kind="person_filing", id=at.stream, filing=fact.filing, type=fact.type, no=fact.filing_no, receipt_no=fact.receipt_no,
        enterprise=at.owner, uscc=fact.sender.uscc, enterprise_name=fact.sender.name, unit=fact.sender.supervising_city_code,
    )  # fmt: skip
    await open_case(unit, subject, fact.round, at)


@people.on(personnel.WithdrawalAsked)
@filings.on(enterprise.WithdrawalAsked)
async def withdraw(unit: Unit, fact: enterprise.WithdrawalAsked | personnel.WithdrawalAsked, at: Recorded) -> None:
    (await unit.load(Case, case_id(fact.filing))).ask_withdrawal(fact.act, fact.round)


@people.on(personnel.FilingVoided)
@filings.on(enterprise.FilingVoided)
async def void(unit: Unit, fact: enterprise.FilingVoided | personnel.FilingVoided, at: Recorded) -> None:
    if case := await unit.find(Case, case_id(fact.filing)):  # a draft that was never sent has none
        case.void(fact.act)


@people.on(personnel.FilingApproved, personnel.FilingReturned, personnel.FilingRejected)
@filings.on(enterprise.FilingApproved, enterprise.FilingReturned, enterprise.FilingRejected)
async def applied(unit: Unit, fact: enterprise.DecisionApplied | personnel.DecisionApplied, at: Recorded) -> None:
    await _hear(unit, fact, applied=True)


@people.on(personnel.DecisionNotApplied)
@filings.on(enterprise.DecisionNotApplied)
async def not_applied(unit: Unit, fact: enterprise.DecisionNotApplied | personnel.DecisionNotApplied, at: Recorded) -> None:
    await _hear(unit, fact, applied=False)


async def _hear(unit: Unit, fact: Outcome, applied: bool) -> None:
    (await unit.load(Case, case_id(fact.filing))).hear(unit.act, fact.round, fact.decision, applied)
