"""The page 企业基本信息: seven parts in the manual's order, the certificates before the scans. One
保存 for the whole page.
"""

from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints, ValidationInfo, field_validator

from libs.events.personal import PersonalData
from libs.events.strict import Boolean
from libs.events.value import Value
from libs.filing.content.scan import ScanRef
from libs.filing.content.types import (
    Count,
    Day,
    Key20,
    Key50,
    Key100,
    Number,
    OneOf,
    Percent,
    PersonName,
    PersonNumber,
    Premises,
    Ruled,
    Text6,
    Text20,
    Text30,
    Text50,
    Text100,
    Text200,
    Text500,
    Text1000,
    Text2000,
    Wan,
    Website,
    Year,
    worded,
)


class Basic(Value):
    """企业基本情况."""

    name: Ruled | None = None
    uscc: Number | None = None
    org_code: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{8}-[0-9A-Z]$")] | None = None
    license_no: Key50 | None = None
    province_code: Annotated[str, StringConstraints(pattern=r"^410000$")] | None = None
    city_code: Text6 | None = None
    county_code: Text6 | None = None
    registered_address: Text200 | None = None
    business_address: Text200 | None = None
    postal_code: Ruled | None = None
    established_on: Day | None = None
    legal_rep_name: PersonName | None = None
    legal_rep_id_type: Annotated[str, OneOf("id_document_type")] | None = None
    legal_rep_id_no: PersonNumber | None = None
    legal_rep_post: Text50 | None = None
    legal_rep_title: Text50 | None = None
    head_name: PersonName | None = None
    technical_leader_name: PersonName | None = None
    office_phone: Text30 | None = None
    fax: Text30 | None = None
    contact_name: PersonName | None = None
    contact_mobile: PersonalData[Ruled] | None = None
    contact_email: PersonalData[Ruled] | None = None
    website: Website | None = None
    affiliation: Annotated[str, OneOf("affiliation")] | None = None
    supervising_city_code: Annotated[str, OneOf("reporting_unit")] | None = None
    staff_total: Count | None = None
    staff_technical: Count | None = None
    staff_registered: Count | None = None
    premises_m2: Premises | None = None
    remark: Text1000 | None = None

    @field_validator("staff_technical", "staff_registered")
    @classmethod
    def _part_of_a_larger_number(cls, value: int | None, info: ValidationInfo) -> int | None:
        larger = [
            info.data.get(name)
            for name in ("staff_total", "staff_technical")
            if name != info.field_name
        ]
        if value is not None and any(whole is not None and value > whole for whole in larger):
            raise worded("staff_order")
        return value

    @field_validator("org_code")
    @classmethod
    def _as_in_the_credit_code(cls, value: str | None, info: ValidationInfo) -> str | None:
        uscc = info.data.get("uscc") or ""
        if value is not None and len(uscc) == 18 and value.replace("-", "") != uscc[8:17]:
            raise worded("org_code")
        return value


class CapitalShare(Value):
    holder_name: PersonalData[Text200] | None = None  # may be a natural person
    holder_uscc: Number | None = None
    holder_kind: Annotated[str, OneOf("capital_holder_kind")] | None = None
    share_pct: Percent | None = None


class EconomicNature(Value):
    """经济性质."""

    economic_type: Ruled | None = None
    capital_structure: tuple[CapitalShare, ...] = ()
    is_listed: Boolean | None = None


class NetAssets(Value):
    """净资产: one row per fiscal year, 万元."""

    fiscal_year: Year | None = None
    currency: Annotated[str, OneOf("currency")] | None = "156"
    registered_capital_wan: Wan | None = None
    paid_in_capital_wan: Wan | None = None
    total_assets_wan: Wan | None = None
    fixed_assets_wan: Wan | None = None
    total_liabilities_wan: Wan | None = None
    net_assets_wan: Wan | None = None
    revenue_survey_design_wan: Wan | None = None
    profit_total_wan: Wan | None = None
    tax_paid_wan: Wan | None = None
    audit_firm: Text200 | None = None
    audit_report_no: Key50 | None = None
    scans: tuple[ScanRef, ...] = ()


class HistoryRow(Value):
    """企业简历."""

    happened_on: Day | None = None
    event: Text500 | None = None
    approved_by: Text200 | None = None
    document_no: Key100 | None = None


class Subsidiary(Value):
    """下属子公司, branches too: a branch may pay social insurance, a subsidiary may not."""

    name: Text200 | None = None
    uscc: Number | None = None
    relation: Annotated[str, OneOf("subsidiary_relation")] | None = None
    share_pct: Percent | None = None
    city: Text100 | None = None
    own_qualifications: Text1000 | None = None
    scan: ScanRef | None = None


class CertificateItem(Value):
    """资质项目: one licence at one grade. The id is the service's; contracts' projects refer to
    it.
    """

    id: UUID | None = None
    licence: Text50 | None = None
    grade: Text20 | None = None
    licence_name: Text200 | None = None
    standard_code: Text50 | None = None
    gain_type: Annotated[str, OneOf("qualification_gain_type")] | None = None
    obtained_on: Day | None = None


class CertificateFlag(Value):
    """标注: set and lifted by the authority, never filed content; what a client sends here is not
    used.
    """

    kind: Annotated[str, OneOf("certificate_flag")]
    since: Day
    basis: Text200 | None = None
    lifted_at: Day | None = None


class Certificate(Value):
    """资质证书. The id and what is derived (top_grade, standard codes) are the service's."""

    model_config = ConfigDict(
        validate_by_name=True, validate_by_alias=True, serialize_by_alias=True
    )

    id: UUID | None = None
    class_: Annotated[str, OneOf("certificate_class")] | None = Field(default=None, alias="class")
    cert_no: Key20 | None = None
    issued_by: Text100 | None = None
    issued_on: Day | None = None
    valid_to: Day | None = None
    extended_to: Day | None = None
    extension_basis: Text200 | None = None
    status: Annotated[str, OneOf("certificate_status")] | None = None
    flags: tuple[CertificateFlag, ...] = ()
    top_grade: Annotated[str, OneOf("qualification_grade")] | None = None
    items: tuple[CertificateItem, ...] = ()
    scope: Text1000 | None = None
    cert_technical_leader: PersonName | None = None
    copy_no: Key20 | None = None
    scans: tuple[ScanRef, ...] = ()


class Information(Value):
    """企业基本信息, the whole page."""

    basic: Basic = Basic()
    economic_nature: EconomicNature = EconomicNature()
    net_assets: tuple[NetAssets, ...] = ()
    history: tuple[HistoryRow, ...] = ()
    profile: Text2000 | None = None
    subsidiaries: tuple[Subsidiary, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    scans: tuple[ScanRef, ...] = ()

    def all_scans(self) -> tuple[ScanRef, ...]:
        """Every scan of the page, wherever it stands."""
        audits = tuple(scan for row in self.net_assets for scan in row.scans)
        certificates = tuple(
            scan for certificate in self.certificates for scan in certificate.scans
        )
        return (
            self.scans
            + audits
            + certificates
            + tuple(unit.scan for unit in self.subsidiaries if unit.scan)
        )
