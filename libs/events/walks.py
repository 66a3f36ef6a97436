"""Orders in which lists of any length are read, a page at a time along an index.

    BY_NUMBER = Walk("filings", ("filing_no",), by=(("person",), ("enterprise",)))
    filings = ReadModel("filings", FilingRow, walks=[BY_NUMBER])

    wanted = [("enterprise", enterprise), ("r.round > {}", 0)]
    found = await select_page(pool, FilingRow, BY_NUMBER, wanted, after, limit)

Whatever is wanted, a page looks at no more than `ROWS` rows of the list (decision 44). Where few of
those are what is wanted, it is short, and says how far it has looked (libs/events/queries.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

ROWS = 2000  # that a page looks at
Place = tuple[Any, ...]  # values of an order's columns
# a column and its value, or a condition on a row `r` with the value for its `{}`; None: any
Wanted = Iterable[tuple[str, Any]]


@dataclass(frozen=True)
class Walk:
    """One order of one read model's rows. `order`: its columns, which tell every two rows apart;
    `by`: columns by which it is narrowed. There is an index for each, and the first whose columns
    are all wanted is walked. `called`: in the names of its indexes, where a read model has several.
    """

    table: str
    order: tuple[str, ...]
    by: tuple[tuple[str, ...], ...] = ()
    key: tuple[str, ...] = ("id",)  # of the read model
    newest_first: bool = False
    called: str = ""

    @property
    def indexes(self) -> dict[str, str]:
        """By name, what follows ON the table. The key has its own already."""
        begins = f"{self.table}_{self.called}" if self.called else self.table
        whole = {} if self.order == self.key else {f"{begins}_in_order": self.order}
        narrow = {f"{begins}_by_{'_and_'.join(by)}": by + self.order for by in self.by}
        return {name: f"({', '.join(columns)})" for name, columns in (whole | narrow).items()}

    @property
    def sorted(self) -> str:
        return ", ".join(f"r.{column}{' DESC' * self.newest_first}" for column in self.order)

    def index(self, columns: Iterable[str]) -> tuple[str, ...]:
        """Those of these columns by which an index leads to the rows."""
        wanted, leading = set(columns), (self.key[:1], self.order[:1], *self.by)
        return next((each for each in leading if set(each) <= wanted), ())


@dataclass
class Asked:
    """Conditions on the rows of a walk, with their arguments from `$1` on: those that an index
    serves, and the others.
    """

    walk: Walk
    arguments: list[Any] = field(default_factory=list)
    served: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    _served: int = 0  # arguments

    @classmethod
    def of(cls, walk: Walk, wanted: Wanted, after: Place | None) -> "Asked":
        asked, given = cls(walk), [each for each in wanted if each[1] is not None]
        index = walk.index(name for name, _ in given)
        if after is not None:
            asked.served.append(asked._beyond(after))
        asked.served += [asked._condition(*each) for each in given if each[0] in index]
        asked._served = len(asked.arguments)
        asked.others += [asked._condition(*each) for each in given if each[0] not in index]
        return asked

    def rows(self, limit: int) -> str:
        """The rows, as SQL for what follows FROM."""
        walked = self._walked("*")
        if self.others:
            among = f"({walked} LIMIT {ROWS}) AS r{_where(self.others)}"
            walked = f"SELECT * FROM {among} ORDER BY {self.walk.sorted}"
        return f"({walked} LIMIT {limit}) AS r"

    def end(self) -> tuple[str, Sequence[Any]]:
        """The question for the place of the last row that was looked at, which has no answer where
        the list ends before it.
        """
        columns = ", ".join(self.walk.order)
        last = f"{self._walked(columns)} OFFSET {ROWS - 1} LIMIT 1"
        return last, self.arguments[: self._served]

    def _walked(self, columns: str) -> str:
        where = _where(self.served)
        return f"SELECT {columns} FROM {self.walk.table} AS r{where} ORDER BY {self.walk.sorted}"

    def _beyond(self, place: Place) -> str:
        columns = ", ".join(f"r.{column}" for column in self.walk.order)
        sign = "<" if self.walk.newest_first else ">"
        return f"({columns}) {sign} ({', '.join(self.parameter(each) for each in place)})"

    def _condition(self, name: str, value: Any) -> str:
        condition = name if "{" in name else f"r.{name} = {{}}"
        return condition.format(self.parameter(value))

    def parameter(self, value: Any) -> str:
        self.arguments.append(value)
        return f"${len(self.arguments)}"


def _where(conditions: Sequence[str]) -> str:
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""
