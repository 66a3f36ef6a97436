"""A filing as a page, whoever it is about: its content, what stands against sending it, what may be
done with it; of what came back only what was returned can be changed.
"""

from asyncio import gather
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from fastapi import Response

from services.portal.pages.shared import forms, stale
from services.portal.pages.shared.commands import actions, messages
from services.portal.pages.shared.diffs import last_difference
from services.portal.pages.shared.filed import Filed
from services.portal.render.posted import content_of, flat
from services.portal.render.view import DraftNote, FormView, Message
from services.portal.web.api import ServiceAnswer, ServiceProblem
from services.portal.web.visit import Posted, Visit

REFUSED = (400, 409, 422)
DONE = {"save": "saved", "send": "sent", "withdraw": "asked_back", "void": "voided"}


@dataclass(frozen=True)
class FilingPage:
    """What a service says of a filing: `path`: of the filing there; `item` and `checked` as
    answered; `here`: its page's path;
    `menu`: the manual's page that it belongs to; `form`: what its content is; `is_copy`: content of
    its own, which may be changed before sending; `confirmed`, `answers`: warnings
    and points, by pointer, as they were just filled in, which a refusal must not lose.
    """

    service: str
    path: str
    item: dict[str, Any]
    version: int | None
    checked: Mapping[str, Any]
    here: str
    menu: str
    form: str
    is_copy: bool
    confirmed: Sequence[str] = ()
    answers: Mapping[str, str] = field(default_factory=dict)

    def with_said(self, posted: Posted) -> "FilingPage":
        """As somebody has just filled in the page."""
        return replace(
            self, confirmed=posted.get("acknowledged", []), answers=dict(_answers(posted))
        )

    def is_unsaved(self, form: Mapping[str, Any], typed: Mapping[str, Any]) -> bool:
        """Whether something was typed that was not saved: sending would leave it out."""
        if not (self.is_copy or self.returned):
            return False
        return content_of(form, flat(form, self.item["content"])) != content_of(
            form, flat(form, typed)
        )

    def to_save(self, content: dict[str, Any]) -> dict[str, Any]:
        """What 保存 takes: what was typed, or `{}` for the page as it was saved."""
        return content if self.is_copy or self.returned is not None else {}

    @property
    def whose(self) -> str:
        """The person's name; empty for the enterprise, whom every page is about."""
        content = self.item["content"] or {}  # an enterprise may add a filing before it saved
        return str(content.get("name") or "")

    @property
    def source(self) -> str:
        """The page from which a first filing takes its content; empty for a copy of its own."""
        if self.is_copy:
            return ""
        person = self.item.get("person")
        return f"/people/{person}" if person else "/enterprise"

    @property
    def as_saved(self) -> stale.StaleItem:
        """For when somebody saved first."""
        return stale.StaleItem(self.service, self.path, self.form, self.here)

    @property
    def returned(self) -> Sequence[dict[str, Any]] | None:
        """The points that came back; None where nothing did."""
        if self.item["status"] != "RETURNED":
            return None
        points: list[dict[str, Any]] = self.item["returned_items"]
        return points


async def page(
    visit: Visit,
    filing: FilingPage,
    typed: dict[str, Any] | None = None,
    refused: Sequence[Message] | None = None,
    code: int = 200,
) -> Response:
    """With what was typed, where it could not be done: `refused` says why."""
    acts = _answerable(actions(filing.checked), filing.returned or ())
    is_fresh = refused is None and (filing.item["status"] == "DRAFT" or visit.has_just_added)
    found = _found(visit, filing, acts, is_fresh=is_fresh) if refused is None else refused
    view = await forms.view(
        visit,
        filing.form,
        typed or filing.item["content"],
        () if is_fresh else found,
        editable=editing(acts, filing.returned, is_copy=filing.is_copy),
        draft=_draft(filing, acts, unkept=typed is not None),
    )
    return await visit.page(
        "shared/filing.html",
        code,
        item=filing.item,
        version=filing.version,
        view=view,
        acts=acts,
        refused=refused is not None,
        found=view.lines(found),
        is_fresh=is_fresh,
        returned=filing.returned or (),
        typed=typed is not None,
        menu_code=filing.menu,
        filing=filing,
        **await _beside(visit, filing, view),
    )


async def _beside(visit: Visit, filing: FilingPage, view: FormView) -> dict[str, Any]:
    """What stands beside the form: the last difference, and names of codes."""
    filed = Filed(filing.service, filing.path, filing.form, filing.here, filing.menu, filing.item)
    lists, diff = await gather(
        visit.site.reference.lists(visit.api, "filing_status", "return_reason"),
        last_difference(visit, filed),
    )
    return {
        "diff": diff and diff.beside(view, visit),
        "statuses": lists["filing_status"],
        "reasons": lists["return_reason"],
    }


def _found(
    visit: Visit, filing: FilingPage, acts: Mapping[str, Any], *, is_fresh: bool
) -> list[Message]:
    """What the rules say of it; before anything was done to it without what stands at the button
    already: that it is not saved.
    """
    found = messages(visit, filing.checked["findings"])
    if not is_fresh:
        return found
    reasons = messages(visit, acts.get("send", {}).get("reasons", ()))
    said = {each.text for each in reasons if not each.pointer}
    return [each for each in found if each.pointer or each.text not in said]


async def typed(
    visit: Visit, filing: FilingPage, posted: Posted
) -> tuple[dict[str, Any], Response | None]:
    """What was typed, and the page where nothing is to be done with it yet: a row came or went, or
    it was to be sent and is not saved.
    """
    form = await visit.site.reference.form(visit.api, filing.form)
    content, changed = forms.edited(form, posted)
    if changed:
        lost = forms.not_kept(visit, posted) or None
        return content, await page(visit, filing, content, lost)
    if posted.one("_act") == "send" and filing.is_unsaved(form, content):
        return content, await _unsaved(visit, filing, content)
    return content, None


async def _unsaved(visit: Visit, filing: FilingPage, content: dict[str, Any]) -> Response:
    """What was typed stays, and nothing is sent."""
    text = visit("改动还没有保存，没有发送：请先保存，再在线发送。")
    return await page(visit, filing, content, [Message("", "B", text, "")], 422)


async def done(
    visit: Visit,
    what: str,
    posted: Posted,
    filing: FilingPage,
    do: Callable[[str], Awaitable[ServiceAnswer]],
) -> ServiceAnswer:
    """The act on the filing as its page shows it; saved also where nothing but its course went
    on. Raises ServiceProblem.
    """
    if what == "save":
        return await stale.saved(visit, posted.begun, filing.as_saved, do)
    return await do(posted.one("_version"))


async def not_done(
    visit: Visit,
    posted: Posted,
    filing: FilingPage,
    content: dict[str, Any],
    problem: ServiceProblem,
) -> Response:
    """After a refusal: both versions if somebody saved first, else what stands against it. Raises
    the problem where no page says more than that.
    """
    is_saving = posted.one("_act") == "save"
    if problem.status == stale.STALE and is_saving:
        return await stale.page(visit, posted, filing.as_saved, content)
    if problem.status not in REFUSED:
        raise problem
    typed = content if is_saving and content else None
    found = messages(visit, problem.errors)
    return await page(visit, filing, typed, found, problem.status)


def _draft(filing: FilingPage, acts: Mapping[str, Any], *, unkept: bool) -> DraftNote | None:
    """Where what is typed into it is kept; None where nothing can be typed."""
    is_typed = filing.is_copy or filing.returned is not None
    if not is_typed or not acts.get("save", {}).get("allowed"):
        return None
    return forms.draft_of(filing.form, filing.item["id"], filing.version, unkept=unkept)


def _answerable(
    acts: dict[str, Mapping[str, Any]], returned: Sequence[Mapping[str, Any]]
) -> dict[str, Mapping[str, Any]]:
    """What only stands against sending at returned points may be answered on this page, with the
    sending itself.
    """
    send, points = acts.get("send"), {each["pointer"] for each in returned}
    if send is None or send["allowed"] or not points:
        return acts
    if all(each["pointer"] in points for each in send["reasons"]):
        return acts | {"send": {**send, "allowed": True}}
    return acts


def sending(posted: Posted) -> dict[str, Any]:
    """What a clerk says at 在线发送: the warnings that were read, and a word on the returned points
    that were left as they are.
    """
    answers = [{"pointer": at, "text": text} for at, text in _answers(posted)]
    return {"acknowledged": posted.get("acknowledged", []), "answers": answers}


def _answers(posted: Posted) -> Iterator[tuple[str, str]]:
    """What was answered, by pointer; blanks say nothing."""
    for name, values in posted.items():
        if name.startswith("_answer:") and values[0].strip():
            yield name.removeprefix("_answer:"), values[0]


def editing(
    acts: Mapping[str, Any], returned: Sequence[dict[str, Any]] | None, is_copy: bool
) -> Callable[[str], bool]:
    """Which pointers may be changed: of what came back only what was returned, else all of a
    filing with content of its own; a first filing takes the saved page as it stands.
    """
    if not acts.get("save", {}).get("allowed"):
        return lambda _: False
    if returned is None:
        return lambda _: is_copy
    points = tuple(each["pointer"] for each in returned)
    return lambda at: any(at == point or at.startswith(f"{point}/") for point in points)
