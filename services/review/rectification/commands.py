"""Commands of rectifications 限期整改: ordered, reported, rechecked, or a licence withdrawn."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from libs.chassis.scans.scan import known_scans
from libs.events.application import UnitOfWork
from libs.events.commands import changes, use_case
from libs.events.refusal import refuse
from libs.events.value import Act
from libs.filing.rules.slots import twice
from services.review.cases.domain.case import Case
from services.review.cases.domain.subject import Subject, case_id
from services.review.conclusions.domain.publishing import findings_before_rectification
from services.review.rectification.domain import (
    Rectification,
    Report,
    Shortfall,
    findings_before_ordering,
)

SCAN = "RECT_REPORT"  # code list `scan_type`


@use_case()
async def order(
    work: UnitOfWork,
    record: UUID,
    notice_date: date,
    deadline: date,
    shortfalls: Sequence[Shortfall],
) -> Rectification:
    """责令限期整改. A record is ordered to rectify once."""
    case = await work.load(Case, case_id(record))
    ordered = await work.find(Rectification, Rectification.create_id(record)) is not None
    refuse(
        [
            *findings_before_rectification(case, work.act, ordered=ordered),
            *findings_before_ordering(notice_date, deadline, work.act.today),
        ]
    )
    notice = _notice(work.act, case.subject, notice_date, deadline, tuple(shortfalls))
    work.created(f"/rectifications/{Rectification.create_id(record)}")
    return work.add(Rectification.order(notice))


def _notice(
    act: Act,
    subject: Subject,
    notice_date: date,
    deadline: date,
    shortfalls: tuple[Shortfall, ...],
) -> Rectification.RectificationOrdered:
    return Rectification.RectificationOrdered(
        act=act,
        record=subject.id,
        enterprise=subject.enterprise,
        uscc=subject.uscc,
        enterprise_name=subject.enterprise_name,
        unit=subject.unit,
        notice_date=notice_date,
        deadline=deadline,
        shortfalls=shortfalls,
    )


@use_case(action="report")
async def report(work: UnitOfWork, id: UUID, text: str, scans: Sequence[UUID]) -> Rectification:
    """报送整改报告. Raises Refused for a scan that the enterprise has not uploaded."""
    rectification = await work.target(Rectification, id)
    refuse(twice(scans, "/scans"))
    await known_scans(work, rectification, [(scan, SCAN) for scan in scans])
    rectification.report(work.act, Report(text=text, scans=tuple(scans)))
    return rectification


recheck = changes(Rectification, Rectification.recheck, action=None)  # offered as each decision
propose_withdrawal = changes(
    Rectification, Rectification.propose_withdrawal, action="propose_withdrawal"
)
settle = changes(Rectification, Rectification.settle, action="close")
