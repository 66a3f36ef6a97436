"""An item with a form as a page: shown as saved, saved as typed. A new one has no id yet; it is
saved before its scans are brought, since these are sealed with its own key.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from fastapi import Response

from services.portal.pages.shared import forms, stale
from services.portal.pages.shared.commands import messages
from services.portal.render.view import Message
from services.portal.web.api import ServiceAnswer, ServiceProblem
from services.portal.web.visit import Posted, Visit

REFUSED = (400, 409, 422)
Choices = Mapping[str, Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class ItemPage:
    """`collection` is its API's path, `pages` the portal's; `said`: what the service answered of
    it; `choices`: what may be chosen for its reference fields; `more`: what its template shows
    besides.
    """

    service: str
    form: str
    template: str
    collection: str
    pages: str
    id: str = ""
    version: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)
    choices: Choices = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    content_of: Callable[[Mapping[str, Any]], Any] = stale.as_content
    added_to: str = ""  # of a new part of an item: that item, which has its draft

    @property
    def path(self) -> str:
        return f"{self.collection}/{self.id}"

    @property
    def name(self) -> str:
        """What it is called; empty for a new one."""
        return str((self.said.get("content") or {}).get("name") or "")

    @property
    def as_saved(self) -> stale.StaleItem:
        """For when somebody saved first."""
        return stale.StaleItem(
            self.service, self.path, self.form, self.here, self.content_of, self.choices
        )

    @property
    def draft_id(self) -> str:
        return self.id or self.added_to

    @property
    def here(self) -> str:
        return f"{self.pages}/{self.id or 'new'}"


async def show(
    visit: Visit,
    item: ItemPage,
    content: Mapping[str, Any] | None,
    found: Sequence[Message] = (),
    acts: Mapping[str, Any] | None = None,
    *,
    code: int = 200,
    typed: bool = False,
) -> Response:
    """The page; `typed`: what stands in it was not saved."""
    acts = acts or {}
    may_save = acts.get("save", {"allowed": True})["allowed"]
    draft = forms.draft_of(item.form, item.draft_id, item.version, unkept=typed)
    view = await forms.view(
        visit,
        item.form,
        dict(content or {}),
        found,
        choices=item.choices,
        editable=lambda _: may_save,
        draft=draft if may_save else None,
    )
    return await visit.page(
        item.template,
        code,
        item=item,
        said=item.said,
        view=view,
        acts=acts,
        typed=typed,
        refused=code >= 400,
        here=item.here,
        **item.more,
    )


async def save(visit: Visit, posted: Posted, item: ItemPage, **also: Any) -> Response:
    """保存, or only a row more or less; `also` is sent besides what was typed."""
    item = replace(item, version=posted.begun)
    form = await visit.site.reference.form(visit.api, item.form)
    content, changed = forms.edited(form, posted)
    if changed:
        lost = forms.not_kept(visit, posted)
        return await show(visit, item, content, lost, typed=True)
    try:
        if not item.id:
            item = await _add(visit, posted, item, content | also)
        if item.version:
            await forms.upload(visit, item.service, item.id, content, posted)
            put = partial(_put, visit, item, content | also)
            await stale.saved(visit, item.version, item.as_saved, put)
    except ServiceProblem as refused:
        if refused.status == stale.STALE:
            return await stale.page(visit, posted, item.as_saved, content)
        if refused.status not in REFUSED:
            raise
        found = messages(visit, refused.errors)
        if not item.id:
            found += forms.not_kept(visit, posted)
        return await show(visit, item, content, found, code=refused.status, typed=True)
    return await visit.go(item.here, done="saved")


async def _put(
    visit: Visit, item: ItemPage, body: Mapping[str, Any], version: str
) -> ServiceAnswer:
    return await visit.api.do("PUT", item.service, item.path, body, version=version)


async def _add(visit: Visit, posted: Posted, item: ItemPage, body: Mapping[str, Any]) -> ItemPage:
    """As it is once added; with a version where its scans are still to be brought."""
    added = await visit.api.do("POST", item.service, item.collection, body, key=posted.key)
    version = str(added.version) if forms.has_files(posted) else ""
    return replace(item, id=added.body["id"], version=version)
