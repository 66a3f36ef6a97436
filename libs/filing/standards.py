"""Licences and the standards that have numbers. None means unknown, never zero; an empty tuple
means that nothing is required.
"""

from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from libs.events.value import Value

Confidence = Literal["high", "medium", "low", "assumed"]
AnyDesign = Literal["any design registration"]


class RegisteredNeed(Value):
    """`count` slots for registered staff of `type`, or of one of `any_of`; `str1_max` of GEO slots
    may be class-1 structural engineers.
    """

    type: str
    count: int
    any_of: tuple[str, ...] = ()
    str1_max: int | None = None


class ProfessionalNeed(Value):
    """`count` slots for a speciality; `senior_min` of them ask for 高级. Titles are ranks,
    `accepts` are person categories.
    """

    speciality: str
    count: int
    min_title: int | None
    senior_min: int | None
    accepts: tuple[str, ...]


class Led(Value):
    """So many projects led, of a design scale (L, M, S, M+ = medium or larger) or a survey grade
    (A, B, C).
    """

    count: int
    scale: str | None = None
    grade: str | None = None


class RegisteredOrTitle(Value):
    reg: tuple[str, ...] | AnyDesign
    title_rank_min: int


class TechLeader(Value):
    """技术负责人: education rank, years, all of `as_project_leader` or one of `..._any_of`, and
    title or registration.
    """

    education_rank_min: int
    years: int
    as_project_leader: tuple[Led, ...] = ()
    as_project_leader_any_of: tuple[Led, ...] = ()
    title_rank_min: int | None = None
    registered_or_title: RegisteredOrTitle | None = None


class LeadingConfidence(Value):
    specialities: Confidence
    condition: Confidence


class Leading(Value):
    """主导专业: one person per speciality who led all of one row of `led_any_of`."""

    specialities: tuple[str, ...]
    led_any_of: tuple[tuple[Led, ...], ...]
    confidence: LeadingConfidence
    source: str


class StandardConfidence(Value):
    net_assets: Confidence
    registered: Confidence
    professionals: Confidence
    performance: Confidence


class Standard(Value):
    """资质标准 in numbers; `min_net_assets_wan` in 万元."""

    code: str
    zh: str
    en: str
    kind: Literal["survey", "design"]
    series: str
    grade: str
    min_net_assets_wan: Decimal
    capital_basis: str
    min_registered: tuple[RegisteredNeed, ...] | None
    min_professionals: tuple[ProfessionalNeed, ...] | None
    # a condition for getting a licence, not tested by the yearly assessment
    min_performance: dict[str, Any] | None
    min_total: int | None
    source: str
    confidence: StandardConfidence
    tech_leader: TechLeader | None
    leading: Leading | None
    min_years: int | None = None
    min_premises_m2: int | None = None
    requires_iso9001: bool = False
    note: str = ""

    def label(self, lang: str = "zh") -> str:
        return self.en if lang == "en" else self.zh


class NonRegistered(Value):
    education_rank_min: int
    title_rank_min: int
    practice_years_min_survey: int
    practice_years_min_design: int


class GeneralRules(Value):
    """What every standard shares."""

    age_max_years: int
    non_registered: NonRegistered
    same_speciality_across_qualifications: str
    class1_satisfies_class2: bool
    one_person_one_slot_per_qualification: bool
    age_exceptions: tuple[str, ...]
    one_matching_per_item: bool


class Licence(Value):
    """An entry of the catalogue: national code without its grade letter. The two open ones (AZ,
    BZ) take a name typed by the clerk.
    """

    code: str
    zh: str
    en: str
    kind: Literal["survey", "design"]
    series: str | None  # None: the open entries
    grades: tuple[str, ...]
    standards: dict[str, str] = Field(default_factory=dict)  # grade -> standard
    industry: str | None = None
    special_item: str | None = None

    @property
    def is_open(self) -> bool:
        return self.code in ("AZ", "BZ")

    def label(self, lang: str = "zh") -> str:
        return self.en if lang == "en" else self.zh
