"""What is found about a sent record for the reviewer, and what he enters himself."""

from collections.abc import Collection, Sequence
from itertools import pairwise

from libs.events.refusal import Finding
from libs.filing.calendar import are_consecutive
from libs.filing.catalogue import finding
from libs.filing.content.record import PeopleStep, SocialInsuranceStep
from libs.filing.facts.record import EarlierResult


def a11(step: SocialInsuranceStep, payers: Collection[str]) -> list[Finding]:
    """`payers`: the enterprise and its approved branches."""
    rows = enumerate(step.si_proofs)
    return [
        finding("A11", f"/si_proofs/{n}/payer_uscc")
        for n, proof in rows
        if proof.payer_uscc not in payers
    ]


def a12(people: PeopleStep, step: SocialInsuranceStep) -> list[Finding]:
    """A month that is named unpaid breaks it, and so does a gap between months that are paid."""
    found = []
    for n, chosen in enumerate(people.persons):
        rows = [
            (proof.month, row.paid)
            for proof in step.si_proofs
            for row in proof.persons
            if row.person_id == chosen.person_id
        ]
        paid = {month for month, is_paid in rows if month and is_paid}
        if not are_consecutive(paid) or any(month not in paid for month, _ in rows if month):
            found.append(finding("A12", f"/persons/{n}"))
    return found


def a21(earlier: Sequence[EarlierResult]) -> list[Finding]:
    """Once FAIL, or BASIC in two campaigns that follow each other."""
    results = [each.result for each in sorted(earlier, key=lambda each: each.year)]
    return [finding("A21")] if "FAIL" in results or ("BASIC", "BASIC") in pairwise(results) else []


def a22(*, report_sent: bool) -> list[Finding]:
    """Entered by the reviewer, never computed: the system has no source for it."""
    return [] if report_sent else [finding("A22")]


def a23(*, bad_record: bool) -> list[Finding]:
    """Entered by the reviewer, never computed."""
    return [finding("A23")] if bad_record else []
