"""批量通过 of persons: what was chosen in the queue, each looked at once more with a remark of its
own, then decided together and answered by name.
"""

from asyncio import gather
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Response

from services.portal.pages.authority.queue import due
from services.portal.pages.shared.commands import messages
from services.portal.render.posted import whole
from services.portal.web.api import ServiceProblem
from services.portal.web.visit import Posted, Sent, Signed, Visit

router = APIRouter(prefix="/cases")
MOST = 20  # that are looked at at a time
SEEN = ("round", "position", "data_sha256", "name")
Case = Mapping[str, Any]


@router.post("/batch")
async def batch(visit: Signed, posted: Sent) -> Response:
    """What was chosen, to be looked at; then 通过."""
    chosen = posted.ids("case")
    if not chosen:
        return await visit.go("/cases", nothing=True)
    if posted.one("_act") == "pass":
        return await _passed(visit, posted, chosen)
    now, later = chosen[:MOST], len(chosen[MOST:])
    rows, lists = await gather(
        gather(*(_row(visit, each) for each in now)),
        visit.site.reference.lists(visit.api, "filing_type"),
    )
    return await visit.page(
        "authority/batch.html", rows=rows, later=later, types=lists["filing_type"]
    )


async def _row(visit: Visit, id: str) -> dict[str, Any]:
    """A case with whom it is about, as their owner tells the officer: the read is written down."""
    case = (await visit.api.get("review", f"/cases/{id}")).body
    path = f"/filings/{case['filing']}"
    filing = (await visit.api.get("personnel", path, round=case["round"])).body
    found = messages(visit, filing["findings"])
    once = {(each.rule, each.text): each for each in found}  # whatever it is said of
    return {
        "case": case,
        "name": (filing["content"] or {}).get("name"),
        "found": list(once.values()),
        "due": due(case),
    }


async def _passed(visit: Visit, posted: Posted, chosen: Sequence[str]) -> Response:
    """All of them; where something stands against some, the others."""
    opinions = [_opinion(posted, each) for each in chosen]
    refused: dict[int, list[dict[str, Any]]] = {}
    while kept := {place: each for place, each in enumerate(opinions) if place not in refused}:
        key = f"{posted.key}-{len(refused)}" if refused else posted.key
        found = await _refused(visit, kept, key)
        if not found:
            break
        refused |= found
    names = [posted.one(f"name-{each}") for each in chosen]
    answers = {
        "passed": [name for place, name in enumerate(names) if place not in refused],
        "refused": [
            {"name": names[place], "case": chosen[place], "errors": errors}
            for place, errors in refused.items()
        ],
    }
    return await visit.go("/cases", batch=answers)


async def _refused(
    visit: Visit, opinions: Mapping[int, Case], key: str
) -> dict[int, list[dict[str, Any]]]:
    """What stands against which of them, by place; nothing: all were passed."""
    try:
        body = {"cases": list(opinions.values())}
        await visit.api.do("POST", "review", "/cases:decide", body, key=key)
    except ServiceProblem as problem:
        if problem.status not in (409, 422):
            raise
        places = list(opinions)
        found: dict[int, list[dict[str, Any]]] = {}
        for each in problem.errors:
            number = whole(each["pointer"].removeprefix("/cases/").partition("/")[0])
            if number is None:
                raise
            found.setdefault(places[number], []).append(each)
        return found
    return {}


def _opinion(posted: Posted, case: str) -> dict[str, Any]:
    round, position, digest, _ = (posted.one(f"{name}-{case}") for name in SEEN)
    return {
        "case": case,
        "decision": "PASS",
        "round": whole(round) or 0,
        "reviewed": {"position": whole(position) or 0, "data_sha256": digest},
        "comment": posted.one(f"comment-{case}"),
    }
