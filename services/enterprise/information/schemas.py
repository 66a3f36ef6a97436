"""What is sent and answered about enterprises and their basic information: field names of the
domain book.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, LiteralString, NoReturn
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from libs.chassis.problems.handlers import FindingItem
from libs.events.strict import LINE, NUMBER, Boolean
from libs.events.value import Value
from libs.filing.catalogue import texts
from libs.filing.content.enterprise import Information
from libs.filing.content.types import OneOf
from libs.filing.identifiers import enterprise_id, is_uscc
from libs.filing.rules import paths
from services.enterprise.filings.schemas import FilingView, filing_view
from services.enterprise.information.domain import Enterprise
from services.enterprise.information.filed import FiledInformation


def _credit_code(given: str) -> str:
    return given if is_uscc(given) else _refused("E02", "not a credit code")


def _name(given: str) -> str:
    """None, or one that 保存 will take."""
    return given if len(given.strip()) != 1 else _refused("E01", "no name of an enterprise")


def _refused(rule: str, message: LiteralString) -> NoReturn:
    words = texts(rule)
    raise PydanticCustomError(rule, message, {"zh": words.zh, "en": words.en})


CreditCode = Annotated[
    str,
    StringConstraints(max_length=40),
    NUMBER,
    AfterValidator(_credit_code),
    Field(examples=["91410100MA4444449G"]),
]
Unit = Annotated[str, OneOf("reporting_unit"), Field(examples=["410100"])]


class Registration(Value):
    """企业注册. The name may wait until the basic information is saved."""

    uscc: CreditCode
    name: Annotated[str, StringConstraints(max_length=200), LINE, AfterValidator(_name)] = ""
    supervising_city_code: Unit = "410000"

    @property
    def enterprise(self) -> UUID:
        return enterprise_id(self.uscc)


class Import(Value):
    overwrite: Boolean = Field(default=False, description="What is on the page already is replaced")


class EnterpriseView(BaseModel):
    id: UUID
    uscc: str
    name: str
    supervising_city_code: str
    version: int
    is_saved: bool
    filed_version: int | None
    filings: list[FilingView]
    legacy: "LegacyView | None" = None
    information: Information | None = None
    findings: list[FindingItem] = []


class EnterpriseLine(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    uscc: str
    name: str
    supervising_city_code: str
    registered_at: datetime
    is_saved: bool
    filed_version: int | None


class LegacyView(BaseModel):
    """Where imported fields come from: pointers of those that still stand as 5.0 had them."""

    source: str = "legacy5"
    fields: list[str]


class VersionView(BaseModel):
    number: int
    filing: UUID
    content: Information | None = None


def enterprise_view(
    enterprise: Enterprise,
    information: Information | None = None,
    *,
    only_sent: bool = False,
    findings: list[FindingItem] | None = None,
) -> EnterpriseView:
    """`only_sent`: what was never sent is nobody's business but the enterprise's."""
    filings = [
        filing_view(enterprise, each)
        for each in enterprise.filings.values()
        if each.round or not only_sent
    ]
    return EnterpriseView(
        id=enterprise.id,
        uscc=enterprise.uscc,
        name=enterprise.name,
        supervising_city_code=enterprise.supervising_city_code,
        version=enterprise.version,
        is_saved=enterprise.is_saved or any(each.round for each in enterprise.filings.values()),
        filed_version=enterprise.filed.number if enterprise.filed else None,
        filings=filings,
        legacy=None if only_sent else _legacy(enterprise),
        information=information,
        findings=findings or [],
    )


def version_view(version: FiledInformation, content: Information | None = None) -> VersionView:
    return VersionView(number=version.number, filing=version.filing, content=content)


def _legacy(enterprise: Enterprise) -> LegacyView | None:
    if not enterprise.fetched or not enterprise.page:
        return None
    now = dict(_leaves(paths.values(enterprise.page)))
    return LegacyView(
        fields=sorted(
            path
            for path, value in _leaves(paths.values(enterprise.fetched))
            if now.get(path) == value
        )
    )


def _leaves(value: Any, path: str = "") -> list[tuple[str, Any]]:
    if isinstance(value, Mapping):
        return [leaf for name, each in value.items() for leaf in _leaves(each, f"{path}/{name}")]
    if isinstance(value, list):
        return [
            leaf for index, each in enumerate(value) for leaf in _leaves(each, f"{path}/{index}")
        ]
    return [] if value is None else [(path, value)]
