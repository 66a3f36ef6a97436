"""What may be chosen for the fields that name something: persons, contracts, filed qualifications,
and the items of code lists. A page writes short lists out; a long one once, when it is asked for.
"""

from asyncio import gather
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query

from services.portal.pages.shared.own import own_enterprise
from services.portal.web.language import say
from services.portal.web.visit import Signed, Visit

router = APIRouter(prefix="/choices")
Choices = list[tuple[str, str]]
A_PAGE = 200  # of an API's list


async def choices_of(visit: Visit, *fields: str) -> dict[str, Choices]:
    """By the field's name, `(id, what is read)` each."""
    found = await gather(*(NAMED[each](visit) for each in fields))
    return dict(zip(fields, found, strict=True))


@router.get("")
async def of_lists(visit: Signed, list: Annotated[list[str], Query()]) -> Choices:
    """The items of code lists. Raises HTTPException for a list that is none."""
    found = await visit.site.reference.lists(visit.api, *list)
    return [
        (str(item["code"]), say(visit.language, item))
        for name in list
        for item in found[name].items
    ]


@router.get("/{field}")
async def of_field(visit: Signed, field: str) -> Choices:
    """All that a field may name. Raises HTTPException for a field that names nothing."""
    if field not in NAMED:
        raise HTTPException(404)
    return await NAMED[field](visit)


async def _people(visit: Visit) -> Choices:
    """Filed persons of one's enterprise: name and masked number."""
    return [
        (each["id"], f"{each['name']}　{each['id_no'] or ''}".strip())
        for each in await _all(visit, "personnel", "/people", filed="true")
    ]


async def _contracts(visit: Visit) -> Choices:
    return [
        (each["id"], f"{each['contract_no']}　{each['name']}")
        for each in await _all(visit, "projects", "/contracts")
    ]


async def _qualifications(visit: Visit) -> Choices:
    """Items of the certificates that were filed."""
    own = await own_enterprise(visit)
    if own is None:
        return []
    page, lists = await gather(
        visit.api.get("enterprise", f"/enterprises/{own['id']}"),
        visit.site.reference.lists(visit.api, "qualification_catalogue", "qualification_grade"),
    )
    names, grades = lists["qualification_catalogue"], lists["qualification_grade"]
    found: Choices = []
    for certificate in (page.body["information"] or {}).get("certificates") or ():
        for each in certificate.get("items") or ():
            licence = each.get("licence_name") or say(visit.language, names.item(each["licence"]))
            grade = say(visit.language, grades.item(each["grade"]))
            found.append((each["id"], f"{licence}{grade}"))
    return found


async def _all(visit: Visit, service: str, path: str, **query: Any) -> list[dict[str, Any]]:
    """Every item of one's own, page by page."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        answer = (await visit.api.list(service, path, limit=A_PAGE, cursor=cursor, **query)).body
        found += answer["items"]
        cursor = answer["next_cursor"] or ""
        if not cursor:
            return found


NAMED: Mapping[str, Callable[[Visit], Awaitable[Choices]]] = {
    "person_id": _people,
    "project_leader_person_id": _people,
    "contract": _contracts,
    "qualification_item_used": _qualifications,
}
