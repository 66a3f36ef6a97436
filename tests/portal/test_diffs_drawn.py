"""The diff renderer: values as the form says them."""

from typing import Any

from services.portal.render.diffs import ChangeLine, DiffRenderer
from services.portal.render.forms import Renderer

FORM = {
    "name": "record",
    "parts": [
        {
            "path": "/social-insurance/si_proofs",
            "rows": True,
            "kind": None,
            "fields": [{"name": "month", "zh": "月份", "en": "Month", "kind": {"type": "month"}}],
        },
        {
            "path": "/social-insurance/si_proofs/*/persons",
            "zh": "参保人员",
            "en": "Insured persons",
            "rows": True,
            "kind": None,
            "fields": [],
        },
        {
            "path": "/basic",
            "rows": False,
            "kind": None,
            "fields": [
                {
                    "name": "total",
                    "zh": "资产",
                    "en": "Assets",
                    "kind": {"type": "decimal", "unit": ["万元", "10,000 CNY"]},
                },
                {
                    "name": "listed",
                    "zh": "上市",
                    "en": "Listed",
                    "kind": {"type": "boolean"},
                },
            ],
        },
    ],
}


class Chinese:
    language = "zh"

    def __call__(self, text: str) -> str:
        return text


def drawn(at: str, old: Any, new: Any, kind: str = "changed") -> ChangeLine:
    renderer = DiffRenderer(FORM, Renderer("zh", {}), {"SI": "社保证明"}, Chinese())
    change = {"pointer": at, "label": {"zh": "标签", "en": "label"}, "kind": kind}
    found = {"changes": [change | {"old": old, "new": new, "point": None}], "points": []}
    [line] = renderer.view(found, "", "").changes
    return line


def test_a_number_has_its_unit_and_a_yes_or_no_its_word() -> None:
    assert drawn("/basic/total", "502.7", "412.7").new == ("412.7 万元",)
    assert drawn("/basic/listed", True, False).old == ("是",)


def test_scans_are_told_one_by_one_and_persons_of_a_proof_by_their_number() -> None:
    scans = [{"scan_type": "SI", "file_name": "6月.pdf", "size_bytes": 2048}, {"scan_type": "SI"}]
    line = drawn("/si_proofs/0/scans", [], scans, "added")
    assert (line.old, line.new) == ((), ("社保证明 · 6月.pdf · 2 KB", "社保证明"))
    people = [{"person_id": str(each), "paid": True} for each in range(24)]
    assert drawn("/si_proofs/0/persons", people, people[1:]).new == ("23 项",)


def test_a_row_is_told_by_its_fields_and_what_looks_alike_by_a_note() -> None:
    row = {"month": "2024-06", "persons": [{"person_id": "1"}], "scans": []}
    assert drawn("/si_proofs/0", None, row, "added").new == ("月份 2024-06；参保人员 1 项",)
    proof = {"scans": [{"scan_type": "SI"}]}
    assert drawn("/si_proofs/0", None, proof, "added").new == ("扫描件 1 项",)
    assert drawn("/si_proofs/0", row, row).note == "顺序有变"
    assert drawn("/basic/total", None, None).note == "有变化，内容不予显示"


def test_what_is_gone_leads_to_the_part_around_it() -> None:
    assert drawn("/si_proofs/2", {}, None, "removed").target == "f-si_proofs"
    scan = {"scan_type": "SI"}
    assert drawn("/scans/3", None, scan, "added").target == "f-scans-SI"
