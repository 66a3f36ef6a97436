"""Routes of the wizard: 企业基本信息 → 资质信息 → 技术人员 → 企业业绩 → 社保证明, then 生成. Each
step is saved by itself and can be left.
"""

from enum import StrEnum
from uuid import UUID

from fastapi import APIRouter

from libs.chassis.http.commands import Asking, Changing, Do
from libs.chassis.http.dependencies import App, TheCatalogue
from libs.chassis.http.positions import CaughtUp
from libs.chassis.identity.access import Granted
from libs.chassis.routers.audit import AccessLog
from libs.events.application import Command, UnitOfWork
from libs.filing.content.record import (
    EnterpriseStep,
    PeopleStep,
    PerformanceStep,
    QualificationsStep,
    SocialInsuranceStep,
)
from services.assessment.records.reading import shown, within
from services.assessment.records.schemas import RecordView, record_view
from services.assessment.wizard import commands
from services.assessment.wizard.gathering import sources_of
from services.assessment.wizard.schemas import Choices, offered

router = APIRouter(prefix="/records/{id}")


class WizardStep(StrEnum):
    ENTERPRISE = "enterprise"
    QUALIFICATIONS = "qualifications"
    PEOPLE = "people"
    PERFORMANCE = "performance"
    SOCIAL_INSURANCE = "social-insurance"


@router.get("/choices/{step}", dependencies=[CaughtUp])
async def list_choices(
    id: UUID,
    step: WizardStep,
    act: Asking,
    reach: Granted,
    app: App,
    reads: AccessLog,
    words: TheCatalogue,
) -> Choices:
    """可选项 · What the step offers, with the reason where something cannot be chosen"""
    record = await within(app, reach, id)
    await reads.record(record.owner, record.id)
    sources = await sources_of(UnitOfWork(app, Command(act)), record)
    return offered(step, sources, record, words)


@router.put("/steps/enterprise")
async def save_enterprise_step(
    id: UUID, body: EnterpriseStep, command: Changing, reach: Granted, do: Do, app: App
) -> RecordView:
    """企业基本信息 · Save the first step"""
    await within(app, reach, id)
    return record_view(await do(commands.save_step, command, id, WizardStep.ENTERPRISE, body))


@router.put("/steps/qualifications")
async def save_qualifications_step(
    id: UUID, body: QualificationsStep, command: Changing, reach: Granted, do: Do, app: App
) -> RecordView:
    """资质信息 · Save the second step: every licence in force, those left out with their reason"""
    await within(app, reach, id)
    return record_view(await do(commands.save_step, command, id, WizardStep.QUALIFICATIONS, body))


@router.put("/steps/people")
async def save_people_step(
    id: UUID, body: PeopleStep, command: Changing, reach: Granted, do: Do, app: App
) -> RecordView:
    """技术人员 · Save the third step"""
    await within(app, reach, id)
    return record_view(await do(commands.save_step, command, id, WizardStep.PEOPLE, body))


@router.put("/steps/performance")
async def save_performance_step(
    id: UUID, body: PerformanceStep, command: Changing, reach: Granted, do: Do, app: App
) -> RecordView:
    """企业业绩 · Save the fourth step, with 业绩扫描件"""
    await within(app, reach, id)
    return record_view(await do(commands.save_step, command, id, WizardStep.PERFORMANCE, body))


@router.put("/steps/social-insurance")
async def save_social_insurance_step(
    id: UUID, body: SocialInsuranceStep, command: Changing, reach: Granted, do: Do, app: App
) -> RecordView:
    """社保证明 · Save the fifth step"""
    await within(app, reach, id)
    return record_view(await do(commands.save_step, command, id, WizardStep.SOCIAL_INSURANCE, body))


@router.post(":generate", dependencies=[CaughtUp])
async def generate_record(
    id: UUID,
    command: Changing,
    reach: Granted,
    do: Do,
    app: App,
    reads: AccessLog,
    words: TheCatalogue,
) -> RecordView:
    """生成、重新生成 · Freeze what was chosen, with the arithmetic and the findings"""
    await within(app, reach, id)
    record = await do(commands.generate, command, id)
    content = await shown(app, record, record.generations[-1], reach, reads, words)
    return record_view(record, content)
