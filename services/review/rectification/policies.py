"""Because an enterprise reported what it mended, what it has now is told by the assessment."""

from libs.events.application import UnitOfWork
from libs.events.records import StoredEvent
from libs.published import assessment
from services.review.cases import policies as cases
from services.review.cases.domain.judgement import Qualification
from services.review.rectification.domain import Counted, MeasuredItem, Measurement, Rectification

records = cases.records  # of one reader, after its case has heard


@records.on(assessment.AssessmentInRecheck)
async def measured(work: UnitOfWork, fact: assessment.AssessmentInRecheck, at: StoredEvent) -> None:
    """The numbers of the re-check 整改复核."""
    found = await work.find(Rectification, Rectification.create_id(at.stream))
    if found and fact.measured:
        found.measure(work.act, _measurement(fact.measured))


def _measurement(told: assessment.Measured) -> Measurement:
    items = tuple(_item(each) for each in told.proposal.per_item)
    return Measurement(on=told.on, items=items, net_assets_wan=told.net_assets_wan)


def _item(judged: assessment.Judged) -> MeasuredItem:
    return MeasuredItem(
        qualification=Qualification(**dict(judged.item)),
        registered=_counted(judged.registered),
        professionals=_counted(judged.professionals),
    )


def _counted(tally: assessment.Tally | None) -> Counted | None:
    return Counted(need=tally.slots, have=tally.filled) if tally else None
