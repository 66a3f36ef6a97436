"""Commands as functions: each loads, looks up facts, decides and hands back what it is about; the
door through which it runs recognises repeats, decides again after a conflict, and appends.

    @use_case(action="send")
    async def send_filing(work: UnitOfWork, id: UUID, filing: UUID) -> Enterprise:
        enterprise = await work.target(Enterprise, id)
        enterprise.send_filing(work.act, filing, receipt_no(work, enterprise))
        return enterprise

    void_filing = changes(Enterprise, Enterprise.void_filing, action="discard")

    done = await void_filing(application, command, id, filing)
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar
from uuid import UUID

from libs.events.aggregate import Aggregate
from libs.events.application import Application, Command, UnitOfWork
from libs.events.errors import Conflict, Repeated, Unavailable
from libs.events.value import Act

A = TypeVar("A", bound=Aggregate)
P = ParamSpec("P")
TRIES = 8  # a conflict means that somebody else was first: decide again on what is there now


@dataclass(frozen=True)
class Done(Generic[A]):
    """What a command came to. Its answer is rendered from `aggregate`, which stands at `version`:
    the first time and every time the same.
    """

    aggregate: A
    version: int
    position: int
    status: int = 200
    location: str = ""
    replayed: bool = False


class UseCase(Generic[P, A]):
    """A command that can be run. `action`: the name under which the item's allowed actions offer
    it; None: it begins something, or is offered nowhere.
    """

    def __init__(
        self,
        decide: Callable[Concatenate[UnitOfWork, P], Awaitable[A]],
        name: str,
        action: str | None,
    ) -> None:
        self._decide, self.name, self.action = decide, name, action

    async def __call__(
        self, application: Application, command: Command, /, *args: P.args, **kwargs: P.kwargs
    ) -> Done[A]:
        """Carried out at once, tried again after a conflict, appended as one unit. Only one that
        was not appended is looked up: it may have been before, and a repeated sending is refused
        by its own rule, or changes nothing. What was decided from memory and is not proved by the
        append is decided again from the log. Raises Refused, NotFound, VersionMismatch, KeyReused,
        Conflict, Unavailable.
        """
        for attempt in range(TRIES):
            work = UnitOfWork(application, command, from_memory=attempt == 0)
            try:
                about = await self._decide(work, *args, **kwargs)
                if not work.expected():
                    if work.is_from_memory:
                        continue
                    if done := await self._repeated(application, command):
                        return done
                return await self._save(work, about)
            except Conflict as first:
                lost: Exception = first
            except Exception as error:
                if work.is_from_memory and not isinstance(error, Unavailable):
                    continue
                if isinstance(error.__cause__, TimeoutError):
                    raise  # nobody answered: whoever repeats it is told whether it stands
                if done := await self._repeated(application, command):
                    return done
                if not isinstance(error, Repeated):
                    raise
                lost = error
        raise lost

    async def within(self, work: UnitOfWork, /, *args: P.args, **kwargs: P.kwargs) -> A:
        """As a part of another command, in its unit of work."""
        return await self._decide(work, *args, **kwargs)

    async def _save(self, work: UnitOfWork, about: A) -> Done[A]:
        version = about.version
        saved = await work.application.save(work, about)
        stored: Any = about
        if not saved.as_given:
            stored = await work.application.standing(about.id, version)
        return Done(stored, version, saved.position, work.status, work.location)

    async def _repeated(self, application: Application, command: Command) -> Done[A] | None:
        first = await application.repeated(command)
        if first is None:
            return None
        about: Any = await application.standing(first.stream, first.version)
        return Done(
            about, first.version, first.position, first.status, first.location, replayed=True
        )


def use_case(
    *, action: str | None = None
) -> Callable[[Callable[Concatenate[UnitOfWork, P], Awaitable[A]]], UseCase[P, A]]:
    """Makes a command of a function that returns the aggregate the answer is about."""

    def make(decide: Callable[Concatenate[UnitOfWork, P], Awaitable[A]]) -> UseCase[P, A]:
        return UseCase(decide, decide.__name__, action)

    return make


def changes(
    kind: type[A], act: Callable[Concatenate[A, Act, P], None], *, action: str | None
) -> UseCase[Concatenate[UUID, P], A]:
    """A command that only does this act to one item: loaded, compared with If-Match where the
    request has one, and saved.
    """

    async def decide(work: UnitOfWork, id: UUID, /, *args: P.args, **kwargs: P.kwargs) -> A:
        item = await work.target(kind, id)
        act(item, work.act, *args, **kwargs)
        return item

    return UseCase(decide, act.__name__, action)
