"""Whether a file is what it says: read by a real parser of its format. Slow: call it in a
thread.
"""

from io import BytesIO
from threading import Lock
from typing import Any

import pypdfium2
from PIL import Image, UnidentifiedImageError

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG"}
MOST_PIXELS = 100_000_000
MOST_PAGES = 500
PDFIUM = Lock()  # the library is not safe between threads


def is_readable(mime: str, data: bytes) -> bool:
    return _is_pdf(data) if mime == "application/pdf" else _is_image(FORMATS[mime], data)


def _is_image(format: str, data: bytes) -> bool:
    try:
        with Image.open(BytesIO(data), formats=[format]) as image:
            if image.width * image.height > MOST_PIXELS:
                return False
            image.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False
    return True


def _is_pdf(data: bytes) -> bool:
    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError:
            return False
        try:
            return 0 < len(document) <= MOST_PAGES and all(
                _has_page(document, number) for number in range(len(document))
            )
        finally:
            document.close()


def _has_page(document: Any, number: int) -> bool:
    try:
        document[number].close()
    except pypdfium2.PdfiumError:
        return False
    return True
