"""The eventsourcing library's aggregate, with frozen pydantic models for events."""

from datetime import UTC, datetime
from inspect import signature
from typing import Any, ClassVar, Self
from uuid import UUID

from eventsourcing.domain import (
    BaseAggregate,
    CanInitAggregate,
    CanMutateAggregate,
    decorated_funcs,
)
from pydantic import Field

from libs.events.value import Act, Value


def stored_name(cls: type) -> str:
    """`enterprise.Enterprise.FilingSent`: service, aggregate, event. Stored for ever, so it
    outlives any move inside the service.
    """
    return f"{cls.__module__.split('.')[1]}.{cls.__qualname__}"


class DomainEvent(Value):
    TOPIC: ClassVar[str]
    # number of the contract; fields are only ever added, each with a default
    SCHEMA: ClassVar[int] = 1

    # these three are stamps: where the event stands, not what it says
    originator_id: UUID = UUID(int=0)
    originator_version: int = 0
    timestamp: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    act: Act

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        cls.TOPIC = stored_name(cls)


class Aggregate(BaseAggregate[UUID]):
    TOPIC: ClassVar[str]

    class Event(DomainEvent, CanMutateAggregate[UUID]):
        pass

    class Created(Event, CanInitAggregate[UUID]):
        originator_topic: str = Field(default="")

    def __init_subclass__(cls, **kwargs: Any) -> None:
        cls.TOPIC = stored_name(cls)
        super().__init_subclass__(**kwargs)
        for name, member in vars(cls).items():
            if kind := getattr(member, "given_event_cls", None):
                said, meant = (
                    set(kind.model_fields) - STAMPS,
                    set(signature(member.decorated_func).parameters) - {"self"},
                )
                if said != meant:
                    raise TypeError(
                        f"{cls.__name__}.{name} and {kind.__name__} differ in "
                        f"{sorted(said ^ meant)}"
                    )
        # an event of a shared base is each subclass's own, under its own stored name
        for kind in vars(cls).values():
            is_event = (
                isinstance(kind, type)
                and issubclass(kind, DomainEvent)
                and kind not in decorated_funcs
            )
            if is_event and (
                inherited := next((base for base in kind.__mro__ if base in decorated_funcs), None)
            ):
                decorated_funcs[kind] = decorated_funcs[inherited]
        for kind in events_of(cls):  # of several functions with one name, only the last is there
            if not issubclass(kind, CanInitAggregate) and kind not in decorated_funcs:
                raise TypeError(f"{cls.__name__} has no function for {kind.__name__}")

    @classmethod
    def _create(cls, event_class: type[Any], **kwargs: Any) -> Self:
        return super()._create(event_class, timestamp=kwargs["act"].at, **kwargs)

    def trigger_event(self, event_class: type[Any], **kwargs: Any) -> None:
        event_class = getattr(type(self), event_class.__name__, event_class)
        super().trigger_event(event_class, timestamp=kwargs["act"].at, **kwargs)

    def collect_events(self) -> list["Aggregate.Event"]:
        return [event for event in super().collect_events() if isinstance(event, Aggregate.Event)]

    @property
    def owner(self) -> UUID:
        """Whose stream this is, for ever: the enterprise, the office, or a fixed id. It is the key
        of every record on the topic.
        """
        raise NotImplementedError(f"{type(self).__name__} does not say who owns it")


STAMPS = set(Aggregate.Created.model_fields) - {"act"}


def events_of(kind: type[Aggregate]) -> list[type[DomainEvent]]:
    """The event classes of its own, without the two bases that the library makes for every
    aggregate.
    """
    members = (member for name, member in vars(kind).items() if name not in ("Event", "Created"))
    return [each for each in members if isinstance(each, type) and issubclass(each, DomainEvent)]


def types_of(*kinds: type[Aggregate]) -> tuple[str, ...]:
    """The stored types of all events of these aggregates, in alphabetical order."""
    return tuple(sorted(each.TOPIC for kind in kinds for each in events_of(kind)))
