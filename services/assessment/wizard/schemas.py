"""What a step of the wizard offers: everything there is, with the reason where it cannot be chosen
(domain book 5.6, section 9).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from libs.chassis.ports.ports import Catalogue
from libs.chassis.problems.handlers import FindingItem, finding_items
from libs.events.refusal import Finding
from libs.filing import reference
from libs.filing.calendar import due_months
from libs.filing.catalogue import finding
from libs.filing.content.enterprise import Certificate, CertificateItem
from libs.filing.content.person import Person as PersonContent
from libs.filing.facts.projects import SavedProject
from libs.filing.rules.performance import deleted, j03
from libs.filing.rules.qualification import not_in_force
from libs.filing.rules.record_generate import a02, not_listed
from services.assessment.records.domain.record import Record
from services.assessment.wizard.domain.sources import PersonSource, Sources

Facts = dict[str, Any]


class Choice(BaseModel):
    """`facts`: what tells the item apart, by the domain book's names."""

    id: UUID | None
    name: str
    selectable: bool
    reasons: list[FindingItem]
    chosen: bool
    facts: Facts = {}


class Choices(BaseModel):
    step: str
    items: list[Choice]


@dataclass(frozen=True)
class OfferedItem:
    """One item; `against`: why it cannot be chosen."""

    id: UUID | None
    name: str | None
    chosen: bool
    against: Sequence[Finding] = ()
    facts: Facts = field(default_factory=dict)


def offered(step: str, sources: Sources, record: Record, texts: Catalogue) -> Choices:
    """With what was chosen and is gone, called as in the last generation. Raises KeyError if there
    is no such step.
    """
    items = [_choice(each, texts) for each in OFFERS[step](sources, record)]
    return Choices(step=step, items=items)


def _choice(offer: OfferedItem, texts: Catalogue) -> Choice:
    return Choice(
        id=offer.id,
        name=offer.name or "",
        selectable=not offer.against,
        reasons=finding_items(offer.against, texts),
        chosen=offer.chosen,
        facts=offer.facts,
    )


# 企业基本信息


def _enterprise(sources: Sources, record: Record) -> Iterator[OfferedItem]:
    filed = sources.enterprise
    if filed is None:
        yield OfferedItem(None, None, chosen=False, against=a02(filed))
        return
    facts = {"filed_version": filed.version, "change_open": filed.change_open}
    name = filed.information.basic.name
    yield OfferedItem(None, name, chosen=True, against=a02(filed), facts=facts)


# 资质信息


def _certificates(sources: Sources, record: Record) -> Iterator[OfferedItem]:
    in_force = {each.id for each in sources.in_force}
    step = sources.proposed(record.wizard).qualifications
    chosen = [each.certificate_id for each in step.certificates]
    listed = {each.id for each in sources.approved.listed}
    frozen = record.latest.snapshot.certificates if record.latest else ()
    names = {each.certificate_id: each.cert_no or "" for each in frozen}
    for n, id in enumerate(chosen):
        if id not in listed:
            name = names.get(id, "")
            yield OfferedItem(id, name, chosen=True, against=[not_listed(n, name)])
    for n, each in enumerate(sources.approved.listed):
        yield OfferedItem(
            each.id,
            each.cert_no,
            chosen=each.id in chosen,
            against=[] if each.id in in_force else [not_in_force(each, n)],
            facts=_facts_of_certificate(each),
        )


def _facts_of_certificate(certificate: Certificate) -> Facts:
    return {
        "cert_no": certificate.cert_no,
        "valid_to": str(certificate.extended_to or certificate.valid_to or ""),
        "status": certificate.status,
        "items": [_licence(each) for each in certificate.items],
        "flags": [flag.kind for flag in certificate.flags if flag.lifted_at is None],
    }


def _licence(item: CertificateItem) -> str:
    entry = reference.licences().get(item.licence or "")
    name = item.licence_name or (entry.zh if entry else item.licence or "")
    return f"{name}{reference.code_list('qualification_grade').label(item.grade)}"


# 技术人员


def _people(sources: Sources, record: Record) -> Iterator[OfferedItem]:
    chosen = [each.person_id for each in record.wizard.people.persons]
    for n, id in enumerate(chosen):
        if id not in sources.people:
            against = [finding("A04", f"/persons/{n}")]
            yield OfferedItem(id, None, chosen=True, against=against)
    for id, person in sources.people.items():
        yield OfferedItem(
            id,
            person.fact.content.name,
            chosen=id in chosen,
            against=[finding("A04")] if person.fact.has_left else [],
            facts=_facts_of_person(person),
        )


def _facts_of_person(person: PersonSource) -> Facts:
    content = person.fact.content
    return {
        "filed_version": person.fact.version,
        "speciality": content.speciality,
        "title_level": content.title_level,
        "categories": list(content.categories),
        "registrations": [row.type for row in content.registrations if row.type],
    }


# 企业业绩


def _performance(sources: Sources, record: Record) -> Iterator[OfferedItem]:
    chosen = [each.project_id for each in record.wizard.performance.performances]
    names = record.latest.snapshot.projects if record.latest else {}
    for n, id in enumerate(chosen):
        if id not in sources.works:
            name = names.get(id, "")
            yield OfferedItem(id, name, chosen=True, against=[deleted(n, name)])
    for id, work in sources.works.items():
        yield OfferedItem(
            id,
            work.fact.content.name,
            chosen=id in chosen,
            against=j03(len(work.fact.stages), "", work.fact.content.name),
            facts=_facts_of_project(work.fact),
        )


def _facts_of_project(project: SavedProject) -> Facts:
    contract = project.contract
    return {
        "contract": str(contract.id),
        "contract_no": contract.content.contract_no,
        "contract_name": contract.content.name,
        "is_placeholder": project.is_placeholder,
        "stages": [each.content.stage for each in project.stages],
    }


# 社保证明


def _insurance(sources: Sources, record: Record) -> Iterator[OfferedItem]:
    """The chosen persons, each with the months that must be shown and those that their own page
    names as paid.
    """
    wizard = record.wizard
    proofs = wizard.social_insurance.si_proofs
    shown = {row.person_id for proof in proofs for row in proof.persons}
    for each in wizard.people.persons:
        if person := sources.people.get(each.person_id):
            content = person.fact.content
            due = due_months(sources.campaign.si_months, content.hired_on)
            facts = {"months": list(due), "paid": _paid(content)}
            yield OfferedItem(
                each.person_id, content.name, chosen=each.person_id in shown, facts=facts
            )


def _paid(content: PersonContent) -> list[str]:
    return sorted({row.month for row in content.social_insurance if row.month and row.paid})


OFFERS: dict[str, Callable[[Sources, Record], Iterable[OfferedItem]]] = {
    "enterprise": _enterprise,
    "qualifications": _certificates,
    "people": _people,
    "performance": _performance,
    "social-insurance": _insurance,
}
