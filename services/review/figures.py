"""What of the authority's work stands still, as figures."""

from collections.abc import Sequence
from datetime import timedelta

from libs.chassis.process.metrics import Figure, Kind, Measure
from libs.chassis.service.resources import Resources
from services.review.cases import lists as case_lists

EFFECT_WITHIN = timedelta(seconds=60)  # of the decision; later it is counted
WITHOUT_EFFECT = Measure(
    "kaohe_review_decisions_without_effect",
    Kind.GAUGE,
    "Cases decided more than a minute ago whose owner has not said that it took effect; "
    "1000 at most are counted",
)
MEASURES = (WITHOUT_EFFECT,)


async def without_effect(the: Resources) -> int:
    return await case_lists.without_effect(the.pool, the.clock.now() - EFFECT_WITHIN)


async def figures(the: Resources) -> Sequence[Figure]:
    return [Figure(WITHOUT_EFFECT, await without_effect(the))]
