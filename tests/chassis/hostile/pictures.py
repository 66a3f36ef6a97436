"""Hostile images."""

import struct
import zlib
from collections.abc import Iterator

from PIL import Image

from libs.chassis.scans.parser.limits import Fault
from tests.chassis.hostile.made import (
    JPEG,
    PNG,
    TAKEN,
    Hostile,
    chunk,
    hostile,
    image,
    png,
    progressive,
    with_size,
)


def all_pictures() -> Iterator[Hostile]:
    yield from _jpeg()
    yield from _exif()
    yield from _png()
    yield from _texts()


def _jpeg() -> Iterator[Hostile]:
    for scans in (31, 100, 1_000, 20_000):
        yield hostile(f"{scans} passes", JPEG, lambda n=scans: progressive(n), Fault.SCANS)
    yield hostile("29 passes", JPEG, lambda: progressive(15, (2000, 2000)), TAKEN, Fault.UNREADABLE)
    for width, height in ((65_500, 65_500), (6_001, 6_000), (65_500, 600)):
        lie = f"a header of {width} x {height}"
        yield hostile(lie, JPEG, lambda w=width, h=height: with_size(image(), w, h), Fault.PIXELS)
    yield hostile("a header of 0 x 0", JPEG, lambda: with_size(image(), 0, 0), Fault.UNREADABLE)
    yield hostile(
        "33 million pixels of which there are few", JPEG, lambda: with_size(image(), 6_000, 5_500)
    )
    yield hostile("CMYK", JPEG, lambda: image(mode="CMYK"), TAKEN)
    yield hostile("grey", JPEG, lambda: image(mode="L"), TAKEN)
    yield hostile(
        "lossless", JPEG, lambda: image().replace(b"\xff\xc0", b"\xff\xc3", 1), Fault.UNREADABLE
    )
    yield hostile(
        "12 bits",
        JPEG,
        lambda: image().replace(b"\xff\xc0\0\x11\x08", b"\xff\xc1\0\x11\x0c", 1),
        Fault.UNREADABLE,
    )
    many = b"\xff\xe5\0\x02" * 200_000
    yield hostile("200,000 empty segments", JPEG, lambda: b"\xff\xd8" + many + image()[2:])
    large = b"\xff\xe2\xff\xffICC_PROFILE\0\x01\xff" + bytes(65_519)
    yield hostile(
        "a profile of 10 MB",
        JPEG,
        lambda: b"\xff\xd8" + large * 150 + image()[2:],
        TAKEN,
        Fault.UNREADABLE,
    )
    yield hostile("fill bytes", JPEG, lambda: b"\xff\xd8" + b"\xff" * 5_000_000 + image()[2:])


def _exif() -> Iterator[Hostile]:
    for turned in (*range(1, 9), 0, 9, 65_535):
        exif = Image.Exif()
        exif[0x0112] = turned
        yield hostile(f"turned {turned}", JPEG, lambda e=exif: image(size=(60, 20), exif=e), TAKEN)
    loop = b"Exif\0\0MM\0*\0\0\0\x08" + b"\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x08" + b"\0\0\0\x08"
    far = b"Exif\0\0MM\0*\xff\xff\xff\xff"
    rows = b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\x01\x12\0\x03\xff\xff\xff\xff\0\0\0\x08" * 4_000
    for name, exif_bytes in (("a loop", loop), ("far away", far), ("65,535 rows", rows)):
        yield hostile(
            f"orientation in {name}",
            JPEG,
            lambda e=exif_bytes: image(exif=e),
            TAKEN,
            Fault.UNREADABLE,
        )


def _png() -> Iterator[Hostile]:
    for width, height in ((2**31 - 1, 2**31 - 1), (100_000, 1_000), (30_000, 30_000)):
        size = (width, height)
        yield hostile(
            f"{width} x {height}",
            PNG,
            lambda size=size: png(size=size),
            Fault.PIXELS,
            Fault.UNREADABLE,
        )
    rows = zlib.compress(bytes((6_000 // 8 + 1) * 6_000), 9)
    yield hostile(
        "36 million pixels in 20 KB",
        PNG,
        lambda: png(size=(6_000, 6_000), depth=1, data=rows),
        TAKEN,
    )
    yield hostile(
        "36 million pixels of 64 bits",
        PNG,
        lambda: png(size=(6_000, 6_000), depth=16, colour=6, data=_zeros(275)),
        TAKEN,
        Fault.MEMORY,
        Fault.TIME,
    )
    yield hostile("more rows than pixels", PNG, lambda: png(data=zlib.compress(bytes(50 << 20), 9)))
    yield hostile("16 bits", PNG, lambda: image("PNG", mode="I;16"), TAKEN)
    yield hostile("transparent", PNG, lambda: image("PNG", mode="RGBA"), TAKEN)
    yield hostile("a palette that is missing", PNG, lambda: png(colour=3))
    yield hostile("no pixels", PNG, lambda: png(size=(0, 0)), Fault.UNREADABLE)
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    yield hostile(
        "animated", PNG, lambda: image("PNG", save_all=True, append_images=frames), Fault.ANIMATED
    )
    counted = chunk(b"acTL", struct.pack(">II", 4_000_000_000, 0))
    yield hostile("4,000 million frames, it says", PNG, lambda: png(counted), Fault.ANIMATED)
    yield hostile("25,000 chunks", PNG, lambda: png(*[chunk(b"teST", b"")] * 25_000), Fault.OBJECTS)
    wide = struct.pack(">I", 2**31 - 1) + b"teST"
    yield hostile(
        "a chunk of 2 GB, it says", PNG, lambda: png()[:33] + wide + png()[33:], Fault.UNREADABLE
    )
    yield hostile(
        "a wrong checksum", PNG, lambda: png().replace(b"IHDR", b"IHDS"), Fault.UNREADABLE
    )


def _texts() -> Iterator[Hostile]:
    for size in (2, 60, 400):
        for name, kind, head in (
            ("profile", b"iCCP", b"a\0\0"),
            ("text", b"zTXt", b"a\0\0"),
            ("words", b"iTXt", b"a\0\x01\0\0\0"),
        ):
            yield hostile(
                f"a {name} of {size} MB",
                PNG,
                lambda k=kind, h=head, n=size: png(chunk(k, h + _zeros(n))),
                Fault.INFLATED,
            )
    many = [chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(900_000), 9))] * 1_000
    yield hostile(
        "1,000 texts of 0.9 MB",
        PNG,
        lambda: png(*many),
        TAKEN,
        Fault.UNREADABLE,
        Fault.TIME,
        Fault.INFLATED,
    )


def _zeros(megabytes: int) -> bytes:
    packer, piece = zlib.compressobj(9), bytes(1 << 20)
    return b"".join([*(packer.compress(piece) for _ in range(megabytes)), packer.flush()])
