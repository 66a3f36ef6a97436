"""Bugs planted in this process, to see the tests that are meant to find them fail. Each takes the
place of named functions of production, which has no trace of it (decision 23).

KAOHE_PLANTED names one, for pytest with `-p tests.conformance.plants` and for the members that its
tests start.
"""

import asyncio
import inspect
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from libs.events import application, kafka, reader, relay, store
from libs.filing import filing

VARIABLE = "KAOHE_PLANTED"


def pytest_load_initial_conftests() -> None:
    """Before anything else: whoever has imported a text keeps it as it was."""
    plant_what_is_named()


def plant_what_is_named() -> None:
    """In this process. Raises KeyError for a bug that nobody knows, and as `Plant.new`."""
    if bug := os.environ.get(VARIABLE):
        for each in PLANTS[bug]:
            setattr(each.owner, each.name, each.new())


@dataclass(frozen=True)
class Plant:
    owner: Any  # a module or a class
    name: str
    made_of: Callable[[Any], Any]  # what stands there

    def new(self) -> Any:
        """What takes its place. Raises LookupError if the name is gone, or what is looked for in a
        text; TypeError if the function is called in another way now.
        """
        old = vars(self.owner)[self.name]
        new = self.made_of(old)
        if inspect.isfunction(old) and parameters(old) != parameters(new):
            raise TypeError(f"{self.name} takes {parameters(old)} now, not {parameters(new)}")
        return new


def parameters(function: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(function).parameters)


def locking_as_it_reads(schema: str) -> str:
    """The lock is no statement of its own: what is read after it is as old as the statement."""
    lock, read = "    PERFORM pg_advisory_xact_lock(4157);\n", " INTO head, is_closed;"
    if (schema.count(lock), schema.count(read)) != (2, 1):
        raise LookupError("the log's SQL locks and reads in another way now")
    return schema.replace(lock, "").replace(
        read, " INTO head, is_closed FROM pg_advisory_xact_lock(4157);"
    )


def not_idempotent(producer: Any) -> Any:
    def make(**arguments: Any) -> Any:
        return producer(**arguments | {"enable_idempotence": False})

    return make


def not_awaited(publish: Any) -> Any:
    """The next batch goes out before this one is acknowledged."""

    async def _publish(self: Any, publisher: Any, events: Any, offset: int) -> int:
        task = asyncio.create_task(publish(self, publisher, events, offset))
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        self.published_position = events[-1].position
        return offset + len(events)

    return _publish


def after_its_offset(write_plan: Any) -> Any:
    """The reader's position is committed, and then what it stands for is written."""

    async def _write_plan(self: Any, connection: Any, plan: Any) -> None:
        await connection.execute("COMMIT; BEGIN")
        await write_plan(self, connection, plan)

    return _write_plan


def never_found(_: Any) -> Any:
    async def repeated(self: Any, command: Any) -> None:
        """Every command is new."""

    return repeated


def any_round(_: Any) -> Any:
    def awaits(self: Any, round: int) -> bool:
        """A decision takes effect whatever round it is about."""
        return True

    return awaits


PLANTS: Mapping[str, tuple[Plant, ...]] = {
    "lock and read in one": (Plant(store, "SCHEMA", locking_as_it_reads),),
    "overtaking batch": (
        Plant(kafka, "AIOKafkaProducer", not_idempotent),
        Plant(relay.Relay, "_publish", not_awaited),
    ),
    "offset first": (Plant(reader.Applier, "_write_plan", after_its_offset),),
    "no look-up": (Plant(application.Application, "repeated", never_found),),
    "stale round": (Plant(filing.Filing, "awaits", any_round),),
}
