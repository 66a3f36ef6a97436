"""What of the authority's work stands still, as figures."""

from collections.abc import Sequence

from libs.chassis.process.metrics import Figure, Kind, Measure
from libs.chassis.service.resources import Resources
from libs.events.value import SHANGHAI
from libs.filing.worklist import Today
from services.review import overdue
from services.review.cases import lists as case_lists

WITHOUT_EFFECT = Measure(
    "kaohe_review_decisions_without_effect",
    Kind.GAUGE,
    "Cases decided more than a minute ago whose owner has not said that it took effect; "
    "1000 at most are counted",
)
ITEMS = Measure(
    "kaohe_review_due_items",
    Kind.GAUGE,
    "Open items by what is expected next and by their day: near (three working days at most), over "
    "(GET /overdue lists them); of each 2000 at most are counted",
    ("kind", "due"),
)
MEASURES = (WITHOUT_EFFECT, ITEMS)


async def without_effect(the: Resources) -> int:
    return await case_lists.without_effect(the.pool, the.clock.now() - overdue.EFFECT_WITHIN)


async def figures(the: Resources) -> Sequence[Figure]:
    now = the.clock.now()
    today = Today(now.astimezone(SHANGHAI).date())
    counts = await overdue.counts(the.pool, today, now)
    return [
        Figure(WITHOUT_EFFECT, await without_effect(the)),
        *(Figure(ITEMS, each.near, [kind, "near"]) for kind, each in counts.items()),
        *(Figure(ITEMS, each.over, [kind, "over"]) for kind, each in counts.items()),
    ]
