"""What a person's filings are about: contents that are filed, who sends them, approved versions."""

from dataclasses import dataclass
from uuid import UUID

from libs.events.value import Value
from libs.filing.content.person import Person as Content
from libs.filing.content.person import Release, derived
from libs.filing.filing import Answer

Filed = Content | Release


@dataclass(frozen=True)
class FiledPersonVersion:
    """An approved version of the person: what everybody else reads."""

    number: int
    filing: UUID
    content: Content
    person_key: str | None


class Sender(Value):
    """The enterprise as the directory knows it at the sending."""

    uscc: str
    name: str
    supervising_city_code: str


@dataclass(frozen=True)
class FilingToSend:
    """A filing that is to be sent: warnings that were read, words on returned points."""

    filing: UUID
    acknowledged: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()


def completed(content: Filed, before: Filed) -> Filed:
    """With what a person's number says; `before`: as it was read."""
    if isinstance(content, Content) and isinstance(before, Content):
        return derived(content, before)
    return content


def parts(content: Filed) -> tuple[Content | None, Release | None]:
    """The person's data, or the release alone."""
    return (content, None) if isinstance(content, Content) else (None, content)
