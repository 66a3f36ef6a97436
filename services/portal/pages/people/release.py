"""下载 and 离职（调出） of people that are filed: each begins a filing of its own, which is filled
in and sent in 人员信息变更备案管理.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import Response

from services.portal.render.lists import Cell, Column, Item, ListView, list_view
from services.portal.web.api import ServiceAnswer, ServiceProblem
from services.portal.web.language import say
from services.portal.web.reference import CodeNames
from services.portal.web.visit import Posted, Visit

HERE = "/people/changes"
BEGINS: dict[str, dict[str, str] | None] = {
    "download": None,
    "release": {},
}  # what each is sent with
REFUSED = (400, 409, 412, 422)


def filed(
    visit: Visit, people: Iterable[Item], under_way: Mapping[str, Item], statuses: CodeNames
) -> ListView:
    """Whose information may be downloaded: filed, and not gone. A change that is under way leads
    to it; a second one may stand beside it, and is refused at its sending if the first moved what
    it was made from (domain book 5.2).
    """

    def change(each: Item) -> Cell:
        if (filing := under_way.get(each["id"])) is None:
            return Cell("")
        words = say(visit.language, statuses.item(filing["status"]))
        return Cell(f"{filing['filing_no']} {words}", href=f"{HERE}/{filing['id']}")

    return list_view(
        [each for each in people if not each["released_as"]],
        [
            Column(visit("姓名"), lambda each: Cell(each["name"] or "")),
            Column(visit("证件号码"), lambda each: Cell(each["id_no"] or "")),
            Column(visit("备案版本"), lambda each: _version(visit, each)),
            Column(visit("办理中的变更"), change),
        ],
        empty=visit("没有已备案的人员：首次备案通过后才能下载变更。"),
        choose="person",
    )


async def begin(visit: Visit, posted: Posted) -> Response:
    """One filing for each person chosen; who is refused is told by name. A single one is opened."""
    what = posted.one("_act")
    people = posted.ids("person")
    begun: list[str] = []
    refused: list[dict[str, Any]] = []
    if not people:
        return await visit.go(HERE, nothing=True)
    for id in people:
        person = await visit.api.get("personnel", f"/people/{id}")
        try:
            begun.append(await _begin(visit, person, what, f"{posted.key}-{id}"))
        except ServiceProblem as problem:
            if problem.status not in REFUSED:
                raise
            refused += [each | led_to(person) for each in problem.errors]
    if len(people) == len(begun) == 1:
        return await visit.go(f"{HERE}/{begun[0]}", done="added")
    return await visit.go(HERE, done="added", count=len(begun), refused=refused)


def led_to(person: ServiceAnswer) -> dict[str, Any]:
    """What a refusal about the person says besides: whose it is, the row if there is one, the
    page.
    """
    content, id = person.body["content"] or {}, person.body["id"]
    return {"name": content.get("name"), "at": id, "href": f"/people/{id}"}


async def _begin(visit: Visit, person: ServiceAnswer, what: str, key: str) -> str:
    """The id of the filing that it began."""
    path, version = f"/people/{person.body['id']}:{what}", person.version
    begun = await visit.api.do("POST", "personnel", path, BEGINS[what], version=version, key=key)
    return str(begun.body["id"])


def _version(visit: Visit, each: Item) -> Cell:
    return Cell(visit("第 %(number)s 版") % {"number": each["filed_version"]})
