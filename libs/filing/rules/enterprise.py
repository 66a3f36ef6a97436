"""Rules about the basic information of an enterprise (group E)."""

import re
from collections import Counter
from datetime import date
from decimal import Decimal

from libs.events.kept import once_for_each
from libs.events.refusal import Finding
from libs.filing import forms, reference
from libs.filing.catalogue import finding
from libs.filing.content.enterprise import (
    Basic,
    EconomicNature,
    HistoryRow,
    Information,
    NetAssets,
    Subsidiary,
)
from libs.filing.facts.enterprise import FiledEnterprise
from libs.filing.identifiers import has_sound_org_code, is_resident_id, is_uscc
from libs.filing.rules import qualification
from libs.filing.rules.documents import document_no

RESIDENT_ID = "1"  # code list `id_document_type`
MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
E_MAIL = re.compile(r"[^\s@<>,;]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)
POSTAL_CODE = re.compile(r"\d{6}", re.ASCII)
PROVINCE = "410000"
WITHOUT_COUNTIES = "419001"
ROUNDING = Decimal("0.01")


@once_for_each
def before_saving(page: Information, uscc: str, today: date) -> list[Finding]:
    """What is filled in must be right; what is not filled in may wait for the sending."""
    basic = page.basic
    return [
        *e01(basic),
        *e02(basic, uscc),
        *e27(basic),
        *e06(page.economic_nature),
        *e07(basic, today),
        *e12(basic),
        *document_no(basic.legal_rep_id_type, basic.legal_rep_id_no, "/basic/legal_rep_id_no"),
        *e13(basic),
        *e14(basic),
        *(f for n, row in enumerate(page.net_assets) for f in (*e08(row, n), *e10(row, n))),
        *e15(page.subsidiaries, uscc),
        *qualification.before_saving(page.certificates),
    ]


def before_sending(page: Information, uscc: str, today: date) -> list[Finding]:
    return [
        *before_saving(page, uscc, today),
        *e05(page),
        *(f for n, row in enumerate(page.net_assets) for f in e09(row, n)),
        *e16(page.history, page.basic.established_on, today),
        *e17(page.profile),
        *e18(page),
    ]


def e01(basic: Basic) -> list[Finding]:
    return (
        []
        if basic.name is None or 2 <= len(basic.name.strip()) <= 200
        else [finding("E01", "/basic/name")]
    )


def e02(basic: Basic, uscc: str) -> list[Finding]:
    """It never changes: a new code is a new enterprise."""
    return (
        []
        if basic.uscc is None or (is_uscc(basic.uscc) and basic.uscc == uscc)
        else [finding("E02", "/basic/uscc")]
    )


def e05(page: Information) -> list[Finding]:
    return [*forms.missing("enterprise", page), *qualification.unnamed(page.certificates)]


def e06(nature: EconomicNature) -> list[Finding]:
    code = nature.economic_type
    known = code is None or reference.code_list("economic_type").selectable(code)
    return [] if known else [finding("E06", "/economic_nature/economic_type")]


def e07(basic: Basic, today: date) -> list[Finding]:
    late = basic.established_on is not None and basic.established_on > today
    return [finding("E07", "/basic/established_on")] if late else []


def e08(row: NetAssets, n: int) -> list[Finding]:
    paid, registered = row.paid_in_capital_wan, row.registered_capital_wan
    return (
        [finding("E08", f"/net_assets/{n}/paid_in_capital_wan")]
        if paid is not None and registered is not None and paid > registered
        else []
    )


def e09(row: NetAssets, n: int) -> list[Finding]:
    net, total, owed = row.net_assets_wan, row.total_assets_wan, row.total_liabilities_wan
    if net is None or total is None or owed is None or abs(net - (total - owed)) <= ROUNDING:
        return []
    return [finding("E09", f"/net_assets/{n}/net_assets_wan")]


def e10(row: NetAssets, n: int) -> list[Finding]:
    net, registered = row.net_assets_wan, row.registered_capital_wan
    usual = net is None or (1 <= net <= 100_000 and (registered is None or net <= 50 * registered))
    return [] if usual else [finding("E10", f"/net_assets/{n}/net_assets_wan")]


def e11(filed: FiledEnterprise, year: int) -> list[Finding]:
    """`year`: of the campaign."""
    newest = max(
        (row.fiscal_year for row in filed.information.net_assets if row.fiscal_year is not None),
        default=0,
    )
    return [] if newest >= year - 1 else [finding("E11", "/net_assets_wan")]


def e12(basic: Basic) -> list[Finding]:
    number = basic.legal_rep_id_no
    right = basic.legal_rep_id_type != RESIDENT_ID or number is None or is_resident_id(number)
    return [] if right else [finding("E12", "/basic/legal_rep_id_no")]


def e13(basic: Basic) -> list[Finding]:
    forms_of = (("contact_mobile", MOBILE), ("contact_email", E_MAIL), ("postal_code", POSTAL_CODE))
    given = [(name, getattr(basic, name), form) for name, form in forms_of]
    return [
        finding("E13", f"/basic/{name}", case=name)
        for name, value, form in given
        if value is not None and not form.fullmatch(value.strip())
    ]


def e14(basic: Basic) -> list[Finding]:
    city, county = basic.city_code, basic.county_code
    if city is not None and (
        city == PROVINCE or city not in reference.codes("admin_division_henan_city")
    ):
        return [finding("E14", "/basic/city_code")]
    apart = (
        city is not None
        and county is not None
        and (county[:4] != city[:4] or city == WITHOUT_COUNTIES)
    )
    return [finding("E14", "/basic/county_code")] if apart else []


def e15(units: tuple[Subsidiary, ...], uscc: str) -> list[Finding]:
    times = Counter(unit.uscc for unit in units)
    findings = []
    for n, unit in enumerate(units):
        if unit.uscc is not None and (
            not is_uscc(unit.uscc) or unit.uscc == uscc or times[unit.uscc] > 1
        ):
            findings.append(finding("E15", f"/subsidiaries/{n}/uscc"))
        if unit.relation == "SUBSIDIARY" and not 0 < (unit.share_pct or 0) <= 100:
            findings.append(finding("E15", f"/subsidiaries/{n}/share_pct"))
    return findings


def e16(rows: tuple[HistoryRow, ...], established_on: date | None, today: date) -> list[Finding]:
    days = [row.happened_on for row in rows if row.happened_on is not None]
    in_order = bool(rows) and days == sorted(days) and all(day <= today for day in days)
    since = not days or established_on is None or days[0] >= established_on
    return [] if in_order and since else [finding("E16", "/history")]


def e17(profile: str | None) -> list[Finding]:
    return [] if len((profile or "").strip()) >= 20 else [finding("E17", "/profile")]


def e18(page: Information) -> list[Finding]:
    have = Counter(scan.scan_type for scan in page.all_scans())
    slots = [
        slot
        for slot in reference.scan_types().values()
        if slot.owner == "enterprise" and slot.rule is None
    ]
    return [
        finding("E18", "/scans", type=slot.code)
        for slot in slots
        if not slot.min <= have[slot.code] <= slot.max
    ]


def e27(basic: Basic) -> list[Finding]:
    sound = basic.uscc is None or not is_uscc(basic.uscc) or has_sound_org_code(basic.uscc)
    return [] if sound else [finding("E27", "/basic/uscc")]
