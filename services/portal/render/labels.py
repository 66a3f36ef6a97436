"""Places of an event's payload, and the codes that stand there, in the words of the forms they were
filled in with.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from services.portal.render.event_fields import FIELDS, LISTS, READS


class Names(Protocol):
    def item(self, code: Any) -> Mapping[str, Any]: ...


class FormLabels:
    """By pointer, whatever of the payload stands above the form's own content. `lists`: the code
    lists that the forms choose from, and events besides, by name; `says` tells the portal's own
    words in the language.
    """

    def __init__(
        self,
        forms: Iterable[Mapping[str, Any]],
        lists: Mapping[str, Names],
        language: str,
        says: Callable[[str], str],
    ) -> None:
        self._language, self._says = language, says
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
        """With the number of its row; of a place that no form has, what events call it; empty where
        nobody has a word for it.
        """
        steps = pointer.split("/")[1:]
        rows = [str(int(each) + 1) for each in steps if each.isdecimal()]
        for path in _ends(steps):
            words = self._words.get(path)
            if words:
                return " ".join([words, *rows])
        return self._of_event(steps)

    def _of_event(self, steps: Iterable[str]) -> str:
        said: list[str] = []
        for each in steps:
            if each.isdecimal():
                said.append(f" {int(each) + 1}")
            elif words := self._step(each):
                said.append(f" › {words}")
            else:
                return ""
        return "".join(said).removeprefix(" › ")

    def _step(self, name: str) -> str:
        """One step of a place; where a form's part begins, that part's title."""
        return self._says(FIELDS[name]) if name in FIELDS else self._words.get(f"/{name}", "")

    def named(self, pointer: str, value: Any) -> str:
        """A code by its name, with the code as it stands in the log; anything else as it stands."""
        code = str(value)
        name = self._name(pointer, code)
        return f"{name}（{code}）" if name != code else code

    def _name(self, pointer: str, code: str) -> str:
        _, *steps = pointer.split("/")
        place = steps[-1]
        if place == "operation" and code in READS:
            return self._says(READS[code])
        found = [each for path in _ends(steps) for each in self._lists.get(path, ())]
        if place in LISTS:
            found.append(self._known[LISTS[place]])
        names = (str(each.item(code)[self._language]) for each in found)
        return next((each for each in names if each != code), code)


def _ends(steps: Sequence[str]) -> Iterator[str]:
    """The pattern of a pointer, from each of its steps on."""
    pattern = ["*" if each.isdecimal() else each for each in steps]
    for start in range(len(pattern)):
        yield "/" + "/".join(pattern[start:])
