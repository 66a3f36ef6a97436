"""待办 of an enterprise with its people: filings that came back or were not sent, people who were
not filed, registrations that end soon (domain book 5.3).
"""

from datetime import date, timedelta
from uuid import UUID

from libs.chassis.http.commands import Asking
from libs.chassis.http.dependencies import Store
from libs.chassis.identity.access import Granted
from libs.filing.filing import Status
from libs.filing.worklist import Progress, Sent, Task, WorkKind, YearStep, latest, reason
from services.personnel.filings import lists as filing_lists
from services.personnel.filings.lists import ListedFiling
from services.personnel.people import lists as people_lists
from services.personnel.people.lists import ListedPerson, PersonRow
from services.worklist import Awaiting, known

AHEAD = timedelta(days=90)  # of the end of a registration


async def awaiting(reach: Granted, act: Asking, store: Store) -> Awaiting:
    enterprise = await reach.own()
    tasks = [_filing(each) for each in await filing_lists.in_hand(store, enterprise)]
    tasks += map(_unfiled, await people_lists.unfiled(store, enterprise))
    ending = await people_lists.ending(store, enterprise, act.today + AHEAD)
    tasks += (_ending(each, act.today) for each in ending)
    staff = await people_lists.staff(store, enterprise)
    if not tasks and not staff.known:
        tasks.append(_nobody(enterprise))
    progress = Progress.counted(YearStep.PEOPLE, staff.filed, staff.known, enough=staff.filed > 0)
    sent = latest(map(_sent, await filing_lists.sent_last(store, enterprise)))
    return Awaiting(known(tasks), [progress], sent)


def _sent(row: ListedFiling) -> Sent:
    assert row.receipt_no
    assert row.sent_at
    return Sent(
        id=row.id,
        title=row.name or row.saved_name,
        no=row.filing_no,
        path=f"/filings/{row.id}",
        state=row.status,
        round=row.round,
        receipt_no=row.receipt_no,
        sent_at=row.sent_at,
        type=row.type,
        batch_no=row.batch_no,
        decided_at=row.decided_at,
    )


def _filing(row: ListedFiling) -> Task:
    returned, saved = row.status == Status.RETURNED, row.status != Status.DRAFT
    why = "person_filing_returned" if returned else "filing_saved" if saved else "filing_draft"
    return Task(
        kind=WorkKind.RETURNED if returned else WorkKind.UNSENT,
        id=row.id,
        title=row.saved_name,
        action="send" if saved and not returned else "save",
        path=f"/filings/{row.id}",
        reason=reason(why),
        type=row.type,
        state=row.status,
        since=row.decided_at if returned else row.drafted_at,
    )


def _unfiled(row: PersonRow) -> Task:
    return Task(
        kind=WorkKind.UNFINISHED,
        id=row.id,
        title=row.name,
        action="add_filing",
        path=f"/people/{row.id}",
        reason=reason("person_not_filed"),
    )


def _ending(row: ListedPerson, today: date) -> Task:
    end = date.fromisoformat((row.sent_as or {})["registered_to"])
    return Task(
        kind=WorkKind.EXPIRING,
        id=row.id,
        title=row.filed_name,
        action="add_filing",
        path=f"/people/{row.id}",
        reason=reason("registration_ended" if end < today else "registration_ending"),
        due_on=end,
    )


def _nobody(enterprise: UUID) -> Task:
    return Task(
        kind=WorkKind.MISSING,
        id=enterprise,
        title="",
        action="add_person",
        path="/people",
        reason=reason("people_missing"),
    )
