"""Facts of an announced result in the visitor's words."""

from collections.abc import Mapping
from typing import Any

from services.portal.render.lists import Cell
from services.portal.web.reference import CodeNames
from services.portal.web.visit import Visit

LISTS = ("assessment_result", "reporting_unit")
CHIPS = {
    "PASS": "approved",
    "BASIC": "saved",
    "FAIL": "rejected",
    "ABSENT": "draft",
    "EXEMPT": "void",
}


def conclusion(visit: Visit, names: CodeNames, code: str) -> Cell:
    """The result as a chip."""
    return Cell(str(names.item(code)[visit.language]), chip=CHIPS.get(code, "draft"))


def licences(visit: Visit, result: Mapping[str, Any]) -> str:
    """The first qualification, and how many there are."""
    held = [str(each[visit.language]) for each in result["qualifications"]]
    if len(held) < 2:
        return "".join(held)
    return visit("%(first)s 等 %(count)s 项") % {"first": held[0], "count": len(held)}
