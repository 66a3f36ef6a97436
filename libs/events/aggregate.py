"""Aggregates of the eventsourcing library, with frozen pydantic models for events, each said once.

    class FilingVoided(Aggregate.Event):
        filing: UUID

    def void_filing(self, act: Act, filing: UUID) -> None:
        refuse(self.findings_before_voiding(filing))
        self.record(self.FilingVoided(act=act, filing=filing))

    @evolves(FilingVoided)
    def _filing_voided(self, e: FilingVoided) -> None:
        self.filings[e.filing] = self.filings[e.filing].voided()

A decision checks and records the event object; the method marked `@evolves` takes it whole and
changes the state. Nothing else changes it, so replaying the stream gives the same state.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID

from eventsourcing.domain import BaseAggregate, CanInitAggregate, CanMutateAggregate
from pydantic import Field

from libs.events.value import Act, Value


def stored_name(cls: type) -> str:
    """`enterprise.Enterprise.FilingSent`: service, aggregate, event. Stored for ever, so it
    outlives any move inside the service (decision 9). Raises TypeError for a class of a module
    without a folder.
    """
    folder, _, rest = cls.__module__.partition(".")
    if not rest:
        raise TypeError(
            f"{folder}.{cls.__qualname__} has no stored name: its module is in no folder"
        )
    return f"{rest.partition('.')[0]}.{cls.__qualname__}"


class DomainEvent(Value):
    TOPIC: ClassVar[str]
    SCHEMA: ClassVar[int] = 1  # number of the contract; fields are only ever added, with a default

    # these three are stamps: where the event stands, not what it says
    originator_id: UUID = UUID(int=0)
    originator_version: int = 0
    timestamp: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    act: Act

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        cls.TOPIC = stored_name(cls)

    def stamp(self, stream: UUID, version: int) -> None:
        """Says where the event stands, once, before anybody else sees it."""
        self.__dict__.update(
            originator_id=stream, originator_version=version, timestamp=self.act.at
        )


class Aggregate(BaseAggregate[UUID]):
    TOPIC: ClassVar[str]
    EVOLVE: ClassVar[dict[type, Callable[[Any, Any], None]]] = {}

    class Event(DomainEvent, CanMutateAggregate[UUID]):
        def apply(self, aggregate: Any) -> None:
            aggregate.EVOLVE[type(self)](aggregate, self)

    class Created(Event, CanInitAggregate[UUID]):
        originator_topic: str = Field(default="")

        def stamp(self, stream: UUID, version: int) -> None:
            super().stamp(stream, version)
            self.__dict__["originator_topic"] = self.TOPIC.rpartition(".")[0]

    @classmethod
    def begin(cls, stream: UUID, first: "Aggregate.Created") -> Self:
        """A new stream with its first event, which waits to be appended."""
        first.stamp(stream, 1)
        begun: Any = first.mutate(None)
        begun.pending_events.append(first)
        return begun  # type: ignore[no-any-return]

    def record(self, event: "Aggregate.Event") -> None:
        """It has happened: the state follows at once, and the event waits to be appended."""
        event.stamp(self.id, self.version + 1)
        event.mutate(self)
        self.pending_events.append(event)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Every event of its own has exactly one method that evolves it, else TypeError. (The
        library makes a subclass of each event class, also of those that a base brings.)
        """
        cls.TOPIC = stored_name(cls)
        super().__init_subclass__(**kwargs)
        evolving: dict[type, Callable[[Any, Any], None]] = {}
        for method in vars(cls).values():
            if kind := getattr(method, "evolves", None):
                if kind in evolving:
                    raise TypeError(f"{cls.__name__} has two methods that evolve {kind.__name__}")
                evolving[kind] = method
        cls.EVOLVE = cls.EVOLVE | evolving
        for kind in events_of(cls):
            base = next((each for each in kind.__mro__ if each in cls.EVOLVE), None)
            if base is None:
                raise TypeError(f"{cls.__name__} has no method that evolves {kind.__name__}")
            cls.EVOLVE[kind] = cls.EVOLVE[base]

    def collect_events(self) -> list["Aggregate.Event"]:
        return [event for event in super().collect_events() if isinstance(event, Aggregate.Event)]

    @property
    def owner(self) -> UUID:
        """The record key on the topic, which never changes: the enterprise, the office, or a fixed
        id. Raises NotImplementedError unless a subclass says it.
        """
        raise NotImplementedError(f"{type(self).__name__} does not say who owns it")


STAMPS = set(Aggregate.Created.model_fields) - {"act"}
A = TypeVar("A", bound=Aggregate)
E = TypeVar("E", bound=DomainEvent)


def evolves(kind: type[E]) -> Callable[[Callable[[A, E], None]], Callable[[A, E], None]]:
    """Marks the method that changes the state for this event. No rules in it: history must always
    replay.
    """

    def mark(method: Callable[[A, E], None]) -> Callable[[A, E], None]:
        method.evolves = kind  # type: ignore[attr-defined]
        return method

    return mark


def events_of(kind: type[Aggregate]) -> list[type[DomainEvent]]:
    """The event classes of its own, without the two bases that the library makes for every
    aggregate.
    """
    members = (member for name, member in vars(kind).items() if name not in ("Event", "Created"))
    return [each for each in members if isinstance(each, type) and issubclass(each, DomainEvent)]


def types_of(*kinds: type[Aggregate]) -> tuple[str, ...]:
    """The stored types of all events of these aggregates, in alphabetical order."""
    return tuple(sorted(each.TOPIC for kind in kinds for each in events_of(kind)))
