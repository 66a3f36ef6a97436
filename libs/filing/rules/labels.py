"""Places in a form as the clerk knows them: 企业名称, 资质证书1·证书编号; in a record with the name
of what stands in the row: 企业业绩1“示范办公楼”·扫描件. No person is named (decision 14).
"""

from collections.abc import Iterator
from functools import cache

from libs.events.value import Value
from libs.filing import forms
from libs.filing.catalogue import Texts
from libs.filing.content.enterprise import Information
from libs.filing.content.person import Person, Release
from libs.filing.rules.paths import in_record, is_row, normal

RECORD = "record"
FORMS: dict[type[Value], str] = {
    Information: "enterprise",
    Person: "person",
    Release: "release",
}
SCANS = Texts(zh="扫描件", en="Scans")


def label(content: Value, pointer: str) -> Texts:
    """The pointer itself where the form has no name for it."""
    return _label(FORMS.get(type(content), ""), normal(pointer)) or Texts(zh=pointer, en=pointer)


def of_record(pointer: str, name: str = "") -> Texts:
    """The same of a place in a record; `name`: what the row is called in which it lies."""
    return _label(RECORD, in_record(pointer), name) or Texts(zh=pointer, en=pointer)


def _label(form: str, pointer: str, name: str = "") -> Texts | None:
    known = _labels(form)
    named = [
        Texts(zh=text.zh + row, en=f"{text.en} {row}".strip())
        for path, row in _above(pointer)
        if (text := known.get(path)) is not None
    ]
    if not named:
        return _headings(form).get(pointer)
    if name:
        named[0] = Texts(zh=f"{named[0].zh}“{name}”", en=f"{named[0].en} “{name}”")
    return Texts(zh="·".join(each.zh for each in named), en=", ".join(each.en for each in named))


def _above(pointer: str) -> Iterator[tuple[str, str]]:
    """Each place from the top down, rows as `*`, with the number of the row that follows it, from
    1.
    """
    steps = pointer.split("/")[1:]
    path = ""
    for n, step in enumerate(steps):
        path += "/*" if is_row(step) else f"/{step}"
        row = steps[n + 1] if n + 1 < len(steps) else ""
        yield path, str(int(row) + 1) if is_row(row) else ""


@cache
def _headings(name: str) -> dict[str, Texts]:
    """Of whole parts."""
    parts = forms.form(name).parts if name else ()
    return {part.path: Texts(zh=part.zh, en=part.en) for part in parts}


@cache
def _labels(name: str) -> dict[str, Texts]:
    """Parts that are rows and single fields; the headings of the page are not repeated before each
    of their fields.
    """
    if not name:
        return {}
    found = {"/scans": SCANS}
    for part in forms.form(name).parts:
        if part.rows:
            found |= {
                part.path: Texts(zh=part.zh, en=part.en),
                f"{part.path}/*/scans": SCANS,
            }
        prefix = f"{part.path}/*" if part.rows else part.path
        found |= {
            f"{prefix}/{field.name}": Texts(zh=field.zh, en=field.en) for field in part.fields
        }
    return found
