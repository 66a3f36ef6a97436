"""A case about an assessment record: what was sent, what the rules and the machine say of it, and
what the city, its lead, the province, experts and inspectors make of it (domain book 3.2, 5.7).
"""

from asyncio import gather
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.pages.authority import opened, verdicts, visits
from services.portal.pages.authority.points import filled_in
from services.portal.pages.authority.queue import due
from services.portal.pages.authority.sent_record import sent_record
from services.portal.pages.authority.states import RECORD_CHIPS, STATES
from services.portal.pages.shared.cells import choices
from services.portal.pages.shared.commands import messages
from services.portal.pages.shared.diffs import case_difference
from services.portal.pages.shared.scans import viewer
from services.portal.render.posted import whole
from services.portal.render.view import Message
from services.portal.render.words import N_
from services.portal.web.api import ServiceAnswer, ServiceProblem
from services.portal.web.visit import Posted, Sent, Signed, Visit

router = APIRouter(prefix="/cases")
REFUSED = (400, 409, 422)
RESULTS = ("PASS", "BASIC", "FAIL")  # what a person may propose, as the API says it
LABELS = {
    "take": N_("受理"),
    "release": N_("释放"),
    "assign": N_("转办"),
    "interest": N_("申请回避"),
    "minutes": N_("登记核查记录"),
    "sign": N_("签发初审意见"),
    "opinion": N_("出具专家意见"),
    "lapse": N_("终止补正"),
    "propose": N_("拟定结论"),
    "approve": N_("批准结论"),
    "publish": N_("公示"),
    "order_rectification": N_("责令限期整改"),
}
GONE = ("opinion",)  # after which the case is not the visitor's to read any more
LISTS = (
    "assessment_status",
    "assessment_result",
    "review_decision",
    "return_reason",
    "review_level",
    "check_rule",
)


async def page(
    visit: Visit,
    item: opened.Case,
    posted: Posted | None = None,
    refused: Sequence[Message] = (),
    code: int = 200,
) -> Response:
    """`item`: the case as review answered it; `posted`: what was typed and could not be done."""
    typed = posted or Posted()
    sent, diff, lists = await gather(
        _sent(visit, item["subject_id"], item["round"]),
        case_difference(visit, item),
        visit.site.reference.lists(visit.api, *LISTS),
    )
    shown = await sent_record(visit, sent.body["content"]) if sent else None
    acts = opened.offered(item)
    concluded = item.get("conclusion")
    scans = shown.scans if shown else []
    here = f"/cases/{item['id']}"
    look = (opened.looked_at(typed), opened.open_form(acts), f"{here}/record")
    return await visit.page(
        "authority/record_case.html",
        code,
        item=item,
        **_as_sent(item, sent),
        shown=shown,
        concluded=concluded,
        diff=diff,
        verdicts=verdicts.asked(visit, shown, lists["check_rule"], concluded, typed),
        **_may(acts),
        scans=await viewer(visit, "assessment", scans, *look),
        labels=_labels(visit, lists["review_decision"]),
        lists=lists,
        **_standing(item),
        **await opened.people_of(visit, item),
        refused=refused,
        reasons=choices(visit, lists["return_reason"]),
        **_to_type(typed),
        here=here,
    )


def _as_sent(item: opened.Case, sent: ServiceAnswer | None) -> dict[str, Any]:
    """The record, with what the enterprise said to what was returned."""
    if sent is None:
        return {"record": None, "answers": ()}
    return {"record": sent.body, "answers": sent.body["rounds"][item["round"] - 1]["answers"]}


def _standing(item: opened.Case) -> dict[str, Any]:
    chip = RECORD_CHIPS.get(item["status"], "reviewing")
    return {"state": STATES[item["state"]], "look": chip, "due": due(item)}


def _to_type(typed: Posted) -> dict[str, Any]:
    """What the forms take, with what was typed."""
    points: list[dict[str, str]] = filled_in(typed)
    if typed.one("_act") == "point" or not points:
        points = [*points, {}]
    return {
        "typed": typed,
        "points": points,
        "results": RESULTS,
        "marks": verdicts.MARKS,
        "inspectors": visits.INSPECTORS,
    }


def _may(acts: opened.Acts) -> dict[str, Any]:
    """What may be done now, and what not, each with its reasons."""
    may = [name for name, each in acts.items() if each["allowed"]]
    deciding = [name for name in opened.DECISIONS if name in may]
    return {"acts": acts, "may": may, "deciding": deciding}


async def _sent(visit: Visit, record: str, round: int) -> ServiceAnswer | None:
    """The round that lies before the reviewer, frozen as it was sent; the read is written down.
    None as long as its owner does not show it: it has not yet heard that it lies before experts.
    """
    try:
        return await visit.api.get("assessment", f"/records/{record}", round=round)
    except ServiceProblem as problem:
        if problem.status not in (403, 404):
            raise
        return None


def _labels(visit: Visit, decisions: Any) -> dict[str, str]:
    """Every act by its name: decisions as the code list calls them."""
    named = {str(each["code"]): str(each[visit.language]) for each in decisions.items}
    return {**named, **{name: visit(words) for name, words in LABELS.items()}}


@router.post("/{id}/record")
async def act(visit: Signed, posted: Sent, id: UUID) -> Response:
    """One act on the record; or one more point to return."""
    what, here = posted.one("_act"), f"/cases/{id}"
    if what == "point" or what.startswith(opened.LOOK):
        return await page(visit, await opened.case_of(visit, here), posted)
    try:
        await _do(visit, what, here, posted)
    except ServiceProblem as refused:
        if refused.status not in REFUSED:
            raise
        found = messages(visit, refused.errors)
        return await page(visit, await opened.case_of(visit, here), posted, found, refused.status)
    if what in GONE:
        return await visit.go("/cases", handed=what)
    return await visit.go(here, done=what)


async def _do(visit: Visit, what: str, case: str, posted: Posted) -> None:
    """The command of that name, made from the version that was seen."""
    if what == "assign":
        to = await opened.account_of(visit, posted.one("to"))
        posted = Posted({**posted, "to": [to]})
    path, version = f"{case}:decide", None
    body: Mapping[str, Any] | None = None
    if what in COMMANDS:
        suffix, made, guarded = COMMANDS[what]
        path = suffix.format(case=case, record=posted.one("record"))
        body, version = made(posted), posted.one("_version") if guarded else None
    else:
        body = decision(what, posted)
    await visit.api.do("POST", "review", path, body, version=version, key=posted.key)


def decision(what: str, posted: Posted) -> dict[str, Any]:
    """What an officer decides, on exactly the round and digest that were seen."""
    return {
        "decision": what,
        "round": whole(posted.one("round")) or 0,
        "reviewed": {
            "position": whole(posted.one("position")) or 0,
            "data_sha256": posted.one("data_sha256"),
        },
        "items": filled_in(posted) if what == "RETURN" else [],
        "comment": posted.one("comment"),
    }


def _to_another(posted: Posted) -> dict[str, Any]:
    return {"to": posted.one("to"), "reason": posted.one("why")}


def _proposal(posted: Posted) -> dict[str, Any]:
    return {
        "result": posted.one("result"),
        "override_reason": posted.one("override_reason"),
        "verdicts": verdicts.given(posted),
    }


def _nothing(_: Posted) -> None:
    """A command without a body."""


Made = Callable[[Posted], dict[str, Any] | None]
# by action: the command's path, what it takes, whether it says which version was seen
COMMANDS: dict[str, tuple[str, Made, bool]] = {
    "take": ("{case}:open", _nothing, False),
    "release": ("{case}:release", _nothing, True),
    "assign": ("{case}:assign", _to_another, True),
    "interest": ("{case}:declare-interest", lambda posted: {"reason": posted.one("tie")}, True),
    "minutes": ("{case}:record-onsite", visits.minutes, True),
    "sign": ("{case}:sign", _nothing, True),
    "opinion": ("{case}:give-opinion", lambda posted: {"text": posted.one("opinion")}, True),
    "lapse": ("{case}:lapse", _nothing, True),
    "propose": ("/conclusions/{record}:propose", _proposal, True),
    "approve": ("/conclusions/{record}:approve", _nothing, True),
}
