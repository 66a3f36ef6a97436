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
from libs.filing.worklist import Task, WorkKind, reason
from services.assessment.campaigns import lists as campaign_lists
from services.assessment.campaigns import roster
from services.assessment.campaigns.domain.campaign import Phase
from services.assessment.campaigns.lists import Summary
from services.assessment.records import lists as record_lists
from services.assessment.records.domain.record import Record
from services.assessment.records.domain.status import Status
from services.assessment.records.lists import RecordFilter, RecordRow
from services.worklist import Queue, known

MOST = 100  # campaigns, of which there is one a year
UNSENT = {Status.DRAFT: "record_draft", Status.GENERATED: "record_generated"}


async def awaiting(reach: Granted, act: Asking, store: Store, app: App) -> list[Queue]:
    campaigns = await campaign_lists.by_year(store, None, None, (None, None), MOST)
    if reach.scope.everything:
        return known(_of_province(campaigns, act.today))
    tasks = [each async for each in _of_enterprise(store, app, await reach.own(), campaigns)]
    return known(tasks)


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
    pool: Pool, app: Application, enterprise: UUID, campaigns: Sequence[Summary]
) -> AsyncIterator[Task]:
    scope = Scope(enterprise=enterprise)
    wanted = RecordFilter(None, None, enterprise, only_sent=False)
    records = (await record_lists.within_reach(pool, scope, wanted, None, walks.ROWS)).rows
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
