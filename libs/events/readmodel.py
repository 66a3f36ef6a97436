"""Read models: one table, the type of its rows, and the functions that keep it, in one place.

    @dataclass(frozen=True)
    class FilingRow:
        id: UUID
        enterprise: UUID
        status: str
        sent_at: datetime | None = None

    filings = ReadModel("filings", FilingRow, indexes={"filings_by_enterprise": "(enterprise, id)"})

    @filings.on(Enterprise.FilingSent)
    def _sent(e: Enterprise.FilingSent, at: StoredEvent) -> Iterator[Change]:
        yield filings.change(id=e.filing, status=Status.SENT, sent_at=e.act.at)

The functions are pure; each changes this table only. A projection (libs/events/projection.py)
feeds one read model or several from one source.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from libs.events.records import StoredEvent
from libs.events.rows import columns
from libs.events.walks import Walk

R = TypeVar("R")


@dataclass(frozen=True)
class Change:
    """One change of one row: `put` sets the given columns and makes the row if need be, `change`
    needs it, `drop` removes it.
    """

    action: Literal["put", "change", "drop"]
    table: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class RowStep:
    """What becomes of one row because of what it was: `then`, a pure function of the row before
    (None: there was none), yields changes of its projection, and steps of others of its rows.
    """

    table: str
    key: Mapping[str, Any]
    then: "Then"

    @property
    def values(self) -> Mapping[str, Any]:
        """What is known of the row before it is read."""
        return self.key


Then = Callable[[Any], Iterable[Change | RowStep]]
Function = Callable[[Any, StoredEvent], Iterable[Change | RowStep]]
F = TypeVar("F", bound=Function)


class ReadModel(Generic[R]):
    def __init__(
        self,
        name: str,
        row: type[R],
        *,
        key: tuple[str, ...] = ("id",),
        indexes: Mapping[str, str] | None = None,
        walks: Sequence[Walk] = (),
    ) -> None:
        """`key`: columns of the primary key; `walks`: orders in which lists show it; `indexes`:
        others than theirs, by name, what follows ON the table. Raises TypeError for a field whose
        type is no column's, for a key that is no column, for a walk of other columns, and for two
        that name an index alike.
        """
        self.name, self.row, self.key = name, row, key
        self.columns = columns(row)
        self._knows(key)
        self.indexes = dict(indexes or {})
        for walk in walks:
            self._knows((*walk.order, *(column for by in walk.by for column in by)))
            if (walk.table, walk.key) != (name, key):
                raise TypeError(f"{name} has another name or key than its walk")
            if odd := [
                each for each, on in walk.indexes.items() if self.indexes.get(each, on) != on
            ]:
                raise TypeError(f"{name} has two indexes {odd}")
            self.indexes |= walk.indexes
        self.kinds: dict[str, type] = {}
        self._functions: dict[str, Function] = {}

    def on(self, *kinds: type[Any]) -> Callable[[F], F]:
        """Marks the function for these types of events: domain events of one's own, or contracts
        for a neighbour's. Raises TypeError for a type that has one already.
        """

        def register(function: F) -> F:
            for kind in kinds:
                topic: str = kind.TOPIC
                if topic in self._functions:
                    raise TypeError(f"{self.name} has two functions for {topic}")
                self.kinds[topic], self._functions[topic] = kind, function
            return function

        return register

    def changes(self, event: Any, at: StoredEvent) -> list[Change | RowStep]:
        """What an event changes; nothing for a type without a function. Raises TypeError if its
        function changes another table.
        """
        function = self._functions.get(at.type)
        changes = list(function(event, at)) if function else []
        if any(each.table != self.name for each in changes):
            raise TypeError(f"{self.name}: its function for {at.type} changes another table")
        return changes

    def put(self, row: R) -> Change:
        """The whole row, new or in place of the one with its key."""
        return Change("put", self.name, {name: getattr(row, name) for name in self.columns})

    def merge(self, **values: Any) -> Change:
        """These columns of the row with this key, which is made if it is not there."""
        return self._change("put", values)

    def change(self, **values: Any) -> Change:
        """These columns of the row with this key; nothing if it is not there."""
        return self._change("change", values)

    def drop(self, **key: Any) -> Change:
        return self._change("drop", key)

    def step(self, then: Then, **key: Any) -> RowStep:
        """The row with this key by what it was, where the event alone does not say it: a total, or
        where something stood before. `then` puts the whole row or drops it (decision 51). Raises
        TypeError for a key that is not the table's.
        """
        if key.keys() != set(self.key):
            raise TypeError(f"{self.name}: a step with {sorted(key)} for its key")
        return RowStep(self.name, key, then)

    def _change(self, action: Literal["put", "change", "drop"], values: dict[str, Any]) -> Change:
        self._knows(tuple(values))
        if missing := set(self.key) - values.keys():
            raise TypeError(f"{self.name}: {action} without {sorted(missing)} of its key")
        return Change(action, self.name, values)

    def _knows(self, names: tuple[str, ...]) -> None:
        if unknown := set(names) - self.columns.keys():
            raise TypeError(f"{self.name} has no column {sorted(unknown)}")

    @property
    def sql(self) -> str:
        """What creates it, in an empty schema."""
        lines = [f"    {name} {type}" for name, type in self.columns.items()]
        lines.append(f"    PRIMARY KEY ({', '.join(self.key)})")
        made = f"CREATE TABLE {self.name} (\n" + ",\n".join(lines) + "\n);\n"
        return made + "".join(
            f"CREATE INDEX {name} ON {self.name} {on};\n" for name, on in self.indexes.items()
        )
