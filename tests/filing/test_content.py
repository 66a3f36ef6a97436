"""Content as others may see it, and the scans in it."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from pydantic import ValidationError

from libs.events.history import reading
from libs.filing.content.enterprise import (
    Basic,
    CapitalShare,
    Certificate,
    EconomicNature,
    Information,
    NetAssets,
    Subsidiary,
)
from libs.filing.content.masking import masked
from libs.filing.content.person import InsuranceMonth
from libs.filing.content.record import STEPS, EnterpriseStep, SocialInsuranceStep
from libs.filing.content.scans import scans_in, with_scans
from tests.filing import given


def test_numbers_keep_their_ends_and_names_their_first_character() -> None:
    number = given.id_number(7, date(1970, 3, 4))
    basic = masked(given.information(legal_rep_id_no=number, contact_mobile="13812345678")).basic
    assert basic.legal_rep_id_no == f"{number[:4]}**********{number[-4:]}"
    assert basic.contact_mobile == "138****5678"
    assert basic.contact_email == "**********"
    assert basic.legal_rep_name == "示**"


def test_what_has_no_masked_form_is_left_out() -> None:
    person = masked(
        given.person(social_insurance=(InsuranceMonth(month="2024-06", base_yuan=Decimal(5000)),))
    )
    assert person.birth_date is None
    assert person.social_insurance == (InsuranceMonth(month="2024-06"),)


def test_names_are_masked_wherever_they_stand() -> None:
    page = Information(
        economic_nature=EconomicNature(capital_structure=(CapitalShare(holder_name="示范乙"),)),
        certificates=(Certificate(cert_technical_leader="示范丁"),),
    )
    hidden = masked(page)
    assert hidden.economic_nature.capital_structure[0].holder_name == "示**"
    assert hidden.certificates[0].cert_technical_leader == "示**"


def test_what_is_not_personal_stays_and_the_original_is_not_touched() -> None:
    page = given.information()
    hidden = masked(page)
    assert hidden.basic.name == page.basic.name
    assert hidden.basic.uscc == page.basic.uscc
    assert hidden.net_assets == page.net_assets
    assert page == given.information()
    assert masked(Information()) == Information()


def test_scans_are_found_wherever_they_stand_in_the_order_of_the_page() -> None:
    audit, licence, certificate, branch = (
        given.scan(type) for type in ("ENT_AUDIT", "ENT_LICENSE", "ENT_CERT", "ENT_SUBSID")
    )
    page = Information(
        net_assets=(NetAssets(scans=(audit,)),),
        subsidiaries=(Subsidiary(scan=branch),),
        certificates=(Certificate(scans=(certificate,)),),
        scans=(licence,),
    )
    assert list(scans_in(page)) == [audit, branch, certificate, licence]
    assert set(page.all_scans()) == set(scans_in(page))
    assert list(scans_in(Information())) == []


def test_a_scan_takes_what_its_upload_says_and_the_rest_stays() -> None:
    page = given.information()
    known = {
        each.scan: {"mime": "image/jpeg", "size_bytes": n} for n, each in enumerate(scans_in(page))
    }
    filled = with_scans(page, known)
    assert [(each.mime, each.size_bytes) for each in scans_in(filled)] == [
        ("image/jpeg", n) for n in range(len(known))
    ]
    assert filled.model_copy(update={"scans": page.scans}) == page
    assert with_scans(Information(), {}) == Information()


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//evil.example",
        "ftp://a.example",
        "http://",
        'https://a.example/"onclick',
        "https://a.example/<b>",
        "https://user:word@a.example",
        "网址",
    ],
)
def test_a_website_is_of_the_web(address: str) -> None:
    with pytest.raises(ValidationError, match="website"):
        Basic(website=address)
    assert reading(Basic).validate_python({"website": address}).website == address


@pytest.mark.parametrize(
    "address",
    [
        "http://www.a.example",
        "HTTPS://a.example:8443/b?c=d#e",
        "www.a.example",
        "a.example/设计",
        "https://设计院.中国/",
        "https://192.0.2.1/",
    ],
)
def test_a_website_is_kept_as_it_was_typed(address: str) -> None:
    assert Basic(website=address).website == address


def test_a_scan_deep_in_the_page_is_filled_in_too() -> None:
    audit = given.scan("ENT_AUDIT")
    page = Information(net_assets=(NetAssets(scans=(audit,)), NetAssets(fiscal_year=2022)))
    filled = with_scans(page, {audit.scan: {"sha256": "0" * 64}})
    assert filled.net_assets[0].scans[0].sha256 == "0" * 64
    assert filled.net_assets[1] == page.net_assets[1]


def test_the_wizard_has_the_manuals_five_steps() -> None:
    assert list(STEPS) == [
        "enterprise",
        "qualifications",
        "people",
        "performance",
        "social-insurance",
    ]
    assert STEPS["enterprise"] is EnterpriseStep
    assert STEPS["social-insurance"] is SocialInsuranceStep


def test_generated_people_and_pages_are_the_same_every_time() -> None:
    assert given.person(seed=7) == given.person(seed=7)
    assert given.person(seed=7).id_no != given.person(seed=8).id_no
    assert given.information() == given.information()
    assert isinstance(given.scan("PER_ID").scan, UUID)
