"""The form renderer, on the forms as the review service hands them out."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

import pytest

from libs.filing.forms import CONTENT, form
from libs.filing.reference import raw
from services.portal.pages.authority.checking import groups
from services.portal.render.forms import Renderer, lists_of
from services.portal.render.posted import content_of
from services.portal.render.view import FormView, Message, PartView

ROW = "5f0c1d2e-0000-4000-8000-000000000009"
INFORMATION: dict[str, Any] = {
    "basic": {"name": "某设计院", "uscc": "91410100MA7268946D", "staff_total": 60},
    "economic_nature": {
        "is_listed": False,
        "capital_structure": [{"holder_name": "甲", "share_pct": "51.00"}],
    },
    "certificates": [{"id": ROW, "cert_no": "A1", "items": [{"licence": "JZ", "grade": "2"}]}],
    "profile": "第一行\n第二行",
    "scans": [{"scan": "5f0c1d2e-0000-4000-8000-000000000001", "scan_type": "ENT_LICENSE"}],
}


def definition(name: str) -> dict[str, Any]:
    return form(name).model_dump(mode="json")


def shown(
    name: str, content: Mapping[str, Any], *found: Message, language: str = "zh", **more: Any
) -> FormView:
    defined = more.pop("defined", None) or definition(name)
    lists = {each: raw(each)["items"] for each in lists_of(defined)}
    return Renderer(language, lists, **more).view(defined, content, found)


def inputs(parts: Sequence[PartView]) -> dict[str, list[str]]:
    """What a browser would post of them."""
    posted: dict[str, list[str]] = {}
    for part in parts:
        posted |= {f"{row.name}/id": [row.id] for row in part.rows or () if row.id}
        for each in (*part.fields, *(f for row in part.rows or () for f in row.fields)):
            value = each.value
            posted[each.name] = value if isinstance(value, list) else [text(value)]
        posted |= inputs([inner for row in part.rows or () for inner in row.parts])
    return posted


def text(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def test_what_is_shown_and_posted_unchanged_is_the_content_again() -> None:
    posted = inputs(shown("enterprise", INFORMATION).parts)
    for index, scan in enumerate(INFORMATION["scans"]):
        posted |= {f"/scans/{index}/{name}": [value] for name, value in scan.items()}
    posted["/profile"] = ["第一行\r\n第二行"]  # as browsers send it
    assert content_of(definition("enterprise"), posted) == INFORMATION


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        ([], []),
        (["60.00", "40.00"], []),
        (["33.33", "33.33", "33.33"], []),
        (["60.00", "30.00"], ["出资比例合计90%，应为100%，请核对"]),
        (["60.00", "", None, "40.02"], ["出资比例合计100.02%，应为100%，请核对"]),
        (["60.00", "四十"], []),
    ],
)
def test_shares_that_do_not_make_the_whole_are_told_as_a_hint(
    shares: list[str | None], told: list[str]
) -> None:
    rows = [{"holder_name": "甲", "share_pct": each} for each in shares]
    view = shown("enterprise", {"economic_nature": {"capital_structure": rows}})
    [part] = [each for each in view.parts if each.title == "出资构成"]
    assert (list(part.hints), part.messages, view.summary) == (told, (), ())


def test_an_officer_reads_the_same_hint_at_the_list() -> None:
    rows = [{"holder_name": "甲", "share_pct": "90.00"}]
    view = shown("enterprise", {"economic_nature": {"capital_structure": rows}}, language="en")
    items = [each for group in groups(view, str) for each in group.items]
    [whole] = [each for each in items if each.pointer == "/economic_nature/capital_structure"]
    assert whole.shown.startswith("Share: 90 % in all, 100 % expected; please check")


def test_a_field_added_to_a_form_appears_and_is_posted() -> None:
    planted = deepcopy(definition("contract"))
    field = {"name": "planted", "zh": "新增字段", "en": "New field", "need": "O"}
    planted["parts"][0]["fields"].append({**field, "when": None, "hint": None} | KIND)

    view = shown("contract", {"planted": "12.5"}, defined=planted)

    [new] = [each for each in view.parts[0].fields if each.name == "/planted"]
    assert (new.label, new.value, new.unit, new.optional) == ("新增字段", "12.5", "万元", True)
    assert content_of(planted, {"/planted": ["13"]}) == {"planted": "13"}


KIND = {"kind": {"type": "decimal", "unit": ["万元", "10,000 yuan"], "lists": []}}


def test_what_is_found_stands_at_its_field_and_in_the_summary_with_the_same_words() -> None:
    mobile = Message("E13", "B", "手机号应为11位数字", "/basic/contact_mobile")
    row = Message("E09", "W", "请核对", "/certificates/0/items/0/grade")
    gone = Message("E05", "B", "请填写", "/net_assets/3/nothing")
    whole = Message("E04", "B", "不能修改", "")

    view = shown("enterprise", INFORMATION, mobile, row, gone, whole)

    basic = view.parts[0]
    [field] = [each for each in basic.fields if each.messages]
    assert (field.name, field.messages, basic.blocking) == ("/basic/contact_mobile", (mobile,), 1)
    assert [(line.place, line.target) for line in view.summary] == [
        ("企业基本情况 › 联系人手机", "f-basic-contact_mobile"),
        ("资质证书 1 › 资质项目 1 › 等级", "f-certificates-0-items-0-grade"),
        ("净资产", "f-net_assets"),
        ("", "main"),
    ]


def test_only_what_may_be_changed_can_be_typed_in() -> None:
    view = shown("enterprise", INFORMATION, editable=lambda at: at == "/basic/name")
    assert [f.name for f in view.parts[0].fields if f.editable] == ["/basic/name"]
    assert [part.name for part in view.parts if part.editable] == ["/basic"]


def test_scans_stand_in_slots_with_their_limits() -> None:
    view = shown("enterprise", INFORMATION)
    licence = next(slot for slot in view.slots if slot.type == "ENT_LICENSE")
    assert (len(licence.scans), licence.is_full, licence.accepts) == (1, True, ".jpg,.png,.pdf")
    assert not any(slot.scans for slot in view.slots if slot.type != "ENT_LICENSE")


def test_numbers_are_read_as_typed_and_what_is_no_number_is_left_to_the_service() -> None:
    posted = {
        "/basic/staff_total": ["1,200"],
        "/basic/staff_technical": ["many"],
        "/net_assets/0/net_assets_wan": ["12,864,000.50"],
        "/economic_nature/is_listed": [""],
        "/nothing/such": ["x"],
        "_act": ["save"],
    }
    assert content_of(definition("enterprise"), posted) == {
        "basic": {"staff_total": 1200, "staff_technical": "many"},
        "net_assets": [{"net_assets_wan": "12864000.50"}],
    }


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2024-09-01", "2024-09-01"),
        ("2024/9/1", "2024-09-01"),
        ("2024.09.1", "2024-09-01"),
        (" 2024年9月1日 ", "2024-09-01"),
        ("20240901", "2024-09-01"),
        ("２０２４－９－１", "2024-09-01"),
        ("2024-13-41", "2024-13-41"),  # for the service to name it
        ("去年", "去年"),
        ("2024-9", "2024-9"),
    ],
)
def test_a_day_is_read_as_people_write_it(typed: str, read: str) -> None:
    posted = {"/history/0/happened_on": [typed]}
    assert content_of(definition("enterprise"), posted) == {"history": [{"happened_on": read}]}


@pytest.mark.parametrize("typed", ["2024-06", "2024/6", "2024年6月", "202406"])
def test_a_month_is_read_as_people_write_it(typed: str) -> None:
    at = "/social-insurance/si_proofs/0/month"
    read = content_of(definition("record"), {at: [typed]})
    assert read == {"social-insurance": {"si_proofs": [{"month": "2024-06"}]}}


def test_every_form_is_shown_in_both_languages() -> None:
    for name in CONTENT:
        zh, en = (shown(name, {}, language=language) for language in ("zh", "en"))
        assert [part.name for part in zh.parts] == [part.name for part in en.parts]
        assert all(part.title for part in (*zh.parts, *en.parts))


def test_a_long_list_is_not_repeated_in_rows_until_one_is_opened() -> None:
    row = "/certificates/0/items/0"

    def licence(view: FormView) -> Any:
        [certificates] = [each for each in view.parts if each.name == "/certificates"]
        [item] = (certificates.rows or ())[0].parts[0].rows or ()
        return next(each for each in item.fields if each.name == f"{row}/licence")

    catalogue = raw("qualification_catalogue")["items"]
    known = {**INFORMATION, "certificates": [{"items": [{"licence": catalogue[7]["code"]}]}]}
    short = licence(shown("enterprise", known))
    assert short.choices == [(catalogue[7]["code"], catalogue[7]["zh"])]
    assert short.source == "/choices?list=qualification_catalogue"
    assert short.shown == catalogue[7]["zh"]
    opened = licence(shown("enterprise", known, opened=row))
    assert (len(opened.choices), opened.source) == (len(catalogue), "")


def test_what_is_said_of_several_places_that_are_not_shown_is_said_once() -> None:
    found = [Message("J09", "W", "不宜为同一人", f"/stages/{n}/participants") for n in range(3)]
    other = Message("J03", "W", "还没有阶段", "/stages")
    told = [each.message.text for each in shown("project", {}, *found, other).summary]
    assert told == ["不宜为同一人", "还没有阶段"]
