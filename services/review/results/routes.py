"""Routes of announced results, for everybody."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query

from libs.chassis.http.dependencies import Store
from libs.chassis.http.pages import Listed, Page
from libs.chassis.http.positions import CaughtUp
from libs.events.errors import NotFound
from libs.events.strict import LINE
from libs.filing.content.types import OneOf
from services.review.results import lists
from services.review.results.schemas import (
    AnnouncedResult,
    CheckedResult,
    announced_result,
    checked_result,
)

router = APIRouter(prefix="/results")
RecordNo = Annotated[str, Path(pattern=r"^[0-9A-Za-z-]{1,40}$", examples=["2024-410100-7K3M9Q"])]
Digest = Annotated[
    str | None,
    Query(
        pattern=r"^[0-9a-f]{64}$",
        description="SHA-256 that a paper of the record carries",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    ),
]


async def _filter(
    campaign: UUID | None = None,
    q: Annotated[str | None, Query(max_length=100), LINE] = None,
    unit: Annotated[str, OneOf("reporting_unit")] | None = None,
    result: Annotated[str, OneOf("assessment_result")] | None = None,
) -> lists.Filter:
    return lists.Filter(campaign, q, unit, result)


@router.get("", dependencies=[CaughtUp])
async def list_results(
    only: Annotated[lists.Filter, Depends(_filter)], page: Page, store: Store
) -> Listed[AnnouncedResult]:
    """公告结果 · Announced results by credit code, open to everybody; `q` is a part of the name or
    of the code
    """
    found = await lists.by_credit_code(store, only, page.after(str, UUID), page.fetch)
    return page.along(found, show=announced_result)


@router.get("/{record_no}", dependencies=[CaughtUp])
async def read_result(record_no: RecordNo, store: Store, digest: Digest = None) -> CheckedResult:
    """结果查验 · What was announced of one record, and whether a paper's digest is that of what was
    announced; open to everybody
    """
    row = await lists.by_number(store, record_no)
    if row is None:
        raise NotFound
    return checked_result(row, digest)
