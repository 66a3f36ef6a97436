"""打印: what was filed as an official table on A4; 草稿 in the margin until it is really sent."""

from asyncio import gather
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.pages.authority.sent_record import SentRecord, sent_record
from services.portal.pages.shared import forms
from services.portal.pages.shared.filed import Filed, filing_of, of_case, record_of
from services.portal.pages.shared.receipts import Round, check_of, sending
from services.portal.render.view import FormView
from services.portal.web.visit import Signed, Visit

router = APIRouter()
Shown = tuple[FormView | None, SentRecord | None]


@router.get("/enterprise/{kind}/{id:uuid}/print")
async def of_enterprise(visit: Signed, kind: str, id: UUID, round: Round = 0) -> Response:
    """A filing of the enterprise; without a number as it stands now."""
    asked = {"round": round or None}
    return await _page(visit, await filing_of(visit, "enterprise", kind, str(id), **asked), round)


@router.get("/people/{kind}/{id:uuid}/print")
async def of_person(visit: Signed, kind: str, id: UUID, round: Round = 0) -> Response:
    """A filing of one of its people."""
    asked = {"round": round or None}
    return await _page(visit, await filing_of(visit, "people", kind, str(id), **asked), round)


@router.get("/assessment/{id:uuid}/print")
async def of_record(visit: Signed, id: UUID, round: Round = 0) -> Response:
    """A record: its last generation, or a round."""
    return await _page(visit, await record_of(visit, str(id), round=round or None), round)


@router.get("/cases/{id:uuid}/print")
async def before_an_officer(visit: Signed, id: UUID) -> Response:
    """What lies before an officer, as it was sent last."""
    return await _page(visit, await of_case(visit, str(id)), 0)


async def _page(visit: Visit, filed: Filed, round: int) -> Response:
    """What is not sent yet is a draft."""
    is_draft = filed.is_open and not round
    number = round or filed.item["round"]
    shown, sent, lists = await gather(
        _shown(visit, filed),
        _sent(visit, filed, 0 if is_draft else number),
        visit.site.reference.lists(
            visit.api, "filing_type", "assessment_result", "filing_status", "assessment_status"
        ),
    )
    return await visit.page(
        "shared/print.html",
        filed=filed,
        is_draft=is_draft,
        round=0 if is_draft else number,
        sent=sent,
        check=check_of(visit, filed, sent["data_sha256"]) if sent else None,
        view=shown[0],
        shown=shown[1],
        lists=lists,
    )


async def _sent(visit: Visit, filed: Filed, round: int) -> Mapping[str, Any] | None:
    """How the round was sent; nothing of a draft. A reviewer need not read its owner's history:
    the case names what lies before them.
    """
    if not round:
        return None
    if filed.case is None or filed.case["round"] != round:
        return await sending(visit, filed, round)
    sent = filed.item["rounds"][round - 1] if filed.is_record else filed.item
    return {"at": sent["sent_at"], "data_sha256": filed.case["reviewed"]["data_sha256"]}


async def _shown(visit: Visit, filed: Filed) -> Shown:
    """The content in the form's words; of a record that was never generated nothing."""
    content = filed.item["content"]
    if filed.is_record:
        return None, await sent_record(visit, content) if content else None
    return await forms.view(visit, filed.form, content, editable=lambda _: False), None
