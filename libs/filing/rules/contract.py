"""Rules about contracts (group C), while the enterprise saves and deletes them."""

from datetime import date

from libs.events.refusal import Finding
from libs.filing import forms, reference
from libs.filing.catalogue import FORMAT, finding
from libs.filing.content.performance import Contract
from libs.filing.facts.enterprise import IN_FORCE, Certificates
from libs.filing.facts.projects import ContractFacts
from libs.filing.rules.participants import j10a
from libs.filing.rules.placeholder import applying, is_placeholder

SURVEY, DESIGN = "100", "200"  # code list `contract_type`
KINDS = {SURVEY: ("survey",), DESIGN: ("design",)}
EITHER = ("survey", "design")  # integrated design-build, EPC
PLACEHOLDERS_OWN = frozenset({"/contract_no", "/name"})  # what even 暂无业绩 must have


def before_saving(contract: Contract, today: date, facts: ContractFacts) -> list[Finding]:
    found = [
        *c01(contract),
        *e05(contract),
        *_in_scope(contract),
        *c02(taken=facts.number_taken),
        *c03(contract),
        *c04(contract, facts.established_on, today),
        *c05(contract, facts.certificates),
        *c06(contract, facts.uscc),
        *c07(contract, facts.uscc),
        *c08(contract, facts.certificates),
        *c10(contract, another=facts.another_placeholder),
        *j10a(contract.project_leader_person_id, facts.here, "/project_leader_person_id"),
    ]
    return applying(found, placeholder=bool(contract.is_placeholder))


def e05(contract: Contract) -> list[Finding]:
    """Filled in only to look so; what is missing is C01's."""
    absent = _absent(contract)
    return [each for each in forms.missing("contract", contract) if each.pointer not in absent]


def c01(contract: Contract) -> list[Finding]:
    asked = PLACEHOLDERS_OWN if contract.is_placeholder else None
    return [finding("C01", place) for place in _absent(contract) if asked is None or place in asked]


def c02(*, taken: bool) -> list[Finding]:
    return [finding("C02", "/contract_no")] if taken else []


def c03(contract: Contract) -> list[Finding]:
    amount = contract.amount_wan
    right = not amount if contract.is_placeholder else amount is None or amount > 0
    return [] if right else [finding("C03", "/amount_wan")]


def c04(contract: Contract, established_on: date | None, today: date) -> list[Finding]:
    signed = contract.signed_on
    early = signed is not None and established_on is not None and signed < established_on
    return (
        [finding("C04", "/signed_on")] if early or (signed is not None and signed > today) else []
    )


def c05(contract: Contract, certificates: Certificates) -> list[Finding]:
    kinds = _kinds(contract)
    issued = [
        held.certificate.issued_on
        for held in certificates.items()
        if held.kind in kinds and held.certificate.issued_on
    ]
    early = bool(issued) and contract.signed_on is not None and contract.signed_on < min(issued)
    return [finding("C05", "/signed_on")] if early else []


def c06(contract: Contract, uscc: str) -> list[Finding]:
    return [finding("C06", "/client_uscc")] if contract.client_uscc == uscc else []


def c07(contract: Contract, uscc: str) -> list[Finding]:
    named = {contract.contractor_uscc, *(member.uscc for member in contract.consortium)}
    return (
        []
        if contract.contractor_uscc is None or uscc in named
        else [finding("C07", "/contractor_uscc")]
    )


def c08(contract: Contract, certificates: Certificates) -> list[Finding]:
    """Not tested before a certificate is filed."""
    kinds = _kinds(contract)
    holds = any(
        held.kind in kinds for held in certificates.items() if held.certificate.status == IN_FORCE
    )
    return (
        [] if not certificates.listed or not kinds or holds else [finding("C08", "/contract_type")]
    )


def c10(contract: Contract, *, another: bool) -> list[Finding]:
    named = is_placeholder(contract.name)
    if bool(contract.is_placeholder) != named:
        return [finding("C10", "/is_placeholder")]
    if named and contract.contract_type != DESIGN:
        return [finding("C10", "/contract_type")]
    return [finding("C10", "/name")] if named and another else []


def c11(*, projects: int) -> list[Finding]:
    return [finding("C11")] if projects else []


def _absent(contract: Contract) -> dict[str, None]:
    """Places of what must be filled in and has no value at all, in the form's order."""
    missing = [each.pointer for each in forms.missing("contract", contract)]
    return {place: None for place in missing if getattr(contract, place[1:]) is None}


def _in_scope(contract: Contract) -> list[Finding]:
    """Construction and supervision contracts are in the national list, and no performance of a
    survey or design firm.
    """
    code = contract.contract_type
    known = code is None or reference.code_list("contract_type").selectable(code)
    return (
        []
        if known
        else [finding(FORMAT, "/contract_type", case="unknown_code", lists="contract_type")]
    )


def _kinds(contract: Contract) -> tuple[str, ...]:
    """Of licence that the contract asks for."""
    return KINDS.get(contract.contract_type, EITHER) if contract.contract_type else ()
