"""Rules about projects (group J), while the enterprise saves them."""

import re
from decimal import Decimal
from functools import cache

from libs.events.refusal import Finding
from libs.events.value import Value
from libs.filing import forms, reference
from libs.filing.catalogue import finding
from libs.filing.content.performance import Project
from libs.filing.rules.placeholder import applying

CODE = re.compile(r"\d{16}", re.ASCII)
BUILDING = "01"  # code list `project_type`
# code list `project_function`
RESIDENTIAL, PUBLIC = frozenset({"R"}), frozenset({"P1", "P2", "P3", "P4"})
FEATURES = (  # the thresholds that the form's fields can be held against
    ("PUB_AREA", "area_m2", PUBLIC),
    ("PUB_HEIGHT", "height_m", PUBLIC),
    ("RES_AREA", "area_m2", RESIDENTIAL),
    ("RES_FLOORS", "floors_above", RESIDENTIAL),
)
PLACEHOLDERS_OWN = frozenset({"/contract", "/name"})  # what even 暂无业绩 must have
SIZES = ("S", "M", "L")  # code list `project_scale_design`, in order


class Threshold(Value):
    """Above `large` a building is large, above `medium` medium; below, it is small only where the
    table says so.
    """

    large: Decimal
    medium: Decimal | None
    has_small: bool


def before_saving(project: Project, *, contract_saved: bool, placeholder: bool) -> list[Finding]:
    """`placeholder`: the project stands on the contract 暂无业绩."""
    own = [each for each in e05(project) if placeholder and each.pointer in PLACEHOLDERS_OWN]
    found = [*j01(saved=contract_saved), *e05(project), *j02(project), *j14(project)]
    return [*own, *applying(found, placeholder=placeholder)]


def e05(project: Project) -> list[Finding]:
    return forms.missing("project", project)


def j01(*, saved: bool) -> list[Finding]:
    """`saved`: the contract is the enterprise's own, and saved."""
    return [] if saved else [finding("J01", "/contract")]


def j02(project: Project) -> list[Finding]:
    right = not project.project_code or CODE.fullmatch(project.project_code)
    return [] if right else [finding("J02", "/project_code")]


def j14(project: Project) -> list[Finding]:
    """A building has the highest scale that any single feature gives it. Only a warning: copies of
    the table differ at its bounds.
    """
    if project.project_type != BUILDING or project.scale not in SIZES:
        return []
    sizes = [
        size
        for code, name, uses in FEATURES
        if project.function in uses and (size := _size(code, getattr(project, name)))
    ]
    return (
        []
        if not sizes or max(sizes, key=SIZES.index) == project.scale
        else [finding("J14", "/scale")]
    )


def _size(code: str, value: Decimal | int | None) -> str | None:
    """None where the feature says nothing: a total area that is not large may be one house's or an
    estate's.
    """
    threshold = _thresholds()[code]
    if value is None:
        return None
    if value > threshold.large:
        return "L"
    if threshold.medium is not None and value > threshold.medium:
        return "M"
    return "S" if threshold.has_small else None


@cache
def _thresholds() -> dict[str, Threshold]:
    return {
        item.code: _threshold(item.more("large"), item.more("medium"), item.more("small"))
        for item in reference.code_list("building_scale_thresholds").items
    }


def _threshold(large: str, medium: str, small: str | None) -> Threshold:
    """From `>20000`, `>5000 and <=20000`, `<=5000`."""
    above = re.match(r">(\d+)", medium)
    return Threshold(
        large=Decimal(large[1:]),
        medium=Decimal(above[1]) if above else None,
        has_small=small is not None,
    )
