"""Places of an event's payload in the words of the forms they were filled in with."""

from collections.abc import Iterable, Mapping
from typing import Any


class FormLabels:
    """By pointer, whatever of the payload stands above the form's own content."""

    def __init__(self, forms: Iterable[Mapping[str, Any]], language: str) -> None:
        self._words: dict[str, str] = {}
        for form in forms:
            for part in form["parts"]:
                title = str(part[language] or "")
                self._words.setdefault(f"{part['path']}", title)
                for each in part["fields"]:
                    self._learn(part, str(each["name"]), str(each[language]))

    def _learn(self, part: Mapping[str, Any], name: str, label: str) -> None:
        path = f"{part['path']}/*/{name}" if part["rows"] else f"{part['path']}/{name}"
        self._words.setdefault(path, label)

    def label(self, pointer: str) -> str:
        """With the number of its row; empty where no form has the place."""
        parts = pointer.split("/")[1:]
        pattern = ["*" if each.isdecimal() else each for each in parts]
        rows = " ".join(str(int(each) + 1) for each in parts if each.isdecimal())
        for start in range(len(parts)):
            if words := self._words.get("/" + "/".join(pattern[start:])):
                return f"{words} {rows}".rstrip()
        return ""
