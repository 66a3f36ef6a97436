"""查验: one result by its number, and whether a paper is the announced one, by the digest in its
QR code.
"""

import re
from asyncio import gather
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from services.portal.pages.results.facts import LISTS, conclusion
from services.portal.web.api import ServiceProblem
from services.portal.web.visit import Guest, Visit

router = APIRouter()
DIGEST = re.compile(r"[0-9a-f]{64}")
UNKNOWN = (400, 404)  # a number that was never given out, or not announced


@router.get("/results/{record_no}")
async def result(visit: Guest, record_no: str) -> Response:
    """公告结果: one record's."""
    return await _answer(visit, record_no)


@router.get("/v")
async def ask(visit: Guest, no: str = "", digest: str = "") -> Response:
    """纸件查验: where number and digest are typed."""
    number, typed = _plain(no).upper(), _plain(digest)
    if not number:
        return await visit.page("results/ask.html")
    at = quote(number, safe="")
    if not typed:
        return RedirectResponse(f"/results/{at}", 303)
    return RedirectResponse(f"/v/{at}/{quote(typed, safe='')}", 303)


@router.get("/v/{record_no}/{digest}")
async def check(visit: Guest, record_no: str, digest: str) -> Response:
    """查验结果: one sentence, then the facts."""
    return await _answer(visit, record_no, _plain(digest).lower())


async def _answer(visit: Visit, record_no: str, digest: str | None = None) -> Response:
    is_whole = bool(digest and DIGEST.fullmatch(digest))
    path = f"/results/{quote(record_no, safe='')}"
    try:
        found, lists = await gather(
            visit.api.list("review", path, digest=digest if is_whole else None),
            visit.site.reference.lists(visit.api, *LISTS),
        )
    except ServiceProblem as problem:
        if problem.status not in UNKNOWN:
            raise
        return await visit.page("results/unknown.html", 404, no=record_no)
    item: dict[str, Any] = found.body
    return await visit.page(
        "results/one.html",
        item=item,
        digest=digest,
        is_whole=is_whole,
        unit=lists["reporting_unit"].item(item["unit"]),
        conclusion=conclusion(visit, lists["assessment_result"], item["result"]),
    )


def _plain(text: str) -> str:
    """As typed from paper, where it stands in groups."""
    return "".join(text.split())
