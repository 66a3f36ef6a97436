"""Who and what the demo makes up: numbers with right check digits, nobody who exists."""

from datetime import date
from random import Random
from typing import Any

from libs.filing.identifiers import id_check, org_check, uscc_check

AREAS, BITS = 410000, 12  # of Henan: the first, and how many there are, as a power of two


def credit_code(random: Random) -> str:
    number, area = _drawn(random, 10**6)
    organisation = f"MA{number:06d}"
    first = f"91{area}{organisation}{org_check(organisation)}"
    return first + uscc_check(first)


def id_number(random: Random, born: date, sex: int = 1) -> str:
    """`sex`: 1 male, 2 female, as in the last digit but one. Drawn from so many that a crowd has no
    two alike: a person of two enterprises is a finding.
    """
    number, area = _drawn(random, 500)
    sequence = number * 2 + (sex % 2)
    first = f"{area}{born:%Y%m%d}{sequence:03d}"
    return first + id_check(first)


def _drawn(random: Random, below: int) -> tuple[int, int]:
    """A number and an area, in one draw: what is drawn after it is as if there were no areas."""
    number, area = divmod(random.randrange(below << BITS), 1 << BITS)
    return number, AREAS + area


def mobile(random: Random) -> str:
    return f"13{random.randrange(10**9):09d}"


def information(random: Random, uscc: str, name: str) -> dict[str, Any]:
    """The page 企业基本信息 as a clerk would type it, without its scans."""
    born = date(1970, 3, 4)
    basic = {
        "name": name,
        "uscc": uscc,
        "province_code": "410000",
        "city_code": "410100",
        "county_code": "410105",
        "registered_address": "郑州市金水区示范路1号",
        "business_address": "郑州市金水区示范路1号",
        "postal_code": "450000",
        "established_on": "2001-05-18",
        "legal_rep_name": "示范甲",
        "legal_rep_id_type": "1",
        "legal_rep_id_no": id_number(random, born),
        "office_phone": "0371-60000000",
        "contact_name": "示范乙",
        "contact_mobile": mobile(random),
        "contact_email": "office@example.com",
        "supervising_city_code": "410100",
        "staff_total": 60,
        "staff_technical": 40,
        "staff_registered": 8,
    }
    certificate = {
        "class": "A",
        "cert_no": f"A2410{random.randrange(10**5):05d}",
        "issued_by": "河南省住房和城乡建设厅",
        "issued_on": "2021-04-01",
        "valid_to": "2026-04-01",
        "status": "1",
        "items": [
            {"licence": "A32101", "grade": "B", "gain_type": "001", "obtained_on": "2021-04-01"}
        ],
    }
    assets = {
        "fiscal_year": 2023,
        "currency": "156",
        "registered_capital_wan": "300",
        "paid_in_capital_wan": "300",
        "total_assets_wan": "520.5",
        "total_liabilities_wan": "120.5",
        "net_assets_wan": "400",
    }
    return {
        "basic": basic,
        "economic_nature": {"economic_type": "159", "is_listed": False},
        "net_assets": [assets],
        "history": [{"happened_on": "2001-05-18", "event": "企业成立"}],
        "profile": f"{name}主要从事建筑工程设计，成立于2001年，现有专业技术人员四十余人。",
        "certificates": [certificate],
    }
