"""Whether a file can be read, and why not."""

from io import BytesIO

import pypdfium2
import pytest
from PIL import Image

from libs.chassis.scans import parsing
from libs.chassis.scans.parsing import Fault, fault

LOCK = b"<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>" % (b"41" * 32, b"42" * 32)


def image(format: str = "JPEG", size: tuple[int, int] = (40, 40)) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", size, "white").save(buffer, format)
    return buffer.getvalue()


def pdf(pages: int = 1) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(100, 100)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def locked() -> bytes:
    """One page, encrypted under a password that nobody gives."""
    parts = [
        b"%PDF-1.4\n",
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n",
        b"4 0 obj" + LOCK + b"endobj\n",
    ]
    starts = [sum(map(len, parts[:n])) for n in range(1, 5)]
    rows = b"".join(b"%010d 00000 n \n" % each for each in starts)
    table = b"xref\n0 5\n0000000000 65535 f \n" + rows
    trailer = b"trailer<</Size 5/Root 1 0 R/Encrypt 4 0 R/ID[<41><41>]>>\n"
    return b"".join(parts) + table + trailer + b"startxref\n%d\n%%%%EOF" % sum(map(len, parts))


@pytest.mark.parametrize(
    ("mime", "data", "found"),
    [
        ("application/pdf", pdf(2), None),
        ("image/jpeg", image(), None),
        ("image/png", image("PNG"), None),
        ("application/pdf", locked(), Fault.PASSWORD),
        ("application/pdf", b"%PDF-1.4 and nothing more", Fault.UNREADABLE),
        ("image/jpeg", image()[:200], Fault.UNREADABLE),
        ("image/jpeg", image("PNG"), Fault.UNREADABLE),
    ],
)
def test_a_file_that_nobody_can_read_is_told_by_its_reason(
    mime: str, data: bytes, found: Fault | None
) -> None:
    assert fault(mime, data) == found


def test_what_is_too_much_for_a_reader_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "MOST_PAGES", 2)
    monkeypatch.setattr(parsing, "MOST_PIXELS", 1000)
    assert fault("application/pdf", pdf(3)) is Fault.PAGES
    assert fault("image/png", image("PNG")) is Fault.PIXELS
