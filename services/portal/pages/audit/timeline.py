"""时间线: a stream's events with old and new values, and what was known on two days."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Query, Response
from starlette.exceptions import HTTPException

from libs.events.value import SHANGHAI
from services.portal.pages.audit import streams
from services.portal.render.labels import FormLabels
from services.portal.render.logged import LoggedEvent, changes, known, steps
from services.portal.web.visit import Signed, Visit

router = APIRouter()
SHOWN = 8  # changes of an event; all of them are on its own page
MOST = 200  # differences between two days
PAGE = 30  # events
TITLES = ("name", "enterprise_name", "record_no", "filing_no", "no", "title", "contract_no")


@router.get("/audit/{stream}")
async def timeline(
    visit: Signed,
    stream: str,
    service: str = "",
    before: int = 0,
    first: str = Query("", alias="from"),
    last: str = Query("", alias="to"),
) -> Response:
    """`before`: the version below which the page begins; `from`, `to`: two days."""
    id = streams.identifier(stream)
    events = await streams.of_stream(visit, id, service) if id else []
    if not events:
        raise HTTPException(404)
    words = await streams.labels(visit, events[0].service)
    earlier, later = _day(first), _day(last)
    lists = await visit.site.reference.lists(visit.api, "reporting_unit")
    return await visit.page(
        "audit/timeline.html",
        stream=stream,
        events=events,
        service=events[0].service,
        title=_title(events) or visit.happened(events[0].type),
        steps=_steps(visit, words, events, before),
        units=lists["reporting_unit"],
        names=await visit.names(*(each.user for each in events)),
        compared=_compared(visit, words, events, earlier, later) if earlier and later else None,
        days=(first, last),
        page=PAGE,
    )


def _steps(
    visit: Visit, words: FormLabels, events: Sequence[LoggedEvent], before: int
) -> list[dict[str, Any]]:
    """A page of them, newest first."""
    made = [each for each in steps(events) if not before or each[0].version < before]
    return [
        {
            "event": event,
            "changes": [streams.row(visit, words, each) for each in found[:SHOWN]],
            "count": len(found),
        }
        for event, found in reversed(made[-PAGE:])
    ]


def _compared(
    visit: Visit, words: FormLabels, events: Sequence[LoggedEvent], first: date, last: date
) -> dict[str, Any]:
    """What the log knew at the end of each day, where it differs."""
    was, then = ([e for e in events if day_of(e) <= each] for each in (first, last))
    found = changes(known(was), known(then))
    rows = [streams.row(visit, words, each) for each in found[:MOST]]
    return {"rows": rows, "count": len(found), "versions": (len(was), len(then))}


def day_of(event: LoggedEvent) -> date:
    """The day in Henan on which it was written down."""
    recorded = datetime.fromisoformat(event.recorded_at.replace("Z", "+00:00"))
    return recorded.astimezone(SHANGHAI).date()


def _title(events: Sequence[LoggedEvent]) -> str:
    """What it was called last; empty where nothing says so."""
    state: dict[str, Any] = {}
    for each in events:
        state |= each.payload
    named = (state.get(name) for name in TITLES)
    return next((each for each in named if isinstance(each, str) and each), "")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
