"""What a log that was restored from an old copy has lost, and how it comes back from its topic."""

from collections.abc import Sequence
from uuid import UUID

from deploy.embedded.process import StackError
from deploy.installation.differences import first_difference
from libs.chassis.service.runtime import Runtime
from libs.events.envelope import topic_of
from libs.events.pools import Connection
from libs.events.records import StoredEvent
from libs.events.relay import lost_tail
from libs.events.store import COLUMNS

# the lock of log.sql's append: nobody else appends meanwhile
APPEND_LOCK = "SELECT pg_advisory_xact_lock(4157)"
REACTED = "INSERT INTO reacted VALUES ($1) ON CONFLICT DO NOTHING"
# by a fingerprint that no request has
REFUSED = """
INSERT INTO commands (id, fingerprint, status, location, stream_id, version, position, recorded_at)
VALUES ($1, 'lost', 409, '', $2, $3, $4, $5) ON CONFLICT DO NOTHING
"""


async def lost(name: str, runtime: Runtime) -> list[StoredEvent]:
    """What the topic has beyond the log. Raises StackError where the two contradict."""
    head = await runtime.log.head()
    found = await lost_tail(runtime.log, runtime.bus, name, runtime.verifier(name))
    if not found:
        return []
    if [event.position for event in found] != list(range(head + 1, head + 1 + len(found))):
        raise StackError(
            f"{topic_of(name)} 在位置 {head} 之后有缺口：什么都没有改动，请从较新的备份恢复",
            f"{topic_of(name)} has a gap after position {head}: nothing was changed; restore "
            f"the log from a newer copy",
        )
    async with runtime.pool.acquire() as connection:
        # somebody wrote past the loss: only a person can decide
        if await first_difference(connection, runtime, name, head):
            raise StackError(
                f"{name}：日志与消息主题在位置 {head + 1} 之前不一致，什么都没有改动",
                f"{name}: log and topic contradict each other before position {head + 1}; "
                f"nothing was changed",
            )
    return found


async def bring_back(connection: Connection, events: Sequence[StoredEvent]) -> None:
    """All or nothing, byte for byte. Its relay, which compares them again, then opens the log. What
    was said because of a fact is not said again by a reader whose row is older, and a command that
    is repeated is refused: what it was answered is lost.
    """
    rows = [
        (e.position, e.stream, e.version, e.type, e.owner, e.data, e.meta, e.recorded_at)
        for e in events
    ]
    causes = {UUID(cause) for each in events if (cause := each.metadata["causation"])}
    commands = {
        UUID(command): (each.stream, each.version, each.position, each.recorded_at)
        for each in events
        if (command := each.metadata["command"])
    }
    async with connection.transaction():
        await connection.execute(APPEND_LOCK)
        await connection.executemany(
            f"INSERT INTO events ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", rows
        )
        await connection.executemany(REACTED, [(each,) for each in causes])
        await connection.executemany(REFUSED, [(id, *last) for id, last in commands.items()])
