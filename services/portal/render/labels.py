"""Places of an event's payload, and the codes that stand there, in the words of the forms they were
filled in with.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol


class Names(Protocol):
    def item(self, code: Any) -> Mapping[str, Any]: ...


class FormLabels:
    """By pointer, whatever of the payload stands above the form's own content. `lists`: the code
    lists that the forms choose from, by name.
    """

    def __init__(
        self, forms: Iterable[Mapping[str, Any]], lists: Mapping[str, Names], language: str
    ) -> None:
        self._language = language
        self._words: dict[str, str] = {}
        self._lists: dict[str, list[Names]] = {}
        self._known = lists
        for form in forms:
            for part in form["parts"]:
                title = str(part[language] or "")
                self._words.setdefault(f"{part['path']}", title)
                for each in part["fields"]:
                    self._learn(part, each)

    def _learn(self, part: Mapping[str, Any], field: Mapping[str, Any]) -> None:
        name = field["name"]
        path = f"{part['path']}/*/{name}" if part["rows"] else f"{part['path']}/{name}"
        self._words.setdefault(path, str(field[self._language]))
        lists = field["kind"].get("lists") or ()
        self._lists.setdefault(path, [self._known[each] for each in lists])

    def label(self, pointer: str) -> str:
        """With the number of its row; empty where no form has the place."""
        steps = pointer.split("/")[1:]
        rows = " ".join(str(int(each) + 1) for each in steps if each.isdecimal())
        words = next(filter(None, map(self._words.get, _ends(steps))), "")
        return f"{words} {rows}".rstrip() if words else ""

    def named(self, pointer: str, value: Any) -> str:
        """A code by its name, with the code as it stands in the log; anything else as it stands."""
        for path in _ends(pointer.split("/")[1:]):
            for each in self._lists.get(path, ()):
                name = str(each.item(value)[self._language])
                if name != str(value):
                    return f"{name}（{value}）"
        return str(value)


def _ends(steps: Sequence[str]) -> Iterator[str]:
    """The pattern of a pointer, from each of its steps on."""
    pattern = ["*" if each.isdecimal() else each for each in steps]
    for start in range(len(pattern)):
        yield "/" + "/".join(pattern[start:])
