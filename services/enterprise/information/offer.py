"""What the predecessor system (5.0) offers to begin with (domain book 5.3)."""

from dataclasses import dataclass
from datetime import date

from libs.filing.content.enterprise import Information


@dataclass(frozen=True)
class LegacyOffer:
    """What the predecessor system (5.0) holds for this credit code."""

    legacy_id: str
    filed_on: date
    migrated: bool
    sha256: str
    content: Information
