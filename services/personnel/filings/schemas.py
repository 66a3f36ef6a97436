"""What is sent and answered about people's filings; personal data only to those who must read
it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from libs.chassis.http.checks import AllowedAction, allowed_actions
from libs.chassis.identity.access import Reach
from libs.chassis.ports.ports import Catalogue
from libs.chassis.problems.handlers import FindingItem, finding_items
from libs.chassis.routers.audit import PersonalDataAccess
from libs.events.strict import LINE
from libs.events.value import Value
from libs.filing.content.masking import masked, masked_name
from libs.filing.content.person import Person as Content
from libs.filing.content.person import Release
from libs.filing.filing import Answer, Filing, ReturnedItem, Status, Type
from services.personnel.filings.domain import Batch
from services.personnel.filings.facts import FilingFindings
from services.personnel.filings.lists import ListedFiling
from services.personnel.people.domain.filed import Filed, FilingToSend
from services.personnel.people.domain.person import Person

MOST = 1000  # people in one 添加 or 在线发送


class NewFilings(Value):
    """添加: one filing a person."""

    type: Literal[Type.PER_INIT, Type.PER_CHANGE, Type.PER_RELEASE] = Field(
        examples=[Type.PER_INIT]
    )
    people: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=MOST)]


class One(Value):
    filing: UUID
    acknowledged: tuple[Annotated[str, StringConstraints(max_length=10), LINE], ...] = ()
    answers: tuple[Answer, ...] = ()


class Several(Value):
    """Filings by id, or with the warnings read and the answers given for each."""

    filings: Annotated[tuple[UUID | One, ...], Field(min_length=1, max_length=MOST)]
    acknowledged: tuple[Annotated[str, StringConstraints(max_length=10), LINE], ...] = Field(
        default=(), description="For every filing"
    )

    @property
    def sendings(self) -> list[FilingToSend]:
        ones = [each if isinstance(each, One) else One(filing=each) for each in self.filings]
        return [
            FilingToSend(one.filing, (*self.acknowledged, *one.acknowledged), one.answers)
            for one in ones
        ]


F = TypeVar("F", bound=Filed)


class FilingView(BaseModel):
    id: UUID
    person: UUID
    enterprise: UUID
    type: Type
    filing_no: str
    status: Status
    round: int
    base_version: int | None
    receipt_no: str | None
    batch_no: str | None
    sent_at: datetime | None
    decided_at: datetime | None
    returned_items: tuple[ReturnedItem, ...]
    withdrawal_asked: bool
    filed_version: int | None
    version: int
    content: Content | Release | None = None
    findings: list[FindingItem] = []
    acknowledged: tuple[str, ...] = Field(
        default=(),
        exclude_if=lambda value: not value,  # not said of what was answered before it was told
        description="Warnings that the sending of this round confirmed, by rule",
    )


class BegunView(FilingView):
    """One of several, told by the person's name, to the clerk who began them."""

    name: str | None


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


class FilingLine(BaseModel):
    id: UUID
    person: UUID
    enterprise: UUID
    name: str
    type: Type
    filing_no: str
    status: Status
    round: int
    receipt_no: str | None
    batch_no: str | None
    drafted_at: datetime
    sent_at: datetime | None
    decided_at: datetime | None
    enterprise_name: str | None = Field(
        default=None, description="For those who read the filings of several enterprises"
    )


class Filings(BaseModel):
    filings: list[BegunView]


class SentView(BaseModel):
    filing: UUID
    name: str | None
    receipt_no: str
    round: int


class RefusedView(BaseModel):
    filing: UUID
    name: str | None
    findings: list[FindingItem]


class BatchView(BaseModel):
    batch_no: str
    sent: list[SentView]
    refused: list[RefusedView]


class CheckedFiling(BaseModel):
    filing: UUID
    name: str | None
    findings: list[FindingItem]
    allowed_actions: list[AllowedAction]


class CheckedFilings(BaseModel):
    """`findings`: of all filings together, each pointer below `/filings/{n}`."""

    findings: list[FindingItem]
    allowed_actions: list[AllowedAction]
    filings: list[CheckedFiling]


def filing_view(
    person: Person,
    filing: Filing[Filed],
    content: Filed | None = None,
    findings: list[FindingItem] | None = None,
    acknowledged: tuple[str, ...] = (),
) -> FilingView:
    """A filing as it stands, its numbers and its course; what it says of the person only where the
    caller has been shown it (`shown`).
    """
    return FilingView(
        id=filing.id,
        person=person.id,
        enterprise=person.owner,
        type=filing.type,
        filing_no=filing.filing_no,
        status=filing.status,
        round=filing.round,
        base_version=filing.base_version,
        receipt_no=filing.receipt_no or None,
        batch_no=filing.batch_no,
        sent_at=filing.sent_at,
        decided_at=filing.decided_at,
        returned_items=filing.returned_items,
        withdrawal_asked=filing.withdrawal_asked,
        filed_version=filing.filed_version,
        version=person.version,
        content=content,
        findings=findings or [],
        acknowledged=acknowledged,
    )


def begun_view(person: Person, filing: Filing[Filed]) -> BegunView:
    return BegunView(**dict(filing_view(person, filing)), name=person.saved.name)


def filing_line(row: ListedFiling, *, masked: bool = False) -> FilingLine:
    name = row.name or row.saved_name
    return FilingLine.model_validate(vars(row) | {"name": masked_name(name) if masked else name})


async def names_shown(
    rows: Iterable[tuple[UUID, UUID]], reach: Reach, reads: PersonalDataAccess
) -> None:
    """Before a list names people to the authority: of each row the enterprise and the person.
    Their own enterprise's are no news, auditors see them masked.
    """
    if reach.only_sent:
        await reads.record_list(rows)


def batch_view(batch: Batch, names: dict[UUID, str | None], words: Catalogue) -> BatchView:
    """What became of each filing of a batch; each is told by the person's name, to their own
    enterprise's clerk.
    """
    refused = [
        RefusedView(
            filing=each.filing,
            name=names.get(each.person) if each.person else None,
            findings=finding_items(each.findings, words),
        )
        for each in batch.refused
    ]
    sent = [
        SentView(
            filing=each.filing,
            name=names[each.person],
            receipt_no=each.receipt_no,
            round=each.round,
        )
        for each in batch.sent
    ]
    return BatchView(batch_no=batch.batch_no, sent=sent, refused=refused)


def checked_filing(
    filing: UUID, person: Person, found: FilingFindings, words: Catalogue
) -> CheckedFiling:
    """What stands against sending one filing, and what may be done with it now."""
    actions = person.actions_on(person.filing(filing), saving=found.saving, sending=found.sending)
    return CheckedFiling(
        filing=filing,
        name=person.saved.name,
        findings=finding_items(found.sending, words),
        allowed_actions=allowed_actions(actions, words),
    )


def checked_filings(checked: Sequence[CheckedFiling]) -> CheckedFilings:
    """The checks as one answer; its own actions are those of the filing, if there is one only."""
    findings = [
        item.model_copy(update={"pointer": f"/filings/{number}{item.pointer}"})
        for number, each in enumerate(checked)
        for item in each.findings
    ]
    actions = checked[0].allowed_actions if len(checked) == 1 else []
    return CheckedFilings(findings=findings, allowed_actions=actions, filings=list(checked))


async def shown(
    content: F | None, person: Person, reach: Reach, reads: PersonalDataAccess
) -> F | None:
    """The content as the caller may see it. In clear it is not shown before that is written
    down.
    """
    if content is None or reach.view == "masked":
        return masked(content) if content else None
    await reads.record(person.owner, person.id)
    return content
