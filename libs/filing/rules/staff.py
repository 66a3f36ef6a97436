"""Rules about the persons chosen for a record (group P, evaluated by the assessment at 生成)."""

from collections.abc import Mapping, Sequence
from datetime import date

from libs.events.refusal import Finding
from libs.filing import reference
from libs.filing.calendar import add_months
from libs.filing.catalogue import finding
from libs.filing.content.person import Registration
from libs.filing.facts.enterprise import Held
from libs.filing.facts.person import FiledPerson
from libs.filing.policy import AssessmentPolicy
from libs.filing.rules import leading
from libs.filing.staffing.candidate import HeldRegistration
from libs.filing.staffing.pool import CountingTerms

NON_REGISTERED = "N"  # code list `person_category`
MOST_CHANGES = 2  # of the registering enterprise in a year
SUFFIXES = ("专业", "工程", "设计")
UNTESTED = "OTHR"  # code list `speciality`


def before_generating(
    chosen: Mapping[int, FiledPerson], held: Sequence[Held], as_of: date, policy: AssessmentPolicy
) -> list[Finding]:
    """`chosen`: those who are filed, by their place among all who were chosen; `held`: what is in
    force on that day. Pointers into the record: `/persons/{n}`, `/certificates/{n}/items/{m}`.
    """
    terms = terms_of(as_of, policy)
    each = [
        found
        for n, person in chosen.items()
        for found in (
            *p05(person, n, held, terms),
            *p15(person, n, as_of),
            *p16(person, n, terms),
            *p17(person, n, terms),
            *p24(person, n, as_of),
            *p29(person, n),
        )
    ]
    people = list(chosen.values())
    return [*each, *leading.p20(people, held, as_of), *leading.p30(people, held)]


def terms_of(as_of: date, policy: AssessmentPolicy) -> CountingTerms:
    """What the staffing check counts by: a finding and the counting never differ."""
    lists = reference.code_list("education_level"), reference.code_list("title_level")
    return CountingTerms(as_of, policy, reference.general_rules().non_registered, *lists)


def p05(person: FiledPerson, n: int, held: Sequence[Held], terms: CountingTerms) -> list[Finding]:
    """Nothing is found where every licence held counts persons of any age."""
    exceptions = reference.general_rules().age_exceptions
    any_age = bool(held) and all(each.code in exceptions for each in held)
    return (
        [finding("P05", f"/persons/{n}")] if terms.too_old(person.candidate) and not any_age else []
    )


def p15(person: FiledPerson, n: int, as_of: date) -> list[Finding]:
    rows = enumerate(person.content.registrations)
    return [
        finding("P15", f"/persons/{n}/registrations/{m}")
        for m, row in rows
        if not is_valid(row, as_of)
    ]


def p16(person: FiledPerson, n: int, terms: CountingTerms) -> list[Finding]:
    """Years are those of the speciality's kind; one that belongs to both kinds takes the lesser."""
    content = person.content
    if NON_REGISTERED not in content.categories:
        return []
    speciality, rule = (
        reference.code_list("speciality").by_code.get(content.speciality or ""),
        terms.non_registered,
    )
    design = speciality is not None and speciality.more("domain") == "design"
    years = rule.practice_years_min_design if design else rule.practice_years_min_survey
    fits = (
        terms.titles.rank(content.title_level) >= rule.title_rank_min
        and terms.years(person.candidate) >= years
    )
    return [] if fits else [finding("P16", f"/persons/{n}")]


def p17(person: FiledPerson, n: int, terms: CountingTerms) -> list[Finding]:
    return [] if terms.employed(person.candidate) else [finding("P17", f"/persons/{n}")]


def p24(person: FiledPerson, n: int, as_of: date) -> list[Finding]:
    since = add_months(as_of, -12)
    recent = [
        row
        for row in person.content.registration_changes
        if row.on is not None and since < row.on <= as_of
    ]
    return [finding("P24", f"/persons/{n}")] if len(recent) >= MOST_CHANGES else []


def p29(person: FiledPerson, n: int) -> list[Finding]:
    """Both must contain one of the speciality's words, their last 专业, 工程 or 设计 aside."""
    content = person.content
    if NON_REGISTERED not in content.categories or content.speciality in (None, UNTESTED):
        return []
    words = [
        _core(word)
        for word in reference.code_list("speciality_majors").item(content.speciality).more("majors")
    ]
    fits = all(
        any(word in (text or "") for word in words)
        for text in (content.major, content.title_speciality)
    )
    return [] if fits else [finding("P29", f"/persons/{n}")]


def is_valid(row: Registration, on: date) -> bool:
    """As the staffing check counts it."""
    return HeldRegistration(type=row.type or "", status=row.status, valid_to=row.valid_to).valid(on)


def _core(word: str) -> str:
    return next((word.removesuffix(each) for each in SUFFIXES if word.endswith(each)), word)
