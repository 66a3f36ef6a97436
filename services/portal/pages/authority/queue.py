"""The queue: what awaits the officer, what is due first on top; by state, with counts; narrowed by
filters that can be kept.
"""

from asyncio import gather
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.portal.pages.authority import kept
from services.portal.pages.authority.states import STATES
from services.portal.pages.shared.cells import choices, when
from services.portal.render.lists import Cell, Column, Due, ListFilter, Tile, list_view
from services.portal.render.lists import Item as Line
from services.portal.render.words import N_, UNNAMED
from services.portal.web.reference import CodeNames
from services.portal.web.visit import Sent, Signed, Visit

router = APIRouter()
# what the address of the queue may say, and what is asked for by it
ASKED = ("state", "q", "type", "level", "due_before", "sort", "cursor")
NEXT = "/next-case"
OPEN, MINE, ANY = "", "mine", "any"
SORTS = (
    ("-due_on", N_("期限最晚的在前")),
    ("sent_at", N_("发送早的在前")),
    ("enterprise_name", N_("按企业名称")),
)
TILES = ("WAITING", MINE, "ONSITE", "OPINION", "RETURNED")
ALWAYS = ("WAITING", MINE, "RETURNED")
# each looks at its own level first
LEVELS = {
    "CITY_OFFICER": "CITY",
    "CITY_LEAD": "CITY",
    "PROV_OFFICER": "PROV",
    "PROV_LEAD": "PROV",
}


@router.get("/cases")
async def cases(visit: Signed, request: Request) -> Response:
    """The queue, what is due first on top."""
    asked = _asked(visit, request.query_params)
    listed, lists = await gather(
        visit.api.list("review", "/cases", **_query(visit, asked), count="true"),
        visit.site.reference.lists(visit.api, "filing_type", "review_level"),
    )
    _remember(visit, asked)
    names = await visit.names(*(each["assignee"] for each in listed.body["items"]))
    view = list_view(
        listed.body["items"],
        _columns(visit, lists["filing_type"], names),
        empty=visit("没有要办的件。"),
        filters=list(_filters(visit, asked, lists)),
        choose="case",
        may_choose=lambda each: _is_for_batch(visit, each),
        next_cursor=listed.body["next_cursor"],
    )
    return await visit.page(
        "authority/queue.html",
        view=view,
        tiles=list(_tiles(visit, asked, listed.body)),
        total=listed.body["total"],
        is_all=listed.body["total_is_all"],
        has_next=any(listed.body["counts"][each]["all"] for each in ("WAITING", MINE)),
        kept=kept.kept(visit),
        asked=urlencode(_given(asked, "cursor")),
        may_choose=any(row.id for row in view.rows),
    )


@router.post("/cases/filters")
async def filters(visit: Signed, posted: Sent) -> Response:
    """保存为常用筛选, or one of them given up."""
    found = {each.name: each.query for each in kept.kept(visit)}
    name = posted.one("name").strip()[: kept.LONG]
    query = dict(parse_qsl(posted.one("query")))
    if gone := posted.one("_drop"):
        found.pop(gone, None)
    elif name:
        asked = {each: value for each, value in query.items() if each in ASKED}
        again = urlencode(asked)
        if len(again) <= kept.WIDE:  # else no browser keeps the cookie
            found[name] = again
    response = await visit.go(f"/cases?{posted.one('query')}")
    kept.keep(visit, response, found)
    return response


@router.get(NEXT)
async def next_case(visit: Signed, after: UUID | None = None) -> Response:
    """On to the next case of the queue as it was last looked at; to the queue where there is
    none.
    """
    assert visit.session
    asked = dict(visit.session.data.get("queue", {}))
    if asked.get("state") not in ("WAITING", MINE):
        asked["state"] = OPEN
    listed = await visit.api.list("review", "/cases", **_query(visit, asked))
    for each in listed.body["items"]:
        if each["id"] != str(after) and _is_for(visit, each):
            return await visit.go(f"/cases/{each['id']}", **_carried(visit, after))
    return await visit.go(f"/cases?{urlencode(asked)}", **_carried(visit, after))


def _carried(visit: Visit, after: UUID | None) -> dict[str, Any]:
    """What the last decision came to, told on the page that follows it."""
    assert visit.session
    result = visit.session.data.get("result") or {}
    if after and result.get("at") == NEXT:
        return {name: each for name, each in result.items() if name != "at"}
    return {}


def _asked(visit: Visit, params: Mapping[str, str]) -> dict[str, str]:
    assert visit.user
    asked = {name: params.get(name, "").strip() for name in ASKED}
    return asked | {"level": asked["level"] or LEVELS.get(visit.user.role, "")}


def _remember(visit: Visit, asked: Mapping[str, str]) -> None:
    """Whoever goes on to the next case goes on in this queue."""
    assert visit.session
    visit.session.data["queue"] = _given(asked, "cursor")


def _given(asked: Mapping[str, str], *without: str) -> dict[str, str]:
    """What was asked for; what is empty asks for nothing."""
    return {name: each for name, each in asked.items() if each and name not in without}


def _query(visit: Visit, asked: Mapping[str, str]) -> dict[str, str]:
    """As the service's list takes it."""
    assert visit.user
    query = _given(asked)
    if query.get("level") == ANY:
        del query["level"]
    state = query.pop("state", OPEN)
    if state == OPEN:
        return query | {"open": "true"}
    if state == MINE:
        return query | {"state": "TAKEN", "assignee": visit.user.sub}
    return query if state == ANY else query | {"state": state}


def _is_for(visit: Visit, case: Line) -> bool:
    assert visit.user
    if case["state"] == "TAKEN":
        return bool(case["assignee"] == visit.user.sub)
    return bool(case["state"] == "WAITING")


def _is_for_batch(visit: Visit, case: Line) -> bool:
    return case["subject_kind"] == "person_filing" and _is_for(visit, case)


def _tiles(visit: Visit, asked: Mapping[str, str], said: Mapping[str, Any]) -> Iterator[Tile]:
    at = asked["state"]
    yield from _due(visit, asked, said)
    for name in TILES:
        each = said["counts"][name]
        if each["all"] or name in ALWAYS or name == at:
            label = visit("我在办") if name == MINE else visit(STATES[name][0])
            numbers = {"near": each["near"], "over": each["over"]}
            yield Tile(label, each["all"], _href(asked, state=name), at == name, **numbers)


def _due(visit: Visit, asked: Mapping[str, str], said: Mapping[str, Any]) -> Iterator[Tile]:
    """Of all that is open: everything, what is past its time, what soon will be."""
    is_open = asked["state"] == OPEN
    before = asked["due_before"]
    count = said["counts"]["open"]

    every = _href(asked, state=OPEN)
    is_on = is_open and not before
    yield Tile(visit("全部待办"), count["all"], every, is_on)

    over = said["over_before"]
    late = _href(asked, state=OPEN, due_before=over)
    is_on = is_open and before == over
    yield Tile(visit("已超期"), count["over"], late, is_on, stops=count["over"] > 0)

    near = said["near_before"]
    soon = _href(asked, state=OPEN, due_before=near)
    is_on = is_open and before == near
    due = count["over"] + count["near"]
    yield Tile(visit("3 个工作日内到期"), due, soon, is_on)


def _href(asked: Mapping[str, str], **changed: str) -> str:
    kept_on = _given(asked, "cursor", "due_before")
    query = urlencode(_given(kept_on | changed))
    return f"/cases?{query}"


def _filters(
    visit: Visit, asked: Mapping[str, str], lists: Mapping[str, CodeNames]
) -> Iterator[ListFilter]:
    """As the manual's officers look for a case."""
    yield ListFilter("q", visit("企业、代码、编号、回执号"), asked["q"])

    types = list(choices(visit, lists["filing_type"]))
    types.append(("ASSESSMENT", visit("动态考核")))
    yield ListFilter("type", visit("事项"), asked["type"], types, begins=visit("全部事项"))

    states = [(MINE, visit("我在办"))]
    states += [(each, visit(STATES[each][0])) for each in STATES]
    states.append((ANY, visit("全部，含已办结")))
    yield ListFilter("state", visit("状态"), asked["state"], states, begins=visit("全部待办"))

    if asked["level"]:
        levels = [(ANY, visit("各级")), *choices(visit, lists["review_level"])]
        yield ListFilter("level", visit("层级"), asked["level"], levels)

    yield ListFilter("due_before", visit("期限早于"), asked["due_before"], type="date")

    sorts = [(code, visit(words)) for code, words in SORTS]
    first = visit("期限最早的在前")
    yield ListFilter("sort", visit("排序"), asked["sort"], sorts, begins=first)


def due(case: Line) -> Due:
    """Its clock."""
    return Due(
        case["due_on"],
        case["working_days_left"],
        case["working_days"],
        is_paused=case["state"] == "RETURNED",
    )


def type_name(visit: Visit, names: CodeNames, code: str) -> str:
    """What a case is about."""
    if code == "ASSESSMENT":
        return visit("动态考核")
    item = names.item(code)
    return str(item[visit.language])


def _columns(visit: Visit, types: CodeNames, names: Mapping[str, str]) -> list[Column]:
    def whose(each: Line) -> Cell:
        return Cell(each["enterprise_name"], f"/cases/{each['id']}")

    def about(each: Line) -> Cell:
        name = type_name(visit, types, each["type"])
        return Cell(name, note=each["no"])

    def state(each: Line) -> Cell:
        words, chip = STATES[each["state"]]
        return Cell(visit(words), chip=chip)

    return [
        Column(visit("企业"), whose),
        Column(visit("期限"), lambda each: Cell("", due=due(each))),
        Column(visit("事项"), about),
        Column(visit("报送"), lambda each: Cell(visit("第 %(round)s 次") % each)),
        Column(visit("发送时间"), lambda each: when(each["opened_at"])),
        Column(visit("状态"), state),
        Column(visit("受理人"), lambda each: _holder(visit, each, names)),
    ]


def _holder(visit: Visit, case: Line, names: Mapping[str, str]) -> Cell:
    holder = case["assignee"]
    if not holder:
        words = visit("待受理") if case["state"] == "WAITING" else ""
        return Cell(words, is_live=True)
    if holder == visit.me:
        return Cell(visit("我"), is_live=True)
    name = names.get(holder) or visit(UNNAMED)
    return Cell(name, is_live=True, title=holder)
