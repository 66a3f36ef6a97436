"""Commands of cases 审核件: opened, handed on, decided, visited, kept out of, lapsed."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from libs.events.application import UnitOfWork
from libs.events.commands import changes, use_case
from libs.events.refusal import Finding, Refused, refuse
from libs.filing.filing import Decision, ReturnedItem, Reviewed
from services.review.cases.domain import deadlines, handing, lapsing, reviewing, visiting
from services.review.cases.domain.case import Case


@dataclass(frozen=True)
class Opinion:
    """What an officer decides on one case, and exactly what they saw."""

    case: UUID
    decision: Decision
    round: int
    reviewed: Reviewed
    items: tuple[ReturnedItem, ...] = ()
    comment: str = ""


open_case = changes(Case, reviewing.take, action="take")
release_case = changes(Case, handing.release, action="release")
assign_case = changes(Case, handing.assign, action="assign")
record_onsite = changes(Case, visiting.record_onsite, action="minutes")
declare_interest = changes(Case, Case.declare_interest, action=None)


@use_case()
async def decide(work: UnitOfWork, opinions: Sequence[Opinion], *, several: bool = False) -> Case:
    """One event a case; several cases in one command are decided together or not at all, and what
    stands against any of them is told below its place, `/cases/1`. The case offers it under the
    name of each decision.
    """
    against: list[Finding] = []
    decided: list[Case] = []
    for place, opinion in enumerate(opinions):
        try:
            decided.append(await _decided(work, opinion))
        except Refused as refused:
            at = f"/cases/{place}" if several else ""
            against += (
                each.model_copy(update={"pointer": f"{at}{each.pointer}"})
                for each in refused.findings
            )
    refuse(against)
    return decided[-1]


async def _decided(work: UnitOfWork, opinion: Opinion) -> Case:
    case = await work.load(Case, opinion.case)
    reviewing.decide(
        case,
        work.act,
        opinion.decision,
        opinion.round,
        opinion.reviewed,
        items=opinion.items,
        comment=opinion.comment,
    )
    return case


@use_case(action="lapse")
async def lapse(work: UnitOfWork, id: UUID) -> Case:
    """终止补正."""
    case = await work.target(Case, id)
    lapsing.lapse(case, work.act, deadlines.for_record(case.level, work.act.today))
    return case
