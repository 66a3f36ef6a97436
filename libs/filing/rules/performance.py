"""Rules about the performance chosen for a record (groups C and J, evaluated by the assessment at
生成).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from libs.events.refusal import Finding
from libs.filing.catalogue import finding
from libs.filing.facts.enterprise import Held
from libs.filing.facts.projects import SavedProject, StageClaim
from libs.filing.rules import labels
from libs.filing.rules.participants import incomplete
from libs.filing.rules.placeholder import applying
from libs.filing.rules.project import BUILDING

SCANS = ("CON_COVER", "CON_KEY", "CON_SEAL")
# by kind and grade of the licence: scales (design) and grades (survey) that it allows; what is not
# here is unlimited
WITHIN = {
    "design": {"B": "MS", "C": "S", "D": "S"},
    "survey": {"B": "BC", "C": "C"},
}


def before_generating(
    chosen: Iterable[tuple[int, SavedProject]],
    period: tuple[date, date],
    held: Sequence[Held],
    claimed: Sequence[StageClaim] = (),
) -> list[Finding]:
    """`chosen`: those that are there, with their place among all that were chosen; `period`: of the
    campaign's contracts; `held`: every approved licence; `claimed`: what sent records of other
    enterprises claim. Pointers into the record: `/performances/{n}`.
    """
    return [
        found
        for n, project in chosen
        for found in applying(
            (
                *c09(project, n, period),
                *c12(project, n),
                *j03(len(project.stages), f"/performances/{n}", project.content.name),
                *j08(project, n),
                *j13(project, n, held),
                *j15(project, n, claimed),
            ),
            placeholder=project.is_placeholder,
        )
    ]


def c09(project: SavedProject, n: int, period: tuple[date, date]) -> list[Finding]:
    signed, (first, last) = project.contract.content.signed_on, period
    return (
        []
        if signed is not None and first <= signed <= last
        else [finding("C09", f"/performances/{n}")]
    )


def c12(project: SavedProject, n: int) -> list[Finding]:
    have = Counter(scan.scan_type for scan in project.contract.content.scans)
    return [] if all(have[code] for code in SCANS) else [finding("C12", f"/performances/{n}")]


def j03(stages: int, pointer: str, name: str | None = None) -> list[Finding]:
    """For the placeholder too. `name`: of the project, where it is one among several."""
    called = {"case": "named", "name": name} if name else {}
    return [] if stages else [finding("J03", pointer, **called)]


def deleted(n: int, name: str = "") -> Finding:
    """J03 of a chosen project that is not there any more; `name`: as it was called."""
    pointer = f"/performances/{n}"
    place = labels.of_record(pointer, name)
    return finding("J03", pointer, case="deleted", place=place.zh, place_en=place.en)


def j08(project: SavedProject, n: int) -> list[Finding]:
    stages = enumerate(project.stages)
    return [
        found
        for m, stage in stages
        for found in incomplete("J08", stage.content, f"/performances/{n}/stages/{m}")
    ]


def j13(project: SavedProject, n: int, held: Sequence[Held]) -> list[Finding]:
    """By the licence that the project names; one that is not held covers nothing."""
    content = project.content
    used = next(
        (
            each
            for each in held
            if each.item.id is not None and each.item.id == content.qualification_item_used
        ),
        None,
    )
    return (
        []
        if used is not None and _covers(used, content.scale, content.project_type)
        else [finding("J13", f"/performances/{n}")]
    )


def j15(project: SavedProject, n: int, claimed: Sequence[StageClaim]) -> list[Finding]:
    if project.contract.content.consortium:
        return []
    twice = any(own.same_as(other) for own in project.claims for other in claimed)
    return [finding("J15", f"/performances/{n}")] if twice else []


def _covers(held: Held, scale: str | None, project_type: str | None) -> bool:
    grade = held.item.grade or ""
    if held.kind == "design" and grade == "D" and project_type != BUILDING:
        return False
    within = WITHIN.get(held.kind or "", {}).get(grade)
    return scale is None or within is None or scale in within
