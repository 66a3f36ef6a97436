"""The staffing check in the catalogue's words."""

from collections.abc import Iterator, Mapping

from libs.events.refusal import Finding
from libs.filing.catalogue import Texts, finding, texts
from libs.filing.staffing.result import Exclusion, Group, LicenceStaffing, Staffing


def findings(staffing: Staffing, places: Mapping[str, str] | None = None) -> tuple[Finding, ...]:
    """A13 for each line of a table that is not full; its text names the licence, the line, the
    number needed and the number there. `places`: where each standard's licence stands in the
    record.
    """
    return tuple(
        found
        for licence in staffing.licences
        for found in _short(licence, (places or {}).get(licence.standard, ""))
    )


def reasons(exclusion: Exclusion) -> tuple[Texts, ...]:
    """Why a person was left out, rule by rule."""
    return tuple(texts(rule) for rule in exclusion.rules)


def line_name(group: Group, code: str) -> str:
    """As the catalogue's texts take it: the registration type or the speciality."""
    return f"registration_type:{code}" if group is Group.REGISTERED else code


def _short(licence: LicenceStaffing, place: str) -> Iterator[Finding]:
    for each in licence.shortfalls:
        line = line_name(each.group, each.code)
        yield finding(
            "A13",
            place,
            qualification=licence.standard,
            speciality=line,
            need=each.need,
            have=each.have,
        )
