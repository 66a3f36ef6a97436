"""Forms say of every field what a clerk, an Excel sheet and a document need, and say nothing
twice.
"""

from collections.abc import Iterator

import pytest

from libs.events.value import Value
from libs.filing import forms, reference
from libs.filing.content.enterprise import Basic
from libs.filing.content.fields import content_at, kind, names
from libs.filing.content.performance import Contract
from libs.filing.content.person import Person
from libs.filing.forms import CONTENT, Field, Form, Part, form
from libs.filing.reference import DATA, VERSION
from tests.filing import given

ALL = sorted(CONTENT)
# The service fills these in, nobody types them.
OWN = {"id", "top_grade", "standard_code", "is_placeholder"}
NOT_FILED = {"/certificates/*/flags"}  # set and lifted by the authority


def fields(name: str) -> Iterator[tuple[Part, Field]]:
    return ((part, field) for part in form(name).parts for field in part.fields)


def field(name: str, path: str, wanted: str) -> Field:
    return next(each for part, each in fields(name) if (part.path, each.name) == (path, wanted))


def parts_of(content: type[Value], path: str = "") -> Iterator[str]:
    """Every part of the content as a path, rows as `*`."""
    yield path
    owner = content_at(content, path)
    assert owner
    for step, found in owner.model_fields.items():
        below = f"{path}{'/*' if is_rows(content, path) else ''}/{found.alias or step}"
        inner = content_at(content, below)
        if inner is not None and inner.__name__ != "ScanRef":
            yield from parts_of(content, below)


def is_rows(content: type[Value], path: str) -> bool:
    above, _, last = path.rpartition("/")
    owner = content_at(content, above) if path else None
    found = (
        next(
            (each for name, each in owner.model_fields.items() if (each.alias or name) == last),
            None,
        )
        if owner
        else None
    )
    return found is not None and "tuple" in str(found.annotation)


def test_every_form_of_the_data_is_known_and_the_other_way_round() -> None:
    assert {path.stem for path in (DATA / VERSION / "forms").glob("*.json")} == set(ALL)


@pytest.mark.parametrize("name", ALL)
def test_every_field_of_the_content_stands_on_its_form_once(name: str) -> None:
    content = CONTENT[name]
    shown = [f"{part.path}/{each.name}" for part, each in fields(name)] + [
        part.path for part in form(name).parts if part.kind
    ]
    places = [path for path in parts_of(content) if path not in NOT_FILED]
    filled_in = {
        f"{path}/{each}"
        for path in places
        for each in names(content_at(content, path) or content)
        if each not in OWN
    }
    assert sorted(shown) == sorted(filled_in)


@pytest.mark.parametrize("name", ALL)
def test_rows_are_rows_on_both_sides(name: str) -> None:
    for part in form(name).parts:
        assert part.rows == (part.kind is not None or is_rows(CONTENT[name], part.path)), part.path


@pytest.mark.parametrize("name", ALL)
def test_every_field_has_its_words_its_limit_and_its_lists(name: str) -> None:
    for part, each in fields(name):
        place = f"{part.path}/{each.name}"
        assert each.zh, place
        assert each.en, place
        assert (each.need == "C") == (each.when is not None), place
        assert each.kind.type != "text" or each.kind.max_length or each.kind.pattern, place
        assert each.kind.type not in ("enum", "set") or each.kind.lists, place
        assert set(each.kind.lists) <= set(reference.names()), place
        assert each.kind.unit is None or each.kind.unit[0] not in each.zh, place


@pytest.mark.parametrize("name", ALL)
def test_a_form_is_the_same_after_its_way_as_json(name: str) -> None:
    assert Form.model_validate_json(form(name).model_dump_json()) == form(name)


def test_what_a_resident_id_number_says_is_read_only_with_the_reason() -> None:
    read_only = {each.name: each.read_only for _, each in fields("person") if each.read_only}
    assert set(read_only) == {"sex", "birth_date"}
    assert {each.zh for each in read_only.values()} == {"证件类型为居民身份证时"}


def test_an_unknown_form_or_field_is_an_error() -> None:
    with pytest.raises(KeyError):
        form("nonsense")
    with pytest.raises(KeyError):
        kind(Person, "nonsense")


def test_types_and_limits_are_the_contents_own() -> None:
    net = field("enterprise", "/net_assets", "net_assets_wan").kind
    assert (net.type, net.max_digits, net.decimal_places, net.unit) == (
        "decimal",
        15,
        4,
        ("万元", "10,000 CNY"),
    )
    base = field("person", "/social_insurance", "base_yuan").kind
    assert (base.max_digits, base.decimal_places, base.unit, base.personal) == (
        10,
        2,
        ("元", "CNY"),
        1,
    )
    year = field("enterprise", "/net_assets", "fiscal_year").kind
    assert (year.type, year.ge, year.le) == ("integer", 1900, 2999)
    assert field("project", "", "scale").kind.lists == (
        "project_scale_design",
        "project_grade_survey",
    )
    assert field("enterprise", "/basic", "remark").kind.max_length == 1000
    assert field("person", "/social_insurance", "month").kind.type == "month"
    assert field("stage", "/participants", "from").kind.type == "date"
    assert field("stage", "/participants", "person_id").kind.type == "reference"
    assert kind(Contract, "is_placeholder").type == "boolean"
    assert kind(Person, "categories").type == "set"


def test_a_text_is_a_line_has_several_or_is_a_key() -> None:
    kinds = {
        f"{name}{part.path}/{each.name}": each.kind.text
        for name in ALL
        for part, each in fields(name)
    }
    assert {place for place, text in kinds.items() if text == "lines"} == {
        "contract/scope",
        "enterprise/basic/remark",
        "enterprise/certificates/scope",
        "enterprise/history/event",
        "enterprise/profile",
        "enterprise/subsidiaries/own_qualifications",
        "project/awards",
        "project/other_indicators",
        "record/enterprise/self_check",
        "record/performance/nil_declaration/reason",
        "stage/remark",
    }
    keys = {place for place, text in kinds.items() if text == "key"}
    assert keys >= {"contract/contract_no", "person/id_no", "person/registrations/cert_no"}
    assert {place.rpartition("/")[2] for place in keys} == {
        place.rpartition("/")[2]
        for place in kinds
        if place.endswith(("_no", "uscc", "project_code", "verification_code"))
    }
    assert [
        f"{name}{part.path}/{each.name}"
        for name in ALL
        for part, each in fields(name)
        if each.kind.type == "text" and each.kind.text is None
    ] == ["enterprise/basic/org_code"]


def test_limits_of_a_rule_and_lists_a_rule_looks_up_come_with_the_form() -> None:
    assert field("enterprise", "/basic", "name").kind.max_length == 200
    assert kind(Basic, "name").max_length is None
    assert field("enterprise", "/basic", "postal_code").kind.pattern == r"^\d{6}$"
    economic = field("enterprise", "/economic_nature", "economic_type").kind
    assert (economic.type, economic.lists) == ("enum", ("economic_type",))


def test_personal_data_has_its_class() -> None:
    classes = {
        f"{part.path}/{each.name}": each.kind.personal
        for name in ("enterprise", "person")
        for part, each in fields(name)
    }
    assert {place for place, personal in classes.items() if personal == 1} == {
        "/basic/legal_rep_id_no",
        "/basic/contact_mobile",
        "/basic/contact_email",
        "/id_no",
        "/birth_date",
        "/mobile",
        "/social_insurance/base_yuan",
    }
    assert {place for place, personal in classes.items() if personal == 2} == {
        "/basic/legal_rep_name",
        "/basic/head_name",
        "/basic/technical_leader_name",
        "/basic/contact_name",
        "/economic_nature/capital_structure/holder_name",
        "/certificates/cert_technical_leader",
        "/name",
    }


def test_hints_menus_and_scans_stand_at_their_form() -> None:
    page = form("enterprise")
    assert [hint.code for hint in page.hints] == ["H1"]
    assert page.menus[0].zh == "企业信息-企业信息维护-企业基本信息"
    assert {slot.code for slot in page.scans} == {
        slot.code for slot in reference.scan_types().values() if slot.owner == "enterprise"
    }
    everywhere = {slot.code for name in ALL for slot in form(name).scans}
    assert everywhere == set(reference.scan_types()) - {"RECT_REPORT"}  # belongs to a rectification
    assert field("enterprise", "/basic", "registered_address").hint


def test_what_is_complete_misses_nothing() -> None:
    assert forms.missing("enterprise", given.information()) == []
    assert forms.missing("person", given.person()) == []


@pytest.mark.parametrize("word", ["", " ", "无", "/", "-", "null", "无数据", None])
def test_a_word_that_says_nothing_is_missing(word: str | None) -> None:
    found = forms.missing("person", given.person(school=word))
    assert [(each.rule, each.pointer, dict(each.facts)["field"]) for each in found] == [
        ("E05", "/school", "毕业院校")
    ]


def test_missing_rows_and_fields_of_rows_are_named_at_their_place() -> None:
    assert [each.pointer for each in forms.missing("person", given.person(categories=()))] == [
        "/categories"
    ]
    page = given.information()
    licence = page.certificates[0].items[0].model_copy(update={"gain_type": None})
    certificate = page.certificates[0].model_copy(update={"items": (licence,)})
    found = forms.missing("enterprise", page.model_copy(update={"certificates": (certificate,)}))
    assert [each.pointer for each in found] == ["/certificates/0/items/0/gain_type"]


def test_each_certificate_says_which_licences_are_on_it() -> None:
    page = given.information()
    [complete] = page.certificates
    bare = complete.model_copy(update={"items": ()})
    found = forms.missing(
        "enterprise", page.model_copy(update={"certificates": (complete, bare, bare)})
    )
    assert [(each.rule, each.pointer, dict(each.facts)["field"]) for each in found] == [
        ("E05", "/certificates/1/items", "资质项目"),
        ("E05", "/certificates/2/items", "资质项目"),
    ]
    assert forms.missing("enterprise", page.model_copy(update={"certificates": ()})) == []
