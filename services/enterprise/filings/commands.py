"""Commands of an enterprise's filings 备案: added, saved, sent, asked back, given up."""

from uuid import UUID

from libs.events.application import UnitOfWork
from libs.events.commands import changes, use_case
from libs.filing.content.enterprise import Information
from libs.filing.filing import Answer, Type, number
from services.enterprise.information.domain import Enterprise
from services.enterprise.information.filling import filled


@use_case(action="add_filing")
async def add_filing(work: UnitOfWork, id: UUID, type: Type) -> Enterprise:
    """添加."""
    enterprise = await work.target(Enterprise, id)
    filing = work.ids.new()
    enterprise.add_filing(work.act, filing, type, _number(work, enterprise, type))
    work.created(f"/enterprises/{id}/filings/{filing}")
    return enterprise


@use_case(action="save")
async def save_filing(
    work: UnitOfWork, id: UUID, filing: UUID, content: Information | None
) -> Enterprise:
    """保存; `None` takes the content as it stands."""
    enterprise = await work.target(Enterprise, id)
    complete = await filled(work, enterprise, content) if content else None
    enterprise.save_filing(work.act, filing, complete)
    return enterprise


@use_case(action="send")
async def send_filing(
    work: UnitOfWork,
    id: UUID,
    filing: UUID,
    acknowledged: tuple[str, ...],
    answers: tuple[Answer, ...],
) -> Enterprise:
    """在线发送. Pressed twice it is one sending, with the same receipt."""
    enterprise = await work.load(Enterprise, id)
    if not any(map(enterprise.filing(filing).sent_from, work.command.expected or ())):
        receipt_no = _number(work, work.made_from(enterprise))
        enterprise.send_filing(work.act, filing, receipt_no, acknowledged, answers)
    return enterprise


@use_case(action="withdraw")
async def ask_withdrawal(work: UnitOfWork, id: UUID, filing: UUID) -> Enterprise:
    """撤回: review grants or refuses it."""
    enterprise = await work.target(Enterprise, id)
    enterprise.ask_withdrawal(work.act, filing)
    work.accepted(f"/enterprises/{id}/filings/{filing}")
    return enterprise


void_filing = changes(Enterprise, Enterprise.void_filing, action="discard")


def _number(work: UnitOfWork, enterprise: Enterprise, type: Type | None = None) -> str:
    """A new receipt number, or with its type a filing number."""
    unit = enterprise.unit(enterprise.page or Information())
    return number(unit, f"{work.act.today:%Y%m%d}", work.ids.token(8), type)
