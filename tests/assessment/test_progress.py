"""考核进度: what a campaign had come to on a day, counted as its events came."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from libs.chassis.identity.access import Scope
from libs.events.pools import Pool
from libs.events.projection import Projection, flush
from libs.events.records import StoredEvent
from libs.events.testing.tables import MemoryTables
from libs.filing.conclusion.held import HeldItem
from libs.filing.conclusion.result import ItemProposal, Proposal, Result
from libs.filing.staffing import Group, Shortfall
from libs.published import enterprise
from services.assessment.campaigns.domain.campaign import Campaign
from services.assessment.main import DUE, PROGRESS, SERVICE
from services.assessment.progress import lists
from services.assessment.progress.schemas import ProgressView, progress_view
from services.assessment.progress.spent import lengths, median, workdays
from services.assessment.records.domain.record import Record
from services.assessment.records.domain.status import Status
from tests.assessment.given import CAMPAIGN
from tests.conformance.stage import staged
from tests.given import clerk

ZHENGZHOU, KAIFENG = "410100", "410200"
ONE, TWO, THREE = (UUID(int=n) for n in range(11, 14))
RECORDS = {each: UUID(int=each.int + 100) for each in (ONE, TWO, THREE)}
MONDAY = date(2024, 9, 2)
Fact = tuple[Projection, type[Any], Any, StoredEvent]


def day(n: int) -> date:
    """The n-th day after Monday, 2 September."""
    return MONDAY + timedelta(days=n)


def lacking(*codes: str) -> Proposal:
    slots = tuple(Shortfall(group=Group.REGISTERED, code=each, need=1, have=0) for each in codes)
    item = ItemProposal(
        item=HeldItem(licence="BUILDING", grade="B", status="1", valid_to=None),
        result=Result.FAIL,
        registered=None,
        professionals=None,
        open_slots=slots,
    )
    return Proposal(result=Result.FAIL, per_item=(item,), policy_version="2024.1")


@dataclass
class Told:
    """What happened, day by day, one act each."""

    facts: list[Fact] = field(default_factory=list)
    today: date = MONDAY

    def on(self, n: int) -> "Told":
        self.today = day(n)
        return self

    def tell(self, of: Projection, kind: type[Any], stream: UUID, **said: Any) -> "Told":
        recorded = datetime.combine(self.today, datetime.min.time(), UTC) + timedelta(hours=2)
        at = StoredEvent(1, stream, 1, kind.TOPIC, stream, b"", b"", recorded)
        self.facts.append((of, kind, kind.model_construct(act=clerk(), **said), at))
        return self

    def campaign(self, kind: type[Campaign.Event], **said: Any) -> "Told":
        return self.tell(PROGRESS, kind, CAMPAIGN, **said)

    def registers(self, firm: UUID, city: str = ZHENGZHOU) -> "Told":
        kind = enterprise.EnterpriseRegistered
        return self.tell(DUE, kind, firm, supervising_city_code=city)

    def files(self, firm: UUID, cert_no: str, city: str = ZHENGZHOU) -> "Told":
        content = {"certificates": [{"cert_no": cert_no}]}
        sent = {"filing": firm, "content": content, "supervising_city_code": city}
        return self.tell(DUE, enterprise.WholeFilingSent, firm, **sent)

    def is_approved(self, firm: UUID, city: str = ZHENGZHOU) -> "Told":
        approved = {"filing": firm, "supervising_city_code": city}
        return self.tell(DUE, enterprise.FilingApproved, firm, **approved)

    def record(self, firm: UUID, kind: type[Record.Event], **said: Any) -> "Told":
        return self.tell(PROGRESS, kind, RECORDS[firm], **said)

    def starts(self, firm: UUID, city: str = ZHENGZHOU) -> "Told":
        started = {"campaign": CAMPAIGN, "record_no": f"2024-{city}-ABC123"}
        return self.record(firm, Record.AssessmentStarted, **started)

    def generates(self, firm: UUID, status: Status = Status.GENERATED) -> "Told":
        return self.record(firm, Record.AssessmentGenerated, status=status, generation=1)

    def sends(self, firm: UUID, *lacks: str, city: str = ZHENGZHOU) -> "Told":
        sent = {"supervising_city_code": city, "proposal": lacking(*lacks)}
        return self.record(firm, Record.AssessmentSent, **sent)


def story() -> Told:
    """Two of Zhengzhou and one of Kaifeng; one sends on Tuesday, is returned and sends again."""
    told = Told().campaign(Campaign.CampaignPlanned)
    told.registers(ONE).registers(TWO).registers(THREE, KAIFENG)
    told.on(1).starts(ONE).generates(ONE).sends(ONE, "HVAC", "ARCH")
    told.on(3).record(ONE, Record.AssessmentReviewOpened, level="CITY").starts(TWO)
    told.on(7).record(ONE, Record.AssessmentReturned).generates(ONE, Status.RETURNED)
    told.on(9).sends(ONE, "ARCH").sends(TWO, "ARCH")
    return told.on(10).record(ONE, Record.AssessmentConcluded, result="FAIL")


@dataclass
class InMemory:
    tables: MemoryTables = field(default_factory=lambda: MemoryTables([PROGRESS, DUE], {}))

    def hear(self, told: Told) -> "InMemory":
        for projection, _, event, at in told.facts:
            self.tables.apply(projection, projection.changes(event, at))
        return self

    def records(self) -> dict[tuple[str, str], int]:
        rows = self.tables.rows("state_totals")
        return {(row["city"], row["status"]): row["records"] for row in rows if row["records"]}

    def due(self) -> dict[str, int]:
        return {row["city"]: row["enterprises"] for row in self.tables.rows("due_totals")}

    def lacking(self) -> dict[str, int]:
        return {row["place"]: row["records"] for row in self.tables.rows("shortage_totals")}


def test_every_record_is_counted_once_where_it_stands() -> None:
    now = InMemory().hear(story())
    assert now.records() == {(ZHENGZHOU, "CONCLUDED"): 1, (ZHENGZHOU, "SENT"): 1}


def test_a_stay_is_measured_in_working_days() -> None:
    rows = InMemory().hear(story()).tables.rows("state_totals")
    spent = {row["status"]: row["spent"] for row in rows}
    assert spent["CITY_REVIEW"] == {"2": 1}  # from Thursday to Monday
    assert spent["RETURNED"] == {"2": 1}
    assert spent["SENT"] == {"1": 1, "2": 1}


def test_a_record_that_is_sent_to_another_city_is_counted_there() -> None:
    told = Told().starts(ONE).generates(ONE).sends(ONE, "HVAC").on(1)
    told.record(ONE, Record.AssessmentReturned).on(2).sends(ONE, "HVAC", city=KAIFENG)
    now = InMemory().hear(told)
    assert now.records() == {(KAIFENG, "SENT"): 1}
    lacks = {row["city"]: row["records"] for row in now.tables.rows("shortage_totals")}
    assert lacks == {ZHENGZHOU: 0, KAIFENG: 1}


def test_an_enterprise_lacks_what_it_sent_last() -> None:
    assert InMemory().hear(story()).lacking() == {"registered:ARCH": 2, "registered:HVAC": 0}
    withdrawn = story().record(TWO, Record.AssessmentWithdrawn)
    assert InMemory().hear(withdrawn).lacking()["registered:ARCH"] == 1


def test_who_holds_no_licence_of_the_scope_is_due_until_that_is_approved() -> None:
    told = Told().registers(ONE).registers(TWO).files(ONE, "C141000001").files(TWO, "A141000001")
    assert InMemory().hear(told).due() == {ZHENGZHOU: 2}
    told.is_approved(ONE).is_approved(TWO)
    assert InMemory().hear(told).due() == {ZHENGZHOU: 1}


def test_an_enterprise_that_moves_is_due_in_the_other_city_once_approved() -> None:
    told = Told().registers(ONE).files(ONE, "A141000001").is_approved(ONE)
    told.files(ONE, "A141000001", KAIFENG)
    assert InMemory().hear(told).due() == {ZHENGZHOU: 1}
    assert InMemory().hear(told.is_approved(ONE, KAIFENG)).due() == {ZHENGZHOU: 0, KAIFENG: 1}


def test_days_do_not_go_back_with_the_clock() -> None:
    told = Told().on(5).starts(ONE).on(2).generates(ONE).on(3).starts(TWO)
    rows = InMemory().hear(told).tables.rows("state_days")
    assert [(row["status"], row["day"], row["records"]) for row in rows] == [
        ("DRAFT", day(5), 1),
        ("GENERATED", day(5), 1),
    ]


@pytest.mark.parametrize(
    ("stays", "middle"),
    [({}, None), ({"3": 1}, 3), ({"1": 1, "9": 1}, 1), ({"1": 2, "4": 2, "9": 1}, 4)],
)
def test_the_median_is_the_shorter_of_the_two_in_the_middle(
    stays: dict[str, int], middle: int | None
) -> None:
    assert median(lengths(stays, {}, MONDAY)) == middle


def test_a_stay_that_goes_on_counts_up_to_the_day() -> None:
    stays = lengths({"1": 1}, {str(MONDAY): 2}, day(7))
    assert stays == {1: 1, 5: 2}


def test_in_a_year_without_a_calendar_weekdays_are_counted() -> None:
    assert workdays(date(2030, 1, 4), date(2030, 1, 8)) == 2  # Friday to Tuesday


# On PostgreSQL


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    async with staged(database, *SERVICE.projections) as stage:
        yield stage.pool


async def hear(pool: Pool, facts: Sequence[Fact]) -> None:
    """Everything in one batch a projection."""
    async with pool.acquire() as connection:
        for each in (PROGRESS, DUE):
            mine = [
                change
                for of, _, event, at in facts
                if of is each
                for change in of.changes(event, at)
            ]
            await flush(connection, each, mine)


async def progress(pool: Pool, on: date, scope: Scope = Scope(everything=True)) -> ProgressView:
    return progress_view(CAMPAIGN, on, await lists.as_of(pool, CAMPAIGN, scope, on))


def numbers(view: Any) -> dict[str, int]:
    names = ("due", "not_begun", "unsent", "in_review", "returned", "concluded")
    return {name: number for name in names if (number := getattr(view, name))}


@pytest.mark.servers
async def test_any_day_is_told_as_it_ended(pool: Pool) -> None:
    await hear(pool, story().facts)
    told = {n: numbers((await progress(pool, day(n))).total) for n in (0, 1, 2, 3, 8, 9, 300)}
    assert told == {
        0: {"due": 3, "not_begun": 3},
        1: {"due": 3, "not_begun": 2, "in_review": 1},
        2: {"due": 3, "not_begun": 2, "in_review": 1},
        3: {"due": 3, "not_begun": 1, "unsent": 1, "in_review": 1},
        8: {"due": 3, "not_begun": 1, "unsent": 1, "returned": 1},
        9: {"due": 3, "not_begun": 1, "in_review": 2},
        300: {"due": 3, "not_begun": 1, "in_review": 1, "concluded": 1},
    }


@pytest.mark.servers
async def test_before_the_campaign_was_planned_there_is_nothing_to_tell(pool: Pool) -> None:
    await hear(pool, story().facts)
    view = await progress(pool, day(-1))
    assert (view.begins_on, view.cities, view.total.due) == (MONDAY, [], 0)


@pytest.mark.servers
async def test_a_city_sees_its_own_enterprises(pool: Pool) -> None:
    await hear(pool, story().facts)
    view = await progress(pool, day(9), Scope(city=KAIFENG))
    assert [(each.city, numbers(each)) for each in view.cities] == [
        (KAIFENG, {"due": 1, "not_begun": 1})
    ]
    assert view.shortages == []


@pytest.mark.servers
async def test_whom_most_lack_stands_first(pool: Pool) -> None:
    await hear(pool, story().facts)
    early, late = (await progress(pool, day(1)), await progress(pool, day(9)))
    assert [(each.code, each.enterprises) for each in early.shortages] == [("ARCH", 1), ("HVAC", 1)]
    assert [(each.code, each.enterprises) for each in late.shortages] == [("ARCH", 2)]


@pytest.mark.servers
async def test_time_in_a_state_is_told_with_the_stays_that_go_on(pool: Pool) -> None:
    await hear(pool, story().facts)
    [sent] = [each for each in (await progress(pool, day(14))).total.states if each.state == "SENT"]
    # 14 September was worked, 16 September was off
    assert (sent.records, sent.median_workdays, sent.longest_workdays) == (1, 2, 3)


@pytest.mark.servers
async def test_who_comes_after_the_closing_is_not_due(pool: Pool) -> None:
    told = story().on(20).campaign(Campaign.CampaignClosed).on(21).registers(UUID(int=99))
    await hear(pool, told.facts)
    assert (await progress(pool, day(30))).total.due == 3


@pytest.mark.servers
async def test_facts_in_one_batch_come_to_the_same_as_one_by_one(pool: Pool) -> None:
    await hear(pool, story().facts)
    one_by_one = InMemory().hear(story()).tables
    for name in ("state_days", "shortage_days", "due_days"):
        days = await pool.fetchval(f"SELECT count(*) FROM {name}")
        assert days == len(one_by_one.rows(name))
