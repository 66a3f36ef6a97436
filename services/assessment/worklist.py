"""待办 of an enterprise with its record, within the campaign's window or its time to correct; of
the province with the campaigns (domain book 4.4, 5.7).
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from libs.chassis.http.commands import Asking
from libs.chassis.http.dependencies import App, Store
from libs.chassis.identity.access import Granted, Scope
from libs.events import walks
from libs.events.application import Application
from libs.events.pools import Pool
from libs.filing.calendar import local_day
from libs.filing.worklist import Progress, Reached, Sent, Task, WorkKind, YearStep, latest, reason
from services.assessment.campaigns import lists as campaign_lists
from services.assessment.campaigns import roster
from services.assessment.campaigns.domain.campaign import Phase
from services.assessment.campaigns.lists import Summary
from services.assessment.records import lists as record_lists
from services.assessment.records.domain.record import Record
from services.assessment.records.domain.status import Status
from services.assessment.records.lists import RecordFilter, RecordRow
from services.worklist import Awaiting, known

MOST = 100  # campaigns, of which there is one a year
STEPS = (
    YearStep.GENERATE,
    YearStep.SEND,
    YearStep.CITY,
    YearStep.PROVINCE,
    YearStep.PUBLICITY,
    YearStep.ANNOUNCED,
)
WITHIN_THE_WINDOW = (YearStep.GENERATE, YearStep.SEND)
# by step, the states in which a record stands before it; in any other all is behind it
STANDS = (
    {Status.DRAFT},
    {Status.GENERATED, Status.WITHDRAWN, Status.RETURNED},
    {Status.SENT, Status.CITY_REVIEW, Status.ONSITE},
    {Status.CITY_PASSED, Status.PROV_REVIEW, Status.EXPERT},
    {Status.CONCLUDED, Status.PUBLICITY, Status.OBJECTION},
)
UNSENT = {Status.DRAFT: "record_draft", Status.GENERATED: "record_generated"}


async def awaiting(reach: Granted, act: Asking, store: Store, app: App) -> Awaiting:
    campaigns = await campaign_lists.by_year(store, None, None, (None, None), MOST)
    if reach.scope.everything:
        return Awaiting(known(_of_province(campaigns, act.today)))
    scope = Scope(enterprise=await reach.own())
    wanted = RecordFilter(None, None, scope.enterprise, only_sent=False)
    records = (await record_lists.within_reach(store, scope, wanted, None, walks.ROWS)).rows
    tasks = [each async for each in _of_enterprise(store, app, scope, campaigns, records)]
    return Awaiting(known(tasks), list(_progress(campaigns, records)), latest(_sent(records)))


def _of_province(campaigns: Sequence[Summary], today: date) -> Iterator[Task]:
    for each in campaigns:
        if each.phase == Phase.PLANNED:
            yield _campaign(each, "open_campaign", "campaign_planned", each.first_day)
        elif each.phase == Phase.OPEN and each.last_day < today:
            yield _campaign(each, "close_campaign", "campaign_over", each.last_day)


def _campaign(campaign: Summary, action: str, why: str, due_on: date) -> Task:
    return Task(
        kind=WorkKind.CAMPAIGN,
        id=campaign.id,
        title=campaign.title,
        action=action,
        path=f"/campaigns/{campaign.id}",
        reason=reason(why),
        state=campaign.phase,
        due_on=due_on,
    )


async def _of_enterprise(
    pool: Pool,
    app: Application,
    scope: Scope,
    campaigns: Sequence[Summary],
    records: Sequence[RecordRow],
) -> AsyncIterator[Task]:
    opened = {each.id: each for each in campaigns if each.phase == Phase.OPEN}
    for row in records:
        if row.status == Status.RETURNED:
            yield _returned(await app.read(Record, row.id))
        elif row.campaign in opened and row.status in (*UNSENT, Status.WITHDRAWN):
            yield _unsent(row, opened)
    begun = {row.campaign for row in records}
    for each in opened.values():
        if each.id not in begun and await _is_due(pool, scope, each.id):
            yield _missing(each)


async def _is_due(pool: Pool, scope: Scope, campaign: UUID) -> bool:
    return bool((await roster.due(pool, campaign, scope, None, 1, only_sent=False)).rows)


def _sent(records: Sequence[RecordRow]) -> Iterator[Sent]:
    for row in records:
        if row.sent_at and row.receipt_no:
            yield Sent(
                id=row.id,
                title=row.record_no,
                no=row.record_no,
                path=f"/records/{row.id}",
                state=row.status,
                round=row.round,
                receipt_no=row.receipt_no,
                sent_at=row.sent_at,
            )


def _progress(campaigns: Sequence[Summary], records: Sequence[RecordRow]) -> Iterator[Progress]:
    """Of the campaign that is open, else of the latest one that the enterprise took part in."""
    by_campaign = {row.campaign: row for row in records}
    known = [each for each in campaigns if each.phase == Phase.OPEN or each.id in by_campaign]
    if not known:
        return
    campaign = max(known, key=_latest)
    row = by_campaign.get(campaign.id)
    stands_before = _stands_before(row)
    for n, step in enumerate(STEPS):
        yield Progress(
            step=step,
            reached=_reached(n, stands_before),
            title=campaign.title,
            on=_sent_on(row) if step is YearStep.SEND and n < stands_before else None,
            until=campaign.last_day if step in WITHIN_THE_WINDOW else None,
        )


def _latest(campaign: Summary) -> tuple[bool, int, date]:
    return campaign.phase == Phase.OPEN, campaign.year, campaign.last_day


def _stands_before(row: RecordRow | None) -> int:
    """The step that is the record's next one."""
    status = row.status if row else Status.DRAFT
    for n, states in enumerate(STANDS):
        if status in states:
            return n
    return len(STEPS)


def _reached(step: int, stands_before: int) -> Reached:
    if step == stands_before:
        return Reached.NOW
    return Reached.DONE if step < stands_before else Reached.TODO


def _sent_on(row: RecordRow | None) -> date | None:
    if row is None or row.sent_at is None:
        return None
    return local_day(row.sent_at)


def _returned(record: Record) -> Task:
    return Task(
        kind=WorkKind.RETURNED,
        id=record.id,
        title=record.record_no,
        action="save",
        path=f"/records/{record.id}",
        reason=reason("record_returned", count=len(record.returned_items)),
        state=record.status,
        due_on=record.correct_until,
        since=record.returned_at,
    )


def _unsent(row: RecordRow, opened: Mapping[UUID, Summary]) -> Task:
    draft = row.status == Status.DRAFT
    return Task(
        kind=WorkKind.UNFINISHED if draft else WorkKind.UNSENT,
        id=row.id,
        title=row.record_no,
        action="generate" if draft else "send",
        path=f"/records/{row.id}",
        reason=reason(UNSENT.get(Status(row.status), "record_withdrawn")),
        state=row.status,
        due_on=opened[row.campaign].last_day,
        since=row.started_at,
    )


def _missing(campaign: Summary) -> Task:
    return Task(
        kind=WorkKind.MISSING,
        id=campaign.id,
        title=campaign.title,
        action="start_record",
        path="/records",
        reason=reason("record_missing"),
        due_on=campaign.last_day,
    )
