"""The licences an enterprise holds, and which of them are in force."""

from collections.abc import Iterable
from datetime import date

from libs.events.value import Value
from libs.filing import reference
from libs.filing.policy import AssessmentPolicy
from libs.filing.standards import Standard

VALID = "1"  # list certificate_status


class HeldItem(Value):
    """资质项目 of a certificate. A flag 资质异常 changes nothing, so it is not here."""

    licence: str
    grade: str
    licence_name: str | None = None  # of the open entries, as typed
    status: str | None
    valid_to: date | None
    extended_to: date | None = None

    def standard(self, version: str = reference.VERSION) -> Standard | None:
        """None: a person judges it."""
        return reference.standard_of(self.licence, self.grade, version)

    def label(self, lang: str = "zh") -> str:
        """Licence with its grade: 建筑行业(建筑工程)乙级."""
        standard = self.standard()
        if standard:
            return standard.label(lang)
        entry = reference.licences().get(self.licence)
        name = self.licence_name or (entry.label(lang) if entry else self.licence)
        return (
            name
            + (", " if lang == "en" else "")
            + reference.code_list("qualification_grade").label(self.grade, lang)
        )


def in_force(item: HeldItem, as_of: date, policy: AssessmentPolicy) -> bool:
    return item.status == VALID and reaches(item, as_of, policy)


def reaches(item: HeldItem, day: date, policy: AssessmentPolicy) -> bool:
    """Whether its printed or extended date, or an extension of its grade by the policy, reaches
    that day.
    """
    until = item.extended_to or item.valid_to
    if until is not None and until >= day:
        return True
    extension = policy.extension(item.grade)
    return extension is not None and (extension.until is None or extension.until >= day)


def standards_of(
    items: Iterable[HeldItem], version: str = reference.VERSION
) -> tuple[Standard, ...]:
    """What the staffing check is to be run against, each once."""
    found = (item.standard(version) for item in items)
    return tuple({each.code: each for each in found if each}.values())
