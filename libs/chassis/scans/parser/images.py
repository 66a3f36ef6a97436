"""Images: what they would cost is read from their bytes, then they are decoded, and encoded anew
from nothing but their pixels.
"""

import zlib
from collections.abc import Iterator
from io import BytesIO

from PIL import Image, ImageOps, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from libs.chassis.scans.parser.limits import (
    MOST_CHUNKS,
    MOST_KEPT,
    MOST_PIXELS,
    MOST_SCANS,
    MOST_TEXT,
    Fault,
    Unacceptable,
)

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG"}
START_OF_SCAN, END_OF_IMAGE = 0xDA, 0xD9
ALONE = {0x00, 0x01, *range(0xD0, 0xD9)}  # markers without a length, and a byte that is no marker
TEXTS = (b"iCCP", b"zTXt", b"iTXt")
PLUGINS = (JpegImagePlugin, PngImagePlugin, WebPImagePlugin)  # all that this process needs


def cleaned(mime: str, data: bytes) -> bytes:
    """The same picture upright, without anything beside its pixels. Raises Unacceptable."""
    with opened(mime, data) as image:
        _smaller(image, MOST_KEPT)
        upright = _plain(ImageOps.exif_transpose(image))
        if upright.width * upright.height > MOST_KEPT:
            upright = _in_full(upright).reduce(2)
        # of what stood beside the pixels only this belongs to the picture
        seen = upright.info.get("transparency")
        upright.info = {} if seen is None else {"transparency": seen}
        buffer = BytesIO()
        if mime == "image/jpeg":
            upright.save(buffer, "JPEG", quality=90)
        else:
            upright.save(buffer, "PNG", compress_level=2)
        return buffer.getvalue()


def opened(mime: str, data: bytes) -> Image.Image:
    """Its header read and its costs known, nothing decoded. Raises Unacceptable."""
    counted = _in_jpeg if mime == "image/jpeg" else _in_png
    counted(data)
    try:
        image = Image.open(BytesIO(data), formats=[FORMATS[mime]])
    except Image.DecompressionBombError as error:
        raise Unacceptable(Fault.PIXELS) from error
    if image.width * image.height > MOST_PIXELS:
        raise Unacceptable(Fault.PIXELS)
    return image


def scans_of(data: bytes, start: int = 0) -> int:
    """How often a JPEG goes over its pixels."""
    found, at = 0, start + 2
    while (at := data.find(b"\xff", at)) >= 0 and at + 1 < len(data):
        marker = data[at + 1]
        if marker == END_OF_IMAGE:
            break
        found += marker == START_OF_SCAN
        if marker == 0xFF:
            at += 1
        elif marker in ALONE:
            at += 2
        else:
            at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
    return found


def _in_jpeg(data: bytes) -> None:
    """Raises Unacceptable for what is none, or has too many passes."""
    if not data.startswith(b"\xff\xd8\xff"):
        raise Unacceptable(Fault.OTHER_TYPE)
    if scans_of(data) > MOST_SCANS:
        raise Unacceptable(Fault.SCANS)


def _in_png(data: bytes) -> None:
    """Raises Unacceptable for what is none, moves, or hides a bomb."""
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        raise Unacceptable(Fault.OTHER_TYPE)
    for number, (kind, body) in enumerate(_chunks(data)):
        if number > MOST_CHUNKS:
            raise Unacceptable(Fault.OBJECTS)
        if kind == b"acTL":
            raise Unacceptable(Fault.ANIMATED)
        if kind in TEXTS and _inflates(body):
            raise Unacceptable(Fault.INFLATED)


def _chunks(data: bytes) -> Iterator[tuple[bytes, memoryview]]:
    """The kind and the bytes of each."""
    view = memoryview(data)
    at = 8
    while at + 8 <= len(data):
        start = at + 8
        length = int.from_bytes(view[at : at + 4], "big")
        kind = bytes(view[at + 4 : start])
        yield kind, view[start : start + length]
        at = start + length + 4  # behind its checksum


def _inflates(body: memoryview) -> bool:
    """Whether a compressed text is larger than any that is honest; its keyword comes before."""
    packed = bytes(body)
    start = packed.find(b"\x78", packed.find(b"\0") + 1)
    if start < 0:
        return False
    try:
        return len(zlib.decompressobj().decompress(packed[start:], MOST_TEXT + 1)) > MOST_TEXT
    except zlib.error:
        return False


def _smaller(image: Image.Image, most: int) -> None:
    """A JPEG that has more pixels is read at half its resolution."""
    if image.width * image.height > most:
        image.draft("", (image.width // 2, image.height // 2))


def _in_full(image: Image.Image) -> Image.Image:
    """Each pixel with its own colour, so that two can be one."""
    if image.mode == "P":
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image.convert("L") if image.mode == "1" else image


def _plain(image: Image.Image) -> Image.Image:
    """In a mode that any browser shows: no CMYK, no 16 bits."""
    if image.mode.startswith("I"):
        return image.point(lambda value: value / 256).convert("L")
    return image if image.mode in ("1", "L", "LA", "P", "RGB", "RGBA") else image.convert("RGB")
