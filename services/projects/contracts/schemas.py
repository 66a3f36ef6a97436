"""What is answered of contracts. Persons are named by their ids only."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from libs.chassis.problems.handlers import FindingItem
from libs.filing.content.performance import Contract as Content
from services.projects.contracts.domain import Contract


class ContractView(BaseModel):
    id: UUID
    enterprise: UUID
    version: int
    is_placeholder: bool
    deleted: bool
    content: Content
    findings: list[FindingItem] = []


class ContractLine(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    enterprise: UUID
    contract_no: str
    name: str
    contract_type: str | None
    is_placeholder: bool
    client_name: str | None
    amount_wan: Decimal | None
    signed_on: date | None
    projects: int


def contract_view(contract: Contract, findings: list[FindingItem] | None = None) -> ContractView:
    return ContractView(
        id=contract.id,
        enterprise=contract.owner,
        version=contract.version,
        is_placeholder=bool(contract.saved.is_placeholder),
        deleted=contract.deleted,
        content=contract.saved,
        findings=findings or [],
    )
