"""Rules about the basic information: each broken once, kept once."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from libs.filing.catalogue import texts_of
from libs.filing.content.enterprise import (
    Basic,
    CertificateItem,
    EconomicNature,
    HistoryRow,
    Information,
    NetAssets,
    Subsidiary,
)
from libs.filing.facts.enterprise import FiledEnterprise
from libs.filing.rules import enterprise as rules
from tests.filing import given
from tests.filing.rules.looking import places

TODAY = date(2024, 9, 2)
USCC = given.credit_code()


def basic(**changes: Any) -> Basic:
    return given.information(**changes).basic


def page(**parts: Any) -> Information:
    return given.information().model_copy(update=parts)


def assets(**amounts: int | str | None) -> NetAssets:
    named = {
        f"{name}_wan": None if amount is None else Decimal(amount)
        for name, amount in amounts.items()
    }
    return given.information().net_assets[0].model_copy(update=named)


def test_a_page_that_keeps_every_rule_can_be_sent() -> None:
    assert places(rules.before_sending(given.information(), USCC, TODAY)) == []


def test_an_empty_page_can_be_saved_and_not_sent() -> None:
    assert places(rules.before_saving(Information(), USCC, TODAY)) == []
    assert "E05 /basic/name" in places(rules.before_sending(Information(), USCC, TODAY))


def test_what_breaks_saving_breaks_sending_too() -> None:
    broken = given.information(postal_code="45000")
    assert (
        places(rules.before_saving(broken, USCC, TODAY))
        == places(rules.before_sending(broken, USCC, TODAY))
        == ["E13 /basic/postal_code"]
    )


@pytest.mark.parametrize("name", ["", " 甲 ", "甲" * 201])
def test_e01_is_broken_by_a_name_too_short_or_too_long(name: str) -> None:
    assert places(rules.e01(basic(name=name))) == ["E01 /basic/name"]


@pytest.mark.parametrize("name", ["甲乙", "甲" * 200, None])
def test_e01_is_kept_by_a_name_of_two_to_two_hundred_characters_or_none_yet(
    name: str | None,
) -> None:
    assert places(rules.e01(basic(name=name))) == []


@pytest.mark.parametrize("uscc", ["91410100EXAMPLE11X", "91410100EXAMPLE1", given.credit_code(2)])
def test_e02_is_broken_by_a_wrong_check_digit_and_by_another_firms_code(uscc: str) -> None:
    assert places(rules.e02(basic(uscc=uscc), USCC)) == ["E02 /basic/uscc"]


@pytest.mark.parametrize("uscc", ["91350100M000100Y43", "12410000EXAMPLE38L"])
def test_e02_is_kept_by_the_own_code_of_whatever_kind_of_unit(uscc: str) -> None:
    assert places(rules.e02(basic(uscc=uscc), uscc)) == []


@pytest.mark.parametrize("word", ["无", " / ", "-", "null", "无数据", "  "])
def test_e05_is_broken_by_a_word_that_only_looks_like_an_answer(word: str) -> None:
    assert places(rules.e05(given.information(registered_address=word))) == [
        "E05 /basic/registered_address"
    ]


def test_e05_is_broken_by_a_page_without_net_assets() -> None:
    assert places(rules.e05(page(net_assets=()))) == ["E05 /net_assets"]


def test_e05_is_broken_by_an_open_licence_without_the_name_on_the_certificate() -> None:
    open_one = CertificateItem(licence="AZ", grade="A", gain_type="001")
    row = given.information().certificates[0].model_copy(update={"items": (open_one,)})
    assert places(rules.e05(page(certificates=(row,)))) == [
        "E05 /certificates/0/items/0/licence_name"
    ]


def test_e05_is_kept_by_a_page_without_what_is_optional() -> None:
    assert places(rules.e05(given.information(website=None, fax="无"))) == []


@pytest.mark.parametrize("heading", ["100", "140", "300"])
def test_e06_is_broken_by_a_heading_of_the_list(heading: str) -> None:
    assert places(rules.e06(EconomicNature(economic_type=heading))) == [
        "E06 /economic_nature/economic_type"
    ]


def test_e06_is_kept_by_a_leaf_of_the_list() -> None:
    assert places(rules.e06(EconomicNature(economic_type="151"))) == []


def test_e07_is_broken_by_a_founding_tomorrow() -> None:
    assert places(rules.e07(basic(established_on=date(2024, 9, 3)), TODAY)) == [
        "E07 /basic/established_on"
    ]


def test_e07_is_kept_by_a_founding_today() -> None:
    assert places(rules.e07(basic(established_on=TODAY), TODAY)) == []


def test_e08_is_broken_by_more_paid_in_than_registered() -> None:
    assert places(rules.e08(assets(registered_capital=300, paid_in_capital="300.0001"), 0)) == [
        "E08 /net_assets/0/paid_in_capital_wan"
    ]


def test_e08_is_kept_by_all_of_the_registered_capital_paid_in() -> None:
    assert places(rules.e08(assets(registered_capital=300, paid_in_capital=300), 0)) == []


def test_e09_is_broken_by_a_difference_above_a_hundred_yuan() -> None:
    off = assets(total_assets="520.5", total_liabilities="120.5", net_assets="400.0101")
    assert places(rules.e09(off, 1)) == ["E09 /net_assets/1/net_assets_wan"]


@pytest.mark.parametrize("net", ["399.99", "400", "400.01", None])
def test_e09_is_kept_by_a_difference_of_rounding(net: str | None) -> None:
    assert (
        places(
            rules.e09(assets(total_assets="520.5", total_liabilities="120.5", net_assets=net), 0)
        )
        == []
    )


@pytest.mark.parametrize(
    ("net", "registered"),
    [("0.9999", 300), ("100000.0001", 30000), ("15000.0001", 300), (1000000, None)],
)
def test_e10_is_broken_by_an_amount_that_was_typed_in_yuan(
    net: str | int, registered: int | None
) -> None:
    assert places(rules.e10(assets(net_assets=net, registered_capital=registered), 0)) == [
        "E10 /net_assets/0/net_assets_wan"
    ]


@pytest.mark.parametrize(
    ("net", "registered"), [(1, 300), (15000, 300), (100000, 2000), (None, 300)]
)
def test_e10_is_kept_by_a_usual_amount(net: int | None, registered: int) -> None:
    assert places(rules.e10(assets(net_assets=net, registered_capital=registered), 0)) == []


@pytest.mark.parametrize("years", [(), (2021, 2022)])
def test_e11_is_broken_by_assets_older_than_last_year(years: tuple[int, ...]) -> None:
    filed = FiledEnterprise(
        version=1, information=page(net_assets=tuple(NetAssets(fiscal_year=year) for year in years))
    )
    assert places(rules.e11(filed, 2024)) == ["E11 /net_assets_wan"]


def test_e11_is_kept_by_last_years_assets_beside_older_ones() -> None:
    filed = FiledEnterprise(
        version=1,
        information=page(net_assets=(NetAssets(fiscal_year=2023), NetAssets(fiscal_year=2022))),
    )
    assert places(rules.e11(filed, 2024)) == []


def test_e12_is_broken_by_a_wrong_number_of_the_legal_representative() -> None:
    assert places(
        rules.e12(basic(legal_rep_id_type="1", legal_rep_id_no="410100198503070019"))
    ) == ["E12 /basic/legal_rep_id_no"]


@pytest.mark.parametrize(
    ("type_", "number"),
    [("1", "41010019780615007x"), ("1", "４１０１００198503070018"), ("3", "E12345678")],
)
def test_e12_is_kept_by_a_right_number_however_typed_and_by_a_passport(
    type_: str, number: str
) -> None:
    assert places(rules.e12(basic(legal_rep_id_type=type_, legal_rep_id_no=number))) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("contact_mobile", "12345678901"),
        ("contact_mobile", "138000"),
        ("contact_email", "office@"),
        ("postal_code", "45000a"),
    ],
)
def test_e13_is_broken_by_a_mobile_mail_or_postal_code_out_of_form(field: str, value: str) -> None:
    assert places(rules.e13(basic(**{field: value}))) == [f"E13 /basic/{field}"]


@pytest.mark.parametrize(
    ("field", "zh", "en"),
    [
        ("contact_mobile", "手机号应为11位数字", "A mobile number has 11 digits"),
        ("contact_email", "邮箱应含一个@", "An e-mail address has one @"),
        ("postal_code", "邮政编码应为6位数字", "A postal code has 6 digits"),
    ],
)
def test_each_field_of_e13_is_told_what_is_expected_of_it(field: str, zh: str, en: str) -> None:
    [found] = rules.e13(basic(**{field: "不对"}))
    told = texts_of(found)
    assert told.zh.startswith(zh)
    assert told.en.startswith(en)


def test_e13_is_kept_by_ways_to_reach_the_firm_that_work() -> None:
    assert (
        places(
            rules.e13(
                basic(
                    contact_mobile="13900000000",
                    contact_email="a.b@example.com.cn",
                    postal_code="450000",
                )
            )
        )
        == []
    )


@pytest.mark.parametrize(
    ("city", "county", "place"),
    [
        ("410000", "410105", "city"),
        ("110000", "110101", "city"),
        ("410100", "410305", "county"),
        ("419001", "419001", "county"),
    ],
)
def test_e14_is_broken_by_a_place_outside_its_city_or_outside_henan(
    city: str, county: str, place: str
) -> None:
    assert places(rules.e14(basic(city_code=city, county_code=county))) == [
        f"E14 /basic/{place}_code"
    ]


@pytest.mark.parametrize(("city", "county"), [("410100", "410105"), ("419001", None)])
def test_e14_is_kept_by_a_county_of_the_city_and_by_jiyuan_without_one(
    city: str, county: str | None
) -> None:
    assert places(rules.e14(basic(city_code=city, county_code=county))) == []


def test_e15_is_broken_by_the_own_code_a_repeated_one_a_wrong_one_and_a_share_of_nothing() -> None:
    other = given.credit_code(2)
    units = [
        Subsidiary(uscc=code, relation="BRANCH")
        for code in (USCC, other, other, "91410100EXAMPLE11X")
    ]
    shares = enumerate((Decimal(0), Decimal("100.01")), start=3)
    units += [
        Subsidiary(uscc=given.credit_code(n), relation="SUBSIDIARY", share_pct=share)
        for n, share in shares
    ]
    expected = [f"E15 /subsidiaries/{n}/uscc" for n in range(4)] + [
        f"E15 /subsidiaries/{n}/share_pct" for n in (4, 5)
    ]
    assert places(rules.e15(tuple(units), USCC)) == expected


def test_e15_is_kept_by_a_branch_without_share_and_a_subsidiary_with_one() -> None:
    branch = Subsidiary(uscc=given.credit_code(2), relation="BRANCH")
    whole = Subsidiary(uscc=given.credit_code(3), relation="SUBSIDIARY", share_pct=Decimal(100))
    assert places(rules.e15((branch, whole), USCC)) == []


@pytest.mark.parametrize(
    "days",
    [
        (),
        (date(2005, 1, 1), date(2001, 5, 18)),
        (date(2001, 5, 17),),
        (date(2001, 5, 18), date(2024, 9, 3)),
    ],
)
def test_e16_is_broken_by_a_history_missing_unordered_or_outside_the_firms_life(
    days: tuple[date, ...],
) -> None:
    rows = tuple(HistoryRow(happened_on=day) for day in days)
    assert places(rules.e16(rows, date(2001, 5, 18), TODAY)) == ["E16 /history"]


def test_e16_is_kept_by_a_history_in_order() -> None:
    rows = tuple(
        HistoryRow(happened_on=day) for day in (date(2001, 5, 18), date(2005, 1, 1), TODAY)
    )
    assert places(rules.e16(rows, date(2001, 5, 18), TODAY)) == []


@pytest.mark.parametrize("profile", [None, " " * 30, "简" * 19])
def test_e17_is_broken_by_a_profile_of_fewer_than_twenty_characters(profile: str | None) -> None:
    assert places(rules.e17(profile)) == ["E17 /profile"]


def test_e17_is_kept_by_twenty_characters() -> None:
    assert places(rules.e17("简" * 20)) == []


def test_e18_is_broken_by_a_missing_scan_and_by_one_too_many() -> None:
    scans = (
        *(given.scan(type) for type in ("ENT_CERT", "ENT_LEGAL_ID", "ENT_AUDIT")),
        given.scan("ENT_LEGAL_ID", 2),
    )
    found = rules.e18(given.information(scans=scans))
    assert [dict(each.facts)["type"] for each in found] == ["ENT_LICENSE", "ENT_LEGAL_ID"]
    assert places(found) == ["E18 /scans", "E18 /scans"]


def test_e18_is_kept_by_scans_wherever_on_the_page_they_stand() -> None:
    row = given.information().net_assets[0].model_copy(update={"scans": (given.scan("ENT_AUDIT"),)})
    scans = tuple(given.scan(type) for type in ("ENT_LICENSE", "ENT_CERT", "ENT_LEGAL_ID"))
    assert places(rules.e18(page(net_assets=(row,), scans=scans))) == []


def test_e27_is_broken_by_an_organisation_code_that_fails_its_own_check() -> None:
    assert places(rules.e27(basic(uscc="91410100EXAMPLE67L"))) == ["E27 /basic/uscc"]


@pytest.mark.parametrize("uscc", [USCC, "91410100EXAMPLE11X"])
def test_e27_is_kept_by_a_sound_code_and_silent_where_the_whole_code_is_wrong(uscc: str) -> None:
    assert places(rules.e27(basic(uscc=uscc))) == []
