"""The staffing check written down a second time, plainly: each person against each slot, then
networkx.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

import networkx

from libs.filing import reference
from libs.filing.staffing import StaffCandidate
from libs.filing.standards import ProfessionalNeed, RegisteredNeed, Standard

CLASS_1 = {"ARC2": "ARC1", "STR2": "STR1"}


def graph(
    standard: Standard, people: Iterable[StaffCandidate], on: date
) -> "networkx.Graph[int | UUID]":
    """Slots are numbers, persons their ids; an edge where a person may fill a slot."""
    drawn: networkx.Graph[int | UUID] = networkx.Graph()
    needs: list[RegisteredNeed | ProfessionalNeed] = [
        *(standard.min_registered or ()),
        *(standard.min_professionals or ()),
    ]
    slots = [(need, number) for need in needs for number in range(need.count)]
    drawn.add_nodes_from(range(len(slots)))
    present = [person for person in people if _present(person, on)]
    for place, (need, number) in enumerate(slots):
        drawn.add_edges_from(
            (place, person.id) for person in present if _fits(standard, need, number, person, on)
        )
    return drawn


def size(standard: Standard, people: Iterable[StaffCandidate], on: date) -> int:
    """How many slots can be filled at once."""
    return matched(graph(standard, people, on))


def matched(drawn: "networkx.Graph[int | UUID]") -> int:
    """The size of its maximum matching."""
    slots = [node for node in drawn if isinstance(node, int)]
    return len(networkx.bipartite.hopcroft_karp_matching(drawn, slots)) // 2


def _present(person: StaffCandidate, on: date) -> bool:
    young = (on.year - person.birth_date.year, on.month, on.day) <= (
        60,
        person.birth_date.month,
        person.birth_date.day,
    )
    return (
        young
        and not person.released
        and person.contract_from <= on
        and (person.contract_to or on) >= on
    )


def _fits(
    standard: Standard,
    need: RegisteredNeed | ProfessionalNeed,
    number: int,
    person: StaffCandidate,
    on: date,
) -> bool:
    if isinstance(need, RegisteredNeed):
        asked = {need.type, *need.any_of}
        asked |= {CLASS_1[each] for each in asked if each in CLASS_1}
        return any(
            each.type in asked and each.status == "1" and each.valid_to and each.valid_to >= on
            for each in person.registrations
        )
    title = reference.code_list("title_level").rank(person.title_level)
    right_title = title >= (need.min_title if need.min_title is not None else -1) and (
        number >= (need.senior_min or 0) or title >= 4
    )
    return (
        right_title
        and person.speciality == need.speciality
        and any(
            _may(standard, each, person, on) for each in set(need.accepts) & set(person.categories)
        )
    )


def _may(standard: Standard, category: str, person: StaffCandidate, on: date) -> bool:
    if category != "N":
        return True
    since, years = person.practice_start_on, 8 if standard.kind == "survey" else 10
    educated = reference.code_list("education_level").rank(person.education) >= 4
    return (
        educated
        and since is not None
        and (on.year - since.year, on.month, on.day) >= (years, since.month, since.day)
    )
