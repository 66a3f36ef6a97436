"""Contents that keep every rule. Persons, numbers and names are generated; nobody in them
exists.
"""

from datetime import date
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from libs.filing.content.enterprise import (
    Basic,
    Certificate,
    CertificateItem,
    EconomicNature,
    HistoryRow,
    Information,
    NetAssets,
)
from libs.filing.content.person import Person, Registration
from libs.filing.content.scan import ScanRef
from libs.filing.identifiers import id_check, org_check, uscc_check

ENTERPRISE_SCANS = ("ENT_LICENSE", "ENT_CERT", "ENT_LEGAL_ID", "ENT_AUDIT")
PERSON_SCANS = ("PER_ID", "PER_PHOTO", "PER_DIPLOMA", "PER_LABOUR", "PER_TITLE", "PER_REG")


def credit_code(number: int = 1) -> str:
    """Of a company in Zhengzhou, with both check digits right."""
    organisation = f"MA{number:06d}"
    first = f"91410100{organisation}{org_check(organisation)}"
    return first + uscc_check(first)


def id_number(seed: int, born: date = date(1985, 6, 1)) -> str:
    first = f"410105{born:%Y%m%d}{seed % 1000:03d}"
    return first + id_check(first)


def mobile(seed: int) -> str:
    return f"13{Random(seed).randrange(10**9):09d}"


def scan(type: str, seed: int = 0) -> ScanRef:
    return ScanRef(
        scan=UUID(int=Random(f"{type}/{seed}").getrandbits(128), version=4), scan_type=type
    )


def information(
    uscc: str | None = None, scans: tuple[ScanRef, ...] | None = None, **basic: Any
) -> Information:
    """A building-design enterprise of Zhengzhou, ready to be sent."""
    facts: dict[str, Any] = {
        "name": "郑州示范建筑设计有限公司",
        "uscc": uscc or credit_code(),
        "province_code": "410000",
        "city_code": "410100",
        "county_code": "410105",
        "registered_address": "郑州市金水区花园路1号",
        "business_address": "郑州市金水区花园路1号",
        "postal_code": "450000",
        "established_on": date(2001, 5, 18),
        "legal_rep_name": "示范甲",
        "legal_rep_id_type": "1",
        "legal_rep_id_no": id_number(7, date(1970, 3, 4)),
        "office_phone": "0371-60000000",
        "contact_name": "示范乙",
        "contact_mobile": mobile(1),
        "contact_email": "office@example.com",
        "supervising_city_code": "410100",
        "staff_total": 60,
        "staff_technical": 40,
        "staff_registered": 8,
    }
    item = CertificateItem(
        id=UUID(int=2), licence="A32101", grade="B", gain_type="001", obtained_on=date(2021, 4, 1)
    )
    certificate = Certificate(
        id=UUID(int=1),
        class_="A",
        cert_no="A241000017",
        issued_by="河南省住房和城乡建设厅",
        issued_on=date(2021, 4, 1),
        valid_to=date(2026, 4, 1),
        status="1",
        items=(item,),
    )
    assets = NetAssets(
        fiscal_year=2023,
        currency="156",
        registered_capital_wan=Decimal(300),
        paid_in_capital_wan=Decimal(300),
        total_assets_wan=Decimal("520.5"),
        total_liabilities_wan=Decimal("120.5"),
        net_assets_wan=Decimal(400),
    )
    return Information(
        basic=Basic(**(facts | basic)),
        economic_nature=EconomicNature(economic_type="151", is_listed=False),
        net_assets=(assets,),
        history=(HistoryRow(happened_on=date(2001, 5, 18), event="企业成立"),),
        profile="本公司主要从事建筑工程设计，成立于2001年，现有专业技术人员四十余人。",
        certificates=(certificate,),
        scans=scans if scans is not None else tuple(scan(type) for type in ENTERPRISE_SCANS),
    )


def person(seed: int = 1, scans: tuple[ScanRef, ...] | None = None, **changes: Any) -> Person:
    """A class-1 registered architect with a senior title, ready to be sent."""
    born = date(1985, 6, 1)
    number = id_number(seed, born)
    registration = Registration(
        type="ARC1",
        speciality="建筑",
        cert_no=f"1{seed:08d}",
        issued_on=date(2022, 1, 1),
        valid_to=date(2026, 12, 31),
        registered_enterprise="郑州示范建筑设计有限公司",
        registered_enterprise_uscc=credit_code(),
        status="1",
    )
    facts: dict[str, Any] = {
        "name": "示范丙",
        "id_type": "1",
        "id_no": number,
        "sex": "1" if int(number[16]) % 2 else "2",
        "birth_date": born,
        "mobile": mobile(seed),
        "categories": ("N", "R"),
        "education": "21",
        "school": "示范大学",
        "major": "建筑学",
        "graduated_on": date(2008, 7, 1),
        "title_level": "2",
        "title_name": "高级工程师",
        "title_speciality": "建筑设计",
        "title_date": date(2018, 12, 1),
        "speciality": "ARCH",
        "career_start_on": date(2008, 8, 1),
        "practice_start_on": date(2008, 8, 1),
        "hired_on": date(2010, 1, 1),
        "employment_status": "1",
        "contract_from": date(2022, 1, 1),
        "registrations": (registration,),
        "scans": scans if scans is not None else tuple(scan(type, seed) for type in PERSON_SCANS),
    }
    return Person(**(facts | changes))
