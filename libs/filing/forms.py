"""Forms: what is filled in, under which label, and what may not be missing (domain book, section
4). Types and limits are the content's own, limits that belong to a rule and what content cannot
say of itself are data; both come together here, for validation, for `GET /forms/{form}`, for Excel
columns and for documents.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any, Literal

from libs.events.refusal import Finding
from libs.events.value import Value
from libs.filing import reference
from libs.filing.catalogue import Texts, finding
from libs.filing.content.enterprise import Information
from libs.filing.content.fields import Kind, content_at, kind
from libs.filing.content.performance import Contract, Project, Stage
from libs.filing.content.person import Person, Release
from libs.filing.content.record import Wizard
from libs.filing.lists import Hint, Menu, ScanSlot
from libs.filing.reference import VERSION, raw
from libs.filing.rules.paths import plain

PLACEHOLDERS = frozenset({"", "无", "/", "-", "null", "无数据"})
TOLD = ("when", "hint", "read_only", "adds_up_to", "part_of")
CONTENT: dict[str, type[Value]] = {
    "enterprise": Information,
    "person": Person,
    "release": Release,
    "contract": Contract,
    "project": Project,
    "stage": Stage,
    "record": Wizard,
}


class Whole(Value):
    """What the shares in all rows of a part should add up to, `within` so much."""

    total: Decimal
    within: Decimal


class Field(Value):
    """`need`: M mandatory, C mandatory under the condition `when`, O optional. `hint`: a word at
    the field, never a refusal. `read_only`: when the service fills it in itself. `adds_up_to`:
    else a hint is shown, no refusal either. `part_of`: the field beside it with the division that
    this one's is part of, whose code begins as that one's does before its zeros (GB/T 2260).
    """

    name: str
    zh: str
    en: str
    need: Literal["M", "C", "O"]
    when: Texts | None = None
    hint: Texts | None = None
    read_only: Texts | None = None
    adds_up_to: Whole | None = None
    part_of: str | None = None
    kind: Kind


class Part(Value):
    """A part of the form; `path` is a pointer in which `*` stands for each row. A part of plain
    codes has a `kind` and no fields. `row_en`: what English calls one of its rows, where that is
    not the part's own name. `at_least`: so many rows, of a part in a row in each.
    """

    path: str
    zh: str
    en: str
    row_en: str = ""
    rows: bool = False
    at_least: int = 0
    kind: Kind | None = None
    fields: tuple[Field, ...]


class Form(Value):
    """All of a form, with the manual's menus and hints at their place and the scans it takes; as
    JSON the answer to who asks for it.
    """

    name: str
    zh: str
    en: str
    source: str
    menus: tuple[Menu, ...]
    hints: tuple[Hint, ...]
    scans: tuple[ScanSlot, ...]
    parts: tuple[Part, ...]


@cache
def form(name: str, version: str = VERSION) -> Form:
    """KeyError if there is no such form."""
    content = CONTENT[name]
    data = raw(f"forms/{name}", version)
    return Form(
        name=name,
        zh=data["title_zh"],
        en=data["title_en"],
        source=data["source"],
        menus=tuple(reference.menus(version)[code] for code in data["menus"]),
        hints=tuple(reference.hints(version)[code] for code in data["hints"]),
        scans=tuple(reference.scan_types(version)[code] for code in data["scans"]),
        parts=tuple(_part(content, part) for part in data["parts"]),
    )


def _part(content: type[Value], data: dict[str, Any]) -> Part:
    owner = content_at(content, data["path"])
    if owner is None:
        above, _, last = data["path"].rpartition("/")
        return Part.model_validate(
            data | {"kind": kind(content_at(content, above) or content, last)}
        )
    return Part.model_validate(data | {"fields": [_field(owner, *each) for each in data["fields"]]})


def _field(
    owner: type[Value], name: str, zh: str, en: str, need: str, more: dict[str, Any] | None = None
) -> dict[str, Any]:
    more = dict(more or {})
    told = {key: more.pop(key) for key in TOLD if key in more}
    own = kind(owner, name).model_dump(exclude_none=True)
    chosen = {"type": "enum"} if "lists" in more else {}  # from a list that a rule looks up
    return {"name": name, "zh": zh, "en": en, "need": need, "kind": own | chosen | more} | told


def missing(name: str, content: Value) -> list[Finding]:
    """E05: what must be filled in and is not, or is filled in to look so."""
    data = plain(content)
    return [found for part in form(name).parts for found in _missing(part, data)]


def _missing(part: Part, data: Any) -> Iterator[Finding]:
    places = list(_places(data, part.path.split("/")[1:], ""))
    rows = (
        [(f"{place}/{n}", row) for place, value in places for n, row in enumerate(value)]
        if part.rows
        else places
    )
    for place, value in places if part.rows else ():
        if len(value) < part.at_least:
            yield finding("E05", place, field=part.zh, field_en=part.en)
    for place, row in rows:
        for field in part.fields:
            if field.need == "M" and is_empty(row.get(field.name)):
                yield finding("E05", f"{place}/{field.name}", field=field.zh, field_en=field.en)


def is_empty(value: Any) -> bool:
    """Nothing, or a word that says so."""
    return value is None or (isinstance(value, str) and value.strip() in PLACEHOLDERS)


def _places(data: Any, steps: list[str], place: str) -> Iterator[tuple[str, Any]]:
    if data is None:
        return
    if not steps:
        yield place, data
    elif steps[0] == "*":
        for index, row in enumerate(data):
            yield from _places(row, steps[1:], f"{place}/{index}")
    else:
        yield from _places(data[steps[0]], steps[1:], f"{place}/{steps[0]}")
