"""对比: two states of what was filed beside each other, on a page of its own and in others."""

from asyncio import gather
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.portal.pages.shared.cells import choices
from services.portal.pages.shared.filed import Filed, filing_of, of_case, place_of, record_of
from services.portal.render.diffs import DiffRenderer, DiffView
from services.portal.render.forms import Renderer, lists_of
from services.portal.web.api import ServiceProblem
from services.portal.web.visit import Signed, Visit

router = APIRouter()
APPROVED = "approved"
Earlier = Annotated[str, Query(alias="from")]
NONE = (400, 403, 404)  # no such state, or not this visitor's


@router.get("/enterprise/{kind}/{id}/diff")
async def enterprise_filing(
    visit: Signed, kind: str, id: UUID, from_: Earlier = "", to: str = ""
) -> Response:
    """Of a filing of the enterprise."""
    return await _page(visit, await filing_of(visit, "enterprise", kind, str(id)), from_, to)


@router.get("/people/{kind}/{id}/diff")
async def person_filing(
    visit: Signed, kind: str, id: UUID, from_: Earlier = "", to: str = ""
) -> Response:
    """Of a filing of one of its people."""
    return await _page(visit, await filing_of(visit, "people", kind, str(id)), from_, to)


@router.get("/assessment/{id}/diff")
async def record(visit: Signed, id: UUID, from_: Earlier = "", to: str = "") -> Response:
    """Of a record: rounds, generations, what is chosen now."""
    return await _page(visit, await record_of(visit, str(id)), from_, to)


@router.get("/cases/{id}/diff")
async def case(visit: Signed, id: UUID, from_: Earlier = "", to: str = "") -> Response:
    """Of what lies before an officer: what was sent."""
    return await _page(visit, await of_case(visit, str(id)), from_, to)


async def last_difference(visit: Visit, filed: Filed) -> DiffView | None:
    """To the round before, or to the approved version; None where there is none."""
    two = filed.last_two(visit)
    return await difference(visit, filed, *two) if two else None


def comparable(case: Mapping[str, Any]) -> list[str]:
    """With what an officer compares: the round before, the version that a change filing changes."""
    before = [f"round:{case['round'] - 1}"] if case["round"] > 1 else []
    return before + [APPROVED] * (case["type"] in ("ENT_CHANGE", "PER_CHANGE"))


async def case_difference(
    visit: Visit, case: Mapping[str, Any], against: str = ""
) -> DiffView | None:
    """Of what lies before an officer, to one of these, the first unless another is asked for."""
    service, path, form = place_of(case)
    states = comparable(case)
    if not states:
        return None
    earlier = against if against in states else states[0]
    item = {"round": case["round"], "base_version": None}
    filed = Filed(service, path, form, "", "", item)
    return await difference(visit, filed, earlier, f"round:{case['round']}")


def compared_otherwise(visit: Visit, case: Mapping[str, Any], against: str) -> dict[str, str]:
    """What else an officer can compare with on the same page: its name, by state."""
    states = comparable(case)
    shown = against if against in states else next(iter(states), "")
    number = {"number": case["round"] - 1}
    names = {APPROVED: visit("备案版本")}
    return {
        each: names.get(each, visit("第 %(number)s 次报送") % number)
        for each in states
        if each != shown
    }


async def difference(visit: Visit, filed: Filed, earlier: str, later: str) -> DiffView | None:
    """None for a state that there is not."""
    states = {"approved": visit("备案版本"), **filed.states(visit)}
    two = earlier, later
    return await compared(visit, filed.service, filed.path, filed.form, states, two)


async def compared(
    visit: Visit,
    service: str,
    path: str,
    form_name: str,
    states: Mapping[str, str],
    two: tuple[str, str],
) -> DiffView | None:
    """Of the filing or record at the service's `path`; `states`: names by state. None for a state
    that there is not.
    """
    earlier, later = two
    try:
        found, form = await gather(
            visit.api.get(service, f"{path}/diff", **{"from": earlier, "to": later}),
            visit.site.reference.form(visit.api, form_name),
        )
    except ServiceProblem as problem:
        if problem.status not in NONE:
            raise
        return None
    lists = await visit.site.reference.lists(visit.api, *sorted(lists_of(form) | {"scan_type"}))
    renderer = Renderer(visit.language, {name: each.items for name, each in lists.items()})
    drawn = DiffRenderer(form, renderer, dict(choices(visit, lists["scan_type"])), visit)
    return drawn.view(found.body, states.get(earlier, earlier), states.get(later, later))


async def _page(visit: Visit, filed: Filed, earlier: str, later: str) -> Response:
    states = tuple(filed.states(visit))
    two = filed.last_two(visit) or states[-2:] or ("", "")
    earlier = earlier or two[0]
    later = later or two[-1]
    found, lists = await gather(
        _asked(visit, filed, earlier, later),
        visit.site.reference.lists(visit.api, "return_reason"),
    )
    return await visit.page(
        "shared/diff_page.html",
        filed=filed,
        diff=found,
        states=filed.states(visit),
        earlier=earlier,
        later=later,
        reasons=lists["return_reason"],
    )


async def _asked(visit: Visit, filed: Filed, earlier: str, later: str) -> DiffView | None:
    if not (earlier and later):
        return None
    return await difference(visit, filed, earlier, later)
