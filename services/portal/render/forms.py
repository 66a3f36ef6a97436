"""The form renderer: a form's definition (`GET /forms/{form}`), its content and what was found in
it become what the template shows. Names of inputs are JSON pointers into the content (RFC 6901), so
that findings meet their fields by themselves.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any
from urllib.parse import urlencode

from services.portal.render.folding import folded, is_long
from services.portal.render.money import WAN, written_out
from services.portal.render.posted import pattern_of
from services.portal.render.sums import hints
from services.portal.render.view import (
    LONG,
    FieldView,
    FormView,
    Message,
    PartView,
    RowView,
    SlotView,
    summary,
)

Definition = Mapping[str, Any]
Choices = Sequence[tuple[str, str]]
MANY = 16  # choices: beyond them a page does not write out a list
ROW = "/*/"  # in a part's path: in each row of the part before it
WIDTHS = {
    "date": 3,
    "month": 3,
    "integer": 3,
    "decimal": 3,
    "boolean": 2,
    "enum": 4,
    "set": 12,
}
YES_NO = {
    "zh": ("是", "否"),
    "en": ("Yes", "No"),
}


@dataclass(frozen=True)
class Renderer:
    """`lists`: items by name of code list; `choices`: what may be chosen for a reference field, by
    the field's name; `editable`: which pointers may be changed; `opened`: the row whose long lists
    are written out, or what is in a row; `is_whole`: whether the page has all of the form: with
    many rows they are folded, and a row has the scans that no slot has.
    """

    language: str
    lists: Mapping[str, Sequence[Definition]]
    choices: Mapping[str, Choices] = field(default_factory=dict)
    editable: Callable[[str], bool] = lambda _: True
    opened: str | None = None
    is_whole: bool = False

    def view(
        self, form: Definition, content: Definition | None, found: Iterable[Message]
    ) -> FormView:
        """What the template shows."""
        messages = tuple(found)
        drawn = _Drawing(self, form, content or {}, messages)
        parts = tuple(drawn.parts())
        slots = tuple(drawn.slots())
        return FormView(
            name=form["name"],
            title=self.say(form),
            service=form["menus"][0]["service"],
            parts=parts,
            slots=slots,
            hints=tuple(self.say(each) for each in form["hints"]),
            summary=summary(parts, slots, messages),
        )

    def say(self, text: Definition | None) -> str:
        """A text of the definition, in the language; empty for none."""
        return str(text.get(self.language) or "") if text else ""

    def shown(self, form: Definition, pointer: str, value: Any) -> str:
        """What stands at a pointer, as it is read; a row in one line."""
        if value is None:
            return ""
        drawing, pattern = _Drawing(self, form, {}, ()), pattern_of(pointer)
        if pattern == "/scans/*":
            return self._scan_label(form, value)
        for part in form["parts"]:
            if pattern == f"{part['path']}/*":
                cells = (each.shown for each in drawing.fields(part, value, pointer))
                return "，".join(each for each in cells if each)
            if part["kind"] and pattern == part["path"]:
                return drawing.codes(part, value, pointer).shown
            for each in part["fields"]:
                if pattern in (f"{part['path']}/{each['name']}", _in_row(part, each)):
                    return drawing.field(each, value, pointer).shown
        return str(value)

    def place(self, form: Definition, pointer: str, value: Any) -> str:
        """Where a pointer leads, in the form's words; `value`: what stands there."""
        if pattern_of(pointer) == "/scans/*":
            return self._scan_label(form, value)
        parts = {part["path"]: self.say(part) for part in form["parts"] if part["path"]}
        rows = {part["path"]: row_title(part, self.language) for part in form["parts"]}
        labels = {
            name: self.say(each)
            for part in form["parts"]
            for each in part["fields"]
            for name in (f"{part['path']}/{each['name']}", _in_row(part, each))
        }
        words: list[str] = []
        steps = pointer.split("/")
        for length in range(2, len(steps) + 1):
            at = pattern_of("/".join(steps[:length]))
            step = steps[length - 1]
            if step.isdecimal() and words:
                title = rows.get(at.removesuffix("/*"), words[-1])
                words[-1] = f"{title} {int(step) + 1}"
            elif found := parts.get(at) or labels.get(at):
                words.append(found)
        return " › ".join(words) or pointer

    def _scan_label(self, form: Definition, scan: Definition) -> str:
        code = scan.get("scan_type")
        for each in form["scans"]:
            if each["code"] == code:
                return self.say(each)
        return str(code)

    def choices_of(self, given: Definition) -> Choices:
        """What may be chosen for a field."""
        kind = given["kind"]
        if kind["type"] == "reference":
            return self.choices.get(given["name"], ())
        if kind["type"] == "boolean":
            yes, no = YES_NO[self.language]
            return (("true", yes), ("false", no))
        return [
            (str(item["code"]), self.say(item))
            for name in kind.get("lists") or ()
            for item in self.lists[name]
            if re.match(kind.get("pattern") or "", str(item["code"]))
        ]


class _Drawing:
    """One form with one content."""

    def __init__(
        self,
        renderer: Renderer,
        form: Definition,
        content: Definition,
        messages: Iterable[Message],
    ) -> None:
        self._with, self._form, self._content = renderer, form, content
        self._numbers = count(1)
        self._shown_wrong = False
        self._folds = renderer.is_whole and is_long(form, content)
        self._found: dict[str, list[Message]] = {}
        for each in messages:
            self._found.setdefault(each.pointer, []).append(each)

    def parts(self) -> Iterator[PartView]:
        """The form's parts in their order, those inside rows with their rows."""
        for part in self._form["parts"]:
            if ROW not in part["path"]:
                yield self._part(part, _at(self._content, part["path"]), part["path"])

    def slots(self) -> Iterator[SlotView]:
        """A slot for each type of scan that the form takes."""
        scans = [
            {**scan, "index": index} for index, scan in enumerate(self._content.get("scans") or ())
        ]
        for each in self._form["scans"]:
            yield self._slot(each, [s for s in scans if s["scan_type"] == each["code"]])

    def _about(self, *pointers: str) -> tuple[Message, ...]:
        found: list[Message] = []
        for pointer in pointers:
            found.extend(self._found.get(pointer, ()))
        return tuple(found)

    def _part(self, part: Definition, value: Any, at: str) -> PartView:
        """`value` is what stands at the pointer `at`."""
        fields: tuple[FieldView, ...] = ()
        rows: tuple[RowView, ...] | None = None
        if part["kind"]:
            fields = (self.codes(part, value, at),)
        elif part["rows"]:
            rows = tuple(self._rows(part, value, at))
        else:
            fields = tuple(self.fields(part, value, at))
        return PartView(
            name=at,
            title=self._with.say(part),
            row_title=row_title(part, self._with.language),
            fields=fields,
            rows=rows,
            messages=self._about(at) if at and not part["kind"] else (),
            editable=self._with.editable(at) or any(each.editable for each in fields),
            hints=tuple(hints(part, value or (), self._with.language)) if rows else (),
        )

    def _rows(self, part: Definition, value: Any, at: str) -> Iterator[RowView]:
        given = value if isinstance(value, list) else []
        for index, row in enumerate(given):
            name = f"{at}/{index}"
            drawn = RowView(
                name=name,
                id=str(row.get("id") or ""),
                number=index + 1,
                fields=tuple(self.fields(part, row, name)),
                parts=tuple(self._inside(part, row, name)),
                scans=tuple(self._scans_of(row, name)),
            )
            yield replace(drawn, folded=self._folded(drawn, row))

    def _scans_of(self, row: Definition, at: str) -> Iterator[Definition]:
        """Each with where it stands, and where it is shown."""
        found = {f"{at}/scans/{index}": scan for index, scan in enumerate(row.get("scans") or ())}
        one = {f"{at}/scan": row["scan"]} if row.get("scan") else {}
        service = self._form["menus"][0]["service"]
        for name, scan in (one | found).items() if self._with.is_whole else ():
            yield {**scan, "at": name, "href": f"/scans/{service}/{scan['scan']}"}

    def _folded(self, row: RowView, content: Definition) -> str:
        """A row in a row stays with it; written out is which was asked for, a new one, the first
        that is wrong, and of what came back what may be corrected.
        """
        if not self._folds or pattern_of(row.name).count("*") > 1 or not row.told:
            return ""
        if f"{self._with.opened}/".startswith(f"{row.name}/"):
            return ""
        if row.is_wrong and not self._shown_wrong:
            self._shown_wrong = True
            return ""
        if row.editable and not self._with.editable(""):
            return ""
        return folded(self._form, content, row.name)

    def _inside(self, part: Definition, row: Definition, at: str) -> Iterator[PartView]:
        """The parts inside a row."""
        for each in self._form["parts"]:
            above, _, name = each["path"].rpartition(ROW)
            if name and above == part["path"]:
                yield self._part(each, row.get(name), f"{at}/{name}")

    def fields(self, part: Definition, value: Any, at: str) -> Iterator[FieldView]:
        holder = value if isinstance(value, Mapping) else {}
        for each in part["fields"]:
            name = each["name"]
            yield self.field(each, holder.get(name), f"{at}/{name}")

    def codes(self, part: Definition, value: Any, at: str) -> FieldView:
        """A part that is nothing but codes."""
        return self.field({**part, "name": "", "need": "M"}, value or [], at)

    def field(self, given: Definition, value: Any, name: str) -> FieldView:
        kind, say = given["kind"], self._with.say
        choices, source = self._choices(given, value, name)
        zh, en = kind.get("unit") or ("", "")
        return FieldView(
            name=name,
            number=next(self._numbers),
            label=say(given),
            type=kind["type"],
            value=value,
            choices=choices,
            source=source,
            unit=say({"zh": zh, "en": en}),
            words=written_out(value) if zh == WAN and value is not None else "",
            hint=say(given.get("hint")),
            optional=given["need"] != "M",
            when=say(given.get("when")),
            max_length=kind.get("max_length"),
            width=_width(kind),
            editable=self._with.editable(name),
            messages=self._about(name),
            joint=", " if self._with.language == "en" else "、",
            part_of=f"{row_of(name)}/{given['part_of']}" if given.get("part_of") else "",
        )

    def _choices(self, given: Definition, value: Any, name: str) -> tuple[Choices, str]:
        """What may be chosen; of a long list only what is chosen, and where all of it is told."""
        choices = self._with.choices_of(given)
        row = row_of(name)
        is_short = len(choices) <= MANY
        if is_short or given["kind"]["type"] == "set" or row == self._with.opened:
            return choices, ""
        return [each for each in choices if each[0] == str(value)], _source(given)

    def _slot(self, given: Definition, scans: Sequence[Definition]) -> SlotView:
        pointers = [f"/scans/{scan['index']}" for scan in scans]
        own = f"/scans/{given['code']}"
        places = ("/scans", *pointers)
        return SlotView(
            type=given["code"],
            label=self._with.say(given),
            optional=not given["min"],
            most=given.get("max"),
            formats=tuple(given.get("formats") or ()),
            max_kb=given.get("max_kb"),
            scans=tuple(scans),
            editable=any(map(self._with.editable, places)),
            messages=self._about(own, *pointers),
        )


def row_of(name: str) -> str:
    """The pointer of what a field is in."""
    return name.rpartition("/")[0]


def row_title(part: Definition, language: str) -> str:
    """What one row of a part is called."""
    return str((part.get("row_en") if language == "en" else "") or part[language] or "")


def _source(given: Definition) -> str:
    """Where the portal tells all choices of a field."""
    if given["kind"]["type"] == "reference":
        return f"/choices/{given['name']}"
    return f"/choices?{urlencode([('list', each) for each in given['kind']['lists']])}"


def _in_row(part: Definition, given: Definition) -> str:
    return f"{part['path']}/*/{given['name']}"


def lists_of(form: Definition) -> set[str]:
    """The code lists that a form chooses from."""
    found: set[str] = set()
    for part in form["parts"]:
        for each in (part, *part["fields"]):
            kind = each["kind"] or {}
            found.update(kind.get("lists") or ())
    return found


def _at(data: Any, path: str) -> Any:
    for step in path.split("/")[1:]:
        data = data.get(step) if isinstance(data, Mapping) else None
    return data


def _width(kind: Definition) -> int:
    """Of twelve columns: the width tells the length that is expected."""
    if kind["type"] in WIDTHS:
        return WIDTHS[kind["type"]]
    length = kind.get("max_length") or 100
    for most, width in ((15, 3), (50, 4), (LONG - 1, 6)):
        if length <= most:
            return width
    return 12
