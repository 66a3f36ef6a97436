"""What pages of the log share: events from the services, and how their places are called."""

import re
from asyncio import gather
from typing import Any
from uuid import UUID

from services.portal.render.event_fields import LISTS
from services.portal.render.forms import lists_of
from services.portal.render.labels import FormLabels
from services.portal.render.logged import SEALED, FieldChange, LoggedEvent, logged
from services.portal.web.api import FOLLOWS
from services.portal.web.templates import moment
from services.portal.web.visit import Visit

MOST = 1000  # events that a service tells at once
SHOWN = 160  # characters of a value
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
FORMS = {
    "enterprise": ("enterprise",),
    "personnel": ("person", "release"),
    "projects": ("contract", "project", "stage"),
    "assessment": ("record",),
}


def identifier(text: str) -> str:
    """A stream's id as services spell it; empty for what is none."""
    try:
        return str(UUID(text.strip()))
    except ValueError:
        return ""


async def of_stream(visit: Visit, stream: str, service: str = "") -> list[LoggedEvent]:
    """Its events, from the service that has it; none: nobody has. That it was read is written
    down there.
    """
    asked = [service] if service in FOLLOWS else list(FOLLOWS)
    found = await gather(
        *(visit.api.get(each, "/events", stream=stream, limit=MOST) for each in asked)
    )
    told = zip(asked, found, strict=True)
    return [logged(name, item) for name, each in told for item in each.body["items"]]


async def labels(visit: Visit, service: str) -> FormLabels:
    """Of the forms of a service's contents, and of what events say besides."""
    names = FORMS.get(service, ())
    found = await gather(*(visit.site.reference.form(visit.api, name) for name in names))
    chosen_from = {name for form in found for name in lists_of(form)}
    chosen_from.update(LISTS.values())
    lists = await visit.site.reference.lists(visit.api, *sorted(chosen_from))
    return FormLabels(found, lists, visit.language, visit)


def row(visit: Visit, words: FormLabels, change: FieldChange) -> dict[str, Any]:
    """A change as a template shows it."""
    at = change.pointer
    kind = visit("改")
    if change.old is None:
        kind = visit("增")
    elif change.new is None:
        kind = visit("删")
    return {
        "label": words.label(at),
        "pointer": at,
        "kind": kind,
        "old": None if change.old is None else value(visit, words, at, change.old),
        "new": None if change.new is None else value(visit, words, at, change.new),
    }


def value(visit: Visit, words: FormLabels, pointer: str, given: Any) -> str:
    if given is SEALED:
        return visit("（个人信息，密封）")
    if isinstance(given, bool):
        return visit("是") if given else visit("否")
    text = words.named(pointer, given)
    if MOMENT.fullmatch(text):
        text = f"{moment(text)}（{text}）"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
