"""限期整改 after an announced 不合格: ordered, reported by the enterprise, rechecked, or the
licence's withdrawal proposed (domain book 3.3). The enterprise finds its own here too.
"""

from asyncio import gather
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.pages.authority.sent_record import SentRecord, sent_record
from services.portal.pages.shared import forms
from services.portal.pages.shared.cells import choices, named
from services.portal.pages.shared.commands import actions, messages
from services.portal.pages.shared.history import history_page
from services.portal.render.lists import Cell, Column, ListFilter, list_view
from services.portal.render.view import Message
from services.portal.render.words import N_
from services.portal.web.api import ServiceProblem
from services.portal.web.visit import Posted, Sent, Signed, Visit

router = APIRouter(prefix="/rectifications")
HERE = "/rectifications"
REFUSED = (400, 409, 422)
ROWS = 30  # shortfalls of a notice
CHIPS = {
    "NOTIFIED": "sent",
    "IN_PROGRESS": "returned",
    "SUBMITTED": "reviewing",
    "ACCEPTED": "approved",
    "REFUSED": "rejected",
    "OVERDUE": "rejected",
    "WITHDRAW_PROPOSED": "rejected",
    "WITHDRAWN": "void",
}
LABELS = {
    "report": N_("报送整改报告"),
    "PASS": N_("整改合格"),
    "RETURN": N_("报告不全，退回"),
    "FAIL": N_("整改不合格"),
    "propose_withdrawal": N_("提出撤回资质"),
    "close": N_("结案"),
}
RECHECKS = ("FAIL", "RETURN", "PASS")


@router.get("")
async def rectifications(visit: Signed, status: str = "", cursor: str = "") -> Response:
    """The list, the most urgent first."""
    listed, lists = await gather(
        visit.api.list("review", HERE, status=status, cursor=cursor),
        visit.site.reference.lists(visit.api, "rectification_status", "reporting_unit"),
    )
    states, units = lists["rectification_status"], lists["reporting_unit"]

    def state(each: Mapping[str, Any]) -> Cell:
        return Cell(str(states.item(each["status"])[visit.language]), chip=CHIPS[each["status"]])

    view = list_view(
        listed.body["items"],
        [
            Column(
                visit("企业"), lambda each: Cell(each["enterprise_name"], f"{HERE}/{each['id']}")
            ),
            Column(visit("报送单位"), lambda each: named(visit, units, each["unit"])),
            Column(visit("通知日期"), lambda each: Cell(str(each["notice_date"]))),
            Column(visit("整改期限"), lambda each: Cell(str(each["deadline"]))),
            Column(visit("状态"), state),
        ],
        empty=visit("没有限期整改。"),
        filters=[ListFilter("status", visit("状态"), status, choices(visit, states))],
        next_cursor=listed.body["next_cursor"],
    )
    return await visit.page("authority/rectifications.html", view=view, here=HERE)


@router.get("/new")
async def new(visit: Signed, record: UUID) -> Response:
    """责令限期整改: a notice with what the record fell short of, as a beginning."""
    return await _order_page(visit, str(record), Posted())


@router.post("/new")
async def order(visit: Signed, posted: Sent) -> Response:
    """下达整改通知, or only one more shortfall."""
    record = posted.one("record")
    if posted.one("_act") == "row":
        return await _order_page(visit, record, posted)
    body = {
        "record": record,
        "notice_date": posted.one("notice_date"),
        "deadline": posted.one("deadline"),
        "shortfalls": list(_shortfalls(posted)),
    }
    try:
        made = await visit.api.do("POST", "review", HERE, body, key=posted.key)
    except ServiceProblem as refused:
        if refused.status not in REFUSED:
            raise
        found = messages(visit, refused.errors)
        return await _order_page(visit, record, posted, found, refused.status)
    return await visit.go(f"{HERE}/{made.body['id']}", done="ordered")


def _shortfalls(posted: Posted) -> Iterator[dict[str, str]]:
    for n in range(ROWS):
        row = {name: posted.one(f"{name}-{n}") for name in ("item", "need", "have")}
        if any(row.values()):
            yield row


async def _order_page(
    visit: Visit,
    record: str,
    posted: Posted,
    refused: Sequence[Message] = (),
    code: int = 200,
) -> Response:
    found, lists = await gather(
        visit.api.get("review", f"/conclusions/{record}"),
        visit.site.reference.lists(visit.api, "check_rule"),
    )
    concluded = found.body
    rows = list(_shortfalls(posted))
    if not posted:
        sent = await visit.api.get("assessment", f"/records/{record}", round=concluded["round"])
        rows = list(_fell_short(visit, await sent_record(visit, sent.body["content"])))
    return await visit.page(
        "authority/rectification_order.html",
        code,
        concluded=concluded,
        rows=[*rows, {}][:ROWS],
        rules=lists["check_rule"],
        typed=posted,
        refused=refused,
        here=f"{HERE}/new",
    )


def _fell_short(visit: Visit, shown: SentRecord) -> Iterator[dict[str, str]]:
    """Each licence that lacks staff: what its standard needs, who was there (应 / 实)."""
    for line in shown.staffing:
        for label, tally in (
            (visit("注册人员"), line.registered),
            (visit("非注册人员"), line.professionals),
        ):
            need, slash, have = tally.partition(" / ")
            if slash and need != have:
                people = visit("%(count)s 人")
                yield {
                    "item": f"{line.licence}{visit('：')}{label}",
                    "need": people % {"count": need},
                    "have": people % {"count": have},
                }


@router.get("/{id}")
async def rectification(visit: Signed, id: UUID) -> Response:
    """One of them."""
    return await _page(visit, f"{HERE}/{id}", Posted())


@router.get("/{id}/history")
async def history(visit: Signed, id: UUID) -> Response:
    """历史记录."""
    here = f"{HERE}/{id}"
    return await history_page(visit, "review", here, back=here, title=visit("限期整改"))


@router.post("/{id}")
async def act(visit: Signed, posted: Sent, id: UUID) -> Response:
    """报送整改报告, 整改复核, 提出撤回资质, 结案."""
    what, here = posted.one("_act"), f"{HERE}/{id}"
    try:
        body = await _body(visit, what, posted)
        path = f"{here}:{PATHS.get(what, 'recheck')}"
        version = posted.one("_version")
        await visit.api.do("POST", "review", path, body, version=version, key=posted.key)
    except ServiceProblem as refused:
        if refused.status not in REFUSED:
            raise
        found = messages(visit, refused.errors)
        return await _page(visit, here, posted, found, refused.status)
    return await visit.go(here, done=what)


PATHS = {"report": "report", "propose_withdrawal": "propose-withdrawal", "close": "settle"}


async def _body(visit: Visit, what: str, posted: Posted) -> dict[str, Any]:
    """Raises ServiceProblem for a scan that was refused."""
    if what == "report":
        content: dict[str, Any] = {"scans": []}
        await forms.upload(visit, "review", None, content, posted)
        scans = [each["scan"] for each in content["scans"]]
        return {"text": posted.one("text"), "scans": scans}
    return BODIES.get(what, _rechecked)(posted)


def _rechecked(posted: Posted) -> dict[str, Any]:
    return {"decision": posted.one("_act"), "text": posted.one("text")}


def _withdrawal(posted: Posted) -> dict[str, Any]:
    return {name: posted.one(name) for name in ("told_on", "heard_on", "statement", "text")}


def _settled(posted: Posted) -> dict[str, Any]:
    return {"withdrawn": posted.one("withdrawn") == "true", "text": posted.one("text")}


BODIES: dict[str, Callable[[Posted], dict[str, Any]]] = {
    "propose_withdrawal": _withdrawal,
    "close": _settled,
}


async def _page(
    visit: Visit,
    here: str,
    posted: Posted,
    refused: Sequence[Message] = (),
    code: int = 200,
) -> Response:
    item, checked, lists = await gather(
        visit.api.get("review", here),
        visit.api.check("review", f"{here}"),
        visit.site.reference.lists(
            visit.api, "rectification_status", "reporting_unit", "check_rule", "scan_type"
        ),
    )
    acts = actions(checked.body)
    may = [name for name, each in acts.items() if each["allowed"]]
    return await visit.page(
        "authority/rectification.html",
        code,
        item=item.body,
        acts=acts,
        may=may,
        rechecks=[each for each in RECHECKS if each in may],
        labels={name: visit(words) for name, words in LABELS.items()},
        lists=lists,
        chip_of_status=CHIPS[item.body["status"]],
        typed=posted,
        refused=refused,
        here=here,
    )
