"""对比: what differs between two states of a filing, as its clerk and its reviewer read it, tied to
the points that were returned (domain book 5.2).
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated, Any, Literal, NamedTuple, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from libs.events.errors import NotFound
from libs.events.strict import LINE
from libs.events.value import Value
from libs.filing.catalogue import Texts
from libs.filing.content.masking import masked
from libs.filing.filing import Filing, ReturnedItem
from libs.filing.rules import labels, paths
from libs.filing.rules.paths import Moved, covers
from libs.filing.subject import FilingSubject

SERVICES_OWN = frozenset({"id", "flags", "top_grade", "standard_code"})  # of certificates
EXAMPLES = ["approved", "round:1", "draft"]

# a state of a filing: the approved version, a round, what is saved now; any approved version of
# whose filing it is
StateName = Annotated[
    str,
    StringConstraints(
        max_length=60, pattern=r"^(approved|draft|(round|generation|version):[1-9][0-9]*)$"
    ),
    LINE,
    Field(examples=[*EXAMPLES, "version:1"]),
]
# of a record, which has generations; a number alone names one
RecordStateName = Annotated[
    str,
    StringConstraints(
        max_length=60, pattern=r"^([1-9][0-9]*|approved|draft|(round|generation):[1-9][0-9]*)$"
    ),
    LINE,
    Field(examples=["generation:1", "round:1", "draft"]),
]


class State(NamedTuple):
    kind: str
    number: int = 0

    @classmethod
    def named(cls, name: str) -> "State":
        """A number alone is that of a generation."""
        kind, _, number = (f"generation:{name}" if name.isdigit() else name).partition(":")
        return cls(kind, int(number or 0))


class Change(BaseModel):
    """One place that differs, rows that came or went as a whole. `pointer` leads into the later
    state, for what was removed into the earlier one. `point`: the returned item that it answers.
    """

    pointer: str
    label: Texts
    kind: Literal["added", "removed", "changed"]
    old: Any = None
    new: Any = None
    point: ReturnedItem | None = None


class Point(BaseModel):
    """A returned item beside the later state: whether anything changed there, and the enterprise's
    word on it.
    """

    pointer: str
    label: Texts
    reason: str  # code list `return_reason`
    text: str
    answer: str | None
    corrected: bool


class Difference(BaseModel):
    changes: tuple[Change, ...]
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Standing:
    """A filing with its content at one of its states."""

    filing: Filing[Any]
    content: Value


S = TypeVar("S", bound=FilingSubject)


@dataclass(frozen=True)
class Reader:
    """Who compares: `only_sent` does not see what was only saved, `masked` no personal data; that
    it differs is told all the same.
    """

    only_sent: bool
    masked: bool


async def compared(
    subject: S,
    filing: UUID,
    between: tuple[StateName, StateName],
    at: Callable[[int], Awaitable[S]],
    reader: Reader,
) -> Difference:
    """Two states of a filing; `at` reads the subject at a version. Raises NotFound for a state that
    there is not, or that is not the reader's, and for a release beside the person.
    """
    before, after = [await _standing(subject, filing, State.named(e), at, reader) for e in between]
    if type(before.content) is not type(after.content):
        raise NotFound
    found = _Compared(
        before.content,
        after.content,
        after.filing,
        reader.masked,
    )
    return Difference(changes=tuple(found.changes()), points=tuple(found.points()))


async def _standing(
    subject: S, filing: UUID, state: State, at: Callable[[int], Awaitable[S]], reader: Reader
) -> Standing:
    """The approved version is the one that the filing changes, of a first filing the one that it
    became.
    """
    current = subject.filing(filing)
    content: Value | None = None
    if state.kind == "round" and state.number <= len(current.sent_versions):
        current = (await at(current.sent_versions[state.number - 1])).filing(filing)
        content = current.content
    elif state.kind == "draft" and not reader.only_sent:
        content = subject.content_of(current)
    elif state.kind == "approved" and (number := current.base_version or current.filed_version):
        content = subject.approved(number).content
    elif state.kind == "version":
        # what was returned on the way to a version is no part of it
        current, content = (
            replace(current, returned_items=()),
            subject.approved(state.number).content,
        )
    if content is None:
        raise NotFound
    return Standing(current, content)


@dataclass(frozen=True)
class _Compared:
    """Two contents of one form; of `filing`, the later, what was returned before it was sent."""

    before: Value
    after: Value
    filing: Filing[Any]
    hidden: bool

    def changes(self) -> Iterator[Change]:
        old = _without_own(paths.values(self.before))
        new = _without_own(paths.values(self.after))
        shown = self._shown(self.before), self._shown(self.after)
        for at in paths.differing(old, new, _is_one):
            was = _value(old, at.old)
            now = _value(new, at.new)
            content = self.before if at.new is None else self.after
            yield Change(
                pointer=_pointer(at),
                label=labels.label(content, _pointer(at)),
                kind="added" if was is None else "removed" if now is None else "changed",
                old=_value(shown[0], at.old),
                new=_value(shown[1], at.new),
                point=next((item for item, there in self._returned if _meet(there, at)), None),
            )

    def points(self) -> Iterator[Point]:
        """Corrected is what has another value where it stands now, or is gone."""
        said = {paths.normal(each.pointer): each.text for each in self.filing.answers}
        sent = self._as_returned
        for item, there in self._returned:
            was = paths.at(sent, item.pointer)
            now = _value(paths.values(self.after), there.new)
            yield Point(
                pointer=item.pointer,
                reason=item.reason,
                text=item.text,
                answer=said.get(paths.normal(item.pointer), item.answer),
                label=labels.label(sent, item.pointer),
                corrected=was != now,
            )

    @property
    def _as_returned(self) -> Value:
        """As it was sent in the round that came back."""
        content: Value | None = self.filing.returned_content
        return self.before if content is None else content

    @cached_property
    def _returned(self) -> list[tuple[ReturnedItem, Moved]]:
        """Each returned item with where it stands in both contents."""
        sent = paths.values(self._as_returned)
        both = [paths.values(each) for each in (self.before, self.after)]
        return [
            (item, Moved(*(paths.moved(sent, each, item.pointer) for each in both)))
            for item in self.filing.returned_items
        ]

    def _shown(self, content: Value) -> Any:
        return paths.plain(masked(content) if self.hidden else content)


def _meet(item: Moved, change: Moved) -> bool:
    """Whether what differs lies in the returned item, or holds it."""
    return any(
        one is not None and other is not None and (covers(one, other) or covers(other, one))
        for one, other in zip(item, change, strict=True)
    )


def _pointer(at: Moved) -> str:
    return at.new if at.new is not None else str(at.old)


def _value(content: Any, pointer: str | None) -> Any:
    """None where there is nothing, or only an empty list."""
    found = None if pointer is None else paths.lookup(content, pointer)
    return None if found == [] else found


def _without_own(value: Any) -> Any:
    """Without what only the service itself says of certificates."""
    if isinstance(value, dict):
        return {name: _without_own(v) for name, v in value.items() if name not in SERVICES_OWN}
    return [_without_own(each) for each in value] if isinstance(value, list) else value


def _is_one(value: Any) -> bool:
    """A scan, or codes that were ticked: shown as one value."""
    if isinstance(value, list):
        return bool(value) and not any(isinstance(each, dict | list) for each in value)
    return isinstance(value, dict) and "scan_type" in value
