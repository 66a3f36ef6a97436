"""Everything a record can be made of, as it stands now: approved enterprise data and staff, saved
projects; each with the event that says it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from uuid import UUID

from libs.events.refusal import Finding
from libs.events.value import replace
from libs.filing.content.enterprise import Certificate
from libs.filing.content.record import (
    CertificateChoice,
    PeopleStep,
    PerformanceStep,
    PersonChoice,
    QualificationsStep,
    SocialInsuranceStep,
    Wizard,
)
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
from libs.filing.rules.record_generate import a01, a02, a04, a05
from services.assessment.records.domain.rounds import Measured
from services.assessment.records.domain.snapshot import (
    FrozenEnterprise,
    FrozenPerformance,
    FrozenPerson,
    Ref,
    Snapshot,
)
from services.assessment.wizard.domain import warnings


@dataclass(frozen=True)
class PersonSource:
    fact: FiledPerson
    sent: Ref
    person_key: str | None


@dataclass(frozen=True)
class WorkSource:
    """A project with its contract, as last saved."""

    fact: SavedProject
    project: Ref
    contract: Ref


@dataclass(frozen=True)
class Sources:
    campaign: CampaignFacts
    enterprise: FiledEnterprise | None = None
    filed_as: FrozenEnterprise | None = None
    people: Mapping[UUID, PersonSource] = field(default_factory=dict)
    works: Mapping[UUID, WorkSource] = field(default_factory=dict)

    @property
    def approved(self) -> Certificates:
        return Certificates(
            listed=self.enterprise.information.certificates if self.enterprise else ()
        )

    @property
    def in_force(self) -> list[Certificate]:
        """Each once, in the order of the page."""
        in_force = self.approved.in_force(self.campaign.as_of_date, self.campaign.policy)
        return list({each.certificate.id: each.certificate for each in in_force}.values())

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
        """The choices as they can be made now: without what is gone, with the certificates that
        were approved since, which A03 asks for.
        """
        return wizard.model_copy(
            update={
                "qualifications": self._now_listed(wizard.qualifications),
                "people": self._still_here(wizard.people),
                "performance": self._still_saved(wizard.performance),
                "social_insurance": self._still_insured(wizard.social_insurance),
            }
        )

    def _now_listed(self, step: QualificationsStep) -> QualificationsStep:
        listed = [each.id for each in self.approved.listed if each.id]
        explained = {each.certificate_id for each in step.excluded_certificates}
        chosen = [
            each.certificate_id for each in step.certificates if each.certificate_id in listed
        ]
        new = [id for id in listed if id not in chosen and id not in explained]
        certificates = tuple(CertificateChoice(certificate_id=id) for id in (*chosen, *new))
        return step.model_copy(update={"certificates": certificates})

    def _still_here(self, step: PeopleStep) -> PeopleStep:
        chosen = tuple(each for each in step.persons if each.person_id in self._here)
        return step.model_copy(update={"persons": chosen})

    def _still_insured(self, step: SocialInsuranceStep) -> SocialInsuranceStep:
        proofs = tuple(
            proof.model_copy(
                update={
                    "persons": tuple(row for row in proof.persons if row.person_id in self._here)
                }
            )
            for proof in step.si_proofs
        )
        return step.model_copy(update={"si_proofs": proofs})

    @property
    def _here(self) -> frozenset[UUID]:
        return frozenset(id for id, each in self.people.items() if not each.fact.has_left)

    def _still_saved(self, step: PerformanceStep) -> PerformanceStep:
        saved = {id for id, each in self.works.items() if each.fact.stage_complete}
        chosen = tuple(each for each in step.performances if each.project_id in saved)
        return step.model_copy(update={"performances": chosen})

    def proposed(self, wizard: Wizard) -> Wizard:
        """Where the clerk has not chosen yet: every licence in force, as A03 asks."""
        if wizard.qualifications.certificates:
            return wizard
        all_in_force = tuple(
            CertificateChoice(certificate_id=each.id) for each in self.in_force if each.id
        )
        qualifications = wizard.qualifications.model_copy(update={"certificates": all_in_force})
        return wizard.model_copy(update={"qualifications": qualifications})

    def judged(self, wizard: Wizard) -> Judged:
        """Staffing and proposal of these choices."""
        return judge(self.chosen(wizard), self.campaign)

    def measured(self, on: date) -> Measured:
        """What the enterprise has on that day, whatever was chosen for a record."""
        campaign = self.campaign.model_copy(update={"as_of_date": on})
        everybody = tuple(PersonChoice(person_id=id) for id in sorted(self._here))
        now = replace(self, campaign=campaign)
        choices = now.proposed(Wizard(people=PeopleStep(persons=everybody)))
        assets = self.enterprise.newest_assets if self.enterprise else None
        return Measured(
            on=on,
            proposal=now.judged(choices).proposal,
            net_assets_wan=assets.net_assets_wan if assets else None,
        )

    def claims(self, wizard: Wizard) -> list[StageClaim]:
        """What is put forward with these choices; 暂无业绩, which all name alike, is nothing."""
        works = [each for each in self._works(wizard).values() if not each.is_placeholder]
        return [claim for each in works for claim in each.claims]

    # What the rules say

    def before_starting(self, today: date) -> list[Finding]:
        """添加 says at once if it is out of time, and what is missing: 企业备案, 人员备案, 业绩."""
        nobody = not any(not each.fact.has_left for each in self.people.values())
        missing = (
            a01(self.campaign, RecordState(status="DRAFT"), today),
            a02(self.enterprise),
            a04([]) if nobody else [],
            [] if self.works else a05(self.chosen(Wizard())),
        )
        return [found for each in missing for found in each]

    def before_generating(
        self,
        wizard: Wizard,
        state: RecordState,
        today: date,
        judged: Judged,
        claimed: Sequence[StageClaim] = (),
        called: Mapping[UUID, str] = MappingProxyType({}),
    ) -> list[Finding]:
        """`claimed`: stages that sent records of other enterprises put forward; `called`: names of
        projects when they were chosen last.
        """
        chosen = self.chosen(wizard)
        as_of, policy = self.campaign.as_of_date, self.campaign.policy
        return [
            *record.before_generating(chosen, self.campaign, state, today, judged),
            *staff.before_generating(chosen.staff, judged.held, as_of, policy),
            *self._missing(wizard, called),
            *self._of_performance(wizard, claimed),
            *self._warnings(wizard, today),
        ]

    def _missing(self, wizard: Wizard, called: Mapping[UUID, str]) -> list[Finding]:
        """A chosen project that is gone has no saved stage (J03)."""
        return [
            performance.deleted(n, called.get(each.project_id, ""))
            for n, each in enumerate(wizard.performance.performances)
            if each.project_id not in self.works
        ]

    def _of_performance(self, wizard: Wizard, claimed: Sequence[StageClaim]) -> list[Finding]:
        period, items = self.campaign.contract_period, list(self.approved.items())
        works = self._works(wizard).items()
        return performance.before_generating(works, period, items, claimed)

    def _works(self, wizard: Wizard) -> dict[int, SavedProject]:
        """The chosen projects that are there, by their place among all that were chosen."""
        chosen = enumerate(wizard.performance.performances)
        found = {n: self.works.get(each.project_id) for n, each in chosen}
        return {n: work.fact for n, work in found.items() if work}

    def _warnings(self, wizard: Wizard, today: date) -> list[Finding]:
        if self.enterprise is None:
            return []
        people = {id: each.fact for id, each in self.people.items()}
        return [
            found
            for n, each in self._works(wizard).items()
            for found in warnings.of_performance(n, each, self.enterprise, people, today)
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
        return record.before_sending(
            self.chosen(snapshot.choices),
            self.campaign,
            state,
            today,
            filed=self.filed_sources(snapshot, persons),
            performance=self.saved_sources(snapshot),
            warnings=snapshot.findings,
            acknowledged=acknowledged,
        )

    def for_review(self, snapshot: Snapshot, earlier: Sequence[EarlierResult]) -> list[Finding]:
        """`earlier`: results of this enterprise in campaigns of earlier years."""
        return record.for_review(self.chosen(snapshot.choices), earlier)

    # Each frozen fact beside what stands now

    def filed_sources(self, snapshot: Snapshot, persons: Sequence[FrozenPerson]) -> list[Source]:
        """Approved versions: of the enterprise, and of each person in order."""
        version, now = snapshot.enterprise.filed_version, self.enterprise
        about = Source(pointer="/enterprise", version=version, now=now.version if now else None)
        return [about, *(self._filed(n, each) for n, each in enumerate(persons))]

    def saved_sources(self, snapshot: Snapshot) -> list[Source]:
        """Of each performance the project, then its contract."""
        return [
            each
            for n, frozen in enumerate(snapshot.performances)
            for each in self._saved(f"/performances/{n}", frozen)
        ]

    def _filed(self, n: int, frozen: FrozenPerson) -> Source:
        person = self.people.get(frozen.person_id)
        now = person.fact.version if person and not person.fact.released else None
        version = frozen.filed_version
        return Source(pointer=f"/persons/{n}", version=version, now=now, gone="released")

    def _saved(self, place: str, frozen: FrozenPerformance) -> list[Source]:
        """The project and its contract, or the one that is gone."""
        work = self.works.get(frozen.project_id)
        if work is None or not work.fact.stage_complete:
            gone, version = "no_stage" if work else "deleted", frozen.project.version
            return [Source(pointer=place, version=version, now=None, name=frozen.name, gone=gone)]
        sources = (
            (place, frozen.project, work.project),
            (f"{place}/contract", frozen.contract, work.contract),
        )
        return [
            Source(pointer=at, version=was.version, now=now.version, name=frozen.name)
            for at, was, now in sources
        ]
