"""发送 of a record: warnings are confirmed one by one, a returned point that was left as it is gets
a word; the answer stays on the record's page.
"""

from asyncio import gather
from collections import defaultdict
from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.pages.assessment.records import hints
from services.portal.pages.assessment.wizard import MENU, Jump, RecordPages, record_pages
from services.portal.pages.shared.commands import messages
from services.portal.pages.shared.diffs import last_difference
from services.portal.pages.shared.filing import sending
from services.portal.render.view import Message
from services.portal.web.api import ServiceProblem
from services.portal.web.visit import Posted, Sent, Signed, Visit

router = APIRouter(prefix="/assessment/{id:uuid}/send")
REFUSED = (400, 409, 422)


@router.get("")
async def ask(visit: Signed, id: UUID) -> Response:
    """What is sent, and what is confirmed with it."""
    return await _page(visit, str(id), Posted())


@router.post("")
async def send(visit: Signed, posted: Sent, id: UUID) -> Response:
    """确认发送."""
    body = {"acknowledged": confirmed(posted), "answers": sending(posted)["answers"]}
    try:
        told = await visit.api.do(
            "POST",
            "assessment",
            f"/records/{id}:send",
            body,
            version=posted.one("_version"),
            key=posted.key,
            seeing=True,
        )
    except ServiceProblem as refused:
        if refused.status not in REFUSED:
            raise
        found = [each for each in messages(visit, refused.errors) if each.severity == "B"]
        return await _page(visit, str(id), posted, found, refused.status)
    kept = {name: told.body[name] for name in ("receipt_no", "round", "zh", "en")}
    return await visit.go(f"/assessment/{id}", done="sent", **kept)


def confirmed(posted: Posted) -> list[str]:
    """Rules of which every single warning was confirmed: `warned` names all that stood there."""
    single: defaultdict[str, list[bool]] = defaultdict(list)
    read = posted.get("read", [])
    for each in posted.get("warned", []):
        rule, _, _ = each.partition(" ")
        single[rule].append(each in read)
    return sorted(rule for rule, each in single.items() if all(each))


async def _page(
    visit: Visit,
    id: str,
    posted: Posted,
    refused: list[Message] | None = None,
    code: int = 200,
) -> Response:
    pages = await record_pages(visit, id)
    lists, diff = await gather(
        visit.site.reference.lists(visit.api, "return_reason"),
        last_difference(visit, pages.filed),
    )
    found = pages.jumps(pages.found())
    return await visit.page(
        "assessment/send.html",
        code,
        pages=pages,
        record=pages.record,
        content=pages.content,
        warnings=[(_warned(n, each), each) for n, each in enumerate(found) if _is_warning(each)],
        against=pages.jumps(pages.against("send")),
        diff=diff,
        read=posted.get("read", []),
        answers={n.removeprefix("_answer:"): v[0] for n, v in posted.items() if "_answer:" in n},
        refused=_refused(pages, refused or []),
        reasons=lists["return_reason"],
        hints=await hints(visit),
        menu_code=MENU,
    )


def _is_warning(each: Jump) -> bool:
    return each.message.severity == "W"


def _warned(n: int, each: Jump) -> str:
    """What one box stands for."""
    return f"{each.message.rule} {n}"


def _refused(pages: RecordPages, found: list[Message]) -> list[tuple[Message, str]]:
    """Each with its place."""
    numbered = pages.content.get("choices", {})
    return [(each, pages.places.words(each.pointer, numbered, pages.names)) for each in found]
