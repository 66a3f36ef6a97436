"""预览 of 备案审核资料: form and scans of each filing as they lie in the packet, before mailing."""

from asyncio import gather
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from starlette.exceptions import HTTPException

from services.portal.pages.shared import forms
from services.portal.pages.shared.scans import scans_of
from services.portal.web.visit import Signed, Visit

router = APIRouter(prefix="/packets")
Leaf = Annotated[int, Query(ge=1, le=10_000)]
RELEASE = "PER_RELEASE"


@router.get("/{id:uuid}/preview")
async def preview(visit: Signed, id: UUID, n: Leaf = 1) -> Response:
    """The `n`-th filing of the packet. Raises HTTPException where there is none."""
    packet = (await visit.api.get("enterprise", f"/packets/{id}")).body
    if n > len(packet["filings"]):
        raise HTTPException(404)
    enclosed = packet["filings"][n - 1]
    read, lists = await gather(
        _as_sent(visit, packet, enclosed),
        visit.site.reference.lists(visit.api, "filing_type"),
    )
    view = await forms.view(visit, _form(enclosed), read["content"], editable=lambda _: False)
    return await visit.page(
        "enterprise/packet_preview.html",
        packet=packet,
        enclosed=enclosed,
        type=lists["filing_type"].item(enclosed["type"]),
        name=(read["content"] or {}).get("name") or "",
        view=view,
        scans=list(scans_of(view)),
        n=n,
        here=f"/packets/{id}",
    )


async def _as_sent(
    visit: Visit, packet: Mapping[str, Any], enclosed: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The filing as it was sent in the round of the packet."""
    path, service = f"/filings/{enclosed['filing']}", enclosed["service"]
    if service == "enterprise":
        path = f"/enterprises/{packet['enterprise']}{path}"
    found: Mapping[str, Any] = (await visit.api.get(service, path, round=enclosed["round"])).body
    return found


def _form(enclosed: Mapping[str, Any]) -> str:
    """What its content is."""
    if enclosed["service"] == "enterprise":
        return "enterprise"
    return "release" if enclosed["type"] == RELEASE else "person"
