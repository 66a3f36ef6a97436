"""Forms: what is filled in, under which label, and what may not be missing (domain book, section 4). Types, limits and lists are the
content's own; here stands what the content cannot say of itself."""

from collections.abc import Iterator
from functools import cache
from typing import Any, Literal

from libs.events.refusal import Finding
from libs.events.value import Value
from libs.filing.catalogue import finding
from libs.filing.reference import VERSION, raw
from libs.filing.rules.paths import plain

PLACEHOLDERS = frozenset({"", "无", "/", "-", "null", "无数据"})


class Field(Value):
    """`need`: M mandatory, C mandatory under a condition that a rule tells, O optional."""

    name: str
    zh: str
    en: str
    need: Literal["M", "C", "O"]


class Part(Value):
    """A part of the form; `path` is a pointer in which `*` stands for each row."""

    path: str
    zh: str
    en: str
    rows: bool = False
    at_least: int = 0
    fields: tuple[Field, ...]


class Form(Value):
    name: str
    zh: str
    en: str
    source: str
    parts: tuple[Part, ...]


@cache
def form(name: str, version: str = VERSION) -> Form:
    data = raw(f"forms/{name}", version)
    parts = [
        part | {"fields": [dict(zip(("name", "zh", "en", "need"), each, strict=True)) for each in part["fields"]]} for part in data["parts"]
    ]
    return Form.model_validate({"name": name, "zh": data["title_zh"], "en": data["title_en"], "source": data["source"], "parts": parts})


def missing(name: str, content: Value) -> list[Finding]:
    """E05: what must be filled in and is not, or is filled in to look so."""
    data = plain(content)
    return [found for part in form(name).parts for found in _missing(part, data)]


def _missing(part: Part, data: Any) -> Iterator[Finding]:
    places = list(_places(data, part.path.split("/")[1:], ""))
    rows = [(f"{place}/{n}", row) for place, value in places for n, row in enumerate(value)] if part.rows else places
    if len(rows) < part.at_least:
        yield finding("E05", part.path, field=part.zh, field_en=part.en)
    for place, row in rows:
        for field in part.fields:
            if field.need == "M" and is_empty(row.get(field.name)):
                yield finding("E05", f"{place}/{field.name}", field=field.zh, field_en=field.en)


def is_empty(value: Any) -> bool:
    """Nothing, or a word that says so."""
    return value is None or (isinstance(value, str) and value.strip() in PLACEHOLDERS)


def _places(data: Any, steps: list[str], place: str) -> Iterator[tuple[str, Any]]:
    if not steps:
        yield place, data
    elif steps[0] == "*":
        for index, row in enumerate(data):
            yield from _places(row, steps[1:], f"{place}/{index}")
    else:
        yield from _places(data[steps[0]], steps[1:], f"{place}/{steps[0]}")
