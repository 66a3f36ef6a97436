"""Places in a form."""

import pytest

from libs.filing.content.person import Release
from libs.filing.rules import labels, paths
from tests.filing import given


def test_what_changed_is_named_value_by_value_and_rows_by_their_own_place() -> None:
    before = given.information()
    row = before.net_assets[0].model_copy(update={"fiscal_year": 2022})
    after = given.information(remark="改").model_copy(update={"net_assets": (row, row)})
    assert paths.changed(before, after) == [
        "/basic/remark",
        "/net_assets/0/fiscal_year",
        "/net_assets/1",
    ]


def test_nothing_changed_between_equal_contents() -> None:
    assert paths.changed(given.information(), given.information()) == []


@pytest.mark.parametrize(
    ("above", "pointer", "expected"),
    [
        ("/basic", "/basic/name", True),
        ("/information/basic", "/basic", True),
        ("", "/basic/name", True),
        ("/basic/name", "/basic", False),
        ("/net_assets/1", "/net_assets/10/fiscal_year", False),
        ("/contentious", "/contentious/a", True),
    ],
)
def test_a_place_covers_what_lies_below_it(above: str, pointer: str, expected: bool) -> None:
    assert paths.covers(above, pointer) is expected


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/basic/name", "郑州示范建筑设计有限公司"),
        ("/content/net_assets/0/fiscal_year", 2023),
        ("/net_assets/7", None),
        ("/certificates/0/class", "A"),
    ],
)
def test_the_value_at_a_place(pointer: str, value: object) -> None:
    assert paths.at(given.information(), pointer) == value


@pytest.mark.parametrize(
    ("pointer", "zh", "en"),
    [
        ("/basic/name", "企业名称", "Enterprise name"),
        (
            "/certificates/0/cert_no",
            "资质证书1·证书编号",
            "Qualification certificates 1, Certificate number",
        ),
        ("/information/net_assets/1/scans", "净资产2·扫描件", "Net assets 2, Scans"),
        (
            "/certificates/0/items/1/grade",
            "资质证书1·资质项目2·等级",
            "Qualification certificates 1, Licences 2, Grade",
        ),
        ("/nowhere", "/nowhere", "/nowhere"),
    ],
)
def test_a_place_is_named_as_on_the_form(pointer: str, zh: str, en: str) -> None:
    named = labels.label(given.information(), pointer)
    assert (named.zh, named.en) == (zh, en)


def test_a_place_in_a_persons_form_is_named_too_and_one_without_form_stays_as_it_is() -> None:
    assert labels.label(given.person(), "/registrations/0/cert_no").zh == "执业注册1·注册证书编号"
    assert labels.label(Release(), "/left_on").zh == "离职日期"
