"""What the rules about an assessment record must know: its campaign, what was chosen and stands
behind each id, where it stands.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple
from uuid import UUID

from pydantic import Field

from libs.events.strict import Instant
from libs.events.value import Value
from libs.filing import reference
from libs.filing.calendar import correction_end, local_day
from libs.filing.conclusion import Proposal, propose, standards_of
from libs.filing.content.record import PerformanceChoice, Wizard
from libs.filing.facts.enterprise import Certificates, FiledEnterprise, Held
from libs.filing.facts.person import FiledPerson
from libs.filing.policy import AssessmentPolicy
from libs.filing.staffing import Staffing, assess

OPEN = "OPEN"  # code list `campaign_status`
RETURNED = "RETURNED"  # code list `assessment_status`


class CampaignFacts(Value):
    year: int
    status: str
    as_of_date: date
    submission_window: tuple[date, date]
    contract_period: tuple[date, date]
    si_months: tuple[str, ...]
    commitment_required: bool
    legal_rep_confirms: bool
    policy: AssessmentPolicy

    def is_open(self, today: date) -> bool:
        first, last = self.submission_window
        return self.status == OPEN and first <= today <= last


class RecordState(Value):
    status: str  # code list `assessment_status`
    returned_at: Instant | None = None  # of the last return
    returns: int = 0

    def may_correct(self, today: date, policy: AssessmentPolicy) -> bool:
        """A returned record has its own time, which goes on after the window."""
        if self.status != RETURNED or self.returned_at is None:
            return False
        return today <= correction_end(local_day(self.returned_at), policy.return_fix_days)


class Chosen(Value):
    """The five steps of the wizard and the projections of what their ids name. Pointers follow the
    steps' own order.
    """

    wizard: Wizard
    enterprise: FiledEnterprise | None = None
    approved: Certificates = Certificates()  # chosen or not
    filed: dict[UUID, FiledPerson] = Field(default_factory=dict)  # at least those chosen
    placeholders: frozenset[UUID] = frozenset()  # projects named 暂无业绩

    @property
    def people(self) -> list[FiledPerson | None]:
        return [self.filed.get(each.person_id) for each in self.wizard.people.persons]

    @property
    def staff(self) -> dict[int, FiledPerson]:
        """Those who are filed, by their place; each once, at the first."""
        found: dict[int, FiledPerson] = {}
        known: set[UUID] = set()
        for n, each in enumerate(self.people):
            if each and each.id not in known:
                known.add(each.id)
                found[n] = each
        return found

    @property
    def certificates(self) -> Certificates:
        known = {each.id: each for each in self.approved.listed}
        chosen = [
            known.get(each.certificate_id) for each in self.wizard.qualifications.certificates
        ]
        return Certificates(listed=tuple(each for each in chosen if each))

    def performances(self, *, placeholder: bool) -> Iterator[tuple[int, PerformanceChoice]]:
        """With their place: 暂无业绩, or real ones."""
        rows = enumerate(self.wizard.performance.performances)
        return ((n, row) for n, row in rows if (row.project_id in self.placeholders) is placeholder)


class Judged(NamedTuple):
    """What is in force, whom it is staffed with, and what follows."""

    held: list[Held]
    staffing: Staffing
    proposal: Proposal


def judge(chosen: Chosen, campaign: CampaignFacts, version: str = reference.VERSION) -> Judged:
    """The arithmetic shown to the enterprise at 生成; filed persons who were not chosen are
    offered where a slot stays open.
    """
    held = chosen.certificates.in_force(campaign.as_of_date, campaign.policy)
    items = [each.judged for each in held]
    staff = {each.id: each.candidate for each in chosen.staff.values()}
    others = [each.candidate for id, each in chosen.filed.items() if id not in staff]
    staffing = assess(
        standards_of(items, version),
        staff.values(),
        campaign.as_of_date,
        campaign.policy,
        others,
        version,
    )
    return Judged(held, staffing, propose(items, staffing, policy=campaign.policy, version=version))


class Source(Value):
    """One fact frozen in the record, and what has become of it since (decision 15)."""

    pointer: str
    version: int
    # latest approved or saved version; None: released, deleted, or without its last stage
    now: int | None
    name: str = ""  # of the project; nobody is named
    gone: str = ""  # why it cannot be used any more: a case of A15

    @property
    def is_gone(self) -> bool:
        return self.now is None

    @property
    def is_newer(self) -> bool:
        return self.now is not None and self.now != self.version


class EarlierResult(Value):
    year: int
    result: str  # code list `assessment_result`
