"""Rules about qualification certificates (group Q)."""

from collections.abc import Iterator
from datetime import date

from libs.events.refusal import Finding
from libs.events.texts import normal
from libs.filing import forms, reference
from libs.filing.catalogue import finding
from libs.filing.content.enterprise import Certificate, CertificateItem
from libs.filing.facts.enterprise import IN_FORCE, Certificates
from libs.filing.identifiers import certificate_province, is_certificate_no
from libs.filing.policy import AssessmentPolicy

HENAN = "41"
KINDS = {"A": "design", "B": "survey"}  # code list `certificate_class`
INDUSTRY, SPECIALTY = "SJ_HY", "SJ_ZY"  # code list `qualification_series`


def before_saving(certificates: tuple[Certificate, ...]) -> list[Finding]:
    each = [
        found
        for n, certificate in enumerate(certificates)
        for found in (*q01(certificate, n), *q02(certificate, n), *q03(certificate, n))
    ]
    return [*each, *q05(certificates), *q06(certificates), *q07(certificates)]


def q01(certificate: Certificate, n: int) -> list[Finding]:
    """The class letter is also that of the licences on it: A design, B survey."""
    number, kind = certificate.cert_no, certificate.class_
    right = number is None or kind is None or is_certificate_no(number, kind)
    licences = [reference.licences().get(item.licence or "") for item in certificate.items]
    strange = kind in KINDS and any(
        licence is not None and licence.kind != KINDS[kind] for licence in licences
    )
    return [finding("Q01", f"/certificates/{n}/cert_no")] if strange or not right else []


def q02(certificate: Certificate, n: int) -> list[Finding]:
    province = certificate_province(certificate.cert_no or "")
    return [] if province in ("", HENAN) else [finding("Q02", f"/certificates/{n}/cert_no")]


def q03(certificate: Certificate, n: int) -> list[Finding]:
    issued, until, extended = certificate.issued_on, certificate.valid_to, certificate.extended_to
    if issued and until and issued >= until:
        return [finding("Q03", f"/certificates/{n}/valid_to")]
    unfounded = extended is not None and (
        (until is not None and extended < until) or not (certificate.extension_basis or "").strip()
    )
    return [finding("Q03", f"/certificates/{n}/extended_to")] if unfounded else []


def q04(certificates: Certificates, as_of: date, policy: AssessmentPolicy) -> list[Finding]:
    return [
        finding("Q04", each.pointer)
        for each in certificates.items()
        if not each.covers(as_of, policy)
    ]


def not_in_force(certificate: Certificate, n: int) -> Finding:
    """Q04 of a certificate that cannot be chosen, with what it is that it lacks."""
    place = f"/certificates/{n}"
    if not certificate.items:
        return finding("Q04", place, case="no_item")
    if certificate.status not in (None, IN_FORCE):
        return finding("Q04", place, case="status", standing=certificate.status)
    return finding("Q04", place)


def q05(certificates: tuple[Certificate, ...]) -> list[Finding]:
    """Licences are told apart by their code, the two open ones by the name that was typed."""
    seen: set[tuple[str, str]] = set()
    findings = []
    for place, certificate, item in _items(certificates):
        licence = reference.licences().get(item.licence or "")
        known = licence is not None and (item.grade is None or item.grade in licence.grades)
        name = (
            item.licence or "",
            normal(item.licence_name or "") if licence and licence.is_open else "",
        )
        if item.licence is not None and (
            not known or (_may_be_in_force(certificate) and name in seen)
        ):
            findings.append(finding("Q05", f"{place}/licence"))
        if _may_be_in_force(certificate):
            seen.add(name)
    return findings


def q06(certificates: tuple[Certificate, ...]) -> list[Finding]:
    """Covered: a lower grade beside a higher one of the same licence, a specialty whose industry
    is held at least as high.
    """
    held = [
        (place, item, licence)
        for place, item in _held(certificates)
        if (licence := reference.licences().get(item.licence or ""))
    ]
    rank = reference.code_list("qualification_grade").rank
    best: dict[str, int] = {}
    for _, item, licence in held:
        for name in (
            licence.code,
            *([f"industry {licence.industry}"] if licence.series == INDUSTRY else []),
        ):
            best[name] = max(best.get(name, -1), rank(item.grade))
    return [
        finding("Q06", f"{place}/licence")
        for place, item, licence in held
        if (not licence.is_open and rank(item.grade) < best[licence.code])
        or (
            licence.series == SPECIALTY
            and best.get(f"industry {licence.industry}", -1) >= rank(item.grade)
        )
    ]


def q07(certificates: tuple[Certificate, ...]) -> list[Finding]:
    known = [
        (place, item)
        for place, item in _held(certificates)
        if item.licence in reference.licences() and item.grade
    ]
    return [
        finding("Q07", f"{place}/licence")
        for place, item in known
        if reference.standard_of(item.licence, item.grade) is None
    ]


def unnamed(certificates: tuple[Certificate, ...]) -> list[Finding]:
    """E05: an open licence is named as on the certificate."""
    items = [
        (place, item)
        for place, _, item in _items(certificates)
        if item.licence in reference.licences()
    ]
    return [
        finding("E05", f"{place}/licence_name", field="资质名称", field_en="Name of the licence")
        for place, item in items
        if reference.licences()[item.licence or ""].is_open and forms.is_empty(item.licence_name)
    ]


def _held(certificates: tuple[Certificate, ...]) -> list[tuple[str, CertificateItem]]:
    return [
        (place, item)
        for place, certificate, item in _items(certificates)
        if _may_be_in_force(certificate)
    ]


def _may_be_in_force(certificate: Certificate) -> bool:
    return certificate.status in (None, IN_FORCE)


def _items(
    certificates: tuple[Certificate, ...],
) -> Iterator[tuple[str, Certificate, CertificateItem]]:
    for n, certificate in enumerate(certificates):
        yield from (
            (f"/certificates/{n}/items/{m}", certificate, item)
            for m, item in enumerate(certificate.items)
        )
