"""Rules about qualification certificates (group Q)."""

from collections.abc import Iterator

from libs.events.refusal import Finding
from libs.filing import reference
from libs.filing.catalogue import finding
from libs.filing.content.enterprise import Certificate, CertificateItem
from libs.filing.identifiers import certificate_province, is_certificate_no

HENAN = "41"
IN_FORCE = "1"  # code list `certificate_status`
Place = tuple[str, CertificateItem]


def before_saving(certificates: tuple[Certificate, ...]) -> list[Finding]:
    each = [
        found for n, certificate in enumerate(certificates) for found in (*q01(certificate, n), *q02(certificate, n), *q03(certificate, n))
    ]
    return [*each, *q05(certificates), *q06(certificates), *q07(certificates)]


def q01(certificate: Certificate, n: int) -> list[Finding]:
    number, kind = certificate.cert_no, certificate.class_
    right = number is None or kind is None or is_certificate_no(number, kind)
    return [] if right else [finding("Q01", f"/certificates/{n}/cert_no")]


def q02(certificate: Certificate, n: int) -> list[Finding]:
    province = certificate_province(certificate.cert_no or "")
    return [] if province in ("", HENAN) else [finding("Q02", f"/certificates/{n}/cert_no")]


def q03(certificate: Certificate, n: int) -> list[Finding]:
    issued, until, extended = certificate.issued_on, certificate.valid_to, certificate.extended_to
    if issued and until and issued >= until:
        return [finding("Q03", f"/certificates/{n}/valid_to")]
    unfounded = extended is not None and ((until is not None and extended < until) or not (certificate.extension_basis or "").strip())
    return [finding("Q03", f"/certificates/{n}/extended_to")] if unfounded else []


def q05(certificates: tuple[Certificate, ...]) -> list[Finding]:
    """Licences are told apart by their code, the two open ones by the name that was typed."""
    seen: set[tuple[str, str]] = set()
    findings = []
    for place, item in _held(certificates):
        licence = reference.licences().get(item.licence or "")
        known = licence is not None and (item.grade is None or item.grade in licence.grades)
        name = (item.licence or "", (item.licence_name or "").strip() if licence and licence.is_open else "")
        if item.licence is not None and (not known or name in seen):
            findings.append(finding("Q05", f"{place}/licence"))
        seen.add(name)
    return findings


def q06(certificates: tuple[Certificate, ...]) -> list[Finding]:
    """A specialty inside an industry that is held at the same or a higher grade needs no line of its own."""
    held = list(_held(certificates))
    ranks = reference.code_list("qualification_grade")
    industries = {}
    for _, item in held:
        licence = reference.licences().get(item.licence or "")
        if licence and licence.series == "SJ_HY" and licence.industry:
            industries[licence.industry] = ranks.rank(item.grade)
    covered = []
    for place, item in held:
        licence = reference.licences().get(item.licence or "")
        special = licence is not None and licence.series == "SJ_ZY" and licence.industry in industries
        if special and licence and industries[licence.industry or ""] >= ranks.rank(item.grade):
            covered.append(finding("Q06", f"{place}/licence"))
    return covered


def q07(certificates: tuple[Certificate, ...]) -> list[Finding]:
    known = [(place, item) for place, item in _held(certificates) if item.licence in reference.licences() and item.grade]
    return [finding("Q07", f"{place}/licence") for place, item in known if reference.standard_of(item.licence, item.grade) is None]


def _held(certificates: tuple[Certificate, ...]) -> Iterator[Place]:
    for n, certificate in enumerate(certificates):
        if certificate.status in (None, IN_FORCE):
            yield from ((f"/certificates/{n}/items/{m}", item) for m, item in enumerate(certificate.items))
