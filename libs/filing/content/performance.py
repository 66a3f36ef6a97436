"""Performance 业绩: contract, project, its stages with who took part. Saved only, never filed on
their own.
"""

from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from libs.events.strict import Boolean
from libs.events.value import Value
from libs.filing.content.scan import ScanRef
from libs.filing.content.types import (
    Area,
    Count,
    Day,
    Key50,
    Key100,
    Metres,
    Number,
    OneOf,
    RuledKey,
    Text6,
    Text50,
    Text100,
    Text200,
    Text300,
    Text500,
    Text1000,
    Wan,
)


class ConsortiumMember(Value):
    """联合体."""

    name: Text200 | None = None
    uscc: Number | None = None
    lead: Boolean | None = None


class Contract(Value):
    """合同. `is_placeholder` follows from the name (暂无业绩)."""

    contract_no: Key50 | None = None
    name: Text200 | None = None
    contract_type: Annotated[str, OneOf("contract_type")] | None = None
    is_placeholder: Boolean | None = None
    client_name: Text200 | None = None
    client_uscc: Number | None = None
    contractor_name: Text200 | None = None
    contractor_uscc: Number | None = None
    consortium: tuple[ConsortiumMember, ...] = ()
    amount_wan: Wan | None = None
    scope: Text500 | None = None
    signed_on: Day | None = None
    service_from: Day | None = None
    service_to: Day | None = None
    tender_type: Annotated[str, OneOf("tender_type")] | None = None
    project_leader_person_id: UUID | None = None
    record_no: Key50 | None = None
    scans: tuple[ScanRef, ...] = ()


class Project(Value):
    """项目: exactly one contract."""

    contract: UUID | None = None
    project_code: RuledKey | None = None
    name: Text300 | None = None
    project_type: Annotated[str, OneOf("project_type")] | None = None
    function: Annotated[str, OneOf("project_function")] | None = None
    nature: Annotated[str, OneOf("project_nature")] | None = None
    approval_level: Annotated[str, OneOf("project_approval_level")] | None = None
    approval_no: Key100 | None = None
    province: Annotated[str, OneOf("province")] | None = None
    city: Text6 | None = None
    county: Text6 | None = None
    address: Text200 | None = None
    client_name: Text200 | None = None
    investment_wan: Wan | None = None
    area_m2: Area | None = None
    height_m: Metres | None = None
    floors_above: Count | None = None
    floors_below: Count | None = None
    other_indicators: Text1000 | None = None
    scale: Annotated[str, OneOf("project_scale_design", "project_grade_survey")] | None = None
    qualification_item_used: UUID | None = None
    land_permit_no: Key100 | None = None
    planning_permit_no: Key100 | None = None
    drawing_review_no: Key100 | None = None
    started_on: Day | None = None
    finished_on: Day | None = None
    quality_result: Text100 | None = None
    awards: Text1000 | None = None
    scans: tuple[ScanRef, ...] = ()


class Participant(Value):
    """项目参与人员 of one stage."""

    model_config = ConfigDict(
        validate_by_name=True, validate_by_alias=True, serialize_by_alias=True
    )

    person_id: UUID | None = None
    role: Annotated[str, OneOf("participant_role")] | None = None
    discipline: Annotated[str, OneOf("speciality")] | None = None
    registration_used: Text50 | None = None
    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None
    seal_used: Boolean | None = None


class Stage(Value):
    """项目阶段: identified by (stage, sub_item) in its project."""

    stage: Annotated[str, OneOf("stage_design", "stage_survey")] | None = None
    sub_item: Text100 | None = None
    status: Annotated[str, OneOf("stage_status")] | None = None
    started_on: Day | None = None
    finished_on: Day | None = None
    deliverable_no: Key100 | None = None
    drawings_count: Count | None = None
    amount_wan: Wan | None = None
    remark: Text1000 | None = None
    participants: tuple[Participant, ...] = ()
