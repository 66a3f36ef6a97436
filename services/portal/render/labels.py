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
        path = part["path"]
        if part["rows"]:
            path += "/*"
        path += f"/{field['name']}"
        words = str(field[self._language])
        self._words.setdefault(path, words)
        chosen_from = field["kind"].get("lists") or ()
        lists = [self._known[each] for each in chosen_from]
        self._lists.setdefault(path, lists)

    def label(self, pointer: str) -> str:
        """With the number of its row; empty where no form has the place."""
        steps = pointer.split("/")[1:]
        rows = [str(int(each) + 1) for each in steps if each.isdecimal()]
        for path in _ends(steps):
            words = self._words.get(path)
            if words:
                return " ".join([words, *rows])
        return ""

    def named(self, pointer: str, value: Any) -> str:
        """A code by its name, with the code as it stands in the log; anything else as it stands."""
        code = str(value)
        _, *steps = pointer.split("/")
        for path in _ends(steps):
            for each in self._lists.get(path, ()):
                item = each.item(code)
                name = item[self._language]
                if name != code:
                    return f"{name}（{code}）"
        return code


def _ends(steps: Sequence[str]) -> Iterator[str]:
    """The pattern of a pointer, from each of its steps on."""
    pattern = ["*" if each.isdecimal() else each for each in steps]
    for start in range(len(pattern)):
        yield "/" + "/".join(pattern[start:])
