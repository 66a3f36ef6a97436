"""What happens to an enterprise within the year, in order: it registers and files itself (one in
ten is returned once and corrected), adds its staff, and files two in seven of them, several at
once. The city opens and decides each case.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from math import ceil
from uuid import UUID

from benchmarks.national.population import Firm
from benchmarks.national.writing import Desk
from libs.events.application import UnitOfWork
from libs.events.keyring import KeyRing
from libs.events.policy import Policy
from libs.events.records import StoredEvent
from libs.events.store import Log
from libs.events.value import Act, Actor
from libs.filing.facts.person import PersonFacts
from libs.filing.filing import Decision, ReturnedItem, Type, number
from services.enterprise.filings import policies as enterprise_policies
from services.enterprise.information.domain import Enterprise
from services.personnel.filings import policies as personnel_policies
from services.personnel.filings.domain import Batch, SentFiling
from services.personnel.people import documents
from services.personnel.people.domain.filed import FilingToSend, Sender
from services.personnel.people.domain.held import held
from services.personnel.people.domain.person import Person
from services.personnel.people.domain.place import FilingPlace
from services.review.cases import policies as review_policies
from services.review.cases.domain import reviewing
from services.review.cases.domain.case import Case
from services.review.cases.domain.subject import case_id
from tests.seeded import SeededIds

LOGS = ("enterprise", "personnel", "review")
YEAR = datetime(2024, 1, 2, 1, tzinfo=UTC)
DAYS = 240  # on which enterprises begin
FILED, OF = 2, 7  # of each seven persons two are filed within the year
TOGETHER = 10  # persons in one sending
RETURNED, EACH = 3, 10  # the fourth of each ten enterprises is returned once
ITEM = ReturnedItem(pointer="/basic/registered_address", reason="R01", text="注册地址与执照不一致")


def is_returned(firm: Firm) -> bool:
    return firm.number % EACH == RETURNED


def is_filed(person: int) -> bool:
    return person % OF < FILED


def events_of(firm: Firm) -> int:
    """How many events its year has, in all logs."""
    filed = sum(map(is_filed, range(firm.staff)))
    enterprise = 11 + 8 * is_returned(firm)  # of its own, and of its case
    # who is added is saved, and the document claimed; a filing has its place, its claim, its case
    return enterprise + 4 * firm.staff + 12 * filed + ceil(filed / TOGETHER)


class FirmYear:
    """One enterprise's year in the logs of three services."""

    def __init__(self, firm: Firm, logs: Mapping[str, Log], keyring: KeyRing) -> None:
        self.firm = firm
        desks = {
            name: Desk(logs[name], keyring, SeededIds(firm.random(f"ids {name}"))) for name in LOGS
        }
        self.enterprise, self.personnel, self.review = (desks[name] for name in LOGS)
        self._now = YEAR + timedelta(days=firm.number % DAYS)
        self._clerk = Actor(user=f"ent_clerk/{firm.uscc}", role="ENT_CLERK", enterprise=firm.id)
        self._officer = Actor(
            user=f"city_officer/{firm.city}", role="CITY_OFFICER", office=firm.city
        )

    async def pass_by(self) -> None:
        await self.file_enterprise()
        hired = [await self.add(n) for n in range(self.firm.staff)]
        filed = [person for n, person in enumerate(hired) if is_filed(n)]
        for first in range(0, len(filed), TOGETHER):
            await self.file_people(filed[first : first + TOGETHER])

    # Chapter 1: the enterprise

    async def file_enterprise(self) -> None:
        filing = await self.prepare_enterprise()
        decision = Decision.RETURN if is_returned(self.firm) else Decision.PASS
        await self._review_enterprise(await self._send_enterprise(filing), decision)
        if decision is Decision.RETURN:
            await self._correct(filing)
            await self._review_enterprise(await self._send_enterprise(filing), Decision.PASS)
        self.enterprise.forget()
        self.review.forget()

    async def prepare_enterprise(self) -> UUID:
        """Registered, filled in, its filing saved and not yet sent: the filing."""
        firm, filing = self.firm, self.firm.id_of("filing")
        work = self.enterprise.work(self._act(self._clerk))
        enterprise = work.add(Enterprise.register(work.act, firm.uscc, firm.name, firm.city))
        await self.enterprise.save(work, enterprise)
        work = self.enterprise.work(self._act(self._clerk))
        enterprise.save_information(work.act, firm.page())
        await self.enterprise.save(work, enterprise)
        work = self.enterprise.work(self._act(self._clerk))
        enterprise.add_filing(work.act, filing, Type.ENT_INIT, self._number(work, Type.ENT_INIT))
        await self.enterprise.save(work, enterprise)
        work = self.enterprise.work(self._act(self._clerk))
        enterprise.save_filing(work.act, filing, None)
        await self.enterprise.save(work, enterprise)
        return filing

    async def _send_enterprise(self, filing: UUID) -> StoredEvent:
        work = self.enterprise.work(self._act(self._clerk))
        enterprise = self.enterprise.known(Enterprise, self.firm.id)
        enterprise.send_filing(work.act, filing, self._number(work))
        return (await self.enterprise.save(work, enterprise))[-1]

    async def _correct(self, filing: UUID) -> None:
        work = self.enterprise.work(self._act(self._clerk))
        enterprise = self.enterprise.known(Enterprise, self.firm.id)
        page = enterprise.page
        assert page
        basic = page.basic.model_copy(update={"registered_address": "郑州市金水区示范路2号"})
        enterprise.save_filing(work.act, filing, page.model_copy(update={"basic": basic}))
        await self.enterprise.save(work, enterprise)

    async def _review_enterprise(self, sent: StoredEvent, decision: Decision) -> None:
        to, owner = review_policies.filings, enterprise_policies.decisions
        await self._review(sent, to, self.enterprise, owner, decision)

    # Chapter 2: its staff

    async def add(self, n: int) -> UUID:
        """添加人员, saved at once."""
        content, work = self.firm.person(n), self.personnel.work(self._act(self._clerk))
        id = self.firm.id_of(f"person {n}")
        person = work.add(Person.add(work.act, id, self.firm.id))
        before, key = held(person), documents.key_of(work, content)
        person.save(work.act, content, key, self._facts)
        await documents.follow(work, person, before)
        await self.personnel.save(work, person)
        self.personnel.forget()
        return id

    async def file_people(self, people: Sequence[UUID]) -> None:
        """Begun and saved one by one, sent together, each decided by itself."""
        filings = [await self.prepare(person) for person in people]
        for sent in await self.send_people(people, filings):
            to, owner = review_policies.people, personnel_policies.decisions
            await self._review(sent, to, self.personnel, owner, Decision.PASS)
            self.review.forget()
        self.personnel.forget()

    async def prepare(self, person: UUID) -> UUID:
        """A first filing of the person, begun and saved."""
        work = self.personnel.work(self._act(self._clerk))
        item = await work.load(Person, person)
        filing, before = self.firm.id_of(f"filing {person}"), held(item)
        no = self._number(work, Type.PER_INIT)
        item.add_filing(work.act, filing, Type.PER_INIT, no)
        work.add(FilingPlace.place(work.act, filing, person=person, enterprise=self.firm.id))
        await self.personnel.save(work, item)
        work = self.personnel.work(self._act(self._clerk))
        item.save_filing(work.act, filing, None, item.person_key, self._facts)
        await documents.follow(work, item, before)
        await self.personnel.save(work, item)
        return filing

    async def send_people(
        self, people: Sequence[UUID], filings: Sequence[UUID]
    ) -> list[StoredEvent]:
        """在线发送 of several at once: what review hears."""
        work = self.personnel.work(self._act(self._clerk))
        sender = Sender(
            uscc=self.firm.uscc, name=self.firm.name, supervising_city_code=self.firm.city
        )
        batch_no, outcomes = self._number(work), []
        for id, filing in zip(people, filings, strict=True):
            person = await work.load(Person, id)
            before, receipt = held(person), self._number(work)
            to_send = FilingToSend(filing)
            person.send_filing(
                work.act, to_send, sender, self._facts, receipt_no=receipt, batch_no=batch_no
            )
            await documents.follow(work, person, before)
            outcomes.append(SentFiling(filing=filing, person=id, receipt_no=receipt, round=1))
        batch = Batch.send(work.act, work.ids.new(), self.firm.id, batch_no, outcomes)
        stored = await self.personnel.save(work, work.add(batch))
        return [each for each in stored if each.type == Person.FilingSent.TOPIC]

    @property
    def _facts(self) -> PersonFacts:
        return PersonFacts(uscc=self.firm.uscc)

    # The authority

    async def _review(
        self, sent: StoredEvent, to: Policy, owner: Desk, decisions: Policy, decision: Decision
    ) -> None:
        """A case opens; the officer opens and decides it; the owner follows, and review hears."""
        await self.review.react(to, sent)
        case = self.review.known(Case, case_id(UUID(sent.payload["filing"])))
        work = self.review.work(self._act(self._officer))
        reviewing.take(case, work.act)
        [taken] = await self.review.save(work, case)
        await owner.react(decisions, taken)
        work = self.review.work(self._act(self._officer))
        items = (ITEM,) if decision is Decision.RETURN else ()
        reviewing.decide(case, work.act, decision, case.round, case.reviewed, items)
        [decided] = await self.review.save(work, case)
        [applied, *_] = await owner.react(decisions, decided)
        await self.review.react(to, applied)

    # All of it

    def _act(self, by: Actor) -> Act:
        """A minute later than the one before."""
        self._now += timedelta(minutes=1)
        return Act(by=by, at=self._now)

    def _number(self, work: UnitOfWork, type: Type | None = None) -> str:
        return number(self.firm.city, f"{work.act.today:%Y%m%d}", work.ids.token(8), type)
