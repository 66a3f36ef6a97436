"""The answer of `:check`: what the rules say now, and what may be done next. Nothing is written."""

from collections.abc import Iterable, Mapping, Sequence

from pydantic import BaseModel, Field

from libs.chassis.ports.ports import Catalogue
from libs.chassis.problems.handlers import FindingItem, finding_items
from libs.chassis.problems.problem import ProblemItem
from libs.events.refusal import Finding


class AllowedAction(BaseModel):
    action: str = Field(examples=["send"])
    allowed: bool
    reasons: list[ProblemItem] = Field(default=[], description="Why not")


class Checked(BaseModel):
    findings: list[FindingItem]
    allowed_actions: list[AllowedAction]


def checked(
    findings: Iterable[Finding],
    actions: Mapping[str, Sequence[Finding]],
    texts: Catalogue,
    acknowledged: Iterable[str] = (),
) -> Checked:
    """`actions`: for each, what stands against it; only what blocks forbids."""
    return Checked(
        findings=finding_items(findings, texts, acknowledged),
        allowed_actions=allowed_actions(actions, texts),
    )


def allowed_actions(
    actions: Mapping[str, Sequence[Finding]], texts: Catalogue
) -> list[AllowedAction]:
    return [
        _allowed(action, [each for each in against if each.severity.blocks], texts)
        for action, against in actions.items()
    ]


def _allowed(action: str, against: Sequence[Finding], texts: Catalogue) -> AllowedAction:
    reasons = [
        ProblemItem(**item.model_dump(exclude={"acknowledged"}))
        for item in finding_items(against, texts)
    ]
    return AllowedAction(action=action, allowed=not reasons, reasons=reasons)
