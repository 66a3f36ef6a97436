"""Rules about sending a record (发送). They say a person's place, never a name (decision 14)."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from libs.events.refusal import Finding, Severity
from libs.filing.calendar import due_months
from libs.filing.catalogue import finding
from libs.filing.content.record import EnterpriseStep, SocialInsuranceStep
from libs.filing.content.scan import ScanRef
from libs.filing.facts.person import FiledPerson
from libs.filing.facts.record import CampaignFacts, Chosen, RecordState, Source
from libs.filing.rules import labels
from libs.filing.rules.record_generate import in_time

RETIRED = "2"  # code list `employment_status`: 退休返聘


def a07(chosen: Chosen) -> list[Finding]:
    """The statement lies with the performance or in 无业绩申报."""
    declaration = chosen.wizard.performance.nil_declaration
    stated = (declaration.statement_scan,) if declaration else ()
    rows = chosen.performances(placeholder=True)
    return [
        finding("A07", f"/performances/{n}/scans")
        for n, row in rows
        if not _has("ASM_NOPERF", (*row.scans, *stated))
    ]


def a08(chosen: Chosen) -> list[Finding]:
    rows = chosen.performances(placeholder=False)
    return [
        finding("A08", f"/performances/{n}/scans")
        for n, row in rows
        if not _has("ASM_PERF", row.scans)
    ]


def a10a(step: SocialInsuranceStep) -> list[Finding]:
    return (
        []
        if any(_has("SI_PROOF", proof.scans) for proof in step.si_proofs)
        else [finding("A10a", "/si_proofs")]
    )


def a10b(
    people: Sequence[FiledPerson | None], step: SocialInsuranceStep, asked: Iterable[str]
) -> list[Finding]:
    """One finding a person, telling his missing months and not his name."""
    paid = {
        (row.person_id, proof.month)
        for proof in step.si_proofs
        for row in proof.persons
        if row.paid
    }
    found = []
    for n, person in enumerate(people):
        if person is None or person.content.employment_status == RETIRED:
            continue
        if missing := [
            month
            for month in due_months(asked, person.content.hired_on)
            if (person.id, month) not in paid
        ]:
            found.append(finding("A10b", f"/persons/{n}", detail=missing))
    return found


def a15(filed: Sequence[Source], performance: Sequence[Source]) -> list[Finding]:
    """Of an approved fact the record must show the newest version; a contract or project must
    still be there (else A26).
    """
    stale = [each for each in filed if each.is_gone or each.is_newer] + [
        each for each in performance if each.is_gone
    ]
    return [_about("A15", each, each.gone if each.is_gone else "newer") for each in stale]


def never_generated() -> list[Finding]:
    """A15 of a record in which there is nothing yet that could be sent."""
    return [finding("A15", case="never_generated")]


def a17(campaign: CampaignFacts, step: EnterpriseStep, *, confirmed: bool) -> list[Finding]:
    """`confirmed`: by the legal representative's own account."""
    if not campaign.commitment_required:
        return []
    signed = step.commitment is not None and _has("ASM_COMMIT", (step.commitment.scan,))
    return (
        []
        if signed and (confirmed or not campaign.legal_rep_confirms)
        else [finding("A17", "/commitment")]
    )


def a19(n: int, *, claimed_elsewhere: bool) -> list[Finding]:
    """The claim (campaign, person) is taken at sending. Who he is, his place among those chosen
    tells: no name leaves in a refusal.
    """
    place = {"name": f"（所选第{n + 1}人）", "name_en": f"Person no. {n + 1} of those chosen"}
    return [finding("A19", f"/persons/{n}", **place)] if claimed_elsewhere else []


def a24(campaign: CampaignFacts, record: RecordState, today: date) -> list[Finding]:
    return [] if in_time(campaign, record, today) else [finding("A24")]


def a25(findings: Iterable[Finding], acknowledged: Collection[str]) -> list[Finding]:
    """One finding a rule whose warning is not acknowledged, at its first place."""
    first: dict[str, str] = {}
    for each in findings:
        if each.severity is Severity.WARNING and each.rule not in acknowledged:
            first.setdefault(each.rule, each.pointer)
    return [finding("A25", place) for place in first.values()]


def a26(performance: Sequence[Source]) -> list[Finding]:
    """Edited since 生成, but still there."""
    return [_about("A26", each, "edited") for each in performance if each.is_newer]


def _about(rule: str, source: Source, case: str) -> Finding:
    """In the words of the record's form."""
    place = labels.of_record(source.pointer, source.name)
    return finding(rule, source.pointer, case=case, place=place.zh, place_en=place.en)


def _has(scan_type: str, scans: Iterable[ScanRef | None]) -> bool:
    return any(scan is not None and scan.scan_type == scan_type for scan in scans)
