"""人员配备: does an enterprise's staff fill the staffing tables of its licences (domain book,
section 8.1)?
"""

from libs.filing.staffing.assessing import assess
from libs.filing.staffing.candidate import HeldRegistration, StaffCandidate
from libs.filing.staffing.result import (
    Exclusion,
    Group,
    LicenceStaffing,
    Shortfall,
    Slot,
    Staffing,
    Tally,
)
from libs.filing.staffing.words import findings, reasons

__all__ = [
    "Exclusion",
    "Group",
    "HeldRegistration",
    "LicenceStaffing",
    "Shortfall",
    "Slot",
    "StaffCandidate",
    "Staffing",
    "Tally",
    "assess",
    "findings",
    "reasons",
]
