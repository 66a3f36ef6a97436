"""412 as a page: somebody saved first. What both changed stands side by side, is merged where it
does not meet, and is saved on top of theirs (portal.md, section 4).
"""

from asyncio import gather
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import Response

from services.portal.pages.shared import forms
from services.portal.render.stale import stale_view
from services.portal.web.api import ServiceAnswer, ServiceProblem
from services.portal.web.security import FILE
from services.portal.web.visit import Posted, Visit

STALE = 412
# of the page that was posted: said anew here, or done
SAID = ("_key", "_act", "_version", "_begun", "_focus", "_here", "_append", "_remove", "_pick")


def as_content(body: Mapping[str, Any]) -> Any:
    """Where most items have what their form holds."""
    return body["content"]


@dataclass(frozen=True)
class StaleItem:
    """`path`: of the item at its service, where it can be read at each of its versions; `here`:
    the page that saves it; `content_of`: what its form holds, of an answer.
    """

    service: str
    path: str
    form: str
    here: str
    content_of: Callable[[Mapping[str, Any]], Any] = as_content
    choices: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)


async def saved(
    visit: Visit, version: str, item: StaleItem, save: Callable[[str], Awaitable[ServiceAnswer]]
) -> ServiceAnswer:
    """What `save` answers on this version, from which typing began; where the item went on
    meanwhile and what its form holds did not, on the one that stands now. Raises ServiceProblem.
    """
    try:
        return await save(version)
    except ServiceProblem as refused:
        if refused.status != STALE:
            raise
        theirs, begun = await gather(
            visit.api.get(item.service, item.path), _begun(visit, version, item)
        )
        if item.content_of(theirs.body) != begun:
            raise
    return await save(str(theirs.version))


async def page(visit: Visit, posted: Posted, item: StaleItem, mine: dict[str, Any]) -> Response:
    """With a choice where both changed the same place."""
    form, theirs, begun = await gather(
        visit.site.reference.form(visit.api, item.form),
        visit.api.get(item.service, item.path),
        _begun(visit, posted.begun, item),
    )
    renderer = await forms.renderer(visit, form, item.choices)
    view = stale_view(renderer, form, begun, item.content_of(theirs.body), mine)
    carried = [
        (name, value)
        for name, values in posted.items()
        if name.startswith("_") and not name.startswith((*SAID, FILE))
        for value in values
    ]
    return await visit.page(
        "shared/stale.html",
        STALE,
        view=view,
        carried=carried,
        here=item.here,
        version=theirs.version,
        draft=posted.one("_draft"),
        title=renderer.say(form),
    )


async def _begun(visit: Visit, version: str, item: StaleItem) -> Any:
    """The content from which the typing began; nothing where it was not there yet."""
    try:
        read = await visit.api.get(item.service, item.path, version=version)
    except ServiceProblem as problem:
        if problem.status in (400, 404):
            return None
        raise
    return item.content_of(read.body)
