"""生成, 重新生成: what was chosen and approved becomes the frozen snapshot of one generation."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from libs.events.refusal import Finding, refuse
from libs.events.value import Act
from libs.filing.content.enterprise import Certificate
from libs.filing.content.record import NilDeclaration, PerformanceChoice, Wizard
from libs.filing.facts.projects import StageClaim
from libs.filing.facts.record import Judged
from libs.filing.rules.record_generate import a16
from libs.filing.staffing import HeldRegistration
from services.assessment.records.domain.record import Record
from services.assessment.records.domain.snapshot import (
    FrozenCertificate,
    FrozenItem,
    FrozenPerformance,
    FrozenPerson,
    Snapshot,
    digest,
    parts,
)
from services.assessment.records.domain.status import Status
from services.assessment.wizard.domain.sources import PersonSource, Sources, WorkSource


@dataclass(frozen=True)
class JudgedChoices:
    """Staffing and proposal of the choices, and what the rules say of them."""

    wizard: Wizard
    judged: Judged
    findings: list[Finding]


def judged_choices(
    assessment: Record, sources: Sources, today: date, claimed: Sequence[StageClaim] = ()
) -> JudgedChoices:
    """The record's choices, and where the clerk made none what is proposed; `claimed`: stages that
    sent records of other enterprises put forward.
    """
    wizard = sources.proposed(assessment.wizard)
    judged = sources.judged(wizard)
    called = assessment.latest.snapshot.projects if assessment.latest else {}
    findings = sources.before_generating(wizard, assessment.state, today, judged, claimed, called)
    return JudgedChoices(wizard, judged, findings)


def refuse_generating(assessment: Record, findings: Sequence[Finding]) -> None:
    """`findings`: what the rules say of the choices. Raises Refused; warnings do not refuse."""
    against = findings_before_generating(assessment) or findings
    refuse([each for each in against if each.severity.blocks])


def findings_before_generating(assessment: Record) -> list[Finding]:
    """What the record's own state says against it (A16)."""
    return [] if assessment.status is Status.DRAFT else a16(assessment.state)


def generate(
    assessment: Record, act: Act, snapshot: Snapshot, persons: Sequence[FrozenPerson]
) -> None:
    """The next generation, with its persons in events of their own. Raises Refused (A16)."""
    refuse(findings_before_generating(assessment))
    number = len(assessment.generations) + 1
    for part in parts(persons):
        assessment.record(Record.PersonsFrozen(act=act, generation=number, persons=part))
    kind = Record.AssessmentRegenerated if assessment.generations else Record.AssessmentGenerated
    assessment.record(
        kind(
            act=act,
            generation=number,
            status=_status_after(assessment.status),
            snapshot=snapshot,
            snapshot_sha256=digest(snapshot, persons),
        )
    )


def _status_after(status: Status) -> Status:
    """What was returned stays returned until it is sent."""
    return Status.RETURNED if status is Status.RETURNED else Status.GENERATED


def freeze(
    sources: Sources, wizard: Wizard, judged: Judged, findings: Sequence[Finding]
) -> tuple[Snapshot, list[FrozenPerson]]:
    """The snapshot and its persons, in the clerk's order. Nothing may block: what was chosen is
    there.
    """
    assert sources.filed_as
    performances = _performances(sources, wizard)
    snapshot = Snapshot(
        choices=wizard,
        enterprise=sources.filed_as,
        net_assets_wan=_net_assets(sources),
        certificates=_certificates(sources, wizard),
        excluded_certificates=wizard.qualifications.excluded_certificates,
        persons=len(wizard.people.persons),
        performances=performances,
        nil_declaration=_nil(wizard, performances),
        findings=tuple(each for each in findings if not each.severity.blocks),
        proposal=judged.proposal,
    )
    return snapshot, _persons(sources, wizard, judged)


def _certificates(sources: Sources, wizard: Wizard) -> tuple[FrozenCertificate, ...]:
    chosen = sources.chosen(wizard).certificates.listed
    return tuple(_certificate(each) for each in chosen)


def _net_assets(sources: Sources) -> Decimal | None:
    assets = sources.enterprise.newest_assets if sources.enterprise else None
    return assets.net_assets_wan if assets else None


def _persons(sources: Sources, wizard: Wizard, judged: Judged) -> list[FrozenPerson]:
    counted = _counted(judged)
    return [
        _person(sources.people[each.person_id], counted[each.person_id])
        for each in wizard.people.persons
    ]


def _counted(judged: Judged) -> defaultdict[UUID, list[str]]:
    """Places that each person fills in the staffing tables."""
    found: defaultdict[UUID, list[str]] = defaultdict(list)
    for licence in judged.staffing.licences:
        for slot in licence.slots:
            if slot.person:
                found[slot.person].append(f"{licence.standard}:{slot.code}")
    return found


def _person(person: PersonSource, counted_as: Sequence[str]) -> FrozenPerson:
    fact, content = person.fact, person.fact.content
    held = tuple(
        HeldRegistration(type=each.type, status=each.status, valid_to=each.valid_to)
        for each in content.registrations
        if each.type
    )
    return FrozenPerson(
        person_id=fact.id,
        filing=fact.filing,
        filed_version=fact.version,
        sent=person.sent,
        person_key=person.person_key,
        categories=content.categories,
        title_level=content.title_level,
        speciality=content.speciality,
        registrations=held,
        counted_as=tuple(counted_as),
    )


def _certificate(given: Certificate) -> FrozenCertificate:
    assert given.id
    items = tuple(
        FrozenItem(
            id=each.id, licence=each.licence, grade=each.grade, licence_name=each.licence_name
        )
        for each in given.items
    )
    return FrozenCertificate(
        certificate_id=given.id,
        cert_no=given.cert_no,
        status=given.status,
        valid_to=given.valid_to,
        extended_to=given.extended_to,
        items=items,
    )


def _performances(sources: Sources, wizard: Wizard) -> tuple[FrozenPerformance, ...]:
    chosen = wizard.performance.performances
    return tuple(_performance(sources.works[each.project_id]) for each in chosen)


def _performance(work: WorkSource) -> FrozenPerformance:
    fact = work.fact
    return FrozenPerformance(
        project_id=fact.id,
        contract_id=fact.contract.id,
        is_placeholder=fact.is_placeholder,
        project=work.project,
        contract=work.contract,
        stages=tuple(each.id for each in fact.stages),
        claims=fact.claims,
        values_sha256=fact.values_sha256,
    )


def _nil(wizard: Wizard, performances: Sequence[FrozenPerformance]) -> NilDeclaration | None:
    """无业绩申报 follows from choosing 暂无业绩; its statement is the scan in 业绩扫描件."""
    chosen: list[PerformanceChoice] = [
        choice
        for choice, frozen in zip(wizard.performance.performances, performances, strict=True)
        if frozen.is_placeholder
    ]
    if not chosen:
        return None
    given = wizard.performance.nil_declaration or NilDeclaration()
    statement = next(
        (scan for each in chosen for scan in each.scans if scan.scan_type == "ASM_NOPERF"),
        given.statement_scan,
    )
    return given.model_copy(update={"statement_scan": statement})
