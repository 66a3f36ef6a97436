"""What events of a case say of what it is about."""

from datetime import date
from uuid import UUID

from libs.events.aggregate import Aggregate
from libs.events.value import Value
from libs.filing.filing import Reviewed
from services.review.cases.domain.judgement import Terms
from services.review.cases.domain.subject import Level, Subject


class Submission(Value):
    """What the enterprise sent, the level that reviews it, and by when."""

    subject: Subject
    level: Level
    round: int
    reviewed: Reviewed
    due_on: date
    terms: Terms | None = None  # of a record
    authors: tuple[str, ...] = ()  # whoever saved or sent it, by account and person


class AboutCase(Aggregate.Event):
    """What most events of a case say first; `about` of the case fills it."""

    subject_kind: str
    subject_id: UUID
    filing: UUID | None
    round: int
