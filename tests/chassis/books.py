"""A whole small service on the chassis: books that enterprises keep, line by line. It knows no
filing.

`python -m tests.chassis.serving ROLE` is a process of it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from libs.chassis.http.commands import Changing, Commanding, Do, Reply
from libs.chassis.http.dependencies import App, Development, Store
from libs.chassis.http.pages import Listed, Page
from libs.chassis.http.positions import CaughtUp
from libs.chassis.identity.access import OFFICE, OWN, Grant, Granted, allow
from libs.chassis.replicas import clock, directory
from libs.chassis.routers.audit import AccessLog
from libs.chassis.scans.scan import known_scans
from libs.chassis.scans.stored import storage_reader
from libs.chassis.service.service import Service
from libs.events.aggregate import Aggregate, evolves
from libs.events.application import UnitOfWork
from libs.events.commands import use_case
from libs.events.errors import NotFound
from libs.events.personal import PersonalData
from libs.events.projection import Projection
from libs.events.reader import Reader
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.events.refusal import Finding, refuse
from libs.events.value import Act
from tests.chassis.ledgers import enterprise_id, texts

# The version after this one: an event has one more field, a list one more column.
NEXT = os.environ.get("BOOKS_VERSION") == "next"


class Book(Aggregate):
    class BookOpened(Aggregate.Created):
        enterprise: UUID
        city: str

    @staticmethod
    def create_id(enterprise: UUID) -> UUID:
        return enterprise

    @classmethod
    def open(cls, act: Act, enterprise: UUID, city: str) -> Book:
        return cls.begin(enterprise, cls.BookOpened(act=act, enterprise=enterprise, city=city))

    @evolves(BookOpened)
    def _opened(self, e: BookOpened) -> None:
        self.city = e.city
        self.lines: tuple[tuple[str, str], ...] = ()

    @property
    def owner(self) -> UUID:
        return self.id

    class LineWritten(Aggregate.Event):
        text: str
        payer: PersonalData[str]
        if NEXT:
            SCHEMA = 2
            currency: str = "CNY"

    def write(self, act: Act, text: str, payer: str) -> None:
        refuse([Finding(rule="E10", pointer="/text")] if not text else [])
        self.record(self.LineWritten(act=act, text=text, payer=payer))

    @evolves(LineWritten)
    def _line_written(self, e: LineWritten) -> None:
        self.lines = (*self.lines, (e.text, e.payer))


@use_case()
async def open(work: UnitOfWork, enterprise: UUID, city: str) -> Book:
    refuse([Finding(rule="E24")] if await work.find(Book, enterprise) else [])
    work.created(f"/books/{enterprise}")
    return work.add(Book.open(work.act, enterprise, city))


@use_case()
async def write(work: UnitOfWork, id: UUID, line: Line) -> Book:
    book = await work.target(Book, id)
    await known_scans(work, book, [(line.scan, "RECEIPT")] if line.scan else [])
    book.write(work.act, line.text, line.payer)
    return book


@dataclass(frozen=True)
class BookRow:
    enterprise: UUID
    city: str
    if NEXT:
        place: str = ""


books = ReadModel("books", BookRow, key=("enterprise",))
places = ReadModel("directory", directory.Listing, key=("enterprise",))


@books.on(Book.BookOpened)
def _opened(fact: Book.BookOpened, at: StoredEvent) -> Iterator[Change]:
    yield books.put(BookRow(at.stream, fact.city, *([fact.city] if NEXT else [])))


@places.on(Book.BookOpened)
def _placed(fact: Book.BookOpened, at: StoredEvent) -> Iterator[Change]:
    yield places.put(
        directory.Listing(
            enterprise=at.stream,
            uscc="-",
            name="-",
            supervising_city_code=fact.city,
            filed=False,
            established_on=None,
        )
    )


class NewBook(BaseModel):
    model_config = ConfigDict(extra="forbid")

    city: str


class Line(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str
    payer: str
    scan: UUID | None = None


router = APIRouter()


@router.post("/books", status_code=201)
async def open_book(body: NewBook, command: Commanding, reach: Granted, do: Do) -> dict[str, Any]:
    if command.act.by.enterprise is None:
        raise NotFound
    await reach.to(command.act.by.enterprise)
    book = await do(open, command, command.act.by.enterprise, body.city)
    return {"city": book.city, "opened_at": command.act.at.isoformat()}


@router.get("/books", dependencies=[CaughtUp])
async def list_books(
    reach: Granted, page: Page, store: Store, q: str | None = None
) -> Listed[UUID]:
    rows = await store.fetch(
        "SELECT enterprise FROM books WHERE $1::uuid IS NULL OR enterprise = $1",
        reach.scope.enterprise,
    )
    return page.of(
        rows, key=lambda row: (str(row["enterprise"]),), show=lambda row: row["enterprise"]
    )


@router.get("/books/{id}")
async def read_book(id: UUID, reply: Reply, app: App, reads: AccessLog) -> list[tuple[str, str]]:
    book = await app.read(Book, id)
    reply.item(book.version)
    await reads.record(id, book.id)
    return list(book.lines)


@router.post("/books/{id}/lines")
async def write_line(id: UUID, body: Line, command: Changing, do: Do) -> int:
    book = await do(write, command, id, body)
    return len(book.lines)


@router.post("/books/{id}:forget", dependencies=[Development])
async def forget_book(id: UUID) -> None:
    """Only outside production."""


ACCESS: list[Grant] = [
    allow("open_book", ("ENT_CLERK",), OWN),
    allow("list_books", ("ENT_CLERK",), OWN),
    allow("list_books", ("CITY_OFFICER",), OFFICE),
    allow("read_book", ("ENT_CLERK",), OWN, path="id"),
    allow("read_book", ("CITY_OFFICER", "PROV_OFFICER"), OFFICE, path="id"),
    allow("write_line", ("ENT_CLERK",), OWN, path="id"),
    allow("forget_book", ("ENT_CLERK",), OWN, path="id"),
]


def check_upload(
    scan_type: str, mime: str, size_bytes: int, *, fault: str | None
) -> Sequence[Finding]:
    return (
        []
        if scan_type == "RECEIPT" and size_bytes <= 100_000 and fault is None
        else [Finding(rule="E19", pointer="/scan_type")]
    )


def service(name: str = "books", source: str = "review") -> Service:
    """`source`: whose topic tells the development clock."""
    clocks = clock.reader(name)
    lists = Projection("books.lists", [books], version=2 if NEXT else 1)
    return Service(
        name=name,
        readers=(
            Reader(f"{name}.lists", name, projection=lists),
            Reader(f"{name}.directory", name, projection=Projection("books.directory", [places])),
            Reader(clocks.name, source, projection=clocks.projection),
            storage_reader(name),
        ),
        routers=(router,),
        access=ACCESS,
        texts=texts,
        enterprise_id=enterprise_id,
        references={"books": "1"},
        check_upload=check_upload,
        state_rules=frozenset({"E24"}),
    )
