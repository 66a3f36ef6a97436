"""Commands of the enterprise service: load, look up facts, decide, save."""

from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from libs.chassis.scans import known_scans
from libs.events.aggregate import Aggregate
from libs.events.application import Application, Unit, use_case
from libs.events.codec import canonical
from libs.events.refusal import refuse
from libs.filing.content.enterprise import Information
from libs.filing.content.scans import scans_in, with_scans
from libs.filing.filing import Answer, Type, number
from libs.filing.identifiers import enterprise_id
from libs.filing.rules import states
from services.enterprise.domain.certificates import identified
from services.enterprise.domain.enterprise import Enterprise, Offer
from services.enterprise.domain.legacy import LegacyFiling


class EnterpriseApplication(Application):
    @use_case
    async def register(
        self, unit: Unit, uscc: str, name: str, supervising_city_code: str
    ) -> Aggregate:
        refuse(states.e03(taken=await unit.find(Enterprise, enterprise_id(uscc)) is not None))
        enterprise = Enterprise.register(unit.act, uscc, name, supervising_city_code)
        unit.created(f"/enterprises/{enterprise.id}")
        return unit.add(enterprise)

    @use_case
    async def save_information(self, unit: Unit, id: UUID, information: Information) -> Aggregate:
        enterprise = await unit.change(Enterprise, id)
        enterprise.save_information(unit.act, await self._filled(unit, enterprise, information))
        return enterprise

    @use_case
    async def import_legacy(self, unit: Unit, id: UUID, overwrite: bool) -> Aggregate:
        enterprise = await unit.change(Enterprise, id)
        legacy = await unit.find(LegacyFiling, LegacyFiling.create_id(enterprise.uscc))
        offer = (
            replace(legacy.offer, content=self._identified(enterprise, legacy.offer.content))
            if legacy
            else None
        )
        enterprise.fetch_legacy(unit.act, offer, overwrite)
        return enterprise

    async def offer(self, uscc: str) -> Offer | None:
        """What 5.0 holds for this credit code."""
        legacy = await self.find(LegacyFiling, LegacyFiling.create_id(uscc))
        return legacy.offer if legacy else None

    @use_case
    async def offer_legacy(
        self,
        unit: Unit,
        uscc: str,
        legacy_id: str,
        filed_on: date,
        migrated: bool,
        migrated_at: datetime | None,
        content: Information,
    ) -> Aggregate:
        digest = sha256(canonical(content.model_dump(mode="json"))).hexdigest()
        offer = Offer(legacy_id, filed_on, migrated, digest, content)
        legacy = await unit.find(LegacyFiling, LegacyFiling.create_id(uscc))
        if legacy:
            legacy.offer_again(unit.act, offer, migrated_at)
        else:
            legacy = unit.add(LegacyFiling.begin_with(unit.act, uscc, offer, migrated_at))
        unit.created(f"/legacy-filings/{legacy.id}")
        return legacy

    @use_case
    async def add_filing(self, unit: Unit, id: UUID, type: Type) -> Aggregate:
        enterprise = await unit.change(Enterprise, id)
        filing = self.ids.new()
        enterprise.add_filing(unit.act, filing, type, self._number(unit, enterprise, type))
        unit.created(f"/enterprises/{id}/filings/{filing}")
        return enterprise

    @use_case
    async def save_filing(
        self, unit: Unit, id: UUID, filing: UUID, content: Information | None
    ) -> Aggregate:
        enterprise = await unit.change(Enterprise, id)
        filled = await self._filled(unit, enterprise, content) if content else None
        enterprise.save_filing(unit.act, filing, filled)
        return enterprise

    @use_case
    async def send_filing(
        self,
        unit: Unit,
        id: UUID,
        filing: UUID,
        acknowledged: tuple[str, ...],
        answers: tuple[Answer, ...],
    ) -> Aggregate:
        enterprise = await unit.load(Enterprise, id)
        if enterprise.filing(filing).sent_from(unit.command.expected):
            return enterprise  # pressed twice: one sending, the same receipt
        unit.match(enterprise).send_filing(
            unit.act, filing, self._number(unit, enterprise), acknowledged, answers
        )
        return enterprise

    @use_case
    async def ask_withdrawal(self, unit: Unit, id: UUID, filing: UUID) -> Aggregate:
        enterprise = await unit.change(Enterprise, id)
        enterprise.ask_withdrawal(unit.act, filing)
        unit.accepted(f"/enterprises/{id}/filings/{filing}")
        return enterprise

    @use_case
    async def void_filing(self, unit: Unit, id: UUID, filing: UUID) -> Aggregate:
        enterprise = await unit.change(Enterprise, id)
        enterprise.void_filing(unit.act, filing)
        return enterprise

    def _number(self, unit: Unit, enterprise: Enterprise, type: Type | None = None) -> str:
        content = enterprise.page or Information()
        return number(enterprise.unit(content), f"{unit.act.today:%Y%m%d}", self.ids.token(8), type)

    async def _filled(
        self, unit: Unit, enterprise: Enterprise, information: Information
    ) -> Information:
        """Only scans that this enterprise has uploaded and that passed their check can be referred
        to.
        """
        known = await known_scans(
            unit, enterprise.id, [(scan.scan, scan.scan_type) for scan in scans_in(information)]
        )
        return self._identified(enterprise, with_scans(information, known))

    def _identified(self, enterprise: Enterprise, information: Information) -> Information:
        pages = (
            enterprise.page,
            *(each.content for each in enterprise.versions),
            *(each.content for each in enterprise.filings.values()),
        )
        return identified(
            information,
            [each for page in pages if page for each in page.certificates],
            self.ids.new,
        )
