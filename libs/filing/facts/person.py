"""What the rules about a person must know besides what is filled in, and what the personnel
service tells the others.
"""

from uuid import UUID

from libs.events.value import Value
from libs.filing.content.person import Person
from libs.filing.staffing.candidate import LEFT, StaffCandidate

OTHERS = "其他企业"  # in place of a name


class PersonFacts(Value):
    uscc: str  # of the enterprise
    branches: frozenset[str] = frozenset()  # credit codes of its approved branches
    same_number_here: bool = False  # another person of this enterprise has this document number
    held_by: str | None = None  # name of another enterprise that has filed this person
    numbers_of_others: frozenset[str] = frozenset()  # registration numbers that other persons hold
    scans_of_others: frozenset[UUID] = frozenset()  # scans whose bytes another person has used
    short_without: tuple[str, ...] = ()  # licences that fall short of staff without this person

    @property
    def without_names(self) -> "PersonFacts":
        """That another enterprise has the person, not which: only who sends is told the name."""
        return self.model_copy(update={"held_by": self.held_by and OTHERS})


class FiledPerson(Value):
    """`personnel.filed`: the latest approved version of a person."""

    id: UUID
    filing: UUID
    version: int
    content: Person
    released: bool = False

    @property
    def has_left(self) -> bool:
        return self.released or self.content.employment_status in LEFT

    @property
    def candidate(self) -> StaffCandidate:
        """As the staffing check takes him."""
        return StaffCandidate.of(self.id, self.content, self.released)
