"""After every append: the streams replayed from their stored bytes are the aggregates that were
handed back, for answers are rendered from those.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from libs.events.aggregate import Aggregate
from libs.events.application import Application, Codec, Saved, UnitOfWork


class Proving(Application):
    """The application of a service in memory. A difference is kept, not raised: a command takes
    what is raised after its append for a reason to look whether it was carried out.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.differences: list[str] = []
        self._bytes_only = Codec(self.keyring, self.ids, {})  # without what is kept of events
        self._decoded: dict[UUID, list[Aggregate.Event]] = {}
        self._replayed_from_bytes: dict[UUID, Any] = {}

    async def save(self, work: UnitOfWork, about: Aggregate) -> Saved:
        changed = work.changed
        saved = await super().save(work, about)
        await self.prove(changed)
        return saved

    async def prove(self, changed: Sequence[Aggregate]) -> None:
        """Compares each, and its events as they are kept, with what its bytes make."""
        for each in changed:
            replayed, decoded = await self._from_bytes(each.id)
            kept = await self.codec.decode(await self.log.stream(each.id))
            self.differences += [a.TOPIC for a, b in zip(kept, decoded, strict=True) if a != b]
            for other in (replayed, await self.read(type(each), each.id)):
                self.differences += [
                    f"{type(each).__name__}.{name}" for name in unlike(each, other)
                ]

    async def _from_bytes(self, stream: UUID) -> tuple[Any, list[Aggregate.Event]]:
        """The stream replayed and decoded, each event once and for nobody else."""
        decoded = self._decoded.setdefault(stream, [])
        new = await self._bytes_only.decode(await self.log.stream(stream, after=len(decoded)))
        replayed = self._replayed_from_bytes.get(stream)
        for event in new:
            replayed = event.mutate(replayed)
        decoded += new
        self._replayed_from_bytes[stream] = replayed
        return replayed, decoded

    def must_replay(self) -> None:
        """Raises AssertionError if an aggregate differed from what its stored bytes make."""
        if found := sorted(set(self.differences)):
            self.differences = []
            raise AssertionError(f"the stored bytes say otherwise: {', '.join(found)}")


def unlike(one: Aggregate, other: Aggregate) -> list[str]:
    """The attributes in which they differ, events that wait aside."""
    a, b = vars(one), vars(other)
    names = sorted((a.keys() | b.keys()) - {"_pending_events"})
    return [name for name in names if name not in a or name not in b or a[name] != b[name]]
