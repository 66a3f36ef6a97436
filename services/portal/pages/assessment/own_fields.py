"""Fields that the record's form has of its own, beside what is chosen from others: drawn by the
form renderer, so that a new one needs no line here.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from services.portal.pages.assessment.wizard import RecordPages
from services.portal.render.forms import Renderer, lists_of
from services.portal.render.posted import whole
from services.portal.render.view import FormView, Message
from services.portal.web.visit import Posted

Fields = Mapping[str, Any]
CHOSEN = "reference"  # kind of a field whose row is chosen from a table
TAKEN = ("version",)  # the approved version is taken, not typed
STATEMENT = "/enterprise/commitment"


def _parts(pages: RecordPages, step: str) -> list[dict[str, Any]]:
    """Of the step, without what is chosen in tables, and without the statement of truthfulness
    where the campaign asks for none.
    """
    found: list[dict[str, Any]] = []
    asks = pages.campaign["settings"]["commitment_required"]
    for part in pages.places.parts(step):
        if part["path"] == STATEMENT and not asks:
            continue
        fields = [each for each in part["fields"] if each["name"] not in TAKEN]
        if fields and not (part["rows"] and fields[0]["kind"]["type"] == CHOSEN):
            found.append({**part, "fields": fields})
    return found


async def view(
    pages: RecordPages,
    step: str,
    content: Fields,
    found: Sequence[Message],
    items: Sequence[Fields],
) -> FormView:
    """The declaration of no performance only where there is something to declare it of."""
    visit, parts = pages.visit, _parts(pages, step)
    if step == "performance" and not any(each["facts"].get("is_placeholder") for each in items):
        parts = []
    form = {**pages.places.form, "parts": parts, "scans": []}
    known = await visit.site.reference.lists(visit.api, *sorted(lists_of(form)))
    lists = {name: each.items for name, each in known.items()}
    may_save = pages.acts.get("save", {}).get("allowed")
    opened = pages.opened

    def editable(pointer: str) -> bool:
        at = pages.places.at(pointer)
        declares = at is not None and at.part == "nil_declaration"
        returned = opened.pointer(pointer) or (declares and opened.step(step))
        return bool(may_save and returned)

    spelt = [_in_form(pages, each) for each in found]
    return Renderer(visit.language, lists, {}, editable, visit.opened).view(
        form, {step: content}, spelt
    )


def _in_form(pages: RecordPages, message: Message) -> Message:
    """Services name rows without their step; the form does not."""
    at = pages.places.at(message.pointer)
    return Message(
        message.rule, message.severity, message.text, at.pointer if at else message.pointer
    )


def changed(content: dict[str, Any], step: str, posted: Posted) -> bool:
    """A row was added, taken away or opened: nothing is to be saved yet."""
    if name := posted.one("_append"):
        content.setdefault(name.rpartition("/")[2], []).append({})
        return True
    above, _, number = posted.one("_remove").rpartition("/")
    at = whole(number)
    if at is None:
        return "_open" in posted
    rows = content.get(above.rpartition("/")[2], [])
    if at < len(rows):
        del rows[at]
    return True


def to_send(content: Any) -> Any:
    """Without what only the page knows."""
    if isinstance(content, dict):
        return {k: to_send(v) for k, v in content.items() if not k.startswith("_")}
    return [to_send(each) for each in content] if isinstance(content, list) else content
