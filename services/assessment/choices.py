"""What a step of the wizard offers: everything there is, with the reason where it cannot be chosen
(domain book 5.6, section 9).
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from libs.chassis.ports import Texts
from libs.chassis.problems import FindingItem, finding_items
from libs.events.refusal import Finding
from libs.filing import reference
from libs.filing.calendar import due_months
from libs.filing.catalogue import finding
from libs.filing.content.record import Wizard
from libs.filing.rules.performance import j03
from libs.filing.rules.record_generate import a02
from services.assessment.domain.sources import Sources


class Choice(BaseModel):
    """`facts`: what tells the item apart, by the domain book's names."""

    id: UUID | None
    name: str
    selectable: bool
    reasons: list[FindingItem]
    chosen: bool
    facts: dict[str, Any] = {}


class Choices(BaseModel):
    step: str
    items: list[Choice]


Offer = tuple[UUID | None, str, Sequence[Finding], bool, dict[str, Any]]


def offered(step: str, sources: Sources, wizard: Wizard, texts: Texts) -> Choices:
    """KeyError if there is no such step."""
    offers: dict[str, Callable[[Sources, Wizard], Iterable[Offer]]] = {
        "enterprise": _enterprise,
        "qualifications": _certificates,
        "people": _people,
        "performance": _performance,
        "social-insurance": _insurance,
    }
    items = [
        Choice(
            id=id,
            name=name,
            selectable=not against,
            reasons=finding_items(against, texts),
            chosen=chosen,
            facts=facts,
        )
        for id, name, against, chosen, facts in offers[step](sources, wizard)
    ]
    return Choices(step=step, items=items)


def _enterprise(sources: Sources, wizard: Wizard) -> Iterable[Offer]:
    filed = sources.enterprise
    name = filed.information.basic.name or "" if filed else ""
    facts = {"filed_version": filed.version, "change_open": filed.change_open} if filed else {}
    yield None, name, a02(filed), filed is not None, facts


def _certificates(sources: Sources, wizard: Wizard) -> Iterable[Offer]:
    in_force = {each.id for each in sources.in_force}
    chosen = {each.certificate_id for each in sources.proposed(wizard).qualifications.certificates}
    for n, each in enumerate(sources.approved.listed):
        labels = [_licence(item.licence, item.licence_name, item.grade) for item in each.items]
        facts = {
            "cert_no": each.cert_no,
            "valid_to": str(each.extended_to or each.valid_to or ""),
            "status": each.status,
            "items": labels,
            "flags": [flag.kind for flag in each.flags if flag.lifted_at is None],
        }
        against = [] if each.id in in_force else [finding("Q04", f"/certificates/{n}")]
        yield each.id, each.cert_no or "", against, each.id in chosen, facts


def _people(sources: Sources, wizard: Wizard) -> Iterable[Offer]:
    chosen = {each.person_id for each in wizard.people.persons}
    for id, person in sources.people.items():
        content = person.fact.content
        facts = {
            "filed_version": person.fact.version,
            "speciality": content.speciality,
            "title_level": content.title_level,
            "categories": list(content.categories),
            "registrations": [row.type for row in content.registrations if row.type],
        }
        yield (
            id,
            content.name or "",
            [finding("A04")] if person.fact.has_left else [],
            id in chosen,
            facts,
        )


def _performance(sources: Sources, wizard: Wizard) -> Iterable[Offer]:
    chosen = {each.project_id for each in wizard.performance.performances}
    for id, work in sources.works.items():
        contract = work.fact.contract
        facts = {
            "contract": str(contract.id),
            "contract_no": contract.content.contract_no,
            "contract_name": contract.content.name,
            "is_placeholder": work.fact.is_placeholder,
            "stages": [each.content.stage for each in work.fact.stages],
        }
        yield (
            id,
            work.fact.content.name or "",
            j03(stages=len(work.fact.stages), place=""),
            id in chosen,
            facts,
        )


def _insurance(sources: Sources, wizard: Wizard) -> Iterable[Offer]:
    """The chosen persons, each with the months he must show and those that his own page names as
    paid.
    """
    shown = {row.person_id for proof in wizard.social_insurance.si_proofs for row in proof.persons}
    for each in wizard.people.persons:
        if person := sources.people.get(each.person_id):
            content = person.fact.content
            paid = sorted({row.month for row in content.social_insurance if row.month and row.paid})
            facts = {
                "months": list(due_months(sources.campaign.si_months, content.hired_on)),
                "paid": paid,
            }
            yield each.person_id, content.name or "", [], each.person_id in shown, facts


def _licence(licence: str | None, typed: str | None, grade: str | None) -> str:
    entry = reference.licences().get(licence or "")
    name = typed or (entry.zh if entry else licence or "")
    return f"{name}{reference.code_list('qualification_grade').label(grade)}"
