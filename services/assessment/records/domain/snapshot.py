"""The frozen content of a record: which facts it was generated from, each by version and hash, and
the attributes that count (domain book 4.4). Persons stand in it by id only; their names are read
from the approved versions (decision 35).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

from pydantic import Field

from libs.events.codec import canonical
from libs.events.refusal import Finding
from libs.events.value import Value, replace
from libs.filing.conclusion import Proposal
from libs.filing.content.record import ExcludedCertificate, NilDeclaration, Wizard
from libs.filing.facts.projects import StageClaim
from libs.filing.staffing import HeldRegistration

MOST_PERSONS = 200  # in one event


class Ref(Value):
    """An event of another service: whoever has its log finds exactly this fact."""

    stream: UUID
    version: int
    position: int
    data_sha256: str


class FrozenEnterprise(Value):
    """The approved version that was taken."""

    filing: UUID
    filed_version: int
    sent: Ref


class FrozenItem(Value):
    id: UUID | None
    licence: str | None
    grade: str | None
    licence_name: str | None = None


class FrozenCertificate(Value):
    certificate_id: UUID
    cert_no: str | None
    status: str | None
    valid_to: date | None
    extended_to: date | None
    items: tuple[FrozenItem, ...]


class FrozenPerson(Value):
    """`counted_as`: places that they fill in the staffing tables, as `standard:code`."""

    person_id: UUID
    filing: UUID
    filed_version: int
    sent: Ref
    person_key: str | None
    categories: tuple[str, ...]
    title_level: str | None
    speciality: str | None
    registrations: tuple[HeldRegistration, ...]
    counted_as: tuple[str, ...] = ()


class FrozenPerformance(Value):
    """Chosen by project; `saved` is the last event of each stream."""

    project_id: UUID
    contract_id: UUID
    is_placeholder: bool
    project: Ref
    contract: Ref
    stages: tuple[UUID, ...]
    claims: tuple[StageClaim, ...] = ()  # what it puts forward as its own work (J15)
    values_sha256: str | None = Field(
        default=None,  # not said of what was frozen before it was told
        exclude_if=lambda value: value is None,
        description="Of what project, contract and stages say, however spelt, however often saved",
    )

    @property
    def name(self) -> str:
        """Of the project, as its stages were put forward."""
        return next((each.name for each in self.claims if each.name), "")


class Snapshot(Value):
    """One generation, without its persons, who stand in events of their own."""

    choices: Wizard
    enterprise: FrozenEnterprise
    net_assets_wan: Decimal | None
    certificates: tuple[FrozenCertificate, ...]
    excluded_certificates: tuple[ExcludedCertificate, ...]
    persons: int
    performances: tuple[FrozenPerformance, ...]
    nil_declaration: NilDeclaration | None
    findings: tuple[Finding, ...]
    proposal: Proposal

    @property
    def projects(self) -> dict[UUID, str]:
        """What each project was called."""
        return {each.project_id: each.name for each in self.performances}


@dataclass(frozen=True)
class Generation:
    no: int
    snapshot: Snapshot
    persons: tuple[FrozenPerson, ...]
    sha256: str
    at: datetime
    version: int  # of the stream

    def with_choices(self, choices: Wizard) -> "Generation":
        """The same, its slots as they are saved: what was chosen does not differ."""
        return replace(self, snapshot=self.snapshot.model_copy(update={"choices": choices}))

    @property
    def selection(self) -> tuple[frozenset[UUID], frozenset[UUID]]:
        """Staff and performance: what, chosen anew, brings a record back to the city."""
        persons = frozenset(each.person_id for each in self.persons)
        return persons, frozenset(each.project_id for each in self.snapshot.performances)


def numbered(generations: Sequence[Generation]) -> dict[int, Generation]:
    return {each.no: each for each in generations}


def digest(snapshot: Snapshot, persons: Sequence[FrozenPerson]) -> str:
    """SHA-256 over snapshot and persons, in order: what is sent and what a decision is about."""
    whole = {
        "snapshot": snapshot.model_dump(mode="json"),
        "persons": [each.model_dump(mode="json") for each in persons],
    }
    return sha256(canonical(whole)).hexdigest()


def parts(persons: Sequence[FrozenPerson]) -> list[tuple[FrozenPerson, ...]]:
    """No event grows beyond its limit, however many people an enterprise has."""
    return [
        tuple(persons[start : start + MOST_PERSONS])
        for start in range(0, len(persons), MOST_PERSONS)
    ]
