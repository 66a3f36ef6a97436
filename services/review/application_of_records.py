"""Commands about records after their opinions: signature, experts, visits, conclusion, publicity,
rectification.
"""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar
from uuid import UUID

from libs.chassis.scans import known_scans
from libs.events.aggregate import Aggregate
from libs.events.application import Application, Unit, use_case
from libs.events.refusal import Finding, Refused, refuse
from libs.filing.calendar import NoCalendar, publicity_end
from libs.filing.catalogue import STATE, finding
from libs.filing.filing import Decision
from libs.filing.reference import policy
from services.review.domain import (
    concluding,
    deadlines,
    experts,
    lapsing,
    publishing,
    signing,
    visiting,
)
from services.review.domain.case import Case
from services.review.domain.judgement import Inspector, Verdict
from services.review.domain.publicity import Publicity, Published, findings_before_publishing
from services.review.domain.rectification import (
    Hearing,
    Rectification,
    Report,
    Shortfall,
    findings_before_ordering,
)
from services.review.domain.subject import Level, case_id

A = TypeVar("A", bound=Aggregate)
REPORT = "RECT_REPORT"  # code list `scan_type`


class RecordApplication(Application):
    @use_case
    async def sign(self, unit: Unit, id: UUID) -> Aggregate:
        case = guarded(unit, await unit.load(Case, id))
        signing.sign(case, unit.act)
        return case

    @use_case
    async def give_opinion(self, unit: Unit, id: UUID, text: str) -> Aggregate:
        case = guarded(unit, await unit.load(Case, id))
        experts.give_opinion(case, unit.act, text)
        return case

    @use_case
    async def record_onsite(
        self,
        unit: Unit,
        id: UUID,
        visited_on: date,
        inspectors: Sequence[Inspector],
        place: str,
        minutes: str,
    ) -> Aggregate:
        case = guarded(unit, await unit.load(Case, id))
        visiting.record_onsite(
            case, unit.act, visited_on, tuple(inspectors), place=place, minutes=minutes
        )
        return case

    @use_case
    async def declare_interest(self, unit: Unit, id: UUID, reason: str) -> Aggregate:
        case = guarded(unit, await unit.load(Case, id))
        case.declare_interest(unit.act, reason)
        return case

    @use_case
    async def lapse(self, unit: Unit, id: UUID) -> Aggregate:
        case = guarded(unit, await unit.load(Case, id))
        lapsing.lapse(case, unit.act, deadlines.for_record(case.level, unit.act.today))
        return case

    @use_case
    async def propose(
        self,
        unit: Unit,
        record: UUID,
        result: str,
        override_reason: str,
        verdicts: Sequence[Verdict],
    ) -> Aggregate:
        case = guarded(unit, await unit.load(Case, case_id(record)))
        concluding.propose(case, unit.act, result, override_reason, tuple(verdicts))
        return case

    @use_case
    async def approve(self, unit: Unit, record: UUID) -> Aggregate:
        case = guarded(unit, await unit.load(Case, case_id(record)))
        concluding.approve(case, unit.act)
        return case

    # Publicity

    @use_case
    async def open_publicity(self, unit: Unit, records: Sequence[UUID]) -> Aggregate:
        """All of these results are shown from today on, or none."""
        id, cases = self.ids.new(), [await unit.load(Case, case_id(record)) for record in records]
        refuse(
            _at(f"/records/{n}", found)
            for n, case in enumerate(cases)
            for found in publishing.findings_before_publicity(case, unit.act)
        )
        for case in cases:
            publishing.publish(case, unit.act, id)
        results = tuple(_line(case) for case in cases)
        refuse(findings_before_publishing(results))
        last_day = _last_day(unit.act.today)
        unit.created(f"/publicities/{id}")
        return unit.add(Publicity.open(unit.act, id, results, last_day))

    @use_case
    async def object_to(self, unit: Unit, id: UUID, record: UUID, text: str, who: str) -> Aggregate:
        publicity = guarded(unit, await unit.load(Publicity, id))
        publicity.object(unit.act, self.ids.new(), record, text, who)
        unit.created(f"/publicities/{id}")
        return publicity

    @use_case
    async def close_objection(
        self, unit: Unit, id: UUID, objection: UUID, text: str, *, upheld: bool
    ) -> Aggregate:
        publicity = guarded(unit, await unit.load(Publicity, id))
        publicity.close_objection(unit.act, objection, text, upheld=upheld)
        if upheld:
            record = publicity.objection(objection).record
            due_on = deadlines.for_record(Level.PROV, unit.act.today)
            publishing.reopen(await unit.load(Case, case_id(record)), unit.act, due_on)
        return publicity

    @use_case
    async def announce(self, unit: Unit, id: UUID) -> Aggregate:
        publicity = guarded(unit, await unit.load(Publicity, id))
        publicity.announce(unit.act)
        for record in publicity.results:
            publishing.settle(await unit.load(Case, case_id(record)), unit.act)
        return publicity

    # Rectification

    @use_case
    async def order_rectification(
        self,
        unit: Unit,
        record: UUID,
        notice_date: date,
        deadline: date,
        shortfalls: Sequence[Shortfall],
    ) -> Aggregate:
        case, id = await unit.load(Case, case_id(record)), Rectification.create_id(record)
        ordered = await unit.find(Rectification, id)
        refuse(
            [
                *publishing.findings_before_rectification(
                    case, unit.act, ordered=ordered is not None
                ),
                *findings_before_ordering(notice_date, deadline, unit.act.today),
            ]
        )
        unit.created(f"/rectifications/{id}")
        subject = case.subject
        return unit.add(
            Rectification.order(
                Rectification.RectificationOrdered(
                    act=unit.act,
                    record=record,
                    enterprise=subject.enterprise,
                    uscc=subject.uscc,
                    enterprise_name=subject.enterprise_name,
                    unit=subject.unit,
                    notice_date=notice_date,
                    deadline=deadline,
                    shortfalls=tuple(shortfalls),
                )
            )
        )

    @use_case
    async def report(self, unit: Unit, id: UUID, text: str, scans: Sequence[UUID]) -> Aggregate:
        rectification = guarded(unit, await unit.load(Rectification, id))
        await known_scans(unit, rectification.owner, [(scan, REPORT) for scan in scans])
        rectification.report(unit.act, Report(text=text, scans=tuple(scans)))
        return rectification

    @use_case
    async def recheck(self, unit: Unit, id: UUID, decision: Decision, text: str) -> Aggregate:
        rectification = guarded(unit, await unit.load(Rectification, id))
        rectification.recheck(unit.act, decision, text)
        return rectification

    @use_case
    async def propose_withdrawal(
        self, unit: Unit, id: UUID, hearing: Hearing, text: str
    ) -> Aggregate:
        rectification = guarded(unit, await unit.load(Rectification, id))
        rectification.propose_withdrawal(unit.act, hearing, text)
        return rectification

    @use_case
    async def settle(self, unit: Unit, id: UUID, text: str, *, withdrawn: bool) -> Aggregate:
        rectification = guarded(unit, await unit.load(Rectification, id))
        rectification.settle(unit.act, text, withdrawn=withdrawn)
        return rectification


def guarded(unit: Unit, aggregate: A) -> A:
    """If-Match need not be given here; what is given must be the version that stands."""
    return aggregate if unit.command.expected is None else unit.match(aggregate)


def _line(case: Case) -> Published:
    about = case.subject
    return Published(
        record=about.id,
        enterprise=about.enterprise,
        uscc=about.uscc,
        enterprise_name=about.enterprise_name,
        result=case.result,
    )


def _at(pointer: str, found: Finding) -> Finding:
    return found.model_copy(update={"pointer": pointer})


def _last_day(today: date) -> date:
    """Of publicity; its days are the law's, so nothing is published into a year whose notice is
    not out yet.
    """
    try:
        return publicity_end(today, policy().publicity_workdays)
    except NoCalendar:
        raise Refused((finding(STATE, case="no_calendar"),)) from None
