"""待办 of an enterprise with its information and filings: what came back, what was not sent, what
ends soon, what is missing (domain book 5.2).
"""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from libs.chassis.http.commands import Asking
from libs.chassis.http.dependencies import App
from libs.chassis.identity.access import Granted
from libs.events.errors import NotFound
from libs.filing.calendar import local_day
from libs.filing.content.enterprise import Information
from libs.filing.filing import Filing, Status
from libs.filing.worklist import Progress, Reached, Sent, Task, WorkKind, YearStep, latest, reason
from services.enterprise.information.domain import Enterprise
from services.worklist import Awaiting, known

# a qualification is renewed 60 days before its end (F40)
AHEAD = timedelta(days=90)


async def awaiting(reach: Granted, act: Asking, app: App) -> Awaiting:
    id = await reach.own()
    try:
        enterprise = await app.read(Enterprise, id)
    except NotFound:
        return Awaiting(known([_unregistered(id)]), [_progress(None)])
    sent = latest(_sent(enterprise))
    return Awaiting(known(tasks(enterprise, act.today)), [_progress(enterprise)], sent)


def tasks(enterprise: Enterprise, today: date) -> Iterator[Task]:
    path = f"/enterprises/{enterprise.id}"
    for each in enterprise.filings.values():
        if each.is_editable:
            yield _filing(enterprise, each, f"{path}/filings/{each.id}")
    if not enterprise.filings:
        yield _unfiled(enterprise, path)
    yield from _ending(enterprise, today, path)


def _sent(enterprise: Enterprise) -> Iterator[Sent]:
    for each in enterprise.filings.values():
        if each.sent_at:
            yield Sent(
                id=each.id,
                title=enterprise.name,
                no=each.filing_no,
                path=f"/enterprises/{enterprise.id}/filings/{each.id}",
                state=each.status,
                round=each.round,
                receipt_no=each.receipt_no,
                sent_at=each.sent_at,
                type=each.type,
                decided_at=each.decided_at,
            )


def _progress(enterprise: Enterprise | None) -> Progress:
    filed = enterprise.filed if enterprise else None
    if not enterprise or not filed:
        reached = Reached.NOW
        return Progress(step=YearStep.ENTERPRISE, reached=reached, title=_name(enterprise))
    decided = enterprise.filings[filed.filing].decided_at
    return Progress(
        step=YearStep.ENTERPRISE,
        reached=Reached.DONE,
        title=enterprise.name,
        count=filed.number,
        on=local_day(decided) if decided else None,
    )


def _name(enterprise: Enterprise | None) -> str:
    return enterprise.name if enterprise else ""


def _unregistered(id: UUID) -> Task:
    return Task(
        kind=WorkKind.MISSING,
        id=id,
        title="",
        action="register",
        path="/enterprises",
        reason=reason("enterprise_missing"),
    )


def _filing(enterprise: Enterprise, filing: Filing[Information], path: str) -> Task:
    returned = filing.status is Status.RETURNED
    count, saved = len(filing.returned_items), filing.status is not Status.DRAFT
    why = (
        reason("filing_returned", count=count)
        if returned
        else reason("filing_saved" if saved else "filing_draft")
    )
    return Task(
        kind=WorkKind.RETURNED if returned else WorkKind.UNSENT,
        id=filing.id,
        title=enterprise.name,
        action="save" if returned or not saved else "send",
        path=path,
        reason=why,
        type=filing.type,
        state=filing.status,
        since=filing.decided_at if returned else None,
    )


def _unfiled(enterprise: Enterprise, path: str) -> Task:
    """Nothing was filed yet: the page comes first."""
    saved = enterprise.is_saved
    return Task(
        kind=WorkKind.UNFINISHED,
        id=enterprise.id,
        title=enterprise.name,
        action="add_filing" if saved else "save",
        path=path,
        reason=reason("page_not_filed" if saved else "page_not_saved"),
    )


def _ending(enterprise: Enterprise, today: date, path: str) -> Iterator[Task]:
    """Certificates of what is filed."""
    for each in enterprise.filed.content.certificates if enterprise.filed else ():
        end = each.extended_to or each.valid_to
        if each.id and end and end <= today + AHEAD:
            over = end < today
            yield Task(
                kind=WorkKind.EXPIRING,
                id=each.id,
                title=each.cert_no or enterprise.name,
                action="add_filing",
                path=path,
                reason=reason("certificate_ended" if over else "certificate_ending"),
                state=each.status,
                due_on=end,
            )
