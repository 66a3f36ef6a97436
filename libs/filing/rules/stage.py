"""Rules about stages of a project (group J), while the enterprise saves them. A saved stage is
what makes a project selectable.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from libs.events.refusal import Finding
from libs.events.texts import normal
from libs.filing import forms, reference
from libs.filing.catalogue import finding
from libs.filing.content.performance import Stage
from libs.filing.facts.projects import PersonHere
from libs.filing.rules import participants
from libs.filing.rules.contract import DESIGN, SURVEY
from libs.filing.rules.placeholder import applying

FINISHED = "2"  # code list `stage_status`
ORDERS = (("D1", "D2", "D3"), ("S0", "S1", "S2"))
LISTS = {DESIGN: ("stage_design",), SURVEY: ("stage_survey",)}
EITHER = ("stage_design", "stage_survey")


def before_saving(
    stage: Stage,
    others: Sequence[Stage],
    contract_type: str | None,
    here: Mapping[UUID, PersonHere],
    *,
    placeholder: bool,
) -> list[Finding]:
    """`others`: the other saved stages of the project; `here`: those of the participants that are
    persons of the enterprise.
    """
    people = [
        (each.person_id, f"/participants/{n}/person_id")
        for n, each in enumerate(stage.participants)
    ]
    found = [
        *e05(stage),
        *j04(stage, contract_type),
        *j05(stage),
        *j06(stage, others),
        *j07(stage, others),
        *participants.j09(stage),
        *(
            f
            for person, place in people
            for f in (
                *participants.j10a(person, here, place),
                *participants.j10b(person, here, place),
            )
        ),
        *participants.j11(stage, here),
        *participants.j12(stage, here),
        *participants.j16(stage),
    ]
    return applying(found, placeholder=placeholder)


def e05(stage: Stage) -> list[Finding]:
    return [*forms.missing("stage", stage), *participants.without_discipline(stage)]


def j04(stage: Stage, contract_type: str | None) -> list[Finding]:
    fits = stage.stage is None or any(
        stage.stage in reference.codes(name) for name in LISTS.get(contract_type or "", EITHER)
    )
    return [] if fits else [finding("J04", "/stage")]


def j05(stage: Stage) -> list[Finding]:
    if stage.finished_on is None:
        return [finding("J05", "/finished_on")] if stage.status == FINISHED else []
    backwards = stage.started_on is not None and stage.started_on > stage.finished_on
    return [finding("J05", "/finished_on")] if backwards else []


def j06(stage: Stage, others: Sequence[Stage]) -> list[Finding]:
    return [finding("J06", "/stage")] if _identity(stage) in map(_identity, others) else []


def j07(stage: Stage, others: Sequence[Stage]) -> list[Finding]:
    """Within one sub-item: each part of a project goes through the stages for itself."""
    begun = {
        each.stage: each.started_on
        for each in others
        if each.started_on and _identity(each)[1] == _identity(stage)[1]
    }
    wrong = any(_out_of_order(stage, begun, order) for order in ORDERS)
    return [finding("J07", "/started_on")] if wrong else []


def _out_of_order(stage: Stage, begun: Mapping[str | None, date], order: tuple[str, ...]) -> bool:
    if stage.stage not in order or stage.started_on is None:
        return False
    n, on = order.index(stage.stage), stage.started_on
    return any(begun.get(code, on) > on for code in order[:n]) or any(
        begun.get(code, on) < on for code in order[n + 1 :]
    )


def _identity(stage: Stage) -> tuple[str | None, str]:
    return stage.stage, normal(stage.sub_item or "")
