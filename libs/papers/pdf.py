"""A paper as PDF, where the machine has a Chinese font; the same paper is the same bytes."""

import json
from functools import cache
from pathlib import Path

import typst

from libs.papers.paper import Paper

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


def pdf(paper: Paper) -> bytes | None:
    """None without a Chinese font: the HTML is enough."""
    if (font := family()) is None:
        return None
    data = json.dumps({**paper.plain(), "font": font}, ensure_ascii=False)
    made = typst.compile(_template(), format="pdf", font_paths=_fonts(), sys_inputs={"paper": data})
    return bytes(made)
