"""How hostile files are put together, byte by byte."""

import struct
import zlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from io import BytesIO

import pypdfium2
from PIL import Image

from libs.chassis.scans.parser.limits import Fault

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
TAKEN = ""  # no fault: what is kept of it is harmless
ANY = frozenset({TAKEN, *Fault})


@dataclass(frozen=True)
class Hostile:
    name: str
    mime: str
    make: Callable[..., bytes]
    answers: Collection[str] = ANY  # those that are right


def hostile(name: str, mime: str, make: Callable[..., bytes], *answers: str) -> Hostile:
    return Hostile(name, mime, make, frozenset(answers) or ANY)


def stream(data: bytes, entries: bytes = b"", pack: bool = True) -> bytes:
    body = zlib.compress(data, 6) if pack else data
    packed = b"/Filter/FlateDecode" if pack else b""
    return b"<<%b%b/Length %d>>stream\r\n%b\r\nendstream" % (entries, packed, len(body), body)


def pdf(*objects: bytes, trailer: bytes = b"", size: int = 0) -> bytes:
    """Objects from 1 on, the first of them the catalogue."""
    made, starts = bytearray(b"%PDF-1.7\n"), []
    for number, each in enumerate(objects, start=1):
        starts.append(len(made))
        made += b"%d 0 obj%b endobj\n" % (number, each)
    table = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % each for each in starts)
    made += b"trailer<</Root 1 0 R/Size %d%b>>\n" % (size or len(objects) + 1, trailer)
    return bytes(made + b"startxref\n%d\n%%%%EOF" % table)


def page(
    content: bytes,
    *more: bytes,
    box: bytes = b"0 0 600 800",
    resources: bytes = b"",
    entries: bytes = b"",
    catalogue: bytes = b"",
    trailer: bytes = b"",
) -> bytes:
    """One page: its content is object 4, `more` begin at 5."""
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R%b>>" % catalogue,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[%b]/Contents 4 0 R/Resources<<%b>>%b>>"
        % (box, resources, entries),
        content,
        *more,
        trailer=trailer,
    )


def honest_pdf(pages: int = 2) -> bytes:
    document, buffer = pypdfium2.PdfDocument.new(), BytesIO()
    for _ in range(pages):
        document.new_page(595, 842)
    document.save(buffer)
    return buffer.getvalue()


def image(
    format: str = "JPEG", size: tuple[int, int] = (40, 40), mode: str = "RGB", **options: object
) -> bytes:
    buffer = BytesIO()
    Image.new(mode, size).save(buffer, format, **options)
    return buffer.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(
    *chunks: bytes,
    size: tuple[int, int] = (4, 4),
    depth: int = 8,
    colour: int = 0,
    data: bytes = b"",
) -> bytes:
    head = struct.pack(">IIBBBBB", *size, depth, colour, 0, 0, 0)
    rows = data or zlib.compress(b"\0\0\0\0\0" * 4)
    parts = [chunk(b"IHDR", head), *chunks, chunk(b"IDAT", rows), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def progressive(scans: int, size: tuple[int, int] = (64, 64)) -> bytes:
    """A JPEG that goes over its pixels again and again, the last pass of an honest one repeated."""
    data = image("JPEG", size, progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * scans + data[-2:]


def with_size(data: bytes, width: int, height: int) -> bytes:
    """A JPEG whose header lies."""
    for marker in (b"\xff\xc0", b"\xff\xc2"):
        if (at := data.find(marker)) >= 0:
            return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]
    raise ValueError("a JPEG has a frame")
