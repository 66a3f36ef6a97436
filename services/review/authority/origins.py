"""Which decisions of a case came from the topic: a claim on each of their Decided events."""

from uuid import UUID

from libs.events import claims
from libs.events.application import UnitOfWork
from services.review.authority.domain.decision import AuthorityDecision
from services.review.cases.domain.case import Case

KIND = "authority_decision"  # of the claims; stored


async def keep(work: UnitOfWork, case: Case, decision: AuthorityDecision) -> None:
    """The case was just decided by this decision."""
    version = next(
        each.originator_version
        for each in reversed(case.pending_events)
        if isinstance(each, Case.Decided)
    )
    holder = claims.Holder(enterprise=case.owner, subject=decision.id)
    await claims.take(work, KIND, _key(case.id, version), case.owner, holder)


async def of(work: UnitOfWork, case: UUID, version: int) -> AuthorityDecision | None:
    """The decision that the case's Decided event of this version came from; None: one of the
    portal's.
    """
    holder = await claims.holder(work, KIND, _key(case, version))
    return await work.load(AuthorityDecision, holder.subject) if holder else None


def _key(case: UUID, version: int) -> str:
    return f"{case}/{version}"
