"""Steps of rows by what they were, taken in the transaction that writes them: so a read model
counts exactly once (decision 51).

    stepping = Stepping(projection.tables, changes)
    while stepping.goes_on:
        stepping.advance({table: rows_with(keys) for table, keys in stepping.wanted.items()})
    write(stepping.made)

Steps are taken in the order of the events; those that they lead to come in the next round. The
reader alone writes its tables, and its position is locked, so that nothing moves meanwhile.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from libs.events.readmodel import Change, ReadModel, RowStep

Models = Mapping[str, ReadModel[Any]]
Key = tuple[Any, ...]
Place = tuple[str, Key]  # a table and one of its keys
Wanted = Mapping[Key, Mapping[str, Any]]  # columns of the key, by its values


class StepFailed(Exception):
    """A step raised, or left something else than a whole row of its own."""


class Stepping:
    """`made`: all that is to be written, once it goes on no more."""

    def __init__(
        self,
        models: Models,
        changes: Sequence[Change | RowStep],
    ) -> None:
        self._models = models
        self._known: dict[Place, Any] = {}
        self.made: list[Change] = []
        self._steps: list[RowStep] = []
        self._sort(changes)

    def _sort(self, changes: Iterable[Change | RowStep]) -> None:
        """What is to be written, and what is still to be taken."""
        for each in changes:
            if isinstance(each, Change):
                self.made.append(each)
            else:
                self._steps.append(each)

    @property
    def goes_on(self) -> bool:
        return bool(self._steps)

    @property
    def wanted(self) -> Mapping[str, Wanted]:
        """By table, which rows the next round asks for and has not seen."""
        wanted: dict[str, dict[Key, Mapping[str, Any]]] = {}
        for step in self._steps:
            place = table, key = self._place(step)
            if place not in self._known:
                wanted.setdefault(table, {})[key] = step.key
        return wanted

    def advance(self, rows: Mapping[str, Sequence[Any]]) -> None:
        """Takes the steps of one round. `rows`: those of the wanted ones that are there. Raises
        StepFailed.
        """
        for table, found in rows.items():
            names = self._models[table].key
            for row in found:
                key = tuple(getattr(row, name) for name in names)
                self._known[table, key] = row
        steps, self._steps = self._steps, []
        for step in steps:
            self._sort(self._taken(step))

    def _taken(self, step: RowStep) -> Sequence[Change | RowStep]:
        place = self._place(step)
        before = self._known.get(place)
        try:
            found = list(step.then(before))
            for each in found:
                self._keep(place, each)
        except Exception as error:
            reason = type(error).__name__
            raise StepFailed(f"{step.table}: {reason}") from error
        return found

    def _keep(self, place: Place, change: Change | RowStep) -> None:
        """The row as its step leaves it. Raises TypeError for less than a whole row, and ValueError
        for another row.
        """
        table, key = place
        if isinstance(change, RowStep) or change.table != table:
            return
        model = self._models[table]
        if _key(model, change) != key:
            raise ValueError("another row")
        if change.action == "drop":
            self._known[place] = None
        else:
            self._known[place] = model.row(**change.values)

    def _place(self, step: RowStep) -> Place:
        model = self._models[step.table]
        return model.name, _key(model, step)


def _key(
    model: ReadModel[Any],
    of: Change | RowStep,
) -> Key:
    return tuple(of.values[name] for name in model.key)
