"""Commands of the assessment service: load, look up facts, decide, save."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from libs.chassis.directory import Directory, Listing
from libs.chassis.scans import known_scans
from libs.events import claims
from libs.events.aggregate import Aggregate
from libs.events.application import Application, Command, Unit, use_case
from libs.events.refusal import Finding, Refused, refuse
from libs.events.value import Act, Value
from libs.filing.catalogue import STATE, finding
from libs.filing.content.record import Wizard
from libs.filing.content.scans import scans_in, with_scans
from libs.filing.facts.record import CampaignFacts, EarlierResult
from libs.filing.filing import Answer, number
from libs.filing.rules.record_generate import a09
from libs.filing.rules.record_send import a19
from services.assessment import queries
from services.assessment.domain import choosing, generating, sending
from services.assessment.domain.campaign import Campaign, Settings
from services.assessment.domain.record import FIELDS, Record
from services.assessment.domain.register import Register
from services.assessment.domain.rounds import Sender, Terms
from services.assessment.domain.sources import Sources
from services.assessment.facts import Facts

W = TypeVar("W", bound=Value)
PERSON = "campaign-person"  # claims: in one campaign a person counts for one enterprise (A19)


class AssessmentApplication(Application):
    @property
    def facts(self) -> Facts:
        return Facts(self.pool, self.keyring)

    # Campaigns

    @use_case
    async def plan(self, unit: Unit, settings: Settings) -> Aggregate:
        """Its settings stand in its own stream, its place among all of them in the register."""
        campaign = unit.add(Campaign.plan(unit.act, self.ids.new(), settings))
        register = await unit.find(Register, Register.create_id())
        register = register or unit.add(Register.begin_empty(unit.act))
        register.list_campaign(unit.act, campaign.id, settings.year)
        unit.created(f"/campaigns/{campaign.id}")
        return campaign

    @use_case
    async def change(self, unit: Unit, id: UUID, settings: Settings) -> Aggregate:
        campaign = await unit.change(Campaign, id)
        campaign.change(unit.act, settings)
        return campaign

    @use_case
    async def open(self, unit: Unit, id: UUID) -> Aggregate:
        campaign = await unit.change(Campaign, id)
        campaign.open(unit.act)
        return campaign

    @use_case
    async def close(self, unit: Unit, id: UUID) -> Aggregate:
        campaign = await unit.change(Campaign, id)
        campaign.close(unit.act, tuple(await queries.absent(self.pool, id)))
        return campaign

    # Records

    @use_case
    async def start(self, unit: Unit, campaign: UUID, enterprise: UUID) -> Aggregate:
        """添加: refused at once with everything that is missing."""
        begun = await unit.find(Record, Record.create_id(campaign, enterprise))
        sources = await self.sources(unit, campaign, enterprise)
        refuse([*a09(exists=begun is not None), *sources.before_starting()])
        city = (await self.listing(enterprise)).supervising_city_code
        record_no = f"{sources.campaign.year}-{city}-{self.ids.token(6)}"
        record = unit.add(Record.start(unit.act, campaign, enterprise, record_no))
        unit.created(f"/records/{record.id}")
        return record

    @use_case
    async def save_step(self, unit: Unit, id: UUID, step: str, content: Value) -> Aggregate:
        """保存 of one step, with what the uploads say of its scans."""
        record = await unit.change(Record, id)
        filled = await self._filled(unit, record.owner, content)
        choices = Wizard().model_copy(update={FIELDS[step]: filled})
        sources = await self.sources(unit, record.campaign, record.enterprise)
        available = sources.available(record.wizard)
        choosing.save_step(record, unit.act, step, choices, available=available)
        return record

    @use_case
    async def generate(self, unit: Unit, id: UUID) -> Aggregate:
        """生成, 重新生成."""
        record = await unit.change(Record, id)
        sources = await self.sources(unit, record.campaign, record.enterprise)
        wizard = sources.proposed(record.wizard)
        judged = sources.judged(wizard)
        findings = sources.before_generating(wizard, record.state, unit.act.today, judged)
        generating.refuse_generating(record, findings)
        snapshot, persons = generating.freeze(sources, wizard, judged, findings)
        generating.generate(record, unit.act, snapshot, persons)
        return record

    @use_case
    async def send(
        self, unit: Unit, id: UUID, acknowledged: tuple[str, ...], answers: tuple[Answer, ...]
    ) -> Aggregate:
        """发送; the persons of the record are claimed in the same unit."""
        record = await unit.load(Record, id)
        if record.sent_from(unit.command.expected):
            return record  # pressed twice: one sending, the same receipt
        unit.match(record)
        held = record.claimed
        sources = await self.sources(unit, record.campaign, record.enterprise)
        findings = await self.findings_before_sending(unit, record, sources, acknowledged)
        sender = _sender(await self.listing(record.enterprise))
        sending.send(
            record,
            unit.act,
            sender,
            _terms(sources.campaign),
            self._receipt_no(unit.act, sender),
            findings=findings,
            for_review=sources.for_review(record.latest.snapshot) if record.latest else (),
            acknowledged=acknowledged,
            answers=answers,
        )
        await self._claim(unit, record, held)
        return record

    @use_case
    async def ask_withdrawal(self, unit: Unit, id: UUID) -> Aggregate:
        record = await unit.change(Record, id)
        sending.ask_withdrawal(record, unit.act)
        unit.accepted(f"/records/{id}")
        return record

    def _receipt_no(self, act: Act, sender: Sender) -> str:
        return number(sender.supervising_city_code, f"{act.today:%Y%m%d}", self.ids.token(8))

    # What they stand on

    async def sources(self, unit: Unit, campaign: UUID, enterprise: UUID) -> Sources:
        """Everything the record can be made of, as it stands now."""
        found, facts = await unit.load(Campaign, campaign), self.facts
        filed = await facts.enterprise(enterprise)
        return Sources(
            campaign=campaign_facts(found),
            enterprise=filed.fact if filed else None,
            filed_as=filed.frozen if filed else None,
            people=await facts.people(enterprise),
            works=await facts.works(enterprise),
            claimed=await facts.claimed(campaign, enterprise),
            earlier=await self._earlier(unit, campaign, enterprise),
        )

    async def sources_of(self, record: Record, act: Act) -> Sources:
        return await self.sources(Unit(self, Command(act)), record.campaign, record.enterprise)

    async def findings_before_sending(
        self, unit: Unit, record: Record, sources: Sources, acknowledged: tuple[str, ...] = ()
    ) -> list[Finding]:
        """What stands against sending the latest generation, besides the record's own state."""
        if (latest := record.latest) is None:
            return []
        found = sources.before_sending(
            latest.snapshot, latest.persons, record.state, unit.act.today, acknowledged
        )
        for n, person in enumerate(latest.persons):
            elsewhere = await self._is_claimed_elsewhere(unit, record, person.person_key)
            found += a19(n, claimed_elsewhere=elsewhere)
        return found

    async def _is_claimed_elsewhere(self, unit: Unit, record: Record, key: str | None) -> bool:
        """Whether the person counts for another record of the campaign."""
        holder = await claims.holder(unit, PERSON, _claim(record, key)) if key else None
        return holder is not None and holder.subject != record.id

    async def findings_of(self, record: Record, act: Act) -> list[Finding]:
        """For `:check`."""
        unit = Unit(self, Command(act))
        sources = await self.sources(unit, record.campaign, record.enterprise)
        return await self.findings_before_sending(unit, record, sources)

    async def listing(self, enterprise: UUID) -> Listing:
        """The enterprise as the directory knows it. Raises Refused (STATE) if it does not."""
        if (found := await Directory(self.pool).find(enterprise)) is None:
            raise Refused((finding(STATE, case="enterprise_unknown"),))
        return found

    async def _earlier(
        self, unit: Unit, campaign: UUID, enterprise: UUID
    ) -> Sequence[EarlierResult]:
        """Results of the same enterprise in campaigns of earlier years."""
        register = await unit.find(Register, Register.create_id())
        years = register.campaigns if register else {}
        found = []
        for id, year in years.items():
            if year < years.get(campaign, 0):
                record = await unit.find(Record, Record.create_id(id, enterprise))
                if record and record.result:
                    found.append(EarlierResult(year=year, result=record.result))
        return found

    async def _claim(self, unit: Unit, record: Record, held: frozenset[str]) -> None:
        """Every chosen person counts for this record from now on; who was dropped since the last
        sending is free.
        """
        await free(unit, record, held)
        holder = claims.Holder(enterprise=record.enterprise, subject=record.id)
        for key in sorted(record.claimed):
            await claims.take(unit, PERSON, _claim(record, key), claims.PERSONS, holder)

    async def _filled(self, unit: Unit, owner: UUID, content: W) -> W:
        """The content with what the uploads say of its scans. Raises Refused for an unknown one."""
        wanted = [(scan.scan, scan.scan_type) for scan in scans_in(content)]
        return with_scans(content, await known_scans(unit, owner, wanted))


async def free(unit: Unit, record: Record, held: frozenset[str]) -> None:
    """Gives back what the record no longer needs."""
    for key in sorted(held - record.claimed):
        await claims.free(unit, PERSON, _claim(record, key), record.id)


def campaign_facts(campaign: Campaign) -> CampaignFacts:
    settings = campaign.settings
    return CampaignFacts(
        year=settings.year,
        status=campaign.phase,
        as_of_date=settings.as_of_date,
        submission_window=settings.submission_window,
        contract_period=settings.contract_period,
        si_months=settings.si_months,
        commitment_required=settings.commitment_required,
        legal_rep_confirms=settings.legal_rep_confirms,
        policy=settings.policy,
    )


async def existing(unit: Unit, enterprise: UUID) -> list[Record]:
    """Every record of the enterprise, whatever its campaign."""
    register = await unit.find(Register, Register.create_id())
    found = []
    for campaign in register.campaigns if register else ():
        if record := await unit.find(Record, Record.create_id(campaign, enterprise)):
            found.append(record)
    return found


def _sender(listing: Listing) -> Sender:
    return Sender(
        uscc=listing.uscc,
        name=listing.name,
        supervising_city_code=listing.supervising_city_code,
    )


def _terms(campaign: CampaignFacts) -> Terms:
    policy = campaign.policy
    return Terms(
        city_lead_signs=policy.city_lead_signs,
        max_returns=policy.max_returns,
        return_fix_days=policy.return_fix_days,
        window_end=campaign.submission_window[1],
    )


def _claim(record: Record, person_key: str) -> str:
    return f"{record.campaign}/{person_key}"
