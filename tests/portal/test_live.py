"""Open pages hear that something of theirs has moved: who hears what, that a telling holds nothing
but how far a service has come, and that what a page does by itself leaves no trace.
"""

import contextlib
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from libs.events.records import StoredEvent
from services.portal.web import live as lives
from services.portal.web.live import Audience, Listener, Live, city_of
from tests.in_memory.firm import Firm, open_campaign
from tests.portal.in_memory import PortalInMemory, VisitorInMemory

EVENTS = Path(__file__).parents[2] / "contracts" / "events"
OURS, THEIRS = UUID(int=1), UUID(int=2)
ZHENGZHOU, LUOYANG = "410100", "410300"


def fact(
    owner: UUID, position: int = 1, type: str = "review.Case.Decided", **data: Any
) -> StoredEvent:
    return StoredEvent(
        position=position,
        stream=uuid4(),
        version=1,
        type=type,
        owner=owner,
        data=json.dumps(data).encode(),
        meta=b"{}",
        recorded_at=datetime.now(UTC),
    )


def sent_by(owner: UUID, city: str) -> StoredEvent:
    return fact(owner, type="enterprise.Enterprise.FilingSent", supervising_city_code=city)


def heard(live: Live, audience: Audience, service: str, event: StoredEvent) -> dict[str, int]:
    """What waits for a page that listens while this is told."""
    with live.listening(audience, b"") as listener:
        listener.waiting.clear()
        live.told(service, event)
        return listener.waiting


# Who hears


def test_an_enterprise_hears_of_its_own_alone() -> None:
    live, own = Live(), Audience(owner=OURS)
    assert heard(live, own, "enterprise", fact(OURS, 7)) == {"enterprise": 7}
    assert heard(live, own, "enterprise", fact(THEIRS, 8)) == {}


def test_of_a_campaign_everybody_hears() -> None:
    opened = fact(THEIRS, 9, "assessment.Campaign.CampaignOpened")
    for audience in (Audience(owner=OURS), Audience(city=LUOYANG), Audience()):
        assert heard(Live(), audience, "assessment", opened) == {"assessment": 9}


def test_officers_hear_of_their_city_and_those_of_the_province_of_all() -> None:
    live = Live()
    live.told("enterprise", sent_by(OURS, ZHENGZHOU))
    opened = fact(OURS, 3, "review.Case.CaseOpened")
    assert heard(live, Audience(city=ZHENGZHOU), "review", opened) == {"review": 3}
    assert heard(live, Audience(city=LUOYANG), "review", opened) == {}
    assert heard(live, Audience(), "review", opened) == {"review": 3}


def test_of_an_enterprise_whose_city_nobody_has_said_all_officers_hear() -> None:
    assert heard(Live(), Audience(city=LUOYANG), "review", fact(THEIRS, 3)) == {"review": 3}


def test_what_an_enterprise_only_saved_no_officer_hears() -> None:
    live = Live()
    live.told("enterprise", sent_by(OURS, ZHENGZHOU))
    saved = fact(OURS, type="projects.Project.ProjectSaved")
    assert heard(live, Audience(city=ZHENGZHOU), "projects", saved) == {}
    assert heard(live, Audience(), "projects", saved) == {}


def test_that_a_page_was_read_is_told_to_nobody() -> None:
    """Looking again would be read again, for ever."""
    read = fact(OURS, type="chassis.Reading.PersonalDataRead")
    assert heard(Live(), Audience(owner=OURS), "enterprise", read) == {}


def test_the_city_is_said_by_the_sender_of_a_persons_filing_too() -> None:
    sender = {"uscc": "", "name": "", "supervising_city_code": LUOYANG}
    assert city_of(fact(OURS, type="personnel.Person.FilingSent", sender=sender)) == LUOYANG
    assert city_of(fact(OURS, type="review.Case.Decided", supervising_city_code="1")) is None


@pytest.mark.parametrize("type", lives.SAY_THE_CITY)
def test_types_that_say_the_city_say_it_by_their_contract(type: str) -> None:
    for schema in sorted((EVENTS / type).glob("*.schema.json")):
        said = json.loads(schema.read_text())
        sender = said["$defs"].get("Sender", said)
        assert "supervising_city_code" in sender["properties"], schema


# The line


async def there() -> bool:
    return True


async def gone() -> bool:
    return False


async def first(lines: AsyncIterator[bytes], count: int) -> list[str]:
    """So many lines, without waiting for more."""
    return [(await anext(lines)).decode() for _ in range(count)]


async def test_a_telling_says_how_far_each_service_has_come_and_nothing_else() -> None:
    live = Live()
    with live.listening(Audience(owner=OURS), b"") as listener:
        live.told("enterprise", fact(OURS, 7, name="郑州示范建筑设计有限公司"))
        live.told("enterprise", fact(OURS, 9))
        live.told("review", fact(OURS, 4))
        [_, told] = await first(listener.lines(there), 2)
    assert told == 'event: moved\ndata: {"enterprise": 9, "review": 4}\n\n'


async def test_what_was_told_while_a_page_was_on_its_way_it_hears_as_well() -> None:
    live = Live()
    live.told("enterprise", fact(OURS, 7))
    with live.listening(Audience(owner=OURS), b"") as listener:
        assert listener.waiting == {"enterprise": 7}
    with live.listening(Audience(owner=THEIRS), b"") as other:
        assert other.waiting == {}


async def test_a_page_that_does_not_read_costs_one_number_a_service() -> None:
    live = Live()
    with live.listening(Audience(owner=OURS), b"") as listener:
        for position in range(10_000):
            live.told("enterprise", fact(OURS, position))
        assert listener.waiting == {"enterprise": 9999}


async def test_a_line_on_which_nothing_is_told_says_that_it_is_alive(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lives, "HEARTBEAT", 0.01)
    listener = Listener(Audience(owner=OURS), b"")
    assert await first(listener.lines(there), 2) == ["retry: 3000\n\n", ": ping\n\n"]


async def test_a_line_ends_with_its_session_before_anything_more_is_told() -> None:
    listener = Listener(Audience(owner=OURS), b"")
    listener.tell("enterprise", 1)
    assert [line async for line in listener.lines(gone)] == [b"retry: 3000\n\n"]


async def test_all_lines_end_with_the_process_also_those_that_pause(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    live = Live()
    with live.listening(Audience(), b"") as listener:
        live.told("review", fact(OURS))
        lines = listener.lines(there)
        await first(lines, 2)  # an officer's page now hears nothing for a while
        live.end()
        assert [line async for line in lines] == []


def test_of_a_sessions_pages_that_are_too_many_the_oldest_ends() -> None:
    live, before = Live(), Audience(owner=OURS)
    with contextlib.ExitStack() as stack:
        pages = [
            stack.enter_context(live.listening(before, b"one")) for _ in range(lives.MOST_OF_ONE)
        ]
        other = stack.enter_context(live.listening(before, b"another"))
        assert not any(each.is_ended for each in pages)
        stack.enter_context(live.listening(before, b"one"))
        assert [each.is_ended for each in pages] == [True, *[False] * (len(pages) - 1)]
        assert not other.is_ended
    with live.listening(before, b"one"):
        assert live.count == 1


# The page


@pytest.fixture
def firm(portal: PortalInMemory) -> Firm:
    return Firm(portal.services)


def clerk(portal: PortalInMemory, firm: Firm) -> VisitorInMemory:
    return portal.visitor("ENT_CLERK", org=firm.uscc)


@pytest.mark.servers
def test_a_page_of_a_clerk_listens(portal: PortalInMemory, firm: Firm) -> None:
    visitor = clerk(portal, firm)
    visitor.open("/")
    portal.live.end()
    visitor.open("/live")
    assert (visitor.status, visitor.content) == (200, b"retry: 3000\n\n")


@pytest.mark.servers
@pytest.mark.parametrize("role", ["", "AUDITOR", "SYS_ADMIN"])
def test_who_has_nothing_to_hear_is_told_not_to_ask_again(
    portal: PortalInMemory, role: str
) -> None:
    portal.live.end()
    visitor = portal.visitor(role)
    visitor.open("/live")
    assert (visitor.status, visitor.content) == (204, b"")


@pytest.mark.servers
def test_without_a_broker_no_page_listens(portal: PortalInMemory, firm: Firm) -> None:
    portal.live.is_on = False
    visitor = clerk(portal, firm)
    visitor.open("/enterprise/filings")
    assert visitor.all("//*[@id='live']") == []
    visitor.open("/live")
    assert visitor.status == 204


@pytest.mark.servers
def test_a_filing_that_is_open_fetches_its_state_alone_which_is_no_read_of_its_content(
    portal: PortalInMemory, firm: Firm
) -> None:
    filing = firm.file().rpartition("/")[2]
    visitor = clerk(portal, firm)
    visitor.open(f"/enterprise/filings/{filing}")
    [place] = visitor.all("//*[@id='live']/@data-look")
    [chip] = visitor.texts(f"//*[@data-live='{filing}']")
    before = reads(portal, "enterprise")
    visitor.open(place)
    assert visitor.texts(f"//*[@data-live='{filing}']") == [chip] == ["审核通过(已备案)"]
    assert reads(portal, "enterprise") == before


@pytest.mark.servers
def test_a_filing_of_a_person_fetches_its_state_alone(portal: PortalInMemory, firm: Firm) -> None:
    firm.file()
    filing, _ = firm.hire()
    visitor = clerk(portal, firm)
    visitor.open(f"/people/filings/{filing}")
    [place] = visitor.all("//*[@id='live']/@data-look")
    before = reads(portal, "personnel")
    visitor.open(place)
    assert visitor.texts(f"//*[@data-live='{filing}']") == ["审核通过(已备案)"]
    assert reads(portal, "personnel") == before


@pytest.mark.servers
def test_a_record_and_its_case_fetch_their_state_alone(portal: PortalInMemory, firm: Firm) -> None:
    firm.file()
    firm.hire()
    firm.make_record(open_campaign(portal.services), [firm.project()])
    firm.record.send()
    officer = portal.visitor("CITY_OFFICER", city=ZHENGZHOU)
    officer.open("/cases")
    officer.follow(firm.enterprise.name)
    for visitor, path, id in (
        (clerk(portal, firm), f"/assessment/{firm.record.id}", firm.record.id),
        (officer, officer.path, officer.path.rpartition("/")[2]),
    ):
        visitor.open(path)
        [place] = visitor.all("//*[@id='live']/@data-look")
        before = reads(portal, "assessment")
        visitor.open(place)
        assert visitor.texts(f"//*[@data-live='{id}']") == ["已发送"]
        assert reads(portal, "assessment") == before


@pytest.mark.servers
@pytest.mark.parametrize("path", ["/", "/enterprise/filings", "/people/filings", "/projects"])
def test_lists_are_looked_at_again_without_a_recorded_read(
    portal: PortalInMemory, firm: Firm, path: str
) -> None:
    firm.file()
    firm.hire()
    firm.project()
    visitor = clerk(portal, firm)
    visitor.open(path)
    assert visitor.all("//*[@data-live]")
    assert visitor.all("//*[@id='live']/@data-look") == [""]
    before = [reads(portal, each) for each in portal.services.services]
    visitor.looks(path, "enterprise/3")
    assert visitor.status == 200
    assert [reads(portal, each) for each in portal.services.services] == before


@pytest.mark.servers
def test_a_page_that_looks_by_itself_keeps_no_session_alive_and_waits_for_what_it_heard(
    portal: PortalInMemory, firm: Firm
) -> None:
    visitor = clerk(portal, firm)
    visitor.open("/enterprise/filings")
    portal.sessions.touched.clear()
    asked = len(portal.asked)
    visitor.looks("/enterprise/filings", "enterprise/1,review/0,nobody/7,personnel/x")
    assert portal.sessions.touched == [False]
    lists = [each for each in portal.asked[asked:] if each.path.endswith("/filings")]
    assert [each.params["min_position"] for each in lists] == ["enterprise/1"]
    visitor.open("/enterprise/filings")
    assert portal.sessions.touched == [False, True]


def reads(portal: PortalInMemory, service: str) -> int:
    """How often it wrote down that personal data was shown."""
    log = portal.services[service].log.records
    return sum(each.type == "chassis.Reading.PersonalDataRead" for each in log)
