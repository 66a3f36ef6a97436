"""The results that publicities show, a row for each record."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from services.review.publicity.domain import Publicity


@dataclass(frozen=True)
class PublicityResultRow:
    publicity: UUID
    record: UUID
    enterprise: UUID
    uscc: str
    enterprise_name: str
    result: str
    removed: bool


publicity_results = ReadModel(
    "publicity_results",
    PublicityResultRow,
    key=("publicity", "record"),
    indexes={"publicity_results_removed": "(publicity) WHERE removed"},
)


@publicity_results.on(Publicity.PublicityOpened)
def _opened(e: Publicity.PublicityOpened, at: StoredEvent) -> Iterator[Change]:
    for each in e.results:
        yield publicity_results.put(
            PublicityResultRow(
                publicity=at.stream,
                record=each.record,
                enterprise=each.enterprise,
                uscc=each.uscc,
                enterprise_name=each.enterprise_name,
                result=each.result,
                removed=False,
            )
        )


@publicity_results.on(Publicity.ObjectionClosed)
def _objection_closed(e: Publicity.ObjectionClosed, at: StoredEvent) -> Iterator[Change]:
    if e.upheld:
        yield publicity_results.change(publicity=at.stream, record=e.record, removed=True)
