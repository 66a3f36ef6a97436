"""Templates: one Jinja2 environment a language, with the words and functions that they use."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from libs.events.value import SHANGHAI
from services.portal import HERE
from services.portal.render.lists import counted
from services.portal.render.view import FormView, Message, html_id
from services.portal.render.words import ABOUT, N_
from services.portal.web.assets import Assets
from services.portal.web.clock import ServicesClock
from services.portal.web.language import LANGUAGES, say, translations

RULE = re.compile(r"[A-Z]{1,2}\d+[a-z]?")  # of the book; STATE and the like tell a reader nothing
CHIPS = {
    "DRAFT": "draft",
    "SAVED": "saved",
    "SENT": "sent",
    "REVIEWING": "reviewing",
    "RETURNED": "returned",
    "APPROVED": "approved",
    "REJECTED": "rejected",
    "WITHDRAWN": "saved",
    "SUPERSEDED": "void",
    "VOID": "void",
}
DAYS = (
    N_("星期一"),
    N_("星期二"),
    N_("星期三"),
    N_("星期四"),
    N_("星期五"),
    N_("星期六"),
    N_("星期日"),
)


def environments(assets: Assets, clock: ServicesClock) -> dict[str, Environment]:
    """By language."""
    return {language: _environment(language, assets, clock) for language in LANGUAGES}


def _environment(language: str, assets: Assets, clock: ServicesClock) -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    spoken = translations(language)
    made.install_gettext_translations(spoken, newstyle=True)  # type: ignore[attr-defined]
    made.globals |= {
        "asset": assets.url,
        "about": lambda service: spoken.gettext(ABOUT.get(service) or str(service)),
        "say": lambda text: say(language, text),
        "place": _place,
        "main_act": _main_act,
        "name_of": _name_of,
        "stage_name": _stage_name,
        "weekday": lambda day: spoken.gettext(DAYS[day.weekday()]),
    }
    filters: dict[str, Callable[..., Any]] = {
        "typed": _typed,
        "once": _once,
        "by_input": _by_input,
        "rule_no": lambda rule: rule if RULE.fullmatch(rule or "") else "",
        "html_id": html_id,
        "size": _size,
        "in_quotes": _in_quotes,
        "chip_of": lambda status: CHIPS.get(status, "draft"),
        "day": lambda text: _local(text).strftime("%Y-%m-%d") if text else "",
        "counted": counted,
        "moment": moment,
        "clock_time": lambda text: clock_time(text, clock.now()),
    }
    made.filters |= filters
    return made


def _place(view: FormView, pointer: str) -> str:
    """Where a pointer leads, in the form's words."""
    return view.place(pointer) or pointer


def _name_of(lines: Iterable[Mapping[str, Any]], filing: str) -> str:
    """Whose filing it is, where the list shows it."""
    return next((str(each["name"]) for each in lines if each["id"] == filing), "")


def _stage_name(lists: Mapping[str, Any], code: str) -> Mapping[str, Any]:
    """A stage of design or of survey: their codes are one list in the form."""
    for name in ("stage_design", "stage_survey"):
        found: Mapping[str, Any] = lists[name].item(code)
        if found["zh"] != code:
            return found
    return {"zh": code, "en": code}


def _main_act(acts: Mapping[str, Any], status: str) -> str:
    """The one solid button: what comes next."""
    order = ("save", "send") if status == "DRAFT" else ("send", "save")
    return next((name for name in order if acts.get(name, {}).get("allowed")), "")


def _typed(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _once(lines: Sequence[str]) -> Sequence[str]:
    """The arithmetic of one licence ends with what is then said of all: that is said once."""
    first, *rest = lines
    return [first] if len(rest) == 1 and first.endswith(rest[0]) else lines


def _by_input(
    refused: Iterable[Message], places: Mapping[str, tuple[str, str]]
) -> dict[str, list[Message]]:
    """What was refused, by the id of the input that it is about."""
    found: dict[str, list[Message]] = {}
    for each in refused:
        if each.pointer in places:
            _, id = places[each.pointer]
            found.setdefault(id, []).append(each)
    return found


def _in_quotes(text: str) -> Markup:
    """For a value between single quotes: double ones, of which JSON is full, stand as they are. An
    equals sign never stands before one, where `lean` would take it for an attribute's.
    """
    for each, told in (("&", "&amp;"), ("'", "&#39;"), ("<", "&lt;"), ("=", "&#61;")):
        text = text.replace(each, told)
    return Markup(text)


def _size(kilobytes: float) -> str:
    return f"{kilobytes / 1024:.3g} MB" if kilobytes >= 1024 else f"{kilobytes:.3g} KB"


def moment(text: str | None) -> str:
    """A moment to the minute; empty for none."""
    return _local(text).strftime("%Y-%m-%d %H:%M") if text else ""


def clock_time(text: str, now: datetime) -> str:
    """A moment of today by the clock, another with its date."""
    local = _local(text)
    is_today = local.strftime("%Y-%m-%d") == now.strftime("%Y-%m-%d")
    return local.strftime("%H:%M" if is_today else "%Y-%m-%d %H:%M")


def _local(text: str | date) -> datetime | date:
    """A moment as a person in Henan reads it."""
    if isinstance(text, date):
        return text
    if len(text) == 10:
        return date.fromisoformat(text)
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(SHANGHAI)
