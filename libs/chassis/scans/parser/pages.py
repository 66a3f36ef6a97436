"""Pages of a scan as pictures."""

from io import BytesIO
from typing import Any

from PIL import Image, ImageOps

from libs.chassis.scans.parser.documents import in_document
from libs.chassis.scans.parser.images import opened
from libs.chassis.scans.parser.limits import MOST_PAGES, Fault, Unacceptable

TALLEST = 3  # heights a width: what is longer is drawn narrower
QUALITY = 80
PDF = "application/pdf"


class NoPage(Exception):
    """There is no page of this number."""


def page_count(mime: str, data: bytes) -> int:
    """An image is one page. Raises Unacceptable."""
    return in_document(data, len) if mime == PDF else 1


def page_picture(mime: str, data: bytes, number: int, width: int) -> bytes:
    """Page `number`, counted from 1, as WebP of at most this many pixels across; an image is never
    enlarged. Raises NoPage, Unacceptable.
    """
    if not 1 <= number <= MOST_PAGES:
        raise NoPage
    if mime == PDF:
        return _saved(in_document(data, lambda document: _drawn(document, number, width)))
    if number != 1:
        raise NoPage
    return _saved(_image(mime, data, width))


def _drawn(document: Any, number: int, width: int) -> Image.Image:
    """Raises NoPage, Unacceptable."""
    if number > len(document):
        raise NoPage
    page = document[number - 1]
    try:
        across, down = page.get_size()
        if across <= 0 or down <= 0:
            raise Unacceptable(Fault.UNREADABLE)
        bitmap = page.render(scale=min(width / across, width * TALLEST / down))
        try:
            picture: Image.Image = bitmap.to_pil().convert("RGB")  # a copy: the bitmap goes
        finally:
            bitmap.close()
        return picture
    finally:
        page.close()


def _image(mime: str, data: bytes, width: int) -> Image.Image:
    with opened(mime, data) as image:
        image.draft("RGB", (width * TALLEST, width * TALLEST))  # a JPEG is read smaller
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((width, width * TALLEST))
        return _on_white(upright)


def _on_white(image: Image.Image) -> Image.Image:
    """What is transparent shows paper."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    white = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(white, layer).convert("RGB")


def _saved(picture: Image.Image) -> bytes:
    """As WebP."""
    buffer = BytesIO()
    picture.save(buffer, "WEBP", quality=QUALITY, method=2)
    return buffer.getvalue()
