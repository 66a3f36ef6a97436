"""The small service of these tests in memory: what it answers, keeps, tells and does not hide."""

import hashlib
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from deploy.demo import scans
from libs.chassis.in_memory import ServiceInMemory, Setting, connected, token
from libs.events.application import UnitOfWork
from libs.events.policy import Policy
from libs.events.reader import SYSTEM, Reader
from libs.events.records import StoredEvent
from libs.events.testing.tables import NeedsPostgres
from libs.events.value import Act
from libs.published import review
from tests.chassis.books import Book, service
from tests.chassis.ledgers import FOREIGN, OURS, USCC

BOOKS = service()
CLERK, OFFICER = token("ENT_CLERK", org=USCC), token("CITY_OFFICER", city="410100")
PATH = f"/books/{OURS}"


@pytest.fixture
def books() -> ServiceInMemory:
    return ServiceInMemory(BOOKS)


async def opened(books: ServiceInMemory) -> None:
    answer = await books.ask(CLERK, "POST", "/books", {"city": "410100"})
    assert answer.status_code == 201, answer.text


async def written(
    books: ServiceInMemory, version: int, text: str = "租金", scan: str | None = None
) -> Any:
    line = {"text": text, "payer": "张三", "scan": scan}
    return await books.ask(CLERK, "POST", f"{PATH}/lines", line, version=version)


async def test_a_command_is_answered_kept_and_projected(books: ServiceInMemory) -> None:
    await opened(books)
    answer = await written(books, 1)
    assert (answer.json(), answer.headers["X-Event-Position"]) == (1, "books/2")
    assert books.types == ["Book.BookOpened", "Book.LineWritten"]
    assert "张三" not in books.log.records[-1].data.decode()
    assert books.rows("books") == [{"enterprise": OURS, "city": "410100"}]
    read = await books.ask(OFFICER, "GET", PATH)
    assert read.json() == [["租金", "张三"]]


async def test_rights_versions_rules_and_repeats_are_those_of_the_service(
    books: ServiceInMemory,
) -> None:
    await opened(books)
    other = token("CITY_OFFICER", city="410200")
    foreign = token("ENT_CLERK", org=FOREIGN)
    for who, status in ((other, 404), (foreign, 404), ("", 401)):
        assert (await books.ask(who, "GET", PATH)).status_code == status
    assert (await written(books, 2)).status_code == 412
    assert [each["rule"] for each in (await written(books, 1, "")).json()["errors"]] == ["E10"]
    line = {"text": "租金", "payer": "张三"}
    for replayed in (None, "true"):
        again = await books.ask(
            CLERK, "POST", f"{PATH}/lines", line, version=1, headers={"Idempotency-Key": "k"}
        )
        assert (again.json(), again.headers.get("Idempotency-Replayed")) == (1, replayed)
    assert books.types.count("Book.LineWritten") == 1


async def test_a_scan_is_uploaded_checked_and_read_back(books: ServiceInMemory) -> None:
    await opened(books)
    data = scans.jpeg("RECEIPT", USCC)
    wanted = {
        "size": len(data),
        "mime": "image/jpeg",
        "sha256": hashlib.sha256(data).hexdigest(),
        "scan_type": "RECEIPT",
    }
    ticket = (await books.ask(CLERK, "POST", "/uploads", wanted)).json()
    early = await books.ask(CLERK, "POST", f"/uploads/{ticket['scan']}:complete")
    assert early.status_code == 422
    books.setting.arrive(ticket["upload_url"], data)
    await books.ask(CLERK, "POST", f"/uploads/{ticket['scan']}:complete")
    assert (await written(books, 1, scan=ticket["scan"])).json() == 1
    scan = f"/scans/{ticket['scan']}"
    assert (await books.ask(CLERK, "GET", scan)).content.startswith(data[:4])
    assert (await books.ask(OFFICER, "GET", scan)).status_code == 403
    assert (await books.ask(OFFICER, "GET", f"{scan}/pages")).status_code == 404  # not sent
    assert data not in books.setting.buckets.values()
    left = [data for (bucket, _), data in books.setting.buckets.items() if bucket != "books"]
    assert left == [b""]  # the ticket's place stays taken


async def test_a_list_says_that_it_needs_postgresql(books: ServiceInMemory) -> None:
    with pytest.raises(NeedsPostgres, match="of books:\nSELECT enterprise FROM books"):
        await books.ask(CLERK, "GET", "/books")


async def test_an_answer_that_the_stored_bytes_do_not_give_is_found(
    books: ServiceInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Book.write

    def careless(book: Book, act: Act, text: str, payer: str) -> None:
        write(book, act, text, payer)
        book.city = "410200"

    monkeypatch.setattr(Book, "write", careless)
    await opened(books)
    with pytest.raises(AssertionError, match=r"otherwise: Book\.city"):
        await written(books, 1)


# Neighbours

shelves = Policy("shelf.books")


@shelves.on(Book.BookOpened)
async def _opened(work: UnitOfWork, fact: Book.BookOpened, at: StoredEvent) -> None:
    if fact.city != "410100":
        raise ValueError("not here")
    work.add(Book.open(work.act, UUID(int=at.position), fact.city))


SHELF = replace(service("shelf"), readers=(Reader("shelf.books", "books", policy=shelves),))


async def test_connected_services_read_each_other() -> None:
    setting = Setting()
    books, shelf = ServiceInMemory(BOOKS, setting), ServiceInMemory(SHELF, setting)
    connected(books, shelf)
    await opened(books)
    assert [each.stream for each in shelf.log.records] == [UUID(int=1)]
    cause, effect = books.log.records[0].metadata, shelf.log.records[0].metadata
    assert (effect["causation"], effect["correlation"]) == (cause["id"], cause["correlation"])


async def test_what_a_reader_cannot_take_is_raised() -> None:
    setting = Setting()
    books, shelf = ServiceInMemory(BOOKS, setting), ServiceInMemory(SHELF, setting)
    connected(books, shelf)
    with pytest.raises(ValueError, match="not here"):
        await books.ask(CLERK, "POST", "/books", {"city": "410200"})


async def test_a_neighbour_that_is_not_there_is_spoken_for(books: ServiceInMemory) -> None:
    act = Act(by=SYSTEM, at=books.clock.now())
    stream = uuid4()
    for seconds in (60, 120):
        await books.hear(review.ClockSet(act=act, offset_seconds=seconds), stream=stream)
    assert books.rows("clock") == [{"id": 1, "offset_seconds": 120}]
    assert [each.version for each in books.topics["review"].records] == [1, 2]


async def test_only_services_of_one_setting_that_heard_nothing_yet_are_connected(
    books: ServiceInMemory,
) -> None:
    with pytest.raises(ValueError, match="different settings"):
        connected(books, ServiceInMemory(SHELF))
    other = ServiceInMemory(replace(SHELF, name="review"), books.setting)
    connected(books, other)
    act = Act(by=SYSTEM, at=books.clock.now())
    with pytest.raises(ValueError, match="tells its facts itself"):
        await books.hear(review.ClockSet(act=act, offset_seconds=1), stream=uuid4())
