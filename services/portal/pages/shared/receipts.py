"""回执: that a round was received, when, by which unit, with the digest of its content; on paper as
on the screen.
"""

from asyncio import gather
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from starlette.exceptions import HTTPException

from services.portal.pages.shared.filed import MENUS, Filed, filing_of, record_of
from services.portal.pages.shared.own import own_enterprise, registered
from services.portal.render.qr import QRCode, qr_code
from services.portal.web.visit import Signed, Visit

router = APIRouter()
Round = Annotated[int, Query(ge=0, le=10_000)]
PAGES = 5  # of filings, in which a batch is looked for
Step = Mapping[str, Any]


@router.get("/enterprise/{kind}/{id:uuid}/receipt")
async def of_enterprise(visit: Signed, kind: str, id: UUID, round: Round = 0) -> Response:
    """Of a filing of the enterprise; without a number of its last round."""
    return await _page(visit, await filing_of(visit, "enterprise", kind, str(id)), round)


@router.get("/people/{kind}/{id:uuid}/receipt")
async def of_person(visit: Signed, kind: str, id: UUID, round: Round = 0) -> Response:
    """Of a filing of one of its people."""
    return await _page(visit, await filing_of(visit, "people", kind, str(id)), round)


@router.get("/assessment/{id:uuid}/receipt")
async def of_record(visit: Signed, id: UUID, round: Round = 0) -> Response:
    """Of a record, with the address at which everybody can check its paper."""
    return await _page(visit, await record_of(visit, str(id)), round)


@router.get("/people/{kind}/receipts/{batch_no}")
async def of_batch(visit: Signed, kind: str, batch_no: str) -> Response:
    """Of one 在线发送 of several people: who was sent."""
    if ("people", kind) not in MENUS:
        raise HTTPException(404)
    own, lines, lists = await gather(
        own_enterprise(visit),
        _batch(visit, batch_no),
        visit.site.reference.lists(visit.api, "filing_type", "reporting_unit"),
    )
    if own is None or not lines:
        raise HTTPException(404)
    return await visit.page(
        "shared/receipt_batch.html",
        own=own,
        batch_no=batch_no,
        lines=lines,
        types=lists["filing_type"],
        unit=lists["reporting_unit"].item(unit_of(lines[0]["receipt_no"])),
        sent_at=min(each["sent_at"] for each in lines),
        here=f"/people/{kind}",
        menu_code=MENUS["people", kind],
    )


async def _batch(visit: Visit, batch_no: str) -> list[Mapping[str, Any]]:
    """Its lines, as far as they were not sent again since."""
    found: list[Mapping[str, Any]] = []
    cursor: str | None = ""
    for _ in range(PAGES):
        listed = await visit.api.list("personnel", "/filings", cursor=cursor, limit=200)
        found += [each for each in listed.body["items"] if each["batch_no"] == batch_no]
        if not (cursor := listed.body["next_cursor"]):
            break
    return found


async def _page(visit: Visit, filed: Filed, round: int) -> Response:
    """Its enterprise's paper. Raises HTTPException where there is no such round, and for others."""
    number = round or filed.item["round"]
    if not 1 <= number <= filed.item["round"]:
        raise HTTPException(404)
    own, as_sent, sent, lists = await gather(
        registered(visit),
        visit.api.get(filed.service, filed.path, round=number),
        sending(visit, filed, number),
        visit.site.reference.lists(visit.api, "filing_type", "reporting_unit", "role"),
    )
    return await visit.page(
        "shared/receipt.html",
        filed=filed,
        own=own,
        round=number,
        sent=sent,
        names=await visit.names(sent["user"]),
        role=lists["role"].item(sent["role"]),
        person=person_of(filed, as_sent.body),
        type=lists["filing_type"].item(filed.item.get("type")),
        unit=lists["reporting_unit"].item(unit_of(filed.item["receipt_no"])),
        check=check_of(visit, filed, sent["data_sha256"]),
    )


async def sending(visit: Visit, filed: Filed, round: int) -> Step:
    """The step of its history by which the round was sent. Raises HTTPException for none."""
    steps: Sequence[Step] = (await visit.api.get(filed.service, f"{filed.path}/history")).body
    found = (e for e in steps if e["type"].endswith("Sent") and e["round"] == round)
    if (step := next(found, None)) is None:
        raise HTTPException(404)
    return step


@dataclass(frozen=True)
class PaperCheck:
    """Where everybody checks a paper, and the code that leads there."""

    address: str
    code: QRCode


def check_of(visit: Visit, filed: Filed, digest: str) -> PaperCheck | None:
    """Of a record, once its result is announced; None for a filing, which nobody else sees."""
    if not filed.is_record:
        return None
    address = f"{visit.site.settings.url}/v/{filed.no}/{digest}"
    return PaperCheck(address, qr_code(address))


def unit_of(receipt_no: str) -> str:
    """The unit that received it: a receipt number begins with its code."""
    return receipt_no.partition("-")[0]


def person_of(filed: Filed, as_sent: Mapping[str, Any]) -> str:
    """By name, whose filing it is; empty for an enterprise's, and where only their leaving is."""
    if filed.form != "person":
        return ""
    return str((as_sent["content"] or {}).get("name") or "")
