"""The status of filings in a list, as the events of their subject say it; the same for every list
of filings, whether the events are one's own or a neighbour's contracts.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.filing.filing import Status

AFTER = {
    "FilingReviewOpened": Status.REVIEWING,
    "FilingWithdrawn": Status.WITHDRAWN,
    "FilingReturned": Status.RETURNED,
    "FilingApproved": Status.APPROVED,
    "FilingRejected": Status.REJECTED,
    "FilingSuperseded": Status.SUPERSEDED,
    "FilingVoided": Status.VOID,
}
DECIDED = frozenset({Status.RETURNED, Status.APPROVED, Status.REJECTED})


def as_told(status: str) -> str:
    """To the authority, a filing that was withdrawn stays so until it is sent again."""
    return Status.WITHDRAWN if status == Status.SAVED else status


def wanted_status(status: str | None, *, only_sent: bool) -> tuple[str, Any]:
    """The condition on a list's rows for this status; `only_sent`: as the authority is told."""
    if not only_sent or status not in (Status.SAVED, Status.WITHDRAWN):
        return "status", status
    told = [Status.SAVED, Status.WITHDRAWN] if status == Status.WITHDRAWN else []
    return "r.status = ANY ({}::text[])", told


def follow_statuses(filings: ReadModel[Any], events: Any, key: str = "id") -> None:
    """Gives the list its functions for what happens to a filing after it was sent. `events`: what
    holds them by name, an aggregate or a module of contracts; `key`: the list's column of the
    filing. `decided_at` and `filed_version` are kept where the list has them.
    """
    for name, status in AFTER.items():
        filings.on(getattr(events, name))(partial(_becomes, filings, key, status))


def _becomes(
    filings: ReadModel[Any], key: str, status: Status, e: Any, _: StoredEvent
) -> Iterator[Change]:
    values = {key: e.filing, "status": status}
    if status in DECIDED and "decided_at" in filings.columns:
        values["decided_at"] = e.act.at
    if status is Status.APPROVED and "filed_version" in filings.columns:
        values["filed_version"] = e.filed_version
    yield filings.change(**values)
