"""The diff renderer: what a service says differs (`…/diff`) becomes old beside new, in the words of
the form and of the code lists; each change leads to its field.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from services.portal.render.forms import Definition, Renderer
from services.portal.render.posted import pattern_of
from services.portal.render.view import FormView, html_id

KINDS = {"added": "增", "removed": "删", "changed": "改"}
SOURCES = ("name", "cert_no", "valid_to", "filed_version", "version")  # of a row of a record


class Speaker(Protocol):
    language: str

    def __call__(self, text: str) -> str: ...


@dataclass(frozen=True)
class ChangeLine:
    """`old`, `new`: what stood and stands there, line by line; `note`: what neither shows."""

    pointer: str
    label: str
    kind: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    note: str
    target: str
    point: str | None

    @property
    def mark(self) -> str:
        """One character for the kind."""
        return KINDS[self.kind]


@dataclass(frozen=True)
class PointLine:
    """A returned point: `changes` is what was changed there."""

    pointer: str
    label: str
    reason: str
    text: str
    answer: str
    corrected: bool
    target: str
    changes: tuple[ChangeLine, ...]


@dataclass(frozen=True)
class DiffView:
    earlier: str
    later: str
    changes: tuple[ChangeLine, ...]
    points: tuple[PointLine, ...]

    def beside(self, view: FormView, words: Speaker) -> "DiffView":
        """On the page with the form itself: what stands in a folded row leads to the row, and a row
        that came stands there, so that it is not said again.
        """
        rows = {row.name for part in view.parts for row in part.rows or ()}

        def shown(each: ChangeLine) -> ChangeLine:
            if each.kind == "added" and each.pointer in rows:
                return replace(each, new=(words("新增，见下"),))
            row = view.folded_around(each.pointer)
            return replace(each, target=html_id(row)) if row else each

        return replace(self, changes=tuple(map(shown, self.changes)))

    def point(self, pointer: str) -> PointLine | None:
        """The returned point at this place."""
        return next((each for each in self.points if each.pointer == pointer), None)

    @property
    def corrected(self) -> int:
        return sum(each.corrected for each in self.points)


@dataclass(frozen=True)
class DiffRenderer:
    """`form`: what was filled in, `renderer`: with the code lists it chooses from, `scans`: names
    of types of scans by code.
    """

    form: Definition
    renderer: Renderer
    scans: Mapping[str, str]
    words: Speaker

    def view(self, found: Mapping[str, Any], earlier: str, later: str) -> DiffView:
        """`earlier`, `later`: what both states are called."""
        changes = tuple(self._change(each) for each in found["changes"])
        points = tuple(self._point(each, changes) for each in found["points"])
        return DiffView(earlier, later, changes, points)

    def _change(self, given: Mapping[str, Any]) -> ChangeLine:
        at, kind, old, new = (given[name] for name in ("pointer", "kind", "old", "new"))
        return ChangeLine(
            pointer=at,
            label=self.renderer.say(given["label"]),
            kind=kind,
            old=tuple(self._lines(at, old)),
            new=tuple(self._lines(at, new)),
            note=self._note(kind, old, new),
            target=_target(at, new, kind),
            point=given["point"] and given["point"]["pointer"],
        )

    def _point(self, given: Mapping[str, Any], changes: Sequence[ChangeLine]) -> PointLine:
        return PointLine(
            pointer=given["pointer"],
            label=self.renderer.say(given["label"]),
            reason=given["reason"],
            text=given["text"],
            answer=given["answer"] or "",
            corrected=given["corrected"],
            target=html_id(given["pointer"]),
            changes=tuple(each for each in changes if each.point == given["pointer"]),
        )

    def _note(self, kind: str, old: Any, new: Any) -> str:
        """Where old and new look alike."""
        if kind != "changed" or old != new:
            return ""
        return (
            self.words("顺序有变") if isinstance(old, dict) else self.words("有变化，内容不予显示")
        )

    # A value as it is read

    def _lines(self, at: str, value: Any) -> Iterator[str]:
        if isinstance(value, Mapping):
            yield self._scan(value) if "scan_type" in value else self._row(at, value)
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            if "scan_type" in value[0]:
                yield from map(self._scan, value)
            else:  # persons of a proof, who are named elsewhere
                yield self.words("%(count)s 项") % {"count": len(value)}
        elif value not in (None, []):
            yield self._value(self._field(at), value)

    def _scan(self, scan: Mapping[str, Any]) -> str:
        size = scan.get("size_bytes")
        told = (
            self.scans.get(scan["scan_type"], scan["scan_type"]),
            scan.get("file_name"),
            size and f"{size / 1024:.0f} KB",
        )
        return " · ".join(each for each in told if each)

    def _row(self, at: str, row: Mapping[str, Any]) -> str:
        """Its fields as the form calls them; of a row of a record what its source is called."""
        told = [
            self.words("第 %(number)s 版") % {"number": row[name]}
            if name.endswith("version")
            else str(row[name])
            for name in SOURCES
            if row.get(name) and self._field(f"{at}/{name}") is None
        ]
        for name, value in row.items():
            field = self._field(f"{at}/{name}")
            if field is not None and field["kind"]["type"] != "reference" and _says(value):
                told.append(f"{self.renderer.say(field)} {self._value(field, value)}")
            elif isinstance(value, list) and value and isinstance(value[0], Mapping):
                count = self.words("%(count)s 项") % {"count": len(value)}
                title = self._title(f"{at}/{name}", value[0])
                told.append(f"{title} {count}".strip())
        return "；".join(told)

    def _value(self, field: Definition | None, value: Any) -> str:
        """By its name where it is a code, with its unit."""
        names: dict[str, str] = {}
        unit = ""
        if field is not None:
            names |= self.renderer.choices_of(field)
            zh, en = field["kind"].get("unit") or ("", "")
            unit = self.renderer.say({"zh": zh, "en": en})
        if isinstance(value, list):
            said = [str(each) for each in value]
            return "、".join(names.get(each, each) for each in said)
        plain = _plain(value)
        return f"{names.get(plain, plain)} {unit}".strip()

    def _title(self, at: str, first: Mapping[str, Any]) -> str:
        """What rows in a row are called."""
        if "scan_type" in first:
            return self.words("扫描件")
        path = pattern_of(at)
        parts = (each for each in self.form["parts"] if each["path"].endswith(path))
        return next(map(self.renderer.say, parts), "")

    def _field(self, at: str) -> Definition | None:
        """The form's field at a place, whichever row it lies in."""
        fields = _fields(self.form)
        return fields.get(pattern_of(at))


def _fields(form: Definition) -> dict[str, Definition]:
    """By pointer, rows as `*`; a place in a record is also named without its step."""
    found: dict[str, Definition] = {}
    for part in form["parts"]:
        path = f"{part['path']}/*" if part["rows"] else part["path"]
        own = {part["path"]: part} if part["kind"] else {}
        named = own | {f"{path}/{each['name']}": each for each in part["fields"]}
        found |= named
        if form["name"] == "record":
            found |= {"/" + at.split("/", 2)[2]: each for at, each in named.items()}
    return found


def _target(at: str, new: Any, kind: str) -> str:
    """The field on the page; of what is gone the part around it."""
    if isinstance(new, Mapping) and "scan_type" in new and at.startswith("/scans/"):
        return html_id(f"/scans/{new['scan_type']}")
    if kind == "removed" and at[-1].isdecimal():
        at = at.rpartition("/")[0]
    return html_id(at)


def _says(value: Any) -> bool:
    return value not in (None, "", []) and not isinstance(value, Mapping)


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
