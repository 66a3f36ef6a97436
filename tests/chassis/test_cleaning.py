"""What is kept of a scan is what it shows; what was uploaded lies beside it, and nobody is handed
it.
"""

import hashlib
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pypdfium2
import pytest
from PIL import Image, ImageChops

from libs.chassis.in_memory import ServiceInMemory, token
from libs.chassis.scans.kept import evidence
from libs.chassis.scans.parser.work import cleaned
from libs.chassis.scans.scan import Scan, Stored
from libs.events.application import UnitOfWork
from libs.events.value import Act, Actor
from tests.chassis import books
from tests.chassis.hostile.made import JPEG, PDF, PNG, image, page, png, stream
from tests.chassis.ledgers import enterprise_id

USCC = "91410100MA3X000000"
ENTERPRISE = enterprise_id(USCC)
CLERK = token("ENT_CLERK", org=USCC)
MARK = b"1 0 0 rg 100 600 200 100 re f 0 0 1 rg 400 100 50 300 re f"
STAMP = b"0 1 0 rg 0 0 100 100 re f"
SCRIPT = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"


def shown(mime: str, data: bytes) -> Image.Image:
    return Image.open(BytesIO(cleaned(mime, data)))


def drawn(data: bytes) -> Image.Image:
    document = pypdfium2.PdfDocument(data)
    picture: Image.Image = document[0].render().to_pil()
    return picture.convert("RGB")


# Images


@pytest.mark.parametrize("mime", [JPEG, PNG])
def test_a_picture_taken_sideways_stands_upright_and_says_no_more_where_it_was_taken(
    mime: str,
) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "at home"
    data = image(mime[6:].upper(), (60, 20), exif=exif, icc_profile=b"a profile")
    assert b"at home" in data
    kept = cleaned(mime, data)
    assert (Image.open(BytesIO(kept)).size, dict(Image.open(BytesIO(kept)).getexif())) == (
        (20, 60),
        {},
    )
    assert not any(each in kept for each in (b"at home", b"Exif", b"eXIf", b"a profile", b"iCCP"))


def test_what_stands_beside_the_pixels_is_gone() -> None:
    data = image("JPEG", comment=b"<script>") + b"PK\3\4 an archive"
    kept = cleaned(JPEG, data)
    assert b"<script>" in data
    assert not any(each in kept for each in (b"<script>", b"PK\3\4"))


@pytest.mark.parametrize(
    ("mime", "data", "mode"),
    [
        (JPEG, image(mode="CMYK"), "RGB"),
        (JPEG, image(mode="L"), "L"),
        (PNG, image("PNG", mode="I;16"), "L"),
        (PNG, image("PNG", mode="1"), "1"),
        (PNG, image("PNG", mode="RGBA"), "RGBA"),
    ],
)
def test_a_picture_keeps_its_colours_as_far_as_a_browser_shows_them(
    mime: str, data: bytes, mode: str
) -> None:
    assert shown(mime, data).mode == mode


def test_sixteen_bits_become_eight_of_the_same_grey() -> None:
    buffer = BytesIO()
    Image.new("I;16", (8, 8), 0x8000).save(buffer, "PNG")
    assert shown(PNG, buffer.getvalue()).getpixel((3, 3)) == 0x80


def test_more_than_sixteen_million_pixels_are_kept_at_half_their_resolution() -> None:
    assert shown(JPEG, image(size=(6_000, 3_000), mode="L")).size == (3_000, 1_500)
    assert shown(PNG, image("PNG", (6_000, 3_000), mode="1")).size == (3_000, 1_500)
    assert shown(PNG, image("PNG", (4_000, 3_000), mode="1")).size == (4_000, 3_000)


def test_a_palette_keeps_what_is_transparent() -> None:
    buffer = BytesIO()
    Image.new("P", (8, 8)).save(buffer, "PNG", transparency=0)
    assert shown(PNG, buffer.getvalue()).convert("RGBA").getpixel((3, 3))[3] == 0  # type: ignore[index]
    assert shown(PNG, png()).mode == "L"


# Documents


@pytest.mark.parametrize(
    ("box", "entries"),
    [
        (b"0 0 600 800", b""),
        (b"50 40 650 840", b""),
        (b"-100 -50 600 800", b""),
        (b"0 0 600 800", b"/Rotate 90"),
        (b"30 0 600 800", b"/Rotate 270"),
        (b"0 0 600 800", b"/CropBox[90 80 500 720]"),
        (b"0 0 600 800", b"/CropBox[90 80 500 720]/Rotate 180"),
    ],
)
def test_a_page_is_drawn_as_it_was(box: bytes, entries: bytes) -> None:
    data = page(stream(MARK), box=box, entries=entries)
    before, after = drawn(data), drawn(cleaned(PDF, data))
    assert before.size == after.size
    assert before.getcolors() != [(before.width * before.height, (255, 255, 255))]
    assert ImageChops.difference(before, after).getbbox() is None


def test_a_stamp_on_a_page_is_drawn_into_it_and_what_it_would_do_is_gone() -> None:
    stamp = b"/Annots[<</Type/Annot/Subtype/Stamp/F 4/Rect[200 200 300 300]/AP<</N 5 0 R>>/A%b>>]"
    form = stream(STAMP, b"/Type/XObject/Subtype/Form/BBox[0 0 100 100]")
    data = page(stream(MARK), form, entries=stamp % SCRIPT)
    kept = cleaned(PDF, data)
    assert drawn(kept).getpixel((250, 550)) == (0, 255, 0)
    assert ImageChops.difference(drawn(data), drawn(kept)).getbbox() is None
    assert b"JavaScript" in data
    assert not any(each in kept for each in (b"JavaScript", b"/Annots", b"alert"))


# What the service keeps


@pytest.fixture
async def service() -> ServiceInMemory:
    return ServiceInMemory(books.service())


ACTIVE = page(stream(MARK), catalogue=b"/OpenAction" + SCRIPT)


async def uploaded(service: ServiceInMemory, data: bytes, mime: str = PDF) -> dict[str, Any]:
    wanted = {
        "size": len(data),
        "mime": mime,
        "sha256": hashlib.sha256(data).hexdigest(),
        "scan_type": "RECEIPT",
    }
    ticket = (await service.ask(CLERK, "POST", "/uploads", wanted)).json()
    service.setting.arrive(ticket["upload_url"], data)
    answer = await service.ask(CLERK, "POST", f"/uploads/{ticket['scan']}:complete")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_the_hashes_of_both_stand_in_the_event_and_the_original_is_evidence(
    service: ServiceInMemory,
) -> None:
    said = await uploaded(service, ACTIVE)
    scan = await service.application.read(Scan, UUID(said["scan"]))
    handed = (await service.ask(CLERK, "GET", f"/scans/{scan.id}")).content
    assert scan.stored
    assert scan.original
    assert scan.original.sha256 == scan.sha256 == hashlib.sha256(ACTIVE).hexdigest()
    assert scan.stored.sha256 == said["stored_sha256"] == hashlib.sha256(handed).hexdigest()
    assert scan.stored.size_bytes == said["stored_size_bytes"] == len(handed)
    assert b"JavaScript" not in handed
    assert await evidence(service, scan) == ACTIVE
    kept = [each for each in service.setting.buckets.values() if each]
    assert len(kept) == 2
    assert not any(part in each for each in kept for part in (ACTIVE[50:200], handed[50:200]))


async def test_the_authority_sees_pages_and_is_handed_no_file(service: ServiceInMemory) -> None:
    scan = (await uploaded(service, ACTIVE))["scan"]
    for role in ("CITY_OFFICER", "CITY_LEAD", "PROV_OFFICER", "PROV_LEAD", "EXPERT", "AUDITOR"):
        bearer = token(role, city="410100", office="410100")
        assert (await service.ask(bearer, "GET", f"/scans/{scan}")).status_code == 403, role


async def test_a_scan_of_an_earlier_commit_is_handed_out_without_what_would_run(
    service: ServiceInMemory,
) -> None:
    scan = await completed_before(service, ACTIVE)
    handed = await service.ask(CLERK, "GET", f"/scans/{scan}")
    assert handed.content.startswith(b"%PDF")
    assert b"JavaScript" not in handed.content
    assert drawn(handed.content).tobytes() == drawn(ACTIVE).tobytes()
    pages = await service.ask(CLERK, "GET", f"/scans/{scan}/pages")
    assert (pages.status_code, pages.json()["pages"]) == (200, 1)
    picture = await service.ask(CLERK, "GET", f"/scans/{scan}/pages/1")
    assert Image.open(BytesIO(picture.content)).format == "WEBP"


async def completed_before(service: ServiceInMemory, data: bytes) -> UUID:
    """As it was done before anything was built anew."""
    id, name = uuid4(), str(uuid4())
    sealer = (await service.keyring.sealers([ENTERPRISE]))[ENTERPRISE]
    await service.objects.put(name, sealer.encrypt(str(id), data))
    stored = Stored(object=name, object_version="", key_number=sealer.number)
    act = Act(by=Actor(user="clerk", role="ENT_CLERK"), at=service.clock.now())

    async def decide(work: UnitOfWork) -> None:
        scan = Scan.request(
            Scan.UploadRequested(
                act=act,
                scan=id,
                enterprise=ENTERPRISE,
                subject=ENTERPRISE,
                scan_type="RECEIPT",
                mime="application/pdf",
                size_bytes=len(data),
                sha256=hashlib.sha256(data).hexdigest(),
            )
        )
        scan.complete(act, stored, None)
        work.add(scan)

    await service.carry_out(decide)
    return id
