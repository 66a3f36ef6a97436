"""What a development token is asked for, judged before one is made: by the command line, and by
the issuer.
"""

from typing import NamedTuple

from libs.filing.identifiers import is_uscc
from libs.filing.reference import codes

PROVINCE = "410000"


class Said(NamedTuple):
    zh: str
    en: str


def against(role: str, org: str | None, city: str | None) -> Said | None:
    """Why there is no token for this; None where there is."""
    if role not in codes("role"):
        known = ", ".join(sorted(codes("role")))
        return Said(f"没有角色 {role}，可选 {known}", f"there is no role {role}: one of {known}")
    if role.startswith("ENT_") and not org:
        return Said(
            f"角色 {role} 须以 --org 注明企业的统一社会信用代码",
            f"role {role} needs the enterprise that it acts for: --org and its credit code",
        )
    if org and not is_uscc(org):
        return Said(f"{org} 不是统一社会信用代码", f"{org} is no credit code (GB 32100)")
    if role.startswith("CITY_") and not city:
        return Said(
            f"角色 {role} 须以 --city 注明主管单位代码，如 410100",
            f"role {role} needs its unit: --city and a code of list reporting_unit, say 410100",
        )
    if city and city not in codes("reporting_unit"):
        return Said(f"没有主管单位 {city}", f"there is no unit {city} in list reporting_unit")
    return None


def place(role: str, city: str | None) -> str | None:
    """The unit of the role: the province has one only."""
    return city or (PROVINCE if role.startswith("PROV_") else None)
