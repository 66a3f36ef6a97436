"""After every append: the streams replayed from their stored bytes are the aggregates that were
handed back, for answers are rendered from those.
"""

from collections.abc import Sequence
from typing import Any

from libs.events.aggregate import Aggregate
from libs.events.application import Application, Codec, Saved, UnitOfWork


class Proving(Application):
    """The application of a service in memory. A difference is kept, not raised: a command takes
    what is raised after its append for a reason to look whether it was carried out.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.differences: list[str] = []

    async def save(self, work: UnitOfWork, about: Aggregate) -> Saved:
        changed = work.changed
        saved = await super().save(work, about)
        await self.prove(changed)
        return saved

    async def prove(self, changed: Sequence[Aggregate]) -> None:
        """Compares each with what its bytes make, replayed now or kept since an earlier replay."""
        bytes_only = Codec(self.keyring, self.ids, {})  # without what is kept of earlier events
        for each in changed:
            records = await self.log.stream(each.id)
            kept, decoded = await self.codec.decode(records), await bytes_only.decode(records)
            self.differences += [a.TOPIC for a, b in zip(kept, decoded, strict=True) if a != b]
            replayed = await bytes_only.replay(records)
            for other in (replayed, await self.read(type(each), each.id)):
                self.differences += [
                    f"{type(each).__name__}.{name}" for name in unlike(each, other)
                ]

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
