"""Drafts: what a visitor typed into a form and has not saved, kept at the form's service. A form
names its draft in `_draft`, and in `_begun` the version from which the typing began.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from services.portal.render.posted import content_of, whole
from services.portal.web.api import ServiceProblem
from services.portal.web.visit import Visit

NEW = "new"  # the id of a form that adds an item
NAME = re.compile(r"([a-z_]{1,40})/([0-9A-Za-z-]{1,80})")
FOCUS = re.compile(r"[\w:.-]{1,200}")
NONE = (403, 404)  # who may not keep drafts has none


@dataclass(frozen=True)
class Draft:
    content: dict[str, Any]
    version: str
    kept_at: str


async def find(visit: Visit, service: str, form: str, id: str) -> Draft | None:
    """None where nothing is kept, or drafts cannot be had just now: the form comes all the same."""
    try:
        found = (await visit.api.get(service, f"/drafts/{form}/{id}")).body
    except ServiceProblem as problem:
        if problem.status in NONE or problem.status >= 500:
            return None
        raise
    version = found["version"]
    return Draft(found["content"], "" if version is None else str(version), found["kept_at"])


async def keep(visit: Visit, name: str, posted: Mapping[str, Sequence[str]]) -> str:
    """What was posted of the form that `name` names, as a draft: when it was kept. Raises
    ServiceProblem, also for no name.
    """
    form, id = _named(name)
    definition = await visit.site.reference.form(visit.api, form)
    begun = next(iter(posted.get("_begun", ())), "")
    typed = {
        "content": content_of(definition, posted),
        "version": whole(begun),
    }
    service = definition["menus"][0]["service"]
    kept = await visit.api.do("PUT", service, f"/drafts/{form}/{id}", typed)
    return str(kept.body["kept_at"])


async def drop(visit: Visit, name: str) -> None:
    """Raises ServiceProblem."""
    form, id = _named(name)
    definition = await visit.site.reference.form(visit.api, form)
    await visit.api.do("DELETE", definition["menus"][0]["service"], f"/drafts/{form}/{id}")


def _named(name: str) -> tuple[str, str]:
    found = NAME.fullmatch(name)
    if found is None:
        raise ServiceProblem("portal", 404, {})
    return found[1], found[2]


@dataclass(frozen=True)
class LeftForm:
    """What was posted when its session had ended: whose it was, where to, and what. `lost`: names
    of its files, which nobody could keep.
    """

    sub: str
    path: str
    values: dict[str, list[str]]
    lost: Sequence[str] = ()

    @property
    def name(self) -> str:
        """Of its draft; empty for a form that has none."""
        return next(iter(self.values.get("_draft", ())), "")

    @property
    def page(self) -> str:
        """Where it was typed, at the field that had the focus."""
        focus = next(iter(self.values.get("_focus", ())), "")
        return f"{self.path}#{quote(focus)}" if FOCUS.fullmatch(focus) else self.path


async def take_back(visit: Visit, left: LeftForm) -> bool:
    """Keeps it as a draft, for its page to show; whether that could be done."""
    try:
        await keep(visit, left.name, left.values)
    except ServiceProblem:
        return False
    return True
