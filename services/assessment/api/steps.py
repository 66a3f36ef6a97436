"""Routes of the wizard: 企业基本信息 → 资质信息 → 技术人员 → 企业业绩 → 社保证明. Each step is
saved by itself and can be left.
"""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from libs.chassis.access import Granted
from libs.chassis.audit import Reads
from libs.chassis.commands import Asking, Changing, Reply
from libs.chassis.dependencies import Words, application
from libs.chassis.positions import CaughtUp
from libs.events.application import Command
from libs.events.value import Value
from libs.filing.content.record import (
    EnterpriseStep,
    PeopleStep,
    PerformanceStep,
    QualificationsStep,
    SocialInsuranceStep,
)
from services.assessment.api.records import within
from services.assessment.application import AssessmentApplication
from services.assessment.choices import Choices, offered
from services.assessment.domain.record import Record
from services.assessment.views import RecordView, record_view

router = APIRouter(prefix="/records/{id}")
App = Annotated[AssessmentApplication, Depends(application)]


class Step(StrEnum):
    ENTERPRISE = "enterprise"
    QUALIFICATIONS = "qualifications"
    PEOPLE = "people"
    PERFORMANCE = "performance"
    SOCIAL_INSURANCE = "social-insurance"


@router.get("/choices/{step}", dependencies=[CaughtUp])
async def list_choices(
    id: UUID, step: Step, act: Asking, reach: Granted, app: App, reads: Reads, words: Words
) -> Choices:
    """可选项 · What the step offers, with the reason where something cannot be chosen"""
    record = await within(app, reach, id)
    await reads.record(record.owner, record.id)
    return offered(step, await app.sources_of(record, act), record.wizard, words)


@router.put("/steps/enterprise")
async def save_enterprise_step(
    id: UUID, body: EnterpriseStep, command: Changing, reach: Granted, reply: Reply, app: App
) -> RecordView:
    """企业基本信息 · Save the first step"""
    await within(app, reach, id)
    return await _saved(app, command, id, Step.ENTERPRISE, body, reply)


@router.put("/steps/qualifications")
async def save_qualifications_step(
    id: UUID, body: QualificationsStep, command: Changing, reach: Granted, reply: Reply, app: App
) -> RecordView:
    """资质信息 · Save the second step: every licence in force, those left out with their reason"""
    await within(app, reach, id)
    return await _saved(app, command, id, Step.QUALIFICATIONS, body, reply)


@router.put("/steps/people")
async def save_people_step(
    id: UUID, body: PeopleStep, command: Changing, reach: Granted, reply: Reply, app: App
) -> RecordView:
    """技术人员 · Save the third step"""
    await within(app, reach, id)
    return await _saved(app, command, id, Step.PEOPLE, body, reply)


@router.put("/steps/performance")
async def save_performance_step(
    id: UUID, body: PerformanceStep, command: Changing, reach: Granted, reply: Reply, app: App
) -> RecordView:
    """企业业绩 · Save the fourth step, with 业绩扫描件"""
    await within(app, reach, id)
    return await _saved(app, command, id, Step.PERFORMANCE, body, reply)


@router.put("/steps/social-insurance")
async def save_social_insurance_step(
    id: UUID, body: SocialInsuranceStep, command: Changing, reach: Granted, reply: Reply, app: App
) -> RecordView:
    """社保证明 · Save the fifth step"""
    await within(app, reach, id)
    return await _saved(app, command, id, Step.SOCIAL_INSURANCE, body, reply)


async def _saved(
    app: AssessmentApplication, command: Command, id: UUID, step: Step, body: Value, reply: Reply
) -> RecordView:
    outcome = await app.save_step(command, id, step, body)
    reply.done(outcome)
    return record_view(await app.read(Record, id, outcome.version))
