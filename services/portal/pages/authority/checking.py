"""逐项核对: what was sent, item by item, each in order 无误 or returned 退回 with reason and word.
What was marked stays with the officer's session until the case is decided.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.portal.render.view import FieldView, FormView, PartView, RowView, html_id
from services.portal.render.words import N_
from services.portal.web.visit import Posted, Visit

Words = Callable[[str], str]  # a text in the visitor's language
MARK, REASON, TEXT = "mark:", "reason:", "text:"
OK, RETURNED = "ok", "return"
COMMENT = ""  # in the place of an item's pointer: 审核意见
CASES = 5  # whose marks are kept, the latest


@dataclass(frozen=True)
class Item:
    """One row: a field, a row of several, all of them, a scan. `scan`: its id, where it is one."""

    pointer: str
    label: str
    shown: str
    scan: str = ""

    @property
    def id(self) -> str:
        return html_id(self.pointer)


@dataclass(frozen=True)
class Group:
    id: str
    title: str
    items: tuple[Item, ...]


@dataclass
class Marks:
    """By pointer: `ok`, or `return` with `reason` and `text`."""

    by_item: dict[str, dict[str, str]] = field(default_factory=dict)

    def of(self, pointer: str) -> str:
        return self.by_item.get(pointer, {}).get("mark", "")

    def word(self, pointer: str, name: str) -> str:
        return self.by_item.get(pointer, {}).get(name, "")

    def returned(self) -> list[dict[str, str]]:
        """The points that a decision sends back."""
        return [
            {"pointer": at, "reason": each.get("reason", ""), "text": each.get("text", "")}
            for at, each in self.by_item.items()
            if each["mark"] == RETURNED
        ]

    def left(self, groups: Sequence[Group]) -> list[Item]:
        """What nobody has looked at yet."""
        return [item for group in groups for item in group.items if not self.of(item.pointer)]

    def counts(self, groups: Sequence[Group]) -> dict[str, int]:
        """Of all items: how many are sent back, and how many nobody has looked at yet."""
        return {
            "all": sum(len(each.items) for each in groups),
            "returned": len(self.returned()),
            "left": len(self.left(groups)),
        }

    def rest_is_in_order(self, groups: Sequence[Group]) -> None:
        for item in self.left(groups):
            self.by_item[item.pointer] = {"mark": OK}


def places(groups: Sequence[Group], marks: Marks, words: Words) -> dict[str, tuple[str, str]]:
    """What a refused decision calls its points: in the form's words, with the input's id."""
    found = {
        "/comment": (
            words("审核意见"),
            "comment",
        ),
    }
    items = {item.pointer: item for group in groups for item in group.items}
    reason = words("退回原因")
    text = words("写给企业：哪里不对，怎样改")
    for number, point in enumerate(marks.returned()):
        item = items.get(point["pointer"])
        if item is None:
            continue
        at = f"/items/{number}"
        found[f"{at}/reason"] = (
            f"{item.label} › {reason}",
            f"{item.id}-r",
        )
        found[f"{at}/text"] = (
            f"{item.label} › {text}",
            f"{item.id}-t",
        )
    return found


def kept(visit: Visit, case: Mapping[str, Any]) -> Marks:
    """Of this round of the case."""
    return Marks(dict(_all(visit).get(_name(case), {})))


def take_over(visit: Visit, case: Mapping[str, Any], posted: Posted) -> Marks:
    """What was marked before, with what was posted now; kept."""
    marks = kept(visit, case)
    for name, values in posted.items():
        if name.startswith(MARK):
            at = name.removeprefix(MARK)
            marks.by_item[at] = {"mark": values[0]} | _words(posted, at, marks)
    if "comment" in posted:
        marks.by_item[COMMENT] = {"mark": "", "text": posted.one("comment")}
    keep(visit, case, marks)
    return marks


def keep(visit: Visit, case: Mapping[str, Any], marks: Marks) -> None:
    every = _all(visit)
    every.pop(_name(case), None)
    every[_name(case)] = marks.by_item
    for old in list(every)[:-CASES]:
        del every[old]


def forget(visit: Visit, case: Mapping[str, Any]) -> None:
    _all(visit).pop(_name(case), None)


def _words(posted: Posted, at: str, marks: Marks) -> dict[str, str]:
    return {
        "reason": posted.one(f"{REASON}{at}", marks.word(at, "reason")),
        "text": posted.one(f"{TEXT}{at}", marks.word(at, "text")),
    }


def _all(visit: Visit) -> dict[str, dict[str, dict[str, str]]]:
    assert visit.session
    found: dict[str, dict[str, dict[str, str]]] = visit.session.data.setdefault("marks", {})
    return found


def _name(case: Mapping[str, Any]) -> str:
    return f"{case['id']}/{case['round']}"


# The items of a form


def groups(view: FormView, words: Words) -> list[Group]:
    """Part by part, the scans last."""
    found = [Group(f"{part.id}-p", part.title, tuple(_of_part(part, words))) for part in view.parts]
    scans = tuple(
        Item(
            f"/scans/{scan['index']}",
            slot.label,
            str(scan.get("file_name") or slot.label),
            str(scan["scan"]),
        )
        for slot in view.slots
        for scan in slot.scans
    )
    return [each for each in (*found, Group("scans", words("扫描件"), scans)) if each.items]


def _of_part(part: PartView, words: Words) -> Iterator[Item]:
    for each in part.fields:
        yield Item(each.name, each.label, _value(each))
    if part.rows is not None and part.name:
        yield _list_of_rows(part, len(part.rows), words)
    for row in part.rows or ():
        yield Item(
            row.name, f"{part.row_title} {row.number}", words("；").join(_of_row(row, words))
        )


def _list_of_rows(part: PartView, count: int, words: Words) -> Item:
    """The list itself beside its rows: only where it is returned rows may be added."""
    if not count:
        return Item(part.name, part.title, "")
    label = words(N_("%(title)s（整项）")) % {"title": part.title}
    shown = words(N_("共 %(count)s 条；要增加或删减的，退回此项"))
    said = (*part.hints, shown % {"count": count})
    return Item(part.name, label, words("；").join(said))


def _of_row(row: RowView, words: Words) -> Iterator[str]:
    for each in row.fields:
        if shown := _value(each):
            yield f"{each.label}{words('：')}{shown}"
    for part in row.parts:
        for each in part.fields:
            if shown := _value(each):
                yield f"{each.label}{words('：')}{shown}"
        for inner in part.rows or ():
            inside = words("，").join(_of_row(inner, words))
            yield f"{part.row_title} {inner.number}{words('：')}{inside}"


def _value(each: FieldView) -> str:
    return f"{each.shown} {each.unit}".strip() if each.shown else ""
