"""Code lists and the rows of the product's other reference data, as values."""

from datetime import date
from functools import cached_property
from typing import Any, Literal

from pydantic import ConfigDict

from libs.events.refusal import Severity
from libs.events.value import Value

# group codes: see the list's note
HEADINGS = {"economic_type": frozenset({"100", "140", "150", "170", "200", "300"})}


class CodeItem(Value):
    """A code with its labels; what only some lists have (registration patterns, majors …) is in
    `model_extra`.
    """

    model_config = ConfigDict(extra="allow")

    code: str
    zh: str = ""
    en: str = ""
    rank: int | None = None
    in_scope: bool = True
    valid_from: date | None = None
    valid_to: date | None = None

    def label(self, lang: str = "zh") -> str:
        return self.en if lang == "en" else self.zh

    def more(self, name: str) -> Any:
        return (self.model_extra or {}).get(name)


class CodeList(Value):
    name: str
    version: str
    title_zh: str
    title_en: str
    source: str
    confidence: str
    note: str = ""
    items: tuple[CodeItem, ...]

    @cached_property
    def by_code(self) -> dict[str, CodeItem]:
        return {item.code: item for item in self.items}

    @cached_property
    def codes(self) -> frozenset[str]:
        return frozenset(self.by_code)

    def item(self, code: str) -> CodeItem:
        """KeyError if the code is not in the list."""
        return self.by_code[code]

    def label(self, code: str | None, lang: str = "zh") -> str:
        """The code itself where the list does not know it: a label never fails."""
        return self.by_code[code].label(lang) if code in self.by_code else code or ""

    def rank(self, code: str | None) -> int:
        """Levels are compared by rank, never by code; unknown or missing ranks lowest."""
        item = self.by_code.get(code or "")
        return item.rank if item and item.rank is not None else -1

    def selectable(self, code: str | None, on: date | None = None) -> bool:
        """Whether it may be chosen: known, in scope, no heading, and offered on that day."""
        item = self.by_code.get(code or "")
        if item is None or not item.in_scope or item.code in HEADINGS.get(self.name, ()):
            return False
        return on is None or ((item.valid_from or on) <= on <= (item.valid_to or on))


class PacketAddress(Value):
    """Where 备案审核资料 goes, and the authority's notice about it."""

    mailbox: str | None = None
    subject_pattern: str
    notice_site: str
    notice_title: str
    notice_url: str


class ReportingUnit(Value):
    code: str
    zh: str
    en: str
    kind: Literal["province", "city", "zone", "county"]
    valid_from: date | None
    valid_to: date | None
    packet: PacketAddress | None = None


class ScanSlot(Value):
    """A scan type: how many, in which formats, how large (KiB). Where `rule` stands, that rule and
    not `min` says when it is needed.
    """

    code: str
    zh: str
    en: str
    owner: Literal["enterprise", "person", "contract", "project", "assessment"]
    min: int
    max: int
    formats: tuple[str, ...]
    max_kb: int
    rule: str | None = None


class Menu(Value):
    code: str
    zh: str
    en: str
    service: str
    buttons: tuple[str, ...]


class Hint(Value):
    """The manual's own words; `{…}` in H3 is data of the supervising unit's packet."""

    code: str
    place: str
    zh: str
    en: str
    after_zh: str = ""
    after_en: str = ""

    def text(self, packet: PacketAddress) -> str:
        return self.zh.format(**packet.model_dump())


class RuleAnswer(Value):
    when: str
    zh: str
    en: str


class Rule(Value):
    """A check rule: what must hold, at which point, who evaluates it, and what is said when it
    does not.
    """

    code: str
    evaluated_by: tuple[str, ...]
    needs: tuple[str, ...] = ()
    point: str
    severity: Severity
    predicate: str
    zh: str
    en: str
    source: str
    placeholder_waived: bool = False
    answers: tuple[RuleAnswer, ...] = ()
