"""Rules about what may be done when: they look at states and versions, not at what is filled in.
Breaking one is a 409.
"""

from collections.abc import Sequence

from libs.events.refusal import Finding
from libs.events.value import Value
from libs.filing.catalogue import STATE, Texts, finding
from libs.filing.filing import Answer, ReturnedItem, Status, Type
from libs.filing.rules import labels, paths
from libs.filing.transitions import EDITABLE

STATE_RULES = frozenset(
    {
        *(
            STATE,
            "E03",
            "E04",
            "E20",
            "E21",
            "E22",
            "E24",
            "E25",
            "E26",
            "P06",
            "P08",
            "P21",
            "P27",
            "P28",
        ),
        *("C02", "C10", "C11"),
        *("A09", "A15", "A16", "A19", "V04", "V05"),
    }
)
FIRST = frozenset({Type.ENT_INIT, Type.PER_INIT})


def e03(*, taken: bool) -> list[Finding]:
    return [finding("E03", "/uscc")] if taken else []


def e04(*, filed: bool) -> list[Finding]:
    return [finding("E04")] if filed else []


def e20(*, offered: bool, migrated: bool, sent: bool) -> list[Finding]:
    """Three refusals, each with its own answer; what was sent here comes first, for it cannot be
    mended.
    """
    cases = (
        ("already sent in 6.0", sent),
        ("no 5.0 filing", not offered),
        ("filed in 5.0, not migrated", not migrated),
    )
    return [finding("E20", case=case) for case, holds in cases if holds][:1]


def overwrites(*, page: bool, allowed: bool) -> list[Finding]:
    """A second press asks before it overwrites what is on the page."""
    return [finding(STATE, "/overwrite", case="overwrites")] if page and not allowed else []


def e21(*, open_filings: int) -> list[Finding]:
    return [finding("E21")] if open_filings else []


def e22(type: Type, *, approved: bool) -> list[Finding]:
    return [finding("E22", "/type")] if (type in FIRST) == approved else []


def begun(*, first: bool) -> list[Finding]:
    """All first filings of a subject would file the one page (decision 6): one is enough."""
    return [finding(STATE, case="first_filing_begun")] if first else []


def unsaved(status: Status, *, page_saved: bool = True) -> list[Finding]:
    """在线发送 follows 保存 (domain book 5.2); a page that was fetched from 5.0 is a draft, too."""
    saved = status is not Status.DRAFT and page_saved
    return [] if saved else [finding(STATE, case="filing_not_saved")]


def e23(base: Value | None, content: Value) -> list[Finding]:
    return [] if paths.changed(base, content) else [finding("E23")]


def e24(status: str) -> list[Finding]:
    """Of a filing or a record."""
    return [] if status in EDITABLE else [finding("E24")]


def e25(status: str) -> list[Finding]:
    """Of a filing or a record; whether a reviewer has opened it already, review decides."""
    return [] if status == Status.SENT else [finding("E25")]


def e26(base_version: int | None, filed_version: int) -> list[Finding]:
    return [] if base_version == filed_version else [finding("E26")]


def e28(
    status: Status, before: Value | None, content: Value, returned: Sequence[ReturnedItem]
) -> list[Finding]:
    """One finding a place that was changed and not returned."""
    if status is not Status.RETURNED:
        return []
    allowed = [item.pointer for item in returned]
    places = [
        place
        for place in paths.changed(before, content)
        if not any(paths.covers(each, place) for each in allowed)
    ]
    named = [labels.label(content, each) for each in allowed]
    return [beside(place, named) for place in places]


def beside(pointer: str, returned: Sequence[Texts]) -> Finding:
    """E28 at one place, in the words of what was returned."""
    items, items_en = [each.zh for each in returned], ", ".join(each.en for each in returned)
    return finding("E28", pointer, items=items, items_en=items_en)


def v14(
    returned: Sequence[ReturnedItem],
    before: Value | None,
    content: Value,
    answers: Sequence[Answer],
) -> list[Finding]:
    answered = {paths.normal(each.pointer) for each in answers if each.text.strip()}
    return [
        unanswered(item, paths.normal(item.pointer), labels.label(content, item.pointer))
        for item in returned
        if paths.normal(item.pointer) not in answered
        and paths.at(before, item.pointer) == paths.at(content, item.pointer)
    ]


def unanswered(item: ReturnedItem, pointer: str, place: Texts) -> Finding:
    """V14 of one point, in the words of the form that was returned."""
    told = {"place": place.zh, "place_en": place.en, "point": item.text}
    return finding("V14", pointer, case="at", **told)
