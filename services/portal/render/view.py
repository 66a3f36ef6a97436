"""What a template shows of a form: parts, fields, rows, slots for scans, and what was found."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

LONG = 300  # characters from which a text has lines


@dataclass(frozen=True)
class Message:
    """What was found: `severity` B blocks, W warns, R is for the reviewer. `acknowledged`: the
    enterprise confirmed it when it sent.
    """

    rule: str
    severity: str
    text: str
    pointer: str = ""
    acknowledged: bool = False


@dataclass(frozen=True)
class FieldView:
    """One input. `name` is its pointer, `number` which it is of the form's, `value` what stands in
    it; `source`: where all its choices are told, if `choices` has only the one that is chosen;
    `part_of`: the input whose choice they are part of, by their codes.
    """

    name: str
    number: int
    label: str
    type: str
    value: Any
    choices: Sequence[tuple[str, str]]
    source: str
    unit: str
    words: str  # 大写 of an amount of money
    hint: str
    optional: bool
    when: str
    max_length: int | None
    width: int
    editable: bool
    messages: tuple[Message, ...]
    joint: str = "、"  # between codes
    part_of: str = ""

    @property
    def id(self) -> str:
        return html_id(self.name)

    @property
    def is_wrong(self) -> bool:
        """Whether something that was found blocks."""
        return any(each.severity == "B" for each in self.messages)

    @property
    def described(self) -> str:
        """Ids of what describes it: hint, 大写 and messages, as far as there are any."""
        said = {
            "h": self.hint,
            "e": self.words,
            "m": self.messages,
        }
        return " ".join(f"{kind}{self.number}" for kind, each in said.items() if each)

    @property
    def is_long(self) -> bool:
        return self.type == "text" and (self.max_length or 0) >= LONG

    @property
    def shown(self) -> str:
        """The value as it is read, not typed."""
        if self.type in ("enum", "reference", "boolean"):
            names = dict(self.choices)
            return names.get(_typed(self.value), _typed(self.value))
        if isinstance(self.value, list):
            names = dict(self.choices)
            return self.joint.join(names.get(str(each), str(each)) for each in self.value)
        return _typed(self.value)


@dataclass(frozen=True)
class RowView:
    """`id`: the service's own name of the row, carried along; empty for a new one. `folded`: all
    of it, where it is not written out but stands as one line; empty where it is. `scans`: those
    that another program put into it; no slot of the form has them.
    """

    name: str
    id: str
    number: int
    fields: tuple[FieldView, ...]
    parts: tuple["PartView", ...]
    folded: str = ""
    scans: tuple[Mapping[str, Any], ...] = ()

    @property
    def told(self) -> list[FieldView]:
        """The fields in which something stands."""
        return [each for each in self.fields if each.shown]

    @property
    def editable(self) -> bool:
        """Whether something in it may be changed."""
        if any(each.editable for each in self.fields):
            return True
        return any(each.has_editable for each in self.parts)

    @property
    def is_wrong(self) -> bool:
        """Whether something that was found in it blocks."""
        return any(each.severity == "B" for each in self.messages())

    def messages(self) -> Iterator[Message]:
        """About its fields, and what is in it."""
        for each in self.fields:
            yield from each.messages
        for part in self.parts:
            yield from part.all_messages()

    @property
    def is_shortened(self) -> bool:
        """Whether some of its lists are told elsewhere."""
        return any(each.source for each in self.fields)


@dataclass(frozen=True)
class PartView:
    """A part of the form: fields, or rows of them; `row_title`: what one of them is called.
    `messages`: what is about all of the part; `hints`: what it should be, and refuses nothing.
    """

    name: str
    title: str
    row_title: str
    fields: tuple[FieldView, ...]
    rows: tuple[RowView, ...] | None
    messages: tuple[Message, ...]
    editable: bool
    hints: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return html_id(self.name or "/-")

    @property
    def around(self) -> str:
        """The id of its section: the part's, unless its only field has that."""
        has_one = [each.name for each in self.fields] == [self.name]
        return f"{self.id}-p" if has_one else self.id

    @property
    def has_editable(self) -> bool:
        """Whether it may be changed, or something in one of its rows."""
        if self.editable:
            return True
        return any(each.editable for each in self.rows or ())

    @property
    def blocking(self) -> int:
        return sum(each.severity == "B" for each in self.all_messages())

    @property
    def warning(self) -> int:
        return sum(each.severity == "W" for each in self.all_messages())

    def all_messages(self) -> Iterator[Message]:
        """About the part, its fields, its rows and what is in them."""
        yield from self.messages
        for each in self.fields:
            yield from each.messages
        for row in self.rows or ():
            yield from row.messages()


@dataclass(frozen=True)
class SlotView:
    """A place for scans of one type, with its limits; `holds_one`: the next scan takes the place of
    the one before, whatever its type allows; `at`: the pointer under which the page carries it
    along; empty where the saved content has it.
    """

    type: str
    label: str
    optional: bool
    most: int | None
    formats: tuple[str, ...]
    max_kb: int | None
    scans: tuple[Mapping[str, Any], ...]
    editable: bool
    messages: tuple[Message, ...] = ()
    holds_one: bool = False
    at: str = ""

    @property
    def id(self) -> str:
        return html_id(f"/scans/{self.type}")

    @property
    def is_wrong(self) -> bool:
        """Whether something that was found blocks."""
        return any(each.severity == "B" for each in self.messages)

    @property
    def at_most(self) -> int | None:
        """So many may stand here."""
        return 1 if self.holds_one else self.most

    @property
    def is_full(self) -> bool:
        return self.most is not None and len(self.scans) >= self.most

    @property
    def takes_several(self) -> bool:
        """Whether several files may be chosen at once."""
        return not self.holds_one and (self.most is None or self.most > len(self.scans) + 1)

    @property
    def accepts(self) -> str:
        """For the file dialog."""
        return ",".join(f".{each}" for each in self.formats)


@dataclass(frozen=True)
class DraftNote:
    """Of a form whose typing is kept: the draft's `name`, the version from which the typing
    `begun`, and when what is shown was kept; empty if it is what was saved.
    """

    name: str
    begun: str
    kept_at: str = ""
    unkept: bool = False  # typed, and nowhere kept yet


@dataclass(frozen=True)
class FormView:
    name: str
    title: str
    service: str
    parts: tuple[PartView, ...]
    slots: tuple[SlotView, ...]
    hints: tuple[str, ...]
    summary: tuple["SummaryLine", ...]
    draft: DraftNote | None = None

    def places(self) -> list[tuple[str, str]]:
        """Every place of the form that a remark may be about: pointer, and the form's own words."""
        found = [(at, words) for at, (words, _) in _places(self.parts, "") if at]
        for slot in self.slots:
            found += [(f"/scans/{scan['index']}", slot.label) for scan in slot.scans]
        return found

    def lines(self, found: Iterable[Message]) -> tuple["SummaryLine", ...]:
        """What was found with its places: what is said of several, once."""
        return _together(summary(self.parts, self.slots, found))

    def folded_around(self, pointer: str) -> str:
        """The row in which the place is not written out; empty where it is."""
        rows = (row for part in self.parts for row in part.rows or () if row.folded)
        return next((each.name for each in rows if pointer.startswith(f"{each.name}/")), "")

    def place(self, pointer: str) -> str:
        """Where a pointer leads, in the form's own words."""
        [line] = summary(self.parts, self.slots, [Message("", "", "", pointer)])
        return line.place


@dataclass(frozen=True)
class SummaryLine:
    """A line of the summary: where it is, in the form's own words, and what was found."""

    message: Message
    place: str
    target: str


def html_id(pointer: str) -> str:
    return "f" + pointer.replace("/", "-").replace("~", "_")


def _typed(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def summary(
    parts: Iterable[PartView], slots: Iterable[SlotView], messages: Iterable[Message]
) -> tuple[SummaryLine, ...]:
    """Each message with its place in the form's own words; where the place is not shown, that of
    what stands around it. What is said of several such places is said once.
    """
    places = dict(_places(parts, ""))
    for slot in slots:
        places[f"/scans/{slot.type}"] = (slot.label, slot.id)
        for scan in slot.scans:
            places[f"/scans/{scan['index']}"] = (slot.label, slot.id)
    lines = [_line(each, places) for each in messages]
    once = {(each.place, each.message.rule, each.message.text): each for each in reversed(lines)}
    return tuple(each for each in lines if each in once.values())


def _together(lines: Iterable[SummaryLine]) -> tuple[SummaryLine, ...]:
    """Lines that say the same, as one with all their places."""
    said: dict[tuple[str, str], SummaryLine] = {}
    for each in lines:
        what = (each.message.rule, each.message.text)
        before = said.get(what)
        if before is None:
            said[what] = each
        elif each.place:
            said[what] = replace(before, place=f"{before.place}、{each.place}")
    return tuple(said.values())


def _line(message: Message, places: Mapping[str, tuple[str, str]]) -> SummaryLine:
    at = message.pointer
    while at and at not in places:
        at = at.rpartition("/")[0]
    place, target = places[at] if at else ("", "main")
    return SummaryLine(message, place, target)


def _places(parts: Iterable[PartView], above: str) -> Iterator[tuple[str, tuple[str, str]]]:
    for part in parts:
        title = f"{above}{part.title}"
        yield part.name, (title, part.id)
        for each in part.fields:
            yield (
                each.name,
                (f"{title} › {each.label}" if part.name != each.name else title, each.id),
            )
        for row in part.rows or ():
            at, here = f"{above}{part.row_title} {row.number}", html_id(row.name)
            yield row.name, (at, here)
            inside = {each.name: (f"{at} › {each.label}", each.id) for each in row.fields}
            inside |= _places(row.parts, f"{at} › ")
            for name, (words, id) in inside.items():
                yield name, (words, here if row.folded else id)
