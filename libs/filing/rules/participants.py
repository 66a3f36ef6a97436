"""Rules about who takes part in a stage of a project (group J): roles of the title block, persons
of the enterprise.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from libs.events.refusal import Finding
from libs.filing import forms, reference
from libs.filing.catalogue import finding
from libs.filing.content.performance import Stage
from libs.filing.facts.projects import PersonHere

LEADER, OF_DISCIPLINE, TECHNICAL_DIRECTOR = "PM", "DL", "TD"  # code list `participant_role`
DESIGNER, SURVEYOR = "DE", "SU"
CHECKS = ("CK", "RV", "AP")
OF_THE_WHOLE = frozenset({LEADER, TECHNICAL_DIRECTOR})
SENIOR = 4  # rank of 副高级 in code list `title_level`


class Missing(NamedTuple):
    """A role that nobody has, in one discipline or in the stage as a whole."""

    role: str
    discipline: str | None = None


def without_discipline(stage: Stage) -> list[Finding]:
    """E05: everybody but the project leader works in a discipline."""
    return [
        finding("E05", f"/participants/{n}/discipline", field="专业", field_en="Discipline")
        for n, each in enumerate(stage.participants)
        if each.role not in (None, LEADER) and forms.is_empty(each.discipline)
    ]


def missing_roles(stage: Stage) -> list[Missing]:
    """What J08 and J16 ask for: one project leader, a discipline leader, and in each discipline
    who designs or surveys, checks, reviews and approves.
    """
    have = Counter(each.role for each in stage.participants)
    there = {(each.role, each.discipline) for each in stage.participants}
    disciplines = sorted(
        {
            each.discipline
            for each in stage.participants
            if each.discipline and each.role not in OF_THE_WHOLE
        }
    )
    works = SURVEYOR if stage.stage in reference.codes("stage_survey") else DESIGNER
    whole = [
        Missing(role)
        for role, right in ((LEADER, have[LEADER] == 1), (OF_DISCIPLINE, have[OF_DISCIPLINE] > 0))
        if not right
    ]
    asked: list[str | None] = [*disciplines] or [None]
    return [
        *whole,
        *(
            Missing(role, name)
            for name in asked
            for role in (works, *CHECKS)
            if (role, name) not in there
        ),
    ]


def incomplete(rule: str, stage: Stage, place: str) -> list[Finding]:
    """J08 or J16: one finding a stage, naming every missing role."""
    missing = missing_roles(stage)
    words, words_en = (
        [_words(each, "zh") for each in missing],
        [_words(each, "en") for each in missing],
    )
    return [finding(rule, place, role=words, role_en=words_en)] if missing else []


def j09(stage: Stage) -> list[Finding]:
    """One finding a participant whose work in the discipline is checked, reviewed or approved by
    himself.
    """
    seen: dict[tuple[UUID, str | None], str] = {}
    found = []
    for n, each in enumerate(stage.participants):
        if each.person_id is None or each.role not in (DESIGNER, SURVEYOR, *CHECKS):
            continue
        if seen.setdefault((each.person_id, each.discipline), each.role) != each.role:
            found.append(finding("J09", f"/participants/{n}/person_id"))
    return found


def j10a(person: UUID | None, here: Mapping[UUID, PersonHere], place: str) -> list[Finding]:
    return [] if person is None or person in here else [finding("J10a", place)]


def j10b(person: UUID | None, here: Mapping[UUID, PersonHere], place: str) -> list[Finding]:
    known = here.get(person) if person else None
    return [] if known is None or known.filed else [finding("J10b", place, name=known.name or "")]


def j11(stage: Stage, here: Mapping[UUID, PersonHere]) -> list[Finding]:
    return [
        finding("J11", place)
        for place, person in _known(stage, here)
        if not person.employed_within(stage.started_on, stage.finished_on)
    ]


def j12(stage: Stage, here: Mapping[UUID, PersonHere]) -> list[Finding]:
    titles = reference.code_list("title_level")
    return [
        finding("J12", place)
        for place, person in _known(stage, here, {LEADER})
        if not person.registered and titles.rank(person.title_level) < SENIOR
    ]


def j16(stage: Stage) -> list[Finding]:
    return incomplete("J16", stage, "/participants")


def _known(
    stage: Stage, here: Mapping[UUID, PersonHere], roles: Iterable[str] = ()
) -> list[tuple[str, PersonHere]]:
    """The participants that are persons of the enterprise, with their places."""
    asked = frozenset(roles)
    chosen = [
        (n, each.person_id)
        for n, each in enumerate(stage.participants)
        if each.person_id and (not asked or each.role in asked)
    ]
    return [
        (f"/participants/{n}/person_id", here[person]) for n, person in chosen if person in here
    ]


def _words(missing: Missing, lang: str) -> str:
    role = reference.code_list("participant_role").label(missing.role, lang)
    if missing.role == LEADER:
        return f"{role} (one)" if lang == "en" else f"{role}（1人）"
    if missing.discipline is None:
        return role
    discipline = reference.code_list("speciality").label(missing.discipline, lang)
    return f"{role} of {discipline}" if lang == "en" else f"{discipline}{role}"
