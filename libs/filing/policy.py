"""The assessment policy: everything about a campaign's judgement that is configuration."""

from datetime import date
from fractions import Fraction
from typing import Literal

from libs.events.value import Value


class Extension(Value):
    """Certificates of these grades hold past their printed date until then; None: open."""

    grades: tuple[str, ...]
    until: date | None
    basis: str


class AssessmentPolicy(Value):
    """How an assessment is judged. Ratios are exact fractions, written as text."""

    version: str
    as_of_date: date
    submission_window: tuple[date, date]
    filing_review_workdays: int
    city_review_workdays: int
    province_review_workdays: int
    city_lead_signs: bool
    return_fix_days: int
    max_returns: int
    province_return_keeps_city_pass: bool
    publicity_workdays: int
    rectify_months_max: int
    basic_threshold_ratio: str
    basic_threshold_base: Literal["ALL_SLOTS"]
    serious_points: tuple[str, ...]
    provisional_confidence: tuple[str, ...]
    net_assets_effect: Literal["FINDING"]
    si_months_required: int
    si_months: tuple[str, ...]
    age_max: int
    age_test: Literal["DAY", "FULL_YEARS"]
    certificate_extension: tuple[Extension, ...]
    contract_period: tuple[date, date]
    commitment_required: bool
    legal_rep_confirms: bool
    random_check_ratio: str

    @property
    def basic_threshold(self) -> Fraction:
        return Fraction(self.basic_threshold_ratio)

    def extension(self, grade: str) -> Extension | None:
        return next((each for each in self.certificate_extension if grade in each.grades), None)
