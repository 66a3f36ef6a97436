"""What is answered of people; personal data only to those who must read it."""

from uuid import UUID

from pydantic import BaseModel

from libs.chassis.problems.handlers import FindingItem
from libs.filing.content.masking import masked_name
from libs.filing.content.person import Person as Content
from services.personnel.filings.schemas import FilingView, filing_view
from services.personnel.people.domain.filed import FiledPersonVersion
from services.personnel.people.domain.person import Person
from services.personnel.people.lists import ListedPerson


class PersonView(BaseModel):
    id: UUID
    enterprise: UUID
    version: int
    filed_version: int | None
    released_as: str | None
    filings: list[FilingView]
    content: Content | None = None
    findings: list[FindingItem] = []


class PersonLine(BaseModel):
    id: UUID
    enterprise: UUID
    name: str
    id_no: str | None
    categories: list[str]
    speciality: str | None
    title_level: str | None
    filed_version: int | None
    released_as: str | None


class PersonVersionView(BaseModel):
    number: int
    filing: UUID
    content: Content | None = None


def person_view(
    person: Person,
    content: Content | None = None,
    *,
    only_sent: bool = False,
    findings: list[FindingItem] | None = None,
) -> PersonView:
    """A person; `only_sent`: to the authority, which knows no filing that was never sent."""
    filings = [
        filing_view(person, each) for each in person.filings.values() if each.round or not only_sent
    ]
    return PersonView(
        id=person.id,
        enterprise=person.owner,
        version=person.version,
        filed_version=person.filed.number if person.filed else None,
        released_as=person.released_as,
        filings=filings,
        content=content,
        findings=findings or [],
    )


def person_line(row: ListedPerson, *, masked: bool = False) -> PersonLine:
    """`masked`: as auditors see it, with the first character of the name."""
    name = masked_name(row.filed_name) if masked else row.filed_name
    return PersonLine.model_validate(vars(row) | (row.sent_as or {}) | {"name": name})


def version_view(version: FiledPersonVersion, content: Content | None = None) -> PersonVersionView:
    return PersonVersionView(number=version.number, filing=version.filing, content=content)
