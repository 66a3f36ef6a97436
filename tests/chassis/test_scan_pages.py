"""Pages of a scan as pictures, and who may see them: routes in memory, drawing of real files."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import httpx
import pypdfium2
import pytest
from PIL import Image

from deploy.demo import filing, scans
from libs.chassis.in_memory import token
from libs.chassis.scans.parser import images
from libs.chassis.scans.parser.limits import Unacceptable
from libs.chassis.scans.parser.pages import NoPage, page_count, page_picture
from libs.chassis.scans.parser.work import answered
from tests.in_memory.firm import Firm
from tests.in_memory.installation import Installation

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"


def image(format: str, size: tuple[int, int], colour: Any = "white", mode: str = "RGB") -> bytes:
    buffer = BytesIO()
    Image.new(mode, size, colour).save(buffer, format)
    return buffer.getvalue()


def pdf(*sizes: tuple[float, float]) -> bytes:
    document, buffer = pypdfium2.PdfDocument.new(), BytesIO()
    for size in sizes:
        document.new_page(*size)
    document.save(buffer)
    return buffer.getvalue()


def drawn(mime: str, data: bytes, number: int = 1, width: int = 960) -> Image.Image:
    picture = Image.open(BytesIO(page_picture(mime, data, number, width)))
    assert picture.format == "WEBP"
    return picture


def brightness(picture: Image.Image) -> float:
    grey = picture.convert("L").resize((1, 1))
    return float(grey.getpixel((0, 0)))  # type: ignore[arg-type]


# Drawing


def test_each_page_of_a_document_is_drawn_as_wide_as_asked() -> None:
    data = scans.pdf("ENT_AUDIT", "a firm", pages=3)
    assert page_count(PDF, data) == 3
    first, third = drawn(PDF, data, 1, 640), drawn(PDF, data, 3, 640)
    assert {first.width, third.width} == {640}
    assert first.tobytes() != third.tobytes()
    assert brightness(first) < 255  # something is written on it


@pytest.mark.parametrize(("mime", "format"), [(JPEG, "JPEG"), (PNG, "PNG")])
def test_an_image_is_one_page_and_never_enlarged(mime: str, format: str) -> None:
    assert page_count(mime, image(format, (400, 200))) == 1
    assert drawn(mime, image(format, (400, 200)), width=960).size == (400, 200)
    assert drawn(mime, image(format, (2000, 1000)), width=960).size == (960, 480)


def test_a_picture_taken_sideways_stands_upright() -> None:
    buffer, exif = BytesIO(), Image.Exif()
    exif[0x0112] = 6  # turn it clockwise
    Image.new("RGB", (400, 200)).save(buffer, "JPEG", exif=exif)
    assert drawn(JPEG, buffer.getvalue()).size == (200, 400)


def test_what_is_transparent_shows_white() -> None:
    data = image("PNG", (40, 40), (0, 0, 0, 0), "RGBA")
    assert brightness(drawn(PNG, data)) > 250


@pytest.mark.parametrize(
    ("mime", "data"),
    [
        (PDF, pdf((1, 14_400))),
        (PDF, pdf((14_400, 1))),
        (PNG, image("PNG", (2, 40_000), 1, "1")),
    ],
)
def test_a_page_out_of_all_proportion_is_drawn_small(mime: str, data: bytes) -> None:
    picture = drawn(mime, data, width=1600)
    assert picture.width <= 1600
    assert picture.height <= 4800


@pytest.mark.parametrize(
    ("mime", "data", "number"),
    [
        (PDF, pdf((100, 100)), 0),
        (PDF, pdf((100, 100)), -1),
        (PDF, pdf((100, 100)), 2),
        (PDF, pdf((100, 100)), 10**30),
        (JPEG, image("JPEG", (9, 9)), 2),
    ],
)
def test_there_is_no_page_out_of_range(mime: str, data: bytes, number: int) -> None:
    with pytest.raises(NoPage):
        page_picture(mime, data, number, 320)


@pytest.mark.parametrize("mime", [PDF, JPEG, PNG])
def test_what_cannot_be_drawn_is_refused(mime: str) -> None:
    asked = {"call": "picture", "mime": mime, "number": 1, "width": 320}
    assert answered(asked, b"nothing of the kind") == ({"fault": "other_type"}, b"") or mime == PDF
    assert "fault" in answered(asked, b"nothing of the kind")[0]


def test_more_pixels_than_a_scan_may_have_are_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MOST_PIXELS", 99)
    with pytest.raises(Unacceptable, match="pixels"):
        page_picture(PNG, image("PNG", (10, 10)), 1, 320)


# Who may see them


@pytest.fixture
def at() -> Iterator[Installation]:
    with Installation("enterprise", "review") as made:
        yield made


Asking = Callable[..., httpx.Response]


def asking(at: Installation, bearer: str) -> Asking:
    def ask(path: str, **headers: str) -> httpx.Response:
        service = at["enterprise"]
        answer: httpx.Response = at.run(service.ask(bearer, "GET", path, headers=headers))
        return answer

    return ask


def scan_of(firm: Firm, scan_type: str) -> str:
    found = firm.enterprise.page["scans"]
    return str(next(each["scan"] for each in found if each["scan_type"] == scan_type))


def test_its_clerk_sees_a_scan_page_by_page_and_each_look_is_written_down(at: Installation) -> None:
    firm = Firm(at)
    filing.first_filing(firm.enterprise)
    scan, ask = scan_of(firm, "ENT_AUDIT"), asking(at, token("ENT_CLERK", org=firm.uscc))
    said = ask(f"/scans/{scan}/pages").json()
    assert (said["pages"], said["mime"]) == (2, PDF)
    assert len(said["sha256"]) == 64
    before = at["enterprise"].types.count("Reading.PersonalDataRead")
    answer = ask(f"/scans/{scan}/pages/2?width=500")
    assert Image.open(BytesIO(answer.content)).width == 640
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["cache-control"] == "private, max-age=3600, immutable"
    assert at["enterprise"].types.count("Reading.PersonalDataRead") == before + 1
    assert at["enterprise"].types.count("Reading.PersonalDataRead") == before + 1


@pytest.mark.parametrize(
    ("path", "status"),
    [("0", 404), ("3", 404), ("x", 400), ("1?width=319", 400), ("1?width=1601", 400)],
)
def test_neither_pages_nor_widths_out_of_range(at: Installation, path: str, status: int) -> None:
    firm = Firm(at)
    filing.first_filing(firm.enterprise)
    scan, ask = scan_of(firm, "ENT_AUDIT"), asking(at, token("ENT_CLERK", org=firm.uscc))
    assert ask(f"/scans/{scan}/pages/{path}").status_code == status


def test_the_office_sees_what_was_sent_and_nobody_else_does(at: Installation) -> None:
    firm = Firm(at)
    path = filing.first_filing(firm.enterprise)
    kept = firm.clerk.upload("enterprise", "ENT_AUDIT", scans.pdf("ENT_AUDIT", "kept"), PDF)
    sent = scan_of(firm, "ENT_AUDIT")

    def seen(bearer: str, scan: str) -> list[int]:
        ask = asking(at, bearer)
        return [ask(f"/scans/{scan}{each}").status_code for each in ("/pages", "/pages/1")]

    office = token("CITY_OFFICER", city="410100")
    assert path
    assert seen(office, sent) == [200] * 2
    assert seen(office, str(kept["scan"])) == [404] * 2
    assert seen(token("CITY_OFFICER", city="410200"), sent) == [404] * 2
    assert seen(token("ENT_CLERK", org="91410100MA3X000000"), sent) == [404] * 2
    assert seen(token("AUDITOR"), sent) == [403] * 2
    assert seen("", sent) == [401] * 2
