"""Everything a record can be made of, as it stands now: approved enterprise data and staff, saved
projects; each with the event that says it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from libs.events.refusal import Finding
from libs.filing.content.enterprise import Certificate
from libs.filing.content.record import CertificateChoice, Wizard
from libs.filing.facts.enterprise import Certificates, FiledEnterprise
from libs.filing.facts.person import FiledPerson
from libs.filing.facts.projects import SavedProject, StageClaim
from libs.filing.facts.record import (
    CampaignFacts,
    Chosen,
    EarlierResult,
    Judged,
    RecordState,
    Source,
    judge,
)
from libs.filing.rules import performance, record, staff
from libs.filing.rules.record_generate import a02, a04, a05
from services.assessment.domain import warnings
from services.assessment.domain.snapshot import (
    FrozenEnterprise,
    FrozenPerformance,
    FrozenPerson,
    Ref,
    Snapshot,
)


@dataclass(frozen=True)
class Person:
    fact: FiledPerson
    sent: Ref
    person_key: str | None


@dataclass(frozen=True)
class Work:
    """A project with its contract, as last saved."""

    fact: SavedProject
    project: Ref
    contract: Ref


@dataclass(frozen=True)
class Sources:
    campaign: CampaignFacts
    enterprise: FiledEnterprise | None = None
    filed_as: FrozenEnterprise | None = None
    people: Mapping[UUID, Person] = field(default_factory=dict)
    works: Mapping[UUID, Work] = field(default_factory=dict)
    claimed: Sequence[StageClaim] = ()  # by sent records of other enterprises
    earlier: Sequence[EarlierResult] = ()  # of this enterprise in earlier campaigns

    @property
    def approved(self) -> Certificates:
        return Certificates(
            listed=self.enterprise.information.certificates if self.enterprise else ()
        )

    @property
    def in_force(self) -> list[Certificate]:
        """Each once, in the order of the page."""
        held = self.approved.in_force(self.campaign.as_of_date, self.campaign.policy)
        return list({each.certificate.id: each.certificate for each in held}.values())

    def chosen(self, wizard: Wizard) -> Chosen:
        filed = {id: each.fact for id, each in self.people.items()}
        placeholders = frozenset(id for id, each in self.works.items() if each.fact.is_placeholder)
        return Chosen(
            wizard=wizard,
            enterprise=self.enterprise,
            approved=self.approved,
            filed=filed,
            placeholders=placeholders,
        )

    def available(self, wizard: Wizard) -> Wizard:
        """The choices without what can no longer be chosen."""
        people, works = wizard.people, wizard.performance
        known = {each.id for each in self.approved.listed}
        certificates = tuple(
            each for each in wizard.qualifications.certificates if each.certificate_id in known
        )
        persons = tuple(
            each
            for each in people.persons
            if (found := self.people.get(each.person_id)) and not found.fact.has_left
        )
        performances = tuple(
            each
            for each in works.performances
            if (work := self.works.get(each.project_id)) and work.fact.stage_complete
        )
        return wizard.model_copy(
            update={
                "qualifications": wizard.qualifications.model_copy(
                    update={"certificates": certificates}
                ),
                "people": people.model_copy(update={"persons": persons}),
                "performance": works.model_copy(update={"performances": performances}),
            }
        )

    def proposed(self, wizard: Wizard) -> Wizard:
        """Where the clerk has not chosen yet: every licence in force, as A03 asks."""
        if wizard.qualifications.certificates:
            return wizard
        all_in_force = tuple(
            CertificateChoice(certificate_id=each.id) for each in self.in_force if each.id
        )
        return wizard.model_copy(
            update={
                "qualifications": wizard.qualifications.model_copy(
                    update={"certificates": all_in_force}
                )
            }
        )

    def judged(self, wizard: Wizard) -> Judged:
        """Staffing and proposal of these choices."""
        return judge(self.chosen(wizard), self.campaign)

    # What the rules say

    def before_starting(self) -> list[Finding]:
        """添加 says at once which of 企业备案, 人员备案, 业绩 is missing."""
        nobody = not any(not each.fact.has_left for each in self.people.values())
        missing = (
            a02(self.enterprise),
            a04([]) if nobody else [],
            [] if self.works else a05(self.chosen(Wizard())),
        )
        return [found for each in missing for found in each]

    def before_generating(
        self, wizard: Wizard, state: RecordState, today: date, judged: Judged
    ) -> list[Finding]:
        chosen = self.chosen(wizard)
        as_of, policy = self.campaign.as_of_date, self.campaign.policy
        unknown = [
            n
            for n, each in enumerate(wizard.performance.performances)
            if each.project_id not in self.works
        ]
        works = [
            work.fact
            for each in wizard.performance.performances
            if (work := self.works.get(each.project_id))
        ]
        return [
            *record.before_generating(chosen, self.campaign, state, today, judged),
            *staff.before_generating(chosen.staff, judged.held, as_of, policy),
            *(
                found
                for n in unknown
                for found in performance.j03(stages=0, place=f"/performances/{n}")
            ),
            *performance.before_generating(
                works, self.campaign.contract_period, list(self.approved.items()), self.claimed
            ),
            *self._warnings(works, today),
        ]

    def before_sending(
        self,
        snapshot: Snapshot,
        persons: Sequence[FrozenPerson],
        state: RecordState,
        today: date,
        acknowledged: tuple[str, ...],
    ) -> list[Finding]:
        """Of the latest generation: it must still hold, be complete and have its warnings read."""
        filed, works = self.moved(snapshot, persons)
        return record.before_sending(
            self.chosen(snapshot.choices),
            self.campaign,
            state,
            today,
            filed=filed,
            performance=works,
            warnings=snapshot.findings,
            acknowledged=acknowledged,
        )

    def for_review(self, snapshot: Snapshot) -> list[Finding]:
        return record.for_review(self.chosen(snapshot.choices), self.earlier)

    def moved(
        self, snapshot: Snapshot, persons: Sequence[FrozenPerson]
    ) -> tuple[list[Source], list[Source]]:
        """Each frozen fact beside what stands now: the approved ones, and contracts with
        projects.
        """
        now = self.enterprise.version if self.enterprise else None
        filed = [Source(pointer="/enterprise", version=snapshot.enterprise.filed_version, now=now)]
        filed += [
            Source(
                pointer=f"/persons/{n}", version=each.filed_version, now=self._filed(each.person_id)
            )
            for n, each in enumerate(persons)
        ]
        works = [
            Source(pointer=f"/performances/{n}{part}", version=ref.version, now=version)
            for n, each in enumerate(snapshot.performances)
            for part, ref, version in self._works(each)
        ]
        return filed, works

    def _warnings(self, works: Sequence[SavedProject], today: date) -> list[Finding]:
        if self.enterprise is None:
            return []
        people = {id: each.fact for id, each in self.people.items()}
        return [
            found
            for n, each in enumerate(works)
            for found in warnings.of_performance(n, each, self.enterprise, people, today)
        ]

    def _filed(self, person: UUID) -> int | None:
        found = self.people.get(person)
        return found.fact.version if found and not found.fact.released else None

    def _works(self, frozen: FrozenPerformance) -> list[tuple[str, Ref, int | None]]:
        found = self.works.get(frozen.project_id)
        stands = found is not None and found.fact.stage_complete
        project, contract = (
            (found.project.version, found.contract.version) if found and stands else (None, None)
        )
        return [("", frozen.project, project), ("/contract", frozen.contract, contract)]
