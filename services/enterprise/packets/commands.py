"""Commands of packets 备案审核资料: which filings go in, mailing them, what came of it."""

from collections.abc import Collection, Sequence
from uuid import UUID

from libs.events.application import UnitOfWork
from libs.events.commands import changes, use_case
from libs.events.errors import NotFound
from libs.events.eventually import eventually
from libs.events.pools import Pool
from libs.events.refusal import refuse
from libs.filing.content.enterprise import Information
from libs.filing.filing import Status, Type
from libs.papers.part import Part
from services.enterprise.information.domain import Enterprise
from services.enterprise.packets import person_filings
from services.enterprise.packets.domain import (
    SENDABLE,
    Enclosed,
    Packet,
    RequestedFiling,
    findings_before_building,
)
from services.enterprise.packets.person_filings import PersonFilingRow
from services.enterprise.packets.supervising import addressee, supervising

OWN, PEOPLE = "enterprise", "personnel"


@use_case()
async def build_packet(work: UnitOfWork, id: UUID, filings: Sequence[UUID]) -> Packet:
    """生成备案审核资料. Raises NotFound for a filing that is not the enterprise's, Refused for one
    that was never sent.
    """
    enterprise = await work.load(Enterprise, id)
    candidates = await _candidates(work.pool, enterprise, filings)
    refuse(findings_before_building(candidates))
    packet = Packet.build(
        work.act,
        work.ids.new(),
        id,
        uscc=enterprise.uscc,
        name=enterprise.name,
        unit=_unit(enterprise),
        filings=tuple(each.enclosed for each in candidates),
    )
    work.created(f"/packets/{packet.id}")
    return work.add(packet)


@use_case(action="mail")
async def ask_mail(work: UnitOfWork, id: UUID) -> Packet:
    """发送至主管部门邮箱."""
    packet = await work.target(Packet, id)
    to = addressee(await supervising(work.pool, packet.unit))
    packet.ask_mail(work.act, to, f"<{work.ids.new()}@kaohe>")
    work.accepted(f"/packets/{id}")
    return packet


@use_case()
async def take_part(work: UnitOfWork, id: UUID, filing: UUID, made: Part | str) -> Packet:
    """The form of one filing, or why there is none."""
    packet = await work.load(Packet, id)
    if isinstance(made, Part):
        packet.take(work.act, filing, made)
    else:
        packet.miss(work.act, filing, made)
    return packet


tell_mailed = changes(Packet, Packet.mailed, action=None)
tell_failed = changes(Packet, Packet.fail, action=None)


def _unit(enterprise: Enterprise) -> str:
    """Where the approved version lies, or before the first approval what was sent."""
    sent = [each.content for each in enterprise.filings.values() if each.round and each.content]
    content = enterprise.filed.content if enterprise.filed else sent[-1] if sent else Information()
    return enterprise.unit(content)


async def _candidates(
    pool: Pool, enterprise: Enterprise, filings: Sequence[UUID]
) -> tuple[RequestedFiling, ...]:
    """The enterprise's own filings first, then people's, each once. Raises NotFound for what is
    not the enterprise's.
    """
    wanted = dict.fromkeys(filings)
    own = [_own(enterprise, filing) for filing in wanted if filing in enterprise.filings]
    others = [filing for filing in wanted if filing not in enterprise.filings]
    return (*own, *map(_of_person, await _arrived(pool, enterprise.id, others)))


async def _arrived(
    pool: Pool, enterprise: UUID, filings: Collection[UUID]
) -> list[PersonFilingRow]:
    """Filings of people as their service published them; one that was just sent is waited for.
    Raises NotFound for what is not about the enterprise's people.
    """
    found = await eventually(
        lambda: person_filings.these(pool, enterprise, filings),
        until=lambda rows: all(_is_sendable(rows.get(filing)) for filing in filings),
    )
    if set(filings) - found.keys():
        raise NotFound
    return [found[filing] for filing in filings]


def _is_sendable(row: PersonFilingRow | None) -> bool:
    return row is not None and row.status in SENDABLE


def _own(enterprise: Enterprise, id: UUID) -> RequestedFiling:
    filing = enterprise.filing(id)
    enclosed = Enclosed(
        filing=id,
        service=OWN,
        subject=enterprise.id,
        type=filing.type,
        filing_no=filing.filing_no,
        receipt_no=filing.receipt_no,
        round=filing.round,
    )
    return RequestedFiling(enclosed, filing.status)


def _of_person(row: PersonFilingRow) -> RequestedFiling:
    enclosed = Enclosed(
        filing=row.filing,
        service=PEOPLE,
        subject=row.person,
        type=Type(row.type),
        filing_no=row.filing_no,
        receipt_no=row.receipt_no or "",
        round=row.round,
    )
    return RequestedFiling(enclosed, Status(row.status))
