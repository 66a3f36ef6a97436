"""Filed persons of one's enterprise, for fields that name one."""

from services.portal.web.visit import Visit

MOST = 200  # of a page of the API


async def people_to_choose(visit: Visit) -> list[tuple[str, str]]:
    """`(id, name and masked number)` each."""
    found = await visit.api.list("personnel", "/people", filed="true", limit=MOST)
    return [
        (each["id"], f"{each['name']}　{each['id_no'] or ''}".strip())
        for each in found.body["items"]
    ]
