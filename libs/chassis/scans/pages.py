"""Pages of a scan as pictures: how many there are, and one of them as WebP.

`page_count` and `page_picture` take bytes and give plain values, and know no key, log or object
store: whatever runs them needs no secret. `PageRenderer` is where they run.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any, ParamSpec, TypeVar

import pypdfium2
from PIL import Image, ImageOps

from libs.chassis.scans.parsing import FORMATS, MOST_PAGES, MOST_PIXELS, PDFIUM
from libs.events.errors import NotFound, Unavailable

NARROWEST, WIDEST, STEP = 320, 1600, 160  # pixels; between them a width is rounded up to steps
TALLEST = 3  # heights a width: what is longer is drawn narrower
QUALITY = 80
THREADS, MOST_WAITING = 2, 32
P = ParamSpec("P")
T = TypeVar("T")


class Unreadable(Exception):
    """No parser of its format can draw it, though it took the file when it was uploaded."""


def page_count(mime: str, data: bytes) -> int:
    """An image is one page. Raises Unreadable."""
    return _in_document(data, len) if mime == "application/pdf" else 1


def page_picture(mime: str, data: bytes, number: int, width: int) -> bytes:
    """Page `number`, counted from 1, as WebP of at most this many pixels across; an image is never
    enlarged. Slow: call it in a thread. Raises NotFound for a page that there is not, Unreadable.
    """
    if not 1 <= number <= MOST_PAGES:
        raise NotFound
    if mime == "application/pdf":
        return _saved(_in_document(data, lambda document: _drawn(document, number, width)))
    if number != 1:
        raise NotFound
    return _saved(_image(FORMATS[mime], data, width))


def in_steps(width: int) -> int:
    """The width in which a page is drawn for whoever asks for this one."""
    return -(-width // STEP) * STEP


class PageRenderer:
    """Draws pages in a few threads of its own, so that neither the event loop nor the calls to the
    object store wait for them.
    """

    def __init__(self, threads: int = THREADS, most_waiting: int = MOST_WAITING) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="pages")
        self._most, self._waiting = threads + most_waiting, 0

    async def count(self, mime: str, data: bytes) -> int:
        """Raises Unreadable, Unavailable where too many wait already."""
        return await self._run(page_count, mime, data)

    async def picture(self, mime: str, data: bytes, number: int, width: int) -> bytes:
        """Raises NotFound, Unreadable, Unavailable where too many wait already."""
        return await self._run(page_picture, mime, data, number, width)

    async def _run(self, draw: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self._waiting >= self._most:
            raise Unavailable("pages", "others that are being drawn")
        self._waiting += 1
        drawing = self._pool.submit(draw, *args, **kwargs)
        drawing.add_done_callback(lambda _: self._left())
        return await asyncio.wrap_future(drawing)

    def _left(self) -> None:
        self._waiting -= 1


def _in_document(data: bytes, ask: Callable[[Any], T]) -> T:
    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(data)
            try:
                return ask(document)
            finally:
                document.close()
        except pypdfium2.PdfiumError as error:
            raise Unreadable from error


def _drawn(document: Any, number: int, width: int) -> Image.Image:
    if number > len(document):
        raise NotFound
    page = document[number - 1]
    try:
        across, down = page.get_size()
        if across <= 0 or down <= 0:
            raise Unreadable
        bitmap = page.render(scale=min(width / across, width * TALLEST / down))
        try:
            picture: Image.Image = bitmap.to_pil().convert("RGB")  # a copy: the bitmap goes
        finally:
            bitmap.close()
        return picture
    finally:
        page.close()


def _image(format: str, data: bytes, width: int) -> Image.Image:
    try:
        with Image.open(BytesIO(data), formats=[format]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Unreadable
            image.draft("RGB", (width * TALLEST, width * TALLEST))  # a JPEG is read smaller
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((width, width * TALLEST))
            return _on_white(upright)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Unreadable from error


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    white = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(white, layer).convert("RGB")


def _saved(picture: Image.Image) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, "WEBP", quality=QUALITY, method=2)
    return buffer.getvalue()
