"""PDF: its costs are counted in its bytes, then each page is built anew from what it shows."""

import re
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any, TypeVar

import pypdfium2
from pypdfium2 import raw

from libs.chassis.scans.parser.images import scans_of
from libs.chassis.scans.parser.limits import (
    LONGEST_SIDE,
    MOST_INFLATED,
    MOST_INFLATED_IN_ALL,
    MOST_OBJECTS,
    MOST_PAGES,
    MOST_PIXELS,
    MOST_SCANS,
    STEEPEST,
    SUSPECT,
    Fault,
    Unacceptable,
)

T = TypeVar("T")
PIECE = 1 << 16
HEAD = 1024  # bytes in which a document has to begin
OBJECT = re.compile(rb"\d\s+obj")
STREAM = re.compile(rb"\d\s+obj((?:(?!\d\s+obj)[\s\S]){0,4000}?)\bstream\r?\n")
IMAGE = re.compile(rb"/Subtype\s*/Image\b")
SIDES = [re.compile(rb"/%s\s+(\d{1,9})\b(?!\s+\d+\s+R)" % name) for name in (b"Width", b"Height")]
RUNS = re.compile(
    rb"/(?:JavaScript|JS|Launch|OpenAction|AA|URI|SubmitForm|ImportData|GoToR|GoToE|Rendition"
    rb"|RichMedia\w*|EmbeddedFiles?|Filespec|AcroForm|XFA|Movie|Sound|3D|FFilter)\b(?!\s*/Font\b)"
)
STREAMS = re.compile(rb"\bstream\r\n[\s\S]*?\r\nendstream\b")


def cleaned(data: bytes) -> bytes:
    """The same pages, annotations drawn into them, without anything that would run or lead
    elsewhere. Raises Unacceptable.
    """
    _count(data)
    made = in_document(data, _rebuilt)
    if RUNS.search(STREAMS.sub(b"", made)):
        raise Unacceptable(Fault.ACTIVE)
    return made


def in_document(data: bytes, ask: Callable[[Any], T]) -> T:
    """Raises Unacceptable."""
    try:
        document = pypdfium2.PdfDocument(data)
        try:
            return ask(document)
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        locked = error.err_code == raw.FPDF_ERR_PASSWORD
        raise Unacceptable(Fault.PASSWORD if locked else Fault.UNREADABLE) from error


def _count(data: bytes) -> None:
    """What it would cost, before any parser has seen it. Raises Unacceptable."""
    if data.find(b"%PDF-", 0, HEAD) < 0:
        raise Unacceptable(Fault.OTHER_TYPE)
    if len(OBJECT.findall(data)) > MOST_OBJECTS:
        raise Unacceptable(Fault.OBJECTS)
    inflated = 0
    for head, start in _streams(data):
        if IMAGE.search(head):
            _count_image(data, head, start)
        else:
            inflated += _inflated(data, start)
        if inflated > MOST_INFLATED_IN_ALL:
            raise Unacceptable(Fault.INFLATED)


def _streams(data: bytes) -> Iterator[tuple[bytes, int]]:
    """The dictionary of each, and where its bytes begin: they never stand inside another."""
    for found in STREAM.finditer(data):
        yield found[1], found.end()


def _count_image(data: bytes, head: bytes, start: int) -> None:
    """A picture is decoded only when its page is drawn, but judged now."""
    sides = [int(found[1]) for each in SIDES if (found := each.search(head))]
    if len(sides) == 2 and sides[0] * sides[1] > MOST_PIXELS:
        raise Unacceptable(Fault.PIXELS)
    if data.startswith(b"\xff\xd8", start) and scans_of(data, start) > MOST_SCANS:
        raise Unacceptable(Fault.SCANS)


def _inflated(data: bytes, start: int) -> int:
    """How many bytes come out of a stream that is compressed as most are; of others none."""
    packer, size, at, piece = zlib.decompressobj(), 0, start, b""
    try:
        while not packer.eof and size <= MOST_INFLATED:
            if not piece:
                piece = data[at : at + PIECE]
                at += len(piece)
            if not piece:
                break
            size += len(packer.decompress(piece, 1 << 20))
            piece = packer.unconsumed_tail
    except zlib.error:
        pass
    steep = size > SUSPECT and size > STEEPEST * (at - start)
    if size > MOST_INFLATED or steep:
        raise Unacceptable(Fault.INFLATED)
    return size


def _rebuilt(document: Any) -> bytes:
    """A new document: nothing of the old one comes along but what its pages show."""
    pages = len(document)
    if pages > MOST_PAGES:
        raise Unacceptable(Fault.PAGES)
    if not pages:
        raise Unacceptable(Fault.UNREADABLE)
    made = pypdfium2.PdfDocument.new()
    buffer = BytesIO()
    for number in range(pages):
        _copy_page(document, made, number)
    made.save(buffer)
    return buffer.getvalue()


def _copy_page(document: Any, made: Any, number: int) -> None:
    """Its annotations become part of the picture; its content and what that uses are all of it
    that is taken.
    """
    if max(document.get_page_size(number)) > LONGEST_SIDE:
        raise Unacceptable(Fault.BOX)
    page = document[number]
    width, height = page.get_size()  # as it is shown: turned, and no more than its box
    raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
    page.close()
    shown = raw.FPDF_NewXObjectFromPage(made, document, number)
    if not shown:
        raise Unacceptable(Fault.UNREADABLE)
    new = made.new_page(width, height)
    raw.FPDFPage_InsertObject(new, raw.FPDF_NewFormObjectFromXObject(shown))
    new.gen_content()
    new.close()
    raw.FPDF_CloseXObject(shown)
