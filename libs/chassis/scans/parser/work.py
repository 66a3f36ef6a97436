"""What a child does with its file: the answer begins with a line of JSON, then come bytes.

It is the only code that hostile bytes reach, with the parsers that it calls. It knows no key, log
or object store, and imports nothing that does.
"""

import errno
import json
import os
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pypdfium2
from PIL import Image

from libs.chassis.scans.parser import documents, images, pages
from libs.chassis.scans.parser.limits import Fault, Unacceptable

PDF = "application/pdf"
PIECE = 1 << 20


def work(request: bytes, reading: int, writing: int) -> None:
    """Raises MemoryError. Whatever else a parser raises at a file, the file is unreadable."""
    said, made = answered(json.loads(request), _read(reading))
    try:
        _write(writing, json.dumps(said).encode() + b"\n" + made)
    except OSError as error:
        if error.errno != errno.EFBIG:
            raise
        os.lseek(writing, 0, os.SEEK_SET)
        _write(writing, json.dumps({"fault": Fault.INFLATED}).encode() + b"\n")


def answered(asked: Mapping[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    """What is said of a file, and what was made of it. Raises MemoryError."""
    try:
        match asked["call"]:
            case "clean":
                return {}, cleaned(asked["mime"], data)
            case "count":
                return {"pages": pages.page_count(asked["mime"], data)}, b""
            case _:
                number, width = asked["number"], asked["width"]
                drawn = pages.page_picture(asked["mime"], data, number, width)
                return {}, drawn
    except Unacceptable as error:
        return {"fault": error.fault}, b""
    except pages.NoPage:
        return {"fault": "no_page"}, b""
    except MemoryError:
        raise
    except Exception as error:
        return {"fault": Fault.UNREADABLE, "error": type(error).__name__}, b""


def cleaned(mime: str, data: bytes) -> bytes:
    """What is kept of a file: what it shows. Raises Unacceptable, and what parsers raise."""
    return documents.cleaned(data) if mime == PDF else images.cleaned(mime, data)


def warm_up() -> None:
    """Everything that is loaded late is loaded before any file comes: codecs, fonts."""
    Image.init()
    for mime, format in images.FORMATS.items():
        buffer = BytesIO()
        Image.new("RGB", (8, 8)).save(buffer, format)
        pages.page_picture(mime, cleaned(mime, buffer.getvalue()), 1, 320)
    document = pypdfium2.PdfDocument.new()
    saved = BytesIO()
    document.new_page(9, 9)
    document.save(saved)
    pages.page_picture(PDF, cleaned(PDF, saved.getvalue()), 1, 320)


def _read(reading: int) -> bytes:
    """All of the file."""
    pieces = []
    while piece := os.read(reading, PIECE):
        pieces.append(piece)
    return b"".join(pieces)


def _write(writing: int, answer: bytes) -> None:
    """All of the answer. Raises OSError (EFBIG) where it is longer than MOST_OUTPUT."""
    left = memoryview(answer)
    while left:
        left = left[os.write(writing, left) :]
