"""参考数据: code lists as they stand, and what the authority changed of them; the mailboxes and
notices of the reporting units are among it (`reporting_unit`, field `packet`; domain book 5.8).
"""

from asyncio import gather
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from services.portal.pages.authority.reference_labels import LABELS
from services.portal.pages.shared.commands import messages
from services.portal.pages.shared.history import history_page
from services.portal.render.lists import Cell, Column, list_view
from services.portal.render.view import Message
from services.portal.web.api import ServiceProblem
from services.portal.web.language import say
from services.portal.web.visit import Posted, Sent, Signed, Visit

router = APIRouter(prefix="/reference")
HERE = "/reference"
NEW = "new"
PAGE = 200  # items of a list
Place = Annotated[int, Query(ge=0, le=100_000)]


@router.get("")
async def kinds(visit: Signed) -> Response:
    """The code lists there are."""
    found = await visit.api.get("review", "/codelists")
    view = list_view(
        found.body,
        [
            Column(
                visit("代码表"),
                lambda each: Cell(say(visit.language, each), f"{HERE}/{each['name']}"),
            ),
            Column(visit("代码"), lambda each: Cell(each["name"], is_code=True)),
        ],
        empty=visit("没有代码表。"),
    )
    return await visit.page("authority/reference.html", view=view)


@router.get("/{kind}")
async def kind(visit: Signed, kind: str, cursor: Place = 0) -> Response:
    """One list, with a mark at what was changed since it was shipped. `cursor`: how many of it
    stand on the pages before.
    """
    known, changed = await gather(
        visit.api.get("review", f"/codelists/{kind}"), _changes(visit, kind)
    )
    items, end = known.body["items"], cursor + PAGE
    view = list_view(
        items[cursor:end],
        [
            Column(
                visit("代码"),
                lambda each: Cell(str(each["code"]), f"{HERE}/{kind}/{each['code']}", is_code=True),
            ),
            Column(visit("中文名称"), lambda each: Cell(str(each.get("zh", "")))),
            Column(visit("英文名称"), lambda each: Cell(str(each.get("en", "")))),
            Column(
                visit("改动"),
                lambda each: Cell(visit("已改") if str(each["code"]) in changed.items else ""),
            ),
        ],
        empty=visit("没有代码。"),
        next_cursor=str(end) if end < len(items) else None,
    )
    return await visit.page(
        "authority/reference_list.html", item=known.body, view=view, may=changed.may, here=kind
    )


@router.get("/{kind}/history")
async def history(visit: Signed, kind: str) -> Response:
    """历史记录; empty for a list that is as it was shipped."""
    here = f"{HERE}/{kind}"
    title = say(visit.language, (await visit.api.get("review", f"/codelists/{kind}")).body)
    try:
        return await history_page(visit, "review", here, back=here, title=title)
    except ServiceProblem as missing:
        if missing.status != 404:
            raise
        return await visit.page("shared/history.html", title=title, back=here, steps=[])


@router.get("/{kind}/{code}")
async def entry(visit: Signed, kind: str, code: str) -> Response:
    """One item; `new` for one that is not there yet."""
    return await _entry_page(visit, kind, code)


@router.post("/{kind}/{code}")
async def change(visit: Signed, posted: Sent, kind: str, code: str) -> Response:
    """保存: what differs from how it stands, with what was changed of it before."""
    typed = _typed(posted)
    known, changed = await gather(
        visit.api.get("review", f"/codelists/{kind}"), _changes(visit, kind)
    )
    item = _item(known.body["items"], code)
    shown = _fields(known.body["items"], item)
    told = code if code != NEW else typed.get("code", "")
    differing = {
        name: value for name, value in typed.items() if name in shown and value != shown[name]
    }
    body = {"items": [_laid_over(changed.items.get(told, {"code": told}), differing)]}
    try:
        await visit.api.do("PUT", "review", f"{HERE}/{kind}", body, key=posted.key)
    except ServiceProblem as refused:
        if refused.status not in (400, 409, 422):
            raise
        found = messages(visit, refused.errors)
        return await _entry_page(visit, kind, code, typed, found, refused.status)
    visit.site.reference.forget()
    return await visit.go(f"{HERE}/{kind}/{told}", done="saved")


@dataclass(frozen=True)
class Changes:
    """Items of a list by code, as far as they were changed; `may`: whether the visitor may change
    more of them.
    """

    items: Mapping[str, Mapping[str, Any]]
    may: bool


async def _changes(visit: Visit, kind: str) -> Changes:
    """Nothing where nothing was changed."""
    try:
        found = await visit.api.get("review", f"{HERE}/{kind}")
    except ServiceProblem as problem:
        if problem.status != 404:
            raise
        return Changes({}, "PUT" in problem.allows)
    items = {str(each["code"]): each for each in found.body["items"]}
    return Changes(items, "PUT" in found.allows)


async def _entry_page(
    visit: Visit,
    kind: str,
    code: str,
    typed: Mapping[str, str] | None = None,
    refused: Iterable[Message] = (),
    status: int = 200,
) -> Response:
    answer, changed = await gather(
        visit.api.get("review", f"/codelists/{kind}"), _changes(visit, kind)
    )
    known = answer.body
    item = _item(known["items"], code)
    fields = _fields(known["items"], item) | dict(typed or {})
    labels = {name: visit(LABELS.get(name, name)) for name in fields}
    return await visit.page(
        "authority/reference_entry.html",
        status,
        item=known,
        at=code,
        is_new=code == NEW,
        fields=fields,
        labels=labels,
        may=changed.may,
        refused=list(refused),
        here=f"{HERE}/{kind}/{code}",
    )


def _item(items: Iterable[Mapping[str, Any]], code: str) -> Mapping[str, Any]:
    return next((each for each in items if str(each["code"]) == code), {})


def _typed(posted: Posted) -> dict[str, str]:
    """What was typed into the item's own inputs."""
    own = (name for name in posted if not name.startswith("_"))
    return {name: posted.one(name).strip() for name in own}


def _fields(items: Iterable[Mapping[str, Any]], item: Mapping[str, Any]) -> dict[str, str]:
    """Every field that some item of the list has and that can be typed, with its value here."""
    names = dict.fromkeys(name for each in items for name, _ in leaves(each))
    here = dict(leaves(item))
    return {name: here.get(name) or "" for name in names}


def leaves(value: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str | None]]:
    """What can be typed of an item, each with its place in it."""
    for name, each in value.items():
        if isinstance(each, Mapping):
            yield from leaves(each, f"{above}{name}/")
        elif each is None or isinstance(each, str):
            yield f"{above}{name}", each


def _laid_over(before: Mapping[str, Any], typed: Mapping[str, str]) -> dict[str, Any]:
    """What was changed before with what is changed now; what was emptied is nothing."""
    item: dict[str, Any] = {
        name: dict(each) if isinstance(each, Mapping) else each for name, each in before.items()
    }
    for name, value in typed.items():
        above, _, last = name.rpartition("/")
        into = item.setdefault(above, {}) if above else item
        into[last] = value or None
    return item
