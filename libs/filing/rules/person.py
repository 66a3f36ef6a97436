"""Rules about technical staff (group P), as far as the enterprise meets them while saving and
sending.
"""

from collections import Counter
from datetime import date

from libs.events.refusal import Finding
from libs.events.texts import normal, one_line
from libs.filing import forms, reference
from libs.filing.calendar import anniversary
from libs.filing.catalogue import finding
from libs.filing.content.person import RESIDENT_ID, Person, Release, derived
from libs.filing.content.scan import ScanRef
from libs.filing.facts.person import OTHERS, PersonFacts
from libs.filing.filing import Status, Type
from libs.filing.identifiers import is_registration_no, is_resident_id
from libs.filing.names import is_name
from libs.filing.rules.documents import document_no

NO_TITLE, REEMPLOYED = "9", "2"
DIED, BY_MISTAKE, BY_AUTHORITY, MOVED = "5", "6", "7", "3"
STATUS_AFTER = {DIED: "5", MOVED: "4"}  # code list `employment_status`; otherwise 3, left
SLOTS = ("PER_ID", "PER_PHOTO", "PER_DIPLOMA", "PER_LABOUR")
YOUNGEST_WORKER, YOUNGEST_STAFF = 16, 18  # years


def before_saving(
    person: Person, today: date, facts: PersonFacts, *, filed: bool = False
) -> list[Finding]:
    """What is filled in must be right; what is not filled in may wait for the sending."""
    return [
        *p27(filed=filed),
        *p01(person),
        *p02(person),
        *document_no(person.id_type, person.id_no, "/id_no"),
        *p03(person),
        *p04(person, today),
        *p07(facts),
        *p09(person, today),
        *p13(person, facts),
        *p14(person),
        *p25(person, today),
        *p19(person.scans, facts),
    ]


def before_sending(person: Person, today: date, facts: PersonFacts) -> list[Finding]:
    return [
        *before_saving(person, today, facts),
        *e05(person),
        *p06(facts),
        *p10(person),
        *p11(person),
        *p12(person, facts),
        *p18(person),
        *p26(person),
    ]


def before_releasing(
    person: Person, release: Release, today: date, facts: PersonFacts
) -> list[Finding]:
    return [*p22(person, release, today), *p23(facts)]


def status_after(release: Release) -> str:
    """Code of `employment_status`: what the person is to the enterprise once the release is
    approved.
    """
    return STATUS_AFTER.get(release.release_reason or "", "3")


def e05(person: Person) -> list[Finding]:
    return forms.missing("person", derived(person))


def p01(person: Person) -> list[Finding]:
    """Another document than a resident ID may have a name as a passport has it."""
    name = None if person.name is None else one_line(person.name)
    passport = person.id_type != RESIDENT_ID
    right = name is None or (2 <= len(name) <= 50 and is_name(name, passport=passport))
    return [] if right else [finding("P01", "/name")]


def p02(person: Person) -> list[Finding]:
    right = person.id_type != RESIDENT_ID or person.id_no is None or is_resident_id(person.id_no)
    return [] if right else [finding("P02", "/id_no")]


def p03(person: Person) -> list[Finding]:
    said = person.said_by_number
    return [
        finding("P03", f"/{name}")
        for name in ("birth_date", "sex")
        if name in said and getattr(person, name) not in (None, said[name])
    ]


def p04(person: Person, today: date) -> list[Finding]:
    young = person.born is not None and today < anniversary(person.born, YOUNGEST_STAFF)
    return [finding("P04", "/birth_date")] if young else []


def p06(facts: PersonFacts) -> list[Finding]:
    """The claim on the person is taken at sending; who lost it is told who has it."""
    if facts.held_by is None:
        return []
    en = "another enterprise" if facts.held_by == OTHERS else facts.held_by
    return [finding("P06", "/id_no", enterprise=facts.held_by, enterprise_en=en)]


def p07(facts: PersonFacts) -> list[Finding]:
    return [finding("P07", "/id_no")] if facts.same_number_here else []


def p08(*, open_filings: int) -> list[Finding]:
    return [finding("P08")] if open_filings else []


def p09(person: Person, today: date) -> list[Finding]:
    graduated, born = person.graduated_on, person.born
    late = graduated is not None and graduated > today
    early = (
        graduated is not None
        and born is not None
        and graduated < anniversary(born, YOUNGEST_WORKER)
    )
    return [finding("P09", "/graduated_on")] if late or early else []


def p10(person: Person) -> list[Finding]:
    if person.title_level in (None, NO_TITLE):
        return []
    missing = [
        name
        for name in ("title_name", "title_speciality", "title_date")
        if forms.is_empty(getattr(person, name))
    ]
    without_scan = [] if _count(person)["PER_TITLE"] else ["scans"]
    return [finding("P10", f"/{name}") for name in [*missing, *without_scan]]


def p11(person: Person) -> list[Finding]:
    if "R" not in person.categories:
        return []
    complete = any(each.type and each.cert_no and each.valid_to for each in person.registrations)
    found = [] if complete else [finding("P11", "/registrations")]
    return found if _count(person)["PER_REG"] else [*found, finding("P11", "/scans")]


def p12(person: Person, facts: PersonFacts) -> list[Finding]:
    known = facts.branches | {facts.uscc}
    rows = enumerate(person.registrations)
    return [
        finding("P12", f"/registrations/{n}/registered_enterprise_uscc")
        for n, row in rows
        if row.registered_enterprise_uscc not in known
    ]


def p13(person: Person, facts: PersonFacts) -> list[Finding]:
    rows = enumerate(person.registrations)
    return [
        finding("P13", f"/registrations/{n}/cert_no")
        for n, row in rows
        if normal(row.cert_no or "") in facts.numbers_of_others
    ]


def p14(person: Person) -> list[Finding]:
    rows = [(n, row) for n, row in enumerate(person.registrations) if row.type and row.cert_no]
    return [
        finding("P14", f"/registrations/{n}/cert_no")
        for n, row in rows
        if not is_registration_no(row.cert_no or "", row.type or "")
    ]


def p18(person: Person) -> list[Finding]:
    return [finding("P18", "/scans", type=code) for code in _missing(person.scans, SLOTS)]


def p19(scans: tuple[ScanRef, ...], facts: PersonFacts) -> list[Finding]:
    """For the reviewer."""
    return [
        finding("P19", f"/scans/{n}")
        for n, scan in enumerate(scans)
        if scan.scan in facts.scans_of_others
    ]


def p21(base_version: int | None, filed_version: int) -> list[Finding]:
    return [] if base_version == filed_version else [finding("P21")]


def p22(person: Person, release: Release, today: date) -> list[Finding]:
    left, hired = release.left_on, person.hired_on
    right = left is not None and left <= today and (hired is None or hired <= left)
    dates = [] if right else [finding("P22", "/left_on")]
    reason = [] if release.release_reason else [finding("P22", "/release_reason")]
    proven = release.release_reason in (BY_MISTAKE, BY_AUTHORITY) or any(
        scan.scan_type == "PER_LEAVE" for scan in release.scans
    )
    return [*dates, *reason, *([] if proven else [finding("P22", "/scans")])]


def p23(facts: PersonFacts) -> list[Finding]:
    return [finding("P23", qualification=each) for each in facts.short_without]


def p25(person: Person, today: date) -> list[Finding]:
    began, born, hired = person.career_start_on, person.born, person.hired_on
    early = began is not None and born is not None and began < anniversary(born, YOUNGEST_WORKER)
    found = (
        [finding("P25", "/career_start_on")]
        if early or (began is not None and began > today)
        else []
    )
    return [*found, *([finding("P25", "/hired_on")] if hired is not None and hired > today else [])]


def p26(person: Person) -> list[Finding]:
    lacks = person.employment_status == REEMPLOYED and _count(person)["PER_RETIRE"] < 2
    return [finding("P26", "/scans")] if lacks else []


def p27(*, filed: bool) -> list[Finding]:
    return [finding("P27")] if filed else []


def p28(type: Type, *, saved: bool, filed: bool, open_filing: Status | None) -> list[Finding]:
    """An initial filing is for a saved person not filed here; a change or a release for a filed
    one.
    """
    first = type is Type.PER_INIT
    fits = (saved and not filed and open_filing is None) if first else filed
    return [] if fits else [finding("P28")]


def _count(person: Person) -> Counter[str]:
    return Counter(scan.scan_type for scan in person.scans)


def _missing(scans: tuple[ScanRef, ...], codes: tuple[str, ...]) -> list[str]:
    have, slots = Counter(scan.scan_type for scan in scans), reference.scan_types()
    return [code for code in codes if not slots[code].min <= have[code] <= slots[code].max]
