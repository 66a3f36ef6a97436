"""What was announced 公告, a row for each record: for everybody, by number and by campaign (domain
book 5.7, V12). A record has its row from its first sending on, and is shown once it is announced.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from libs.events.pools import Pool
from libs.events.queries import Found, contains, select_one, select_page
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.events.rows import Json
from libs.events.walks import Walk
from services.review.cases.domain.case import Case
from services.review.cases.domain.judgement import Qualification
from services.review.publicity.domain import Publicity


@dataclass(frozen=True)
class AnnouncedRow:
    record: UUID
    record_no: str
    campaign: UUID
    unit: str
    uscc: str
    enterprise_name: str
    # what was reviewed: the generation's digest, and that of the sent event
    snapshot_sha256: str
    data_sha256: str
    announced: bool
    result: str = ""
    qualifications: Json | None = None
    first_day: date | None = None
    last_day: date | None = None
    announced_on: date | None = None

    @property
    def digests(self) -> frozenset[str]:
        """Any of which a paper of this record may carry."""
        return frozenset({self.snapshot_sha256, self.data_sha256})

    @property
    def held(self) -> list[Qualification]:
        return [Qualification.model_validate(each) for each in self.qualifications or ()]


BY_CREDIT_CODE = Walk(
    "announced_results",
    ("uscc", "record"),
    by=(("announced", "campaign", "unit"), ("announced", "campaign"), ("announced",)),
    key=("record",),
)
announced_results = ReadModel(
    "announced_results",
    AnnouncedRow,
    key=("record",),
    indexes={"announced_results_by_number": "(record_no)"},
    walks=[BY_CREDIT_CODE],
)


@announced_results.on(Case.CaseOpened, Case.RoundOpened)
def _sent(e: Case.CaseOpened | Case.RoundOpened, at: StoredEvent) -> Iterator[Change]:
    if e.subject.is_record and e.terms:
        yield announced_results.put(
            AnnouncedRow(
                record=e.subject.id,
                record_no=e.subject.no,
                campaign=e.terms.campaign,
                unit=e.subject.unit,
                uscc=e.subject.uscc,
                enterprise_name=e.subject.enterprise_name,
                snapshot_sha256=e.terms.snapshot_sha256,
                data_sha256=e.reviewed.data_sha256,
                announced=False,
            )
        )


@announced_results.on(Publicity.PublicityOpened)
def _published(e: Publicity.PublicityOpened, at: StoredEvent) -> Iterator[Change]:
    days = {"first_day": e.first_day, "last_day": e.last_day}
    for each in e.results:
        yield announced_results.change(record=each.record, **days)


@announced_results.on(Publicity.ResultAnnounced)
def _announced(e: Publicity.ResultAnnounced, at: StoredEvent) -> Iterator[Change]:
    for each in e.results:
        yield announced_results.change(
            record=each.record,
            uscc=each.uscc,
            enterprise_name=each.enterprise_name,
            announced=True,
            announced_on=e.announced_on,
            result=each.result,
            qualifications=[one.model_dump(mode="json") for one in each.qualifications],
        )


CREDIT_CODE = re.compile(r"[0-9A-Z]{18}")
NAME_OR_CODE = f"({contains('r.enterprise_name', '{0}')} OR strpos(r.uscc, upper({{0}})) > 0)"


@dataclass(frozen=True)
class Filter:
    """Which results a list shows; None: any. `text`: a part of the name or of the credit code."""

    campaign: UUID | None = None
    text: str | None = None
    unit: str | None = None
    result: str | None = None

    @property
    def wanted(self) -> list[tuple[str, Any]]:
        whole = self.text and CREDIT_CODE.fullmatch(code := self.text.upper())
        return [
            ("announced", True),
            ("campaign", self.campaign),
            ("unit", self.unit),
            ("result", self.result),
            ("uscc", code) if whole else (NAME_OR_CODE, self.text),
        ]


async def by_credit_code(
    pool: Pool, only: Filter, after: tuple[Any, ...] | None, limit: int
) -> Found[AnnouncedRow]:
    """`after`: credit code and record of the last one seen."""
    return await select_page(pool, AnnouncedRow, BY_CREDIT_CODE, only.wanted, after, limit)


async def by_number(pool: Pool, record_no: str) -> AnnouncedRow | None:
    """None: nothing was announced under that number."""
    query = "SELECT * FROM announced_results WHERE record_no = $1 AND announced"
    return await select_one(pool, AnnouncedRow, query, record_no)
