"""Places in a record, as its form (`GET /forms/record`) has them: which step they belong to, how
they are called, and where what stands there is mended. Services also name rows without their step
(`/persons/3`) and a whole step by its rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.portal.render.forms import row_title
from services.portal.render.posted import is_row
from services.portal.web.language import say

Definition = Mapping[str, Any]
ROOTS = ("/content", "/choices", "/steps")
OWNERS = {"person_id": "/people", "project_id": "/projects"}  # where the portal keeps them


@dataclass(frozen=True)
class Place:
    """`part`: of the form, empty for a whole step; `row`: its number, `field`: what follows."""

    step: str
    part: str = ""
    row: int | None = None
    field: str = ""

    @property
    def pointer(self) -> str:
        """As the form has it."""
        steps = [self.step, self.part, "" if self.row is None else str(self.row), self.field]
        return "/" + "/".join(each for each in steps if each)


@dataclass(frozen=True)
class Places:
    form: Definition
    language: str

    @property
    def steps(self) -> dict[str, str]:
        """The wizard's steps in their order, by the title of the first part of each."""
        found: dict[str, str] = {}
        for part in self.form["parts"]:
            found.setdefault(_steps(part["path"])[0], say(self.language, part))
        return found

    def parts(self, step: str) -> list[Definition]:
        """Of one step."""
        return [each for each in self.form["parts"] if _steps(each["path"])[0] == step]

    def key(self, step: str, part: str) -> str:
        """The field that tells its rows apart: the first."""
        fields = self._part(step, part)["fields"]
        return str(fields[0]["name"]) if fields else ""

    def label(self, step: str, part: str, field: str) -> str:
        """What a field is called; empty where the step has none."""
        named = [each for each in self._part(step, part)["fields"] if each["name"] == field]
        return say(self.language, named[0]) if named else ""

    def at(self, pointer: str) -> Place | None:
        """Where a pointer of a service leads; None where it is not a place of the form."""
        for root in ROOTS:
            if pointer.startswith(f"{root}/"):
                pointer = pointer.removeprefix(root)
        first, *rest = [*_steps(pointer), ""]
        if first not in self.steps:
            step = self._step_of(first)
            if not step:
                return None
            rest = [first, *rest]
            first = step
        part, *below = rest
        row = None
        if below and is_row(below[0]):
            number, *below = below
            row = int(number)
        field = "/".join(each for each in below if each)
        return Place(first, part, row, field)

    def words(self, pointer: str, choices: Definition, names: Mapping[str, str]) -> str:
        """The place as a clerk knows it; `choices`: what its rows are numbered by, `names`: of
        what they name.
        """
        at = self.at(pointer)
        if at is None:
            return ""
        if not at.part:
            return self.steps[at.step]
        part = self._part(at.step, at.part)
        if at.row is None:
            return say(self.language, part)
        known = names.get(self.row_key(at, choices), "")
        title = row_title(part, self.language)
        return f"{title} {at.row + 1} {known}".strip()

    def row_key(self, at: Place, choices: Definition) -> str:
        """What the row names; empty where it is not there."""
        rows = (choices.get(at.step) or {}).get(at.part) or []
        if at.row is None or at.row >= len(rows):
            return ""
        return str(rows[at.row].get(self.key(at.step, at.part)) or "")

    def source(self, pointer: str, choices: Definition) -> str:
        """The page of the person or project that the row names."""
        at = self.at(pointer)
        if at is None or not at.part:
            return ""
        owner = OWNERS.get(self.key(at.step, at.part), "")
        key = self.row_key(at, choices)
        return f"{owner}/{key}" if owner and key else ""

    def _step_of(self, part: str) -> str:
        """Of a part or a field of the form; empty for what it does not have."""
        paths = [_steps(each["path"]) for each in self.form["parts"]]
        own = next((path[0] for path in paths if part in path[1:2]), "")
        fields = {
            each["name"]: _steps(owner["path"])[0]
            for owner in self.form["parts"]
            if len(_steps(owner["path"])) == 1
            for each in owner["fields"]
        }
        return own or fields.get(part, "")

    def _part(self, step: str, part: str) -> Definition:
        """Of the form; a field of the step stands for itself."""
        for each in self.form["parts"]:
            if each["path"] == f"/{step}/{part}":
                return each  # type: ignore[no-any-return]
        for each in self.parts(step):
            for field in each["fields"]:
                if field["name"] == part:
                    return {**field, "fields": []}
        return {"zh": part, "en": part, "fields": []}


def _steps(pointer: str) -> list[str]:
    return pointer.split("/")[1:]


@dataclass(frozen=True)
class Opened:
    """What may be changed of a record that came back: what was returned. `sent`: the choices that
    were sent, by which the points are numbered; None: nothing came back, everything may.
    """

    places: Places
    points: Sequence[Place] | None = None
    sent: Definition | None = None

    def step(self, name: str) -> bool:
        """Whether anything in it was returned."""
        return self.points is None or any(each.step == name for each in self.points)

    def part(self, step: str, part: str) -> bool:
        """All of its rows."""
        return self.points is None or any(
            each.step == step and each.row is None and each.part in ("", part)
            for each in self.points
        )

    def adds(self, step: str, part: str) -> bool:
        """Whether a row may come: of a returned part, or in place of a returned one."""
        return self.part(step, part) or any(self._rows(step, part))

    def row(self, step: str, part: str, key: str) -> bool:
        """The row, not only a field of it."""
        return self.part(step, part) or key in self._rows(step, part)

    def scans(self, step: str, part: str, key: str) -> bool:
        """The scans of a row."""
        return self.row(step, part, key) or key in self._keys(step, part, "scans")

    def pointer(self, pointer: str) -> bool:
        """A field of the form, in its own spelling."""
        if self.points is None:
            return True
        given = [each.pointer for each in self.points]
        return any(pointer == each or pointer.startswith(f"{each}/") for each in given)

    def _rows(self, step: str, part: str) -> list[str]:
        """Rows that came back as such, by what they name."""
        return [
            *self._keys(step, part, ""),
            *self._keys(step, part, self.places.key(step, part)),
        ]

    def _keys(self, step: str, part: str, field: str) -> list[str]:
        """By what each row named when it was sent."""
        return [
            self.places.row_key(each, self.sent or {})
            for each in self.points or ()
            if (each.step, each.part, each.field) == (step, part, field) and each.row is not None
        ]
