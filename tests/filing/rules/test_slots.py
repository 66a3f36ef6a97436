"""A form takes each scan once, in its slots, and no more than each holds."""

from collections.abc import Sequence
from uuid import UUID

import pytest

from libs.events.refusal import Finding
from libs.events.value import Value
from libs.filing.content.enterprise import Certificate, Information, NetAssets
from libs.filing.content.performance import Contract
from libs.filing.content.person import Person
from libs.filing.content.record import (
    InsuranceProof,
    PerformanceChoice,
    PerformanceStep,
    SocialInsuranceStep,
)
from libs.filing.content.scan import ScanRef
from libs.filing.rules.slots import MOST_BYTES, slot_findings, twice
from tests.filing.rules.looking import places


def cases(findings: Sequence[Finding]) -> list[str]:
    assert places(findings)
    return [f"{each.rule}/{dict(each.facts)['case']} {each.pointer}" for each in findings]


def scan(number: int, type: str, size: int = 1) -> ScanRef:
    return ScanRef(scan=UUID(int=number), scan_type=type, size_bytes=size)


def scans(count: int, type: str, size: int = 1) -> tuple[ScanRef, ...]:
    return tuple(scan(n, type, size) for n in range(count))


def performance(number: int, *found: ScanRef) -> PerformanceChoice:
    return PerformanceChoice(project_id=UUID(int=number), scans=found)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (
            Information(scans=(scan(1, "ENT_AUDIT"),) * 3),
            ["FORMAT/doubled /scans/1", "FORMAT/doubled /scans/2"],
        ),
        (
            Information(
                net_assets=(NetAssets(scans=(scan(1, "ENT_AUDIT"),)),),
                certificates=(Certificate(scans=(scan(1, "ENT_CERT"),)),),
            ),
            ["FORMAT/doubled /certificates/0/scans/0"],
        ),
        (Information(scans=(scan(1, "PER_ID"),)), ["FORMAT/scan_elsewhere /scans/0"]),
        (Person(scans=(scan(1, "PER_LEAVE"),)), ["FORMAT/scan_elsewhere /scans/0"]),
        (
            Contract(scans=(scan(1, "CON_COVER"), scan(2, "PRJ_ACCEPT"))),
            ["FORMAT/scan_elsewhere /scans/1"],
        ),
        (
            SocialInsuranceStep(si_proofs=(InsuranceProof(scans=(scan(1, "SI_PROOF"),) * 2),)),
            ["FORMAT/doubled /si_proofs/0/scans/1"],
        ),
        (Information(scans=scans(2, "ENT_LICENSE")), ["FORMAT/scan_too_many /scans/1"]),
        (Person(scans=scans(9, "PER_DIPLOMA")), ["FORMAT/scan_too_many /scans/3"]),
        (
            PerformanceStep(performances=(performance(1, *scans(61, "ASM_PERF")),)),
            ["FORMAT/scan_too_many /performances/0/scans/60"],
        ),
        (
            Information(scans=scans(21, "ENT_AUDIT", MOST_BYTES // 20)),
            ["FORMAT/scans_too_large /scans/20"],
        ),
    ],
)
def test_a_scan_that_does_not_fit_is_named_where_it_stands(
    content: Value, found: list[str]
) -> None:
    assert cases(slot_findings(content)) == found


@pytest.mark.parametrize(
    "content",
    [
        Information(scans=(*scans(20, "ENT_CERT", 1 << 20), scan(50, "ENT_LICENSE"))),
        Person(scans=scans(3, "PER_DIPLOMA")),
        PerformanceStep(
            performances=(
                performance(1, *scans(60, "ASM_PERF")),
                performance(2, scan(99, "ASM_PERF")),
            )
        ),
        Information(scans=scans(20, "ENT_AUDIT", MOST_BYTES // 20)),
        SocialInsuranceStep(si_proofs=(InsuranceProof(scans=(scan(1, "SI_PROOF"),)),) * 3),
    ],
)
def test_a_slot_may_be_full(content: Value) -> None:
    assert slot_findings(content) == []


def test_a_report_names_each_scan_once() -> None:
    assert places(twice(["a", "b", "a", "c", "b"], "/scans")) == [
        "FORMAT /scans/2",
        "FORMAT /scans/4",
    ]
