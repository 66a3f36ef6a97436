"""What every service of Kaohe has in common: the shipped reference data and its versions, the
catalogue's texts, identifiers, and the readers of directory, changed reference data and clock.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from fastapi import APIRouter

from libs.chassis.drafts.forms import DraftForms
from libs.chassis.identity.access import Grant
from libs.chassis.ports.ports import Check
from libs.chassis.replicas import clock, directory, reference
from libs.chassis.scans.sent import is_sent
from libs.chassis.scans.stored import storage_reader
from libs.chassis.service.resources import Resources
from libs.chassis.service.service import Service
from libs.events.aggregate import Aggregate
from libs.events.application import Application
from libs.events.effects import Effects
from libs.events.inbox import Inbox
from libs.events.reader import Reader
from libs.events.records import StoredEvent
from libs.events.relay import Route
from libs.filing.catalogue import texts_of
from libs.filing.examples import EXAMPLES
from libs.filing.identifiers import enterprise_id
from libs.filing.reference import VERSION
from libs.filing.rules.states import STATE_RULES
from libs.filing.rules.upload import e19
from libs.filing.visibility import SILENT, told


def kaohe_service(
    name: str,
    *,
    title: tuple[str, str],
    readers: Sequence[Reader],
    routers: Sequence[APIRouter],
    access: Sequence[Grant],
    effects: Callable[[Resources], Sequence[Effects]] = lambda _: (),
    checks: Callable[[Resources], Mapping[str, Check]] = lambda _: {},
    routes: Sequence[Route] = (),
    inboxes: Sequence[Callable[[], Inbox]] = (),
    drafts: DraftForms = MappingProxyType({}),
    subjects: Sequence[type[Aggregate]] = (),
    parts: Sequence[type[Any]] = (),
) -> Service:
    """A service with its own readers, routes and rights, and what all have; arguments as of
    `Service`. `parts`: events whose `part` is an object of its bucket.
    """
    return Service(
        name=name,
        title=title,
        readers=(*readers, *_common(name, parts)),
        routers=routers,
        access=access,
        texts=texts_of,
        enterprise_id=enterprise_id,
        references={"codelists": VERSION},
        check_upload=e19,
        examples=EXAMPLES,
        state_rules=STATE_RULES,
        effects=effects,
        checks=checks,
        routes=routes,
        inboxes=inboxes,
        drafts=drafts,
        subjects=subjects,
        told=told_by_log,
        silent=SILENT,
        is_sent=is_sent,
    )


def _common(name: str, parts: Sequence[type[Any]]) -> tuple[Reader, ...]:
    return (
        directory.reader(name),
        reference.reader(name),
        clock.reader(name),
        storage_reader(name, *parts),
    )


async def told_by_log(_: Application, records: Sequence[StoredEvent]) -> list[StoredEvent]:
    """Of a stream's events those that the authority knows: the stream itself says which."""
    return told(records)
