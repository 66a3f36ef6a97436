"""Because of what became of a case's decision, its issuer gets a second receipt."""

from libs.events.application import UnitOfWork
from libs.events.policy import Policy
from libs.events.records import StoredEvent
from services.review.authority import origins
from services.review.cases.domain.case import Case

effects = Policy("review.authority-effects")


@effects.on(Case.DecisionTookEffect)
async def took_effect(work: UnitOfWork, fact: Case.DecisionTookEffect, at: StoredEvent) -> None:
    await _hear(work, at, applied=True)


@effects.on(Case.DecisionHadNoEffect)
async def had_no_effect(work: UnitOfWork, fact: Case.DecisionHadNoEffect, at: StoredEvent) -> None:
    await _hear(work, at, applied=False)


async def _hear(work: UnitOfWork, at: StoredEvent, *, applied: bool) -> None:
    """If the last decision before came from the topic."""
    for version in range(at.version - 1, 0, -1):
        event = await work.recorded(at.stream, version)
        if event and event.type == Case.Decided.TOPIC:
            if decision := await origins.of(work, at.stream, version):
                decision.hear(work.act, applied=applied)
            return
