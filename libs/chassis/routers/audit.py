"""What auditors and operators read: the log itself, and what is parked. And how reading personal
data is written down.
"""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel

from libs.chassis.http.commands import asking
from libs.chassis.http.dependencies import Store, The
from libs.chassis.identity.access import ANY, Grant, allow
from libs.chassis.identity.quota import Quota
from libs.chassis.privacy import access_log as reads
from libs.events.application import Application
from libs.events.parking import all_parked
from libs.events.records import StoredEvent
from libs.events.strict import IN_URL
from libs.events.value import Act
from libs.events.verifying import all_refused

router = APIRouter()
ACCESS: list[Grant] = [
    allow("read_events", ("AUDITOR",), ANY),
    allow("read_parked", ("AUDITOR", "SYS_ADMIN"), ANY),
    allow("read_refused_records", ("AUDITOR", "SYS_ADMIN"), ANY),
]


class Event(BaseModel):
    """An event as it stands in the log: data and meta are its exact bytes in base64, leaf is its
    hash in the log's proof (hex).
    """

    position: int
    stream: UUID
    version: int
    type: str
    owner: UUID
    recorded_at: datetime
    data: str
    meta: str
    leaf: str


class Events(BaseModel):
    items: list[Event]
    head: int


class Parked(BaseModel):
    reader: str
    position: int
    type: str
    owner: UUID
    reason: str


class RefusedItem(BaseModel):
    """A record of a service's topic that the service did not publish."""

    topic: str
    offset: int
    reason: str
    refused_at: datetime


class PersonalDataAccess:
    """Writes down that personal data is shown to the caller; if it cannot be written, nothing is
    shown (503), nor beyond what one may read of others (429).
    """

    def __init__(self, operation: str, act: Act, application: Application, quota: Quota) -> None:
        self._operation, self._act, self._application = operation, act, application
        self._quota = quota

    async def record(self, enterprise: UUID, *subjects: UUID) -> None:
        if enterprise != self._act.by.enterprise:
            self._quota.read(self._act.by.user, self._operation, subjects)
        await self._note({enterprise: subjects})

    async def record_list(self, rows: Iterable[tuple[UUID, UUID]]) -> None:
        """A page of a list that names people; of each row the enterprise, and who is named."""
        self._quota.read(self._act.by.user, self._operation, [uuid4()])  # a page
        read: dict[UUID, tuple[UUID, ...]] = {}
        for enterprise, subject in rows:
            read[enterprise] = (*read.get(enterprise, ()), subject)
        await self._note(read)

    async def _note(self, read: Mapping[UUID, tuple[UUID, ...]]) -> None:
        await reads.record(self._application, self._act, read, self._operation)


async def _reading(request: Request) -> PersonalDataAccess:
    application = request.app.state.runtime.application
    act, quota = await asking(request), request.app.state.quota
    return PersonalDataAccess(request.scope["route"].name, act, application, quota)


AccessLog = Annotated[PersonalDataAccess, Depends(_reading)]


@router.get("/events")
async def read_events(
    the: The,
    reads: AccessLog,
    after: Annotated[int, Query(ge=0, lt=1 << 63), IN_URL] = 0,
    limit: Annotated[int, Query(ge=1, le=1000), IN_URL] = 100,
    stream: UUID | None = None,
) -> Events:
    """事件日志 · The log after a position, in order. `stream`: of one stream alone; that it was
    read is then written down
    """
    log = the.application.log
    if stream is None:
        found = await log.read(after, limit)
    else:
        whole = await log.stream(stream)
        found = [each for each in whole if each.position > after][:limit]
        if whole:
            await reads.record(whole[0].owner, stream)
    return Events(items=[_event(each) for each in found], head=await log.head())


@router.get("/parked")
async def read_parked(store: Store) -> list[Parked]:
    """待处理事件 · Facts that could not be applied, and why"""
    return [
        Parked(
            reader=each.reader,
            position=each.position,
            type=each.type,
            owner=each.owner,
            reason=each.reason,
        )
        for each in await all_parked(store)
    ]


@router.get("/refused-records")
async def read_refused_records(store: Store) -> list[RefusedItem]:
    """被拒绝的消息 · Records of topics that were not published by their service, and why; the
    first thousand
    """
    return [
        RefusedItem(
            topic=each.topic,
            offset=each.offset,
            reason=each.reason,
            refused_at=each.refused_at,
        )
        for each in await all_refused(store)
    ]


def _event(at: StoredEvent) -> Event:
    return Event(
        position=at.position,
        stream=at.stream,
        version=at.version,
        type=at.type,
        owner=at.owner,
        recorded_at=at.recorded_at,
        data=b64encode(at.data).decode(),
        meta=b64encode(at.meta).decode(),
        leaf=at.leaf.hex(),
    )
