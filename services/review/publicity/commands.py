"""Commands of publicities 公示: opened, objected to, announced."""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from libs.events.application import UnitOfWork
from libs.events.commands import use_case
from libs.events.refusal import Finding, Refused, refuse
from libs.events.value import Act
from libs.filing.calendar import NoCalendar, publicity_end
from libs.filing.catalogue import STATE, finding
from libs.filing.reference import policy
from services.review.cases.domain import deadlines
from services.review.cases.domain.case import Case
from services.review.cases.domain.subject import Level, case_id
from services.review.conclusions.domain import publishing
from services.review.publicity.domain import Publicity, Published, findings_before_publishing


@use_case()
async def open_publicity(work: UnitOfWork, records: Sequence[UUID]) -> Publicity:
    """公示. All of these results are shown from today on, or none."""
    id = work.ids.new()
    cases = [await work.load(Case, case_id(record)) for record in records]
    refuse(_findings_before_opening(cases, work.act))
    for case in cases:
        publishing.publish(case, work.act, id)
    results = tuple(_line(case) for case in cases)
    refuse(findings_before_publishing(results))
    work.created(f"/publicities/{id}")
    return work.add(Publicity.open(work.act, id, results, _last_day(work.act.today)))


@use_case(action="object")
async def raise_objection(
    work: UnitOfWork, id: UUID, record: UUID, text: str, who: str
) -> Publicity:
    """登记异议."""
    publicity = await work.target(Publicity, id)
    publicity.object(work.act, work.ids.new(), record, text, who)
    work.created(f"/publicities/{id}")
    return publicity


@use_case()
async def close_objection(
    work: UnitOfWork, id: UUID, objection: UUID, text: str, *, upheld: bool
) -> Publicity:
    """处理异议. Upheld, it sends its record back to the province. The publicity offers it as two:
    uphold and dismiss.
    """
    publicity = await work.target(Publicity, id)
    publicity.close_objection(work.act, objection, text, upheld=upheld)
    if upheld:
        case = await work.load(Case, case_id(publicity.objection(objection).record))
        publishing.reopen(case, work.act, deadlines.for_record(Level.PROV, work.act.today))
    return publicity


@use_case(action="announce")
async def announce(work: UnitOfWork, id: UUID) -> Publicity:
    """公告. The result of each of its records is final."""
    publicity = await work.target(Publicity, id)
    publicity.announce(work.act)
    for record in publicity.results:
        publishing.settle(await work.load(Case, case_id(record)), work.act)
    return publicity


def _findings_before_opening(cases: Sequence[Case], act: Act) -> Iterator[Finding]:
    """Each at the record that it is about."""
    for n, case in enumerate(cases):
        for each in publishing.findings_before_publicity(case, act):
            yield each.model_copy(update={"pointer": f"/records/{n}"})


def _line(case: Case) -> Published:
    subject = case.subject
    return Published(
        record=subject.id,
        enterprise=subject.enterprise,
        uscc=subject.uscc,
        enterprise_name=subject.enterprise_name,
        result=case.result,
        qualifications=case.terms.qualifications if case.terms else (),
    )


def _last_day(today: date) -> date:
    """Of publicity; its days are the law's, so nothing is published into a year whose notice is
    not out yet. Raises Refused.
    """
    try:
        return publicity_end(today, policy().publicity_workdays)
    except NoCalendar:
        raise Refused((finding(STATE, case="no_calendar"),)) from None
