"""Reference data of the product: code lists, catalogue, standards, policy, rules, menus and hints,
as typed values, loaded once.

One folder of data per version; a filing or record pins the version it was made under. Codes are
only added or retired by date, never removed, so that history always reads.
"""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from libs.events.value import Value
from libs.filing.lists import CodeList, Hint, Menu, ReportingUnit, Rule, ScanSlot
from libs.filing.policy import AssessmentPolicy
from libs.filing.standards import GeneralRules, Licence, Standard

VERSION = "2024.1"
DATA = Path(__file__).parent / "data"
T = TypeVar("T", bound=Value)


@cache
def raw(name: str, version: str = VERSION) -> dict[str, Any]:
    """The list as it stands in its file: not to be changed."""
    data: dict[str, Any] = json.loads((DATA / version / f"{name}.json").read_bytes())
    return data


@cache
def names(version: str = VERSION) -> tuple[str, ...]:
    """Names of all code lists."""
    return tuple(sorted(path.stem for path in (DATA / version).glob("*.json")))


@cache
def code_list(name: str, version: str = VERSION) -> CodeList:
    """Raises KeyError if there is no such list."""
    if name not in names(version):
        raise KeyError(f"no code list {name} in reference version {version}")
    data = raw(name, version)
    ranks = data.get("rank", {})  # education levels have theirs beside the items
    items = [item | {"rank": item.get("rank", ranks.get(item["code"]))} for item in data["items"]]
    head = {
        key: data[key]
        for key in ("title_zh", "title_en", "source", "confidence", "note")
        if key in data
    }
    return CodeList.model_validate({"name": name, "version": version, "items": items} | head)


def titles(names: Iterable[str], lang: str = "zh") -> str:
    """What lists are called, as people read it."""
    lists = map(code_list, names)
    if lang == "en":
        return ", ".join(each.title_en for each in lists)
    return "、".join(each.title_zh for each in lists)


def codes(name: str) -> frozenset[str]:
    return code_list(name).codes


def _typed(kind: type[T], name: str, version: str) -> dict[str, T]:
    return {item["code"]: kind.model_validate(item) for item in raw(name, version)["items"]}


@cache
def standards(version: str = VERSION) -> dict[str, Standard]:
    return _typed(Standard, "qualification_standard", version)


@cache
def general_rules(version: str = VERSION) -> GeneralRules:
    return GeneralRules.model_validate(raw("qualification_standard", version)["general_rules"])


@cache
def licences(version: str = VERSION) -> dict[str, Licence]:
    return _typed(Licence, "qualification_catalogue", version)


def standard_of(licence: str | None, grade: str | None, version: str = VERSION) -> Standard | None:
    """The numeric standard of a licence at a grade; None: a person judges it (Q07, A28)."""
    entry = licences(version).get(licence or "")
    code = entry.standards.get(grade or "") if entry else None
    return standards(version)[code] if code else None


@cache
def policy(version: str = VERSION) -> AssessmentPolicy:
    values = {
        item["code"]: item["value"] for item in raw("assessment_policy_default", version)["items"]
    }
    return AssessmentPolicy.model_validate({"version": version} | values)


@cache
def rules(version: str = VERSION) -> dict[str, Rule]:
    return _typed(Rule, "check_rule", version)


@cache
def scan_types(version: str = VERSION) -> dict[str, ScanSlot]:
    return _typed(ScanSlot, "scan_type", version)


@cache
def reporting_units(version: str = VERSION) -> dict[str, ReportingUnit]:
    return _typed(ReportingUnit, "reporting_unit", version)


@cache
def menus(version: str = VERSION) -> dict[str, Menu]:
    return _typed(Menu, "menu_path", version)


@cache
def hints(version: str = VERSION) -> dict[str, Hint]:
    return _typed(Hint, "manual_hint", version)
