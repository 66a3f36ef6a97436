"""Cells that many lists have."""

from typing import Any

from services.portal.render.lists import Cell, Item
from services.portal.web.reference import CodeNames
from services.portal.web.templates import CHIPS, moment
from services.portal.web.visit import Visit


def code(text: Any, href: str = "", note: str = "") -> Cell:
    """A number that is copied rather than read."""
    return Cell(str(text or ""), href=href, note=note, is_code=True)


def when(text: str | None) -> Cell:
    """A moment as a person in Henan reads it."""
    return Cell(moment(text))


def named(visit: Visit, names: CodeNames, value: Any) -> Cell:
    """A code by its name."""
    return Cell(str(names.item(value)[visit.language]) if value else "")


def state(visit: Visit, names: CodeNames, value: str) -> Cell:
    """A state as a chip."""
    return Cell(str(names.item(value)[visit.language]), chip=CHIPS.get(value, "draft"))


def sent(visit: Visit, item: Item) -> Cell:
    """How often it was sent, and the receipt."""
    if not item["round"]:
        return Cell(visit("未发送"))
    return Cell(visit("第 %(round)s 次") % item, note=item["receipt_no"] or "")


def choices(visit: Visit, names: CodeNames) -> list[tuple[str, str]]:
    """The codes of a list for a filter."""
    return [(str(each["code"]), str(each[visit.language])) for each in names.items]
