"""Why a command or a read ends without an answer; the HTTP status of each is the chassis's
business.
"""

from uuid import UUID


class KernelError(Exception):
    pass


class NotFound(KernelError):
    """No such stream, item or version; what belongs to somebody else is not found either."""


class Shredded(NotFound):
    """The subject's keys were deleted, and with them their personal data: there is no more."""


class VersionRequired(KernelError):
    """A change to an item without the version it was made from."""


class VersionMismatch(KernelError):
    """The item has moved on from the version the change was made from."""

    def __init__(self, current: int) -> None:
        super().__init__(f"current version is {current}")
        self.current = current


class KeyReused(KernelError):
    """The command id was used before, for another request."""


class Conflict(KernelError):
    """Optimistic concurrency: another writer was first. Load again and decide again; never replay
    the same writes.
    """

    def __init__(self, stream: UUID) -> None:
        super().__init__(f"stream {stream} has moved on")
        self.stream = stream


class Repeated(KernelError):
    """The unit's command id is in the log already; its answer is in the commands table."""


class NotAppended(KernelError):
    """Permanent rejection by the log: an event too large, or a stream that belongs to another
    owner.
    """


class TooLarge(NotAppended):
    """An event larger than the log takes: whoever asked can do with less."""


class Lost(KernelError):
    """An event names an object; the store has none, or has other bytes there. No later try will
    find it: an operator has to.
    """


class Unavailable(KernelError):
    """A dependency is gone or has not caught up; nothing was changed. Try again after `seconds`.
    Which dependency waited for what goes to the log: neither quotes what a person typed.
    """

    def __init__(self, dependency: str, waited_for: str, seconds: int = 1) -> None:
        super().__init__(f"{dependency}: {waited_for}")
        self.dependency, self.waited_for, self.seconds = dependency, waited_for, seconds
