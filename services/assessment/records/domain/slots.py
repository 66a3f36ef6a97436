"""Scans 扫描件 in their slots: 发送 takes them as they are saved, a scan needs no 重新生成.
社保证明 and the statement of truthfulness, which no generation counts, are taken whole; everything
else stays as it was generated.
"""

from collections.abc import Iterator
from uuid import UUID

from libs.events.value import Value
from libs.filing.content.record import PerformanceStep, Wizard
from libs.filing.content.scan import ScanRef

# step → field of the wizard
FIELDS = {name.replace("_", "-"): name for name in Wizard.model_fields}


class SlotScan(Value):
    scan: UUID
    scan_type: str
    sha256: str | None


class Slot(Value):
    """The scans that lie at one place of the record."""

    pointer: str
    scans: tuple[SlotScan, ...]


def as_saved(generated: Wizard, saved: Wizard) -> Wizard:
    """The choices of a generation, with the slots as they are saved now."""
    enterprise = generated.enterprise.model_copy(update={"commitment": saved.enterprise.commitment})
    return generated.model_copy(
        update={
            "enterprise": enterprise,
            "performance": _performance(generated.performance, saved.performance),
            "social_insurance": saved.social_insurance,
        }
    )


def _performance(generated: PerformanceStep, saved: PerformanceStep) -> PerformanceStep:
    """A project that is not chosen any more keeps the scans that it had."""
    scans = {each.project_id: each.scans for each in saved.performances}
    performances = tuple(
        each.model_copy(update={"scans": scans.get(each.project_id, each.scans)})
        for each in generated.performances
    )
    update = {"performances": performances, "nil_declaration": saved.nil_declaration}
    return generated.model_copy(update=update)


def slots_of(choices: Wizard) -> tuple[Slot, ...]:
    """Every slot that is not empty, in the order of the steps."""
    filled = ((pointer, scans) for pointer, scans in _slots(choices) if scans)
    return tuple(Slot(pointer=at, scans=tuple(map(_scan, scans))) for at, scans in filled)


def _slots(choices: Wizard) -> Iterator[tuple[str, tuple[ScanRef, ...]]]:
    commitment, nil = choices.enterprise.commitment, choices.performance.nil_declaration
    if commitment and commitment.scan:
        yield "/commitment/scan", (commitment.scan,)
    for n, each in enumerate(choices.performance.performances):
        yield f"/performances/{n}/scans", each.scans
    if nil and nil.statement_scan:
        yield "/nil_declaration/statement_scan", (nil.statement_scan,)
    for n, proof in enumerate(choices.social_insurance.si_proofs):
        yield f"/si_proofs/{n}/scans", proof.scans


def _scan(given: ScanRef) -> SlotScan:
    return SlotScan(scan=given.scan, scan_type=given.scan_type, sha256=given.sha256)
