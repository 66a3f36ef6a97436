"""Reference data of the product: code lists, catalogue, standards, policy, menus and hints, as typed values, loaded once.

One folder of data per version; a filing or record pins the version it was made under. Codes are only added or retired by date,
never removed, so that history always reads."""

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from libs.events.value import Value

VERSION = "2024.1"
DATA = Path(__file__).parent / "data"


class Item(Value):
    code: str
    zh: str = ""
    en: str = ""
    rank: int | None = None  # compare by rank, never by code
    valid_from: date | None = None
    valid_to: date | None = None

    def label(self, lang: str = "zh") -> str:
        return self.en if lang == "en" else self.zh


class CodeList(Value):
    name: str
    title_zh: str
    title_en: str
    source: str
    confidence: str
    note: str = ""
    items: tuple[Item, ...]

    @property
    def codes(self) -> frozenset[str]:
        return codes(self.name)


@cache
def raw(name: str, version: str = VERSION) -> dict[str, Any]:
    """The list as it stands in its file."""
    data: dict[str, Any] = json.loads((DATA / version / f"{name}.json").read_bytes())
    return data


@cache
def codes(name: str) -> frozenset[str]:
    return frozenset(item["code"] for item in raw(name)["items"])
