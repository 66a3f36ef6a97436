"""A decision of the authority on a filing, as review published it."""

from collections.abc import Iterable

from libs.events.records import StoredEvent
from libs.filing.filing import ReturnedItem
from libs.published import review


def is_as_sent(sent: StoredEvent | None, reviewed: review.Reviewed) -> bool:
    """Whether the reviewer decided on exactly this event: its position and bytes (decision 5)."""
    if sent is None:
        return False
    return (sent.position, sent.data_sha256) == (reviewed.position, reviewed.data_sha256)


def returned_items(items: Iterable[review.Item]) -> tuple[ReturnedItem, ...]:
    """The points that the reviewer sends back, none of them answered yet."""
    return tuple(
        ReturnedItem(pointer=each.pointer, reason=each.reason, text=each.text) for each in items
    )
