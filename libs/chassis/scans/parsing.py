"""Whether a file is what it says: read by a real parser of its format. Slow: call it in a
thread.
"""

from enum import StrEnum
from io import BytesIO
from threading import Lock
from typing import Any

import pypdfium2
from PIL import Image, UnidentifiedImageError

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG"}
MOST_PIXELS = 100_000_000
MOST_PAGES = 500
PDFIUM = Lock()  # the library is not safe between threads


class Fault(StrEnum):
    """Why nobody can read a file, though its format and size are right."""

    OTHER_BYTES = "other_bytes"  # not those that were announced
    UNREADABLE = "unreadable"  # damaged, or of another format
    PASSWORD = "password"
    PIXELS = "pixels"
    PAGES = "pages"


def fault(mime: str, data: bytes) -> Fault | None:
    """None: whoever opens the file can read it."""
    return _in_pdf(data) if mime == "application/pdf" else _in_image(FORMATS[mime], data)


def _in_image(format: str, data: bytes) -> Fault | None:
    try:
        with Image.open(BytesIO(data), formats=[format]) as image:
            if image.width * image.height > MOST_PIXELS:
                return Fault.PIXELS
            image.load()
    except Image.DecompressionBombError:
        return Fault.PIXELS
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        return Fault.UNREADABLE
    return None


def _in_pdf(data: bytes) -> Fault | None:
    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            locked = error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD
            return Fault.PASSWORD if locked else Fault.UNREADABLE
        try:
            return _in_pages(document)
        finally:
            document.close()


def _in_pages(document: Any) -> Fault | None:
    if len(document) > MOST_PAGES:
        return Fault.PAGES
    whole = len(document) and all(_has_page(document, n) for n in range(len(document)))
    return None if whole else Fault.UNREADABLE


def _has_page(document: Any, number: int) -> bool:
    try:
        document[number].close()
    except pypdfium2.PdfiumError:
        return False
    return True
