"""Who leads: the technical leader (P20) and the leading specialities (P30) of each licence held."""

from collections.abc import Iterable, Sequence
from datetime import date

from libs.events.refusal import Finding
from libs.filing import reference
from libs.filing.calendar import full_years
from libs.filing.catalogue import finding
from libs.filing.content.person import Person
from libs.filing.facts.enterprise import Held
from libs.filing.facts.person import FiledPerson
from libs.filing.standards import Led, RegisteredOrTitle, TechLeader

TECHNICAL_LEADER = "T"  # code list `person_category`
PROJECT_LEADER = frozenset({"PM"})  # code list `participant_role`
LEADERS = frozenset({"PM", "DL", "TD"})
NOT_DESIGN = frozenset({"GEO", "SURV", "COST1", "PLAN"})  # code list `registration_type`
VALID = "1"  # code list `registration_status`
OR_LARGER = {"M+": frozenset({"M", "L"})}  # code list `project_scale_design`


def p20(people: Iterable[FiledPerson], held: Sequence[Held], as_of: date) -> list[Finding]:
    """A licence whose condition is not known is not tested (A28)."""
    leaders = [each.content for each in people if TECHNICAL_LEADER in each.content.categories]
    if not leaders:
        return [finding("P20", "/persons", qualification=[each.code for each in held])]
    known = [
        (each, each.standard.tech_leader)
        for each in held
        if each.standard and each.standard.tech_leader
    ]
    return [
        finding("P20", each.pointer, qualification=each.code)
        for each, condition in known
        if not any(can_lead(leader, condition, as_of) for leader in leaders)
    ]


def p30(people: Iterable[FiledPerson], held: Sequence[Held]) -> list[Finding]:
    """One finding a licence, naming every leading speciality in which nobody has led enough."""
    contents = [each.content for each in people]
    found = []
    for each in held:
        if each.standard is None or each.standard.leading is None:
            continue
        rows = each.standard.leading.led_any_of
        able = {
            one.speciality for one in contents if any(_led_all(one, row, LEADERS) for row in rows)
        }
        if missing := [code for code in each.standard.leading.specialities if code not in able]:
            found.append(finding("P30", each.pointer, speciality=missing))
    return found


def can_lead(person: Person, condition: TechLeader, as_of: date) -> bool:
    """Education, years, projects led, and title or registration, as the standard asks of its
    technical leader.
    """
    title = reference.code_list("title_level").rank(person.title_level)
    educated = (
        reference.code_list("education_level").rank(person.education)
        >= condition.education_rank_min
    )
    since, any_of = person.practice_start_on, condition.as_project_leader_any_of
    experienced = since is not None and full_years(since, as_of) >= condition.years
    led = _led_all(person, condition.as_project_leader, PROJECT_LEADER)
    led = led and (not any_of or any(_led(person, each, PROJECT_LEADER) for each in any_of))
    titled = condition.title_rank_min is None or title >= condition.title_rank_min
    either = condition.registered_or_title
    qualified = (
        either is None or title >= either.title_rank_min or _is_registered(person, either, as_of)
    )
    return educated and experienced and led and titled and qualified


def _is_registered(person: Person, either: RegisteredOrTitle, as_of: date) -> bool:
    valid = {
        row.type
        for row in person.registrations
        if row.status == VALID and row.valid_to is not None and row.valid_to >= as_of
    }
    asked = (
        reference.codes("registration_type") - NOT_DESIGN
        if isinstance(either.reg, str)
        else frozenset(either.reg)
    )
    return bool(valid & asked)


def _led_all(person: Person, needs: Iterable[Led], roles: frozenset[str]) -> bool:
    return all(_led(person, need, roles) for need in needs)


def _led(person: Person, need: Led, roles: frozenset[str]) -> bool:
    """Design scales and survey grades share no code, so one look serves both."""
    asked = need.scale or need.grade or ""
    fitting = OR_LARGER.get(asked, frozenset({asked}))
    return (
        sum(row.role in roles and row.scale in fitting for row in person.personal_projects)
        >= need.count
    )
