"""Files that are not what they say, or not whole."""

from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from random import Random
from zipfile import ZipFile

from libs.chassis.scans.parser.limits import Fault
from tests.chassis.hostile.made import (
    JPEG,
    PDF,
    PNG,
    TAKEN,
    Hostile,
    honest_pdf,
    hostile,
    image,
    page,
    stream,
)

WHOLE: Mapping[str, Callable[[], bytes]] = {
    PDF: lambda: honest_pdf(3),
    JPEG: lambda: image(size=(200, 100)),
    PNG: lambda: image("PNG", size=(200, 100)),
}
OTHERS: Mapping[str, Callable[[], bytes]] = {
    "GIF": lambda: image("GIF"),
    "WebP": lambda: image("WEBP"),
    "HEIC": lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200),
    "AVIF": lambda: b"\0\0\0\x1cftypavif\0\0\0\0mif1avif" + bytes(200),
    "BMP": lambda: image("BMP"),
    "TIFF": lambda: image("TIFF"),
    "zip": lambda: archive(),
    "HTML": lambda: b"<html><script>alert(1)</script></html>",
    "SVG": lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "program": lambda: b"MZ" + bytes(500),
    "ELF": lambda: b"\x7fELF" + bytes(500),
    "PostScript": lambda: b"%!PS-Adobe-3.0\nshowpage",
    "film": lambda: b"\0\0\0\x18ftypmp42" + bytes(200),
    "text": lambda: "扫描件".encode(),
}


def archive() -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as made:
        made.writestr("a.txt", "a")
    return buffer.getvalue()


def all_strays() -> Iterator[Hostile]:
    yield from _renamed()
    yield from _cut()
    yield from _flipped()
    yield from _two_in_one()
    for mime in WHOLE:
        for name, data in (("nothing", b""), ("a zero", b"\0"), ("5 MB of zeros", bytes(5 << 20))):
            yield hostile(name, mime, lambda data=data: data, Fault.OTHER_TYPE)
    for mime, head in ((PDF, b"%PDF-"), (JPEG, b"\xff\xd8\xff"), (PNG, b"\x89PNG\r\n\x1a\n")):
        yield hostile("a head alone", mime, lambda head=head: head, Fault.UNREADABLE)


def _renamed() -> Iterator[Hostile]:
    for said in WHOLE:
        for name, make in OTHERS.items():
            yield hostile(f"{name} as {said}", said, make, Fault.OTHER_TYPE)
        for real, make in WHOLE.items():
            if real != said:
                yield hostile(f"{real} as {said}", said, make, Fault.OTHER_TYPE)


def _cut() -> Iterator[Hostile]:
    for mime, make in WHOLE.items():
        for twelfth in range(1, 12):
            yield hostile(
                f"{twelfth}/12", mime, lambda m=make, n=twelfth: m()[: len(m()) * n // 12]
            )


def _flipped() -> Iterator[Hostile]:
    for mime, make in WHOLE.items():
        for seed in range(10):
            yield hostile(f"flipped bits {seed}", mime, lambda m=make, s=seed: _with_flips(m(), s))


def _with_flips(data: bytes, seed: int) -> bytes:
    random, flipped = Random(seed), bytearray(data)
    for _ in range(20):
        flipped[random.randrange(8, len(flipped))] ^= 1 << random.randrange(8)
    return bytes(flipped)


def _two_in_one() -> Iterator[Hostile]:
    script = b"<script>alert(1)</script>"
    yield hostile("an archive behind", JPEG, lambda: image() + archive(), TAKEN)
    yield hostile("an archive behind", PNG, lambda: image("PNG") + archive(), TAKEN)
    yield hostile("an archive behind", PDF, lambda: honest_pdf() + archive(), TAKEN)
    yield hostile("a page behind", PNG, lambda: image("PNG") + script, TAKEN)
    yield hostile("a script as comment", JPEG, lambda: image(comment=script), TAKEN)
    yield hostile("a document as comment", JPEG, lambda: image(comment=honest_pdf()), TAKEN)
    yield hostile(
        "a picture before", PDF, lambda: image("GIF") + honest_pdf(), TAKEN, Fault.UNREADABLE
    )
    yield hostile("a JPEG before", PDF, lambda: image(size=(8, 8), quality=1) + honest_pdf())
    yield hostile("a script before", PDF, lambda: script + page(stream(b"")), TAKEN)
