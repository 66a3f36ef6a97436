"""Two services in one process under a clock of their own: what each does next, what gets lost and
who dies is drawn from one seed, so that a seed is a story that can be told again.

Readers follow when it pleases the seed, one at a time; a service has two processes on one log, each
with what it remembers; an answer may be lost after its append, or the append itself before it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

from libs.chassis.in_memory import ServiceInMemory, Setting, connected
from libs.chassis.in_memory.proving import Proving
from libs.chassis.in_memory.setting import MemoryClock
from libs.events.append import Appended
from libs.events.application import Command
from libs.events.commands import Done, UseCase
from libs.events.errors import NotFound, Unavailable, VersionMismatch
from libs.events.keyring import MemoryKeyRing
from libs.events.records import NewUnit, StoredEvent
from libs.events.refusal import Refused
from libs.events.testing.log import MemoryLog
from libs.events.value import Act, Actor
from tests.in_memory.answers import ANSWERS
from tests.in_memory.installation import service
from tests.seeded import SeededIds

PROCESSES = 2  # of each service
NAMES = ("enterprise", "review")
ANSWERED = (Refused, VersionMismatch, NotFound)  # what a caller can do something about


@dataclass(frozen=True)
class Beginning:
    """Where every story begins: the logs of services that have worked for a while."""

    logs: Mapping[str, Sequence[StoredEvent]]
    keys: MemoryKeyRing
    clock: MemoryClock
    enterprises: Sequence[UUID]


class MortalLog(MemoryLog):
    """`fault`: of the next append. `before`: it is not made; `after`: it is, and nobody hears."""

    fault = ""

    async def append(self, unit: NewUnit) -> Appended:
        fault, self.fault = self.fault, ""
        if fault == "before":
            raise Unavailable("log", "an append")
        done = await super().append(unit)
        if fault == "after":
            raise Unavailable("log", "an append")
        return done


@dataclass
class Kept:
    """A command that was carried out, as its caller may send it again."""

    service: str
    use_case: UseCase[Any, Any]
    command: Command
    arguments: tuple[Any, ...]
    done: Done[Any]


@dataclass
class World:
    seed: int
    beginning: Beginning
    told: list[str] = field(default_factory=list)  # the story, a line a step
    kept: list[Kept] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.ids = SeededIds(self.random)
        self.clock = MemoryClock(self.beginning.clock.at)
        setting = Setting(self.clock, self.beginning.keys)
        self.services = {name: self._begun(name, setting) for name in NAMES}
        connected(*self.services.values())
        self.processes = {name: [self._process(name) for _ in range(PROCESSES)] for name in NAMES}

    def _begun(self, name: str, setting: Setting) -> ServiceInMemory:
        made = ServiceInMemory(service(name), setting, ANSWERS[name])
        log = MortalLog(self.clock)
        log.restore(self.beginning.logs[name])
        made.log = made.topics[name] = made.application.log = log
        made.ids = made.application.ids = made.application.codec._ids = self.ids
        return made

    def _process(self, name: str) -> Proving:
        one = self.services[name]
        return Proving(one.log, one.keyring, self.ids, one.service.references, one.pool)

    def log(self, name: str) -> MortalLog:
        log = self.services[name].log
        assert isinstance(log, MortalLog)
        return log

    def tell(self, line: str) -> None:
        self.told.append(f"{self.clock.at:%m-%d %H:%M} {line}")

    # What happens by itself

    async def follow(self) -> None:
        """One reader of those that are behind takes the next few facts."""
        behind = [
            (one, reader)
            for one in self.services.values()
            for reader in one.service.readers
            if one.is_behind(reader)
        ]
        if behind:
            one, reader = self.random.choice(behind)
            count = await one.advance(reader, self.random.randint(1, 3))
            self.tell(f"{reader.name} takes {count}")

    async def restart(self) -> None:
        """A process ends, and another begins that remembers nothing."""
        name, place = self.random.choice(NAMES), self.random.randrange(PROCESSES)
        self.processes[name][place].must_replay()
        self.processes[name][place] = self._process(name)
        self.tell(f"{name} {place} starts again")

    async def pass_time(self) -> None:
        self.clock.at += timedelta(minutes=self.random.choice((1, 60, 60 * 24, 60 * 24 * 4)))

    async def settle(self) -> None:
        """Until everybody has heard everything."""
        while any([await each.follow() for each in self.services.values()]):
            pass
        for name in NAMES:
            for each in (self.services[name].application, *self.processes[name]):
                each.must_replay()

    # What somebody does

    def act(self, by: Actor) -> Act:
        return Act(by=by, at=self.clock.now())

    def command(self, by: Actor, expected: int | None = None) -> Command:
        """`expected`: If-Match."""
        versions = None if expected is None else frozenset({expected})
        return Command(self.act(by), self.ids.new(), b"the same body", versions)

    async def ask(
        self, name: str, use_case: UseCase[Any, Any], command: Command, *arguments: Any
    ) -> Any:
        """What a command came to, by whichever process; None: it was refused. A caller who hears
        nothing asks again, and again.
        """
        self.log(name).fault = self.random.choice(("", "", "", "", "before", "after"))
        while True:
            application = self.random.choice(self.processes[name])
            try:
                done = await use_case(application, command, *arguments)
            except Unavailable:
                self.tell(f"  {use_case.name}: no answer")
                continue
            except ANSWERED as refusal:
                self.tell(f"  {use_case.name}: {type(refusal).__name__} {refusal}"[:160])
                return None
            finally:
                self.log(name).fault = ""
            self.tell(f"  {use_case.name}: version {done.version} at {done.position}")
            if done.position:
                self.kept.append(Kept(name, use_case, command, arguments, done))
            return done.aggregate

    async def repeat(self) -> None:
        """A caller sends again what was carried out: the answer is the first one."""
        if not self.kept:
            return
        kept = self.random.choice(self.kept)
        application = self.random.choice(self.processes[kept.service])
        again = await kept.use_case(application, kept.command, *kept.arguments)
        self.tell(f"  {kept.use_case.name}: again")
        assert (again.version, again.position) == (kept.done.version, kept.done.position)
        assert again.aggregate.id == kept.done.aggregate.id
