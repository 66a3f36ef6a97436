"""A service as a value: what it is made of. `main.py` of each service says it once; roles api and
worker are built from it.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from fastapi import APIRouter

from libs.chassis.drafts import drafts
from libs.chassis.drafts.forms import DraftForms
from libs.chassis.identity.access import Grant
from libs.chassis.ports.ports import Catalogue, Check, Told, nothing
from libs.chassis.privacy.access_log import Reading
from libs.chassis.process.metrics import Figure, Measure
from libs.chassis.scans.scan import Scan
from libs.chassis.scans.sweeping import Orphan
from libs.chassis.service.resources import Resources
from libs.events import effects, parking, reader, relay, scoped, store, verifying, versions, worker
from libs.events.aggregate import Aggregate, types_of
from libs.events.application import Application
from libs.events.claims import Claim
from libs.events.effects import Effects
from libs.events.inbox import Inbox
from libs.events.projection import Projection
from libs.events.reader import Reader
from libs.events.refusal import Finding
from libs.events.relay import Route

# infrastructure events, present in every service's log
KERNEL = types_of(Claim, Reading, Scan, Orphan)


# of every service, in the order in which they came; an applied one never changes
KERNEL_TABLES = (
    ("log", store.SCHEMA),
    ("relays", relay.SCHEMA),
    ("readers", reader.SCHEMA),
    ("parked", parking.SCHEMA),
    ("readers without undeclared types", reader.WITHOUT_UNDECLARED),
    ("projections", versions.SCHEMA),
    ("effect attempts", effects.SCHEMA),
    ("refused records", verifying.SCHEMA),
    ("leader", worker.SCHEMA),
    ("log by function", store.BY_FUNCTION),
    ("forgotten commands", store.FORGET_COMMANDS),
    ("reacted", reader.REACTED),
    ("streams of askers", scoped.OF_ASKERS),
)


class CheckUpload(Protocol):
    def __call__(
        self, scan_type: str, mime: str, size_bytes: int, *, fault: str | None
    ) -> Sequence[Finding]:
        """What stands against a scan of this type and size; `fault`: why nobody could read it."""


async def never(_application: Application, _scan: UUID, _expert: str = "") -> bool:
    return False


@dataclass(frozen=True, kw_only=True)
class Service:
    name: str
    title: tuple[str, str] = ("", "")  # what it is, in Chinese and English
    readers: Sequence[Reader]
    routers: Sequence[APIRouter]
    access: Sequence[Grant]
    texts: Catalogue
    enterprise_id: Callable[[str], UUID]
    references: Mapping[str, str]  # versions of reference data that new events are made under
    check_upload: CheckUpload
    state_rules: frozenset[str] = frozenset()
    routes: Sequence[Route] = ()  # of the relay, besides the whole log
    # topics that others write to; what an inbox has counted is of one service at work
    inboxes: Sequence[Callable[[], Inbox]] = ()
    effects: Callable[[Resources], Sequence[Effects]] = lambda _: ()
    # of its health page, besides those of every service
    checks: Callable[[Resources], Mapping[str, Check]] = lambda _: {}
    # of its own tables, by whoever leads, besides those of every service; what they are
    figures: Callable[[Resources], Awaitable[Sequence[Figure]]] | None = None
    measures: Sequence[Measure] = ()
    # of a stream's events, those that the authority knows; types that are no steps of its history
    told: Told = nothing
    silent: frozenset[str] = frozenset()
    # kinds of items that a scan may be of, besides its enterprise
    subjects: Sequence[type[Aggregate]] = ()
    # whether a scan stands in what was sent
    is_sent: Callable[[Application, UUID], Awaitable[bool]] = never
    # whether it stands in what lies before the expert of this account now
    is_before_expert: Callable[[Application, UUID, str], Awaitable[bool]] = never
    # values by name of field, for the OpenAPI document
    examples: Mapping[str, Any] = field(default_factory=dict)
    tables: str = ""  # SQL of tables that no projection feeds
    # forms that people type into here, and the operations that save them
    drafts: DraftForms = field(default_factory=dict)

    def __post_init__(self) -> None:
        """A table is fed by exactly one reader."""
        fed = [
            table for each in self.readers if each.projection for table in each.projection.tables
        ]
        if twice := {table for table in fed if fed.count(table) > 1}:
            raise TypeError(f"{self.name}: {sorted(twice)} fed by two readers")

    @property
    def migrations(self) -> list[tuple[str, str]]:
        """Tables that no version changes."""
        own = [("tables", self.tables)] if self.tables else []
        return [*KERNEL_TABLES, *own, *([("drafts", drafts.SCHEMA)] if self.drafts else [])]

    def has_list(self, name: str) -> bool:
        """Whether one of its readers keeps a table of this name."""
        return any(name in each.tables for each in self.projections)

    @property
    def projections(self) -> list[Projection]:
        """Of its lists, each with the version that this code needs."""
        return [each.projection for each in self.readers if each.projection]
