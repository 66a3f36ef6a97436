"""Warnings about chosen contracts, projects and stages: they were shown at the saving already, and
are acknowledged when the record is sent (A25). The rules are those of the projects service; of
the enterprise's people, the approved ones are known here.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from uuid import UUID

from libs.events.refusal import Finding, Severity
from libs.filing.content.performance import Stage
from libs.filing.facts.enterprise import Certificates, FiledEnterprise
from libs.filing.facts.person import FiledPerson
from libs.filing.facts.projects import ContractFacts, PersonHere, SavedProject
from libs.filing.rules import contract, project, stage


def of_performance(
    n: int,
    work: SavedProject,
    enterprise: FiledEnterprise,
    people: Mapping[UUID, FiledPerson],
    today: date,
) -> list[Finding]:
    """`n`: its place among the chosen ones."""
    place = f"/performances/{n}"
    found = [
        *_at(f"{place}/contract", _of_contract(work, enterprise, today)),
        *_at(place, _of_project(work)),
    ]
    for m in range(len(work.stages)):
        found += _at(f"{place}/stages/{m}", _of_stage(work, m, people))
    return [each for each in found if each.severity is Severity.WARNING]


def _of_contract(work: SavedProject, enterprise: FiledEnterprise, today: date) -> list[Finding]:
    basic = enterprise.information.basic
    facts = ContractFacts(
        uscc=basic.uscc or "",
        established_on=basic.established_on,
        certificates=Certificates(listed=enterprise.information.certificates),
    )
    return contract.before_saving(work.contract.content, today, facts)


def _of_project(work: SavedProject) -> list[Finding]:
    return project.before_saving(work.content, contract_saved=True, placeholder=work.is_placeholder)


def _of_stage(work: SavedProject, m: int, people: Mapping[UUID, FiledPerson]) -> list[Finding]:
    content = work.stages[m].content
    others = [each.content for k, each in enumerate(work.stages) if k != m]
    return stage.before_saving(
        content,
        others,
        work.contract.content.contract_type,
        _here(content, people),
        placeholder=work.is_placeholder,
    )


def _here(content: Stage, people: Mapping[UUID, FiledPerson]) -> dict[UUID, PersonHere]:
    """Without names: what is found is kept in an event."""
    ids = [each.person_id for each in content.participants if each.person_id]
    return {id: _person(id, people.get(id)) for id in ids}


def _person(id: UUID, filed: FiledPerson | None) -> PersonHere:
    if filed is None:
        return PersonHere(id=id)
    content = filed.content
    return PersonHere(
        id=id,
        filed=True,
        employed_from=content.hired_on,
        categories=content.categories,
        title_level=content.title_level,
        registered=bool(content.registrations),
    )


def _at(place: str, findings: list[Finding]) -> Iterator[Finding]:
    return (each.model_copy(update={"pointer": place + each.pointer}) for each in findings)
