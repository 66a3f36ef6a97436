"""Papers are typeset here, in the process that pdf.py begins for it: a paper as JSON comes in, its
PDF goes back. It ends when nothing came for a while.
"""

import json
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import typst

IDLE = 20.0  # seconds without a paper

WANTED = (
    "SimSun",
    "NSimSun",
    "Songti SC",
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Noto Serif SC",
    "FandolSong",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Microsoft YaHei",
    "SimHei",
)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts()


@cache
def family() -> str | None:
    """The best Chinese font there is, or none."""
    there = {name.casefold(): name for name in _fonts().families()}
    return next((there[name.casefold()] for name in WANTED if name.casefold() in there), None)


@cache
def _template() -> bytes:
    return (Path(__file__).parent / "paper.typ").read_bytes()


def typeset(paper: dict[str, Any]) -> bytes:
    """As PDF; nothing without a Chinese font. The same paper is the same bytes."""
    if (font := family()) is None:
        return b""
    data = json.dumps(paper | {"font": font}, ensure_ascii=False)
    made = typst.compile(_template(), format="pdf", font_paths=_fonts(), sys_inputs={"paper": data})
    return bytes(made)


def serve(service: Connection) -> None:
    """Until the service ends, or wants nothing for a while."""
    with service:
        while service.poll(IDLE):
            try:
                asked = service.recv_bytes()
            except EOFError:
                return
            service.send_bytes(typeset(json.loads(asked)))


def main() -> None:
    serve(Connection(0))
