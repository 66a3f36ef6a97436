"""Commands of packets: which filings go in, what the supervising unit's data says of mailing them,
what came of it.
"""

import asyncio
import re
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from libs.chassis.reference import References
from libs.events.aggregate import Aggregate
from libs.events.application import Application, Unit, use_case
from libs.events.errors import NotFound
from libs.events.pools import Pool
from libs.events.refusal import refuse
from libs.filing import reference
from libs.filing.content.enterprise import Information
from libs.filing.filing import Status, Type
from libs.filing.lists import Packet as Notice
from libs.filing.lists import ReportingUnit
from libs.papers.part import Part
from services.enterprise import queries
from services.enterprise.domain.enterprise import Enterprise
from services.enterprise.domain.packet import (
    SENDABLE,
    Addressee,
    Candidate,
    Enclosed,
    Packet,
    findings_before_building,
)

OWN, PEOPLE = "enterprise", "personnel"
TRIES, PAUSE = 20, 0.05  # for a filing that was just sent to arrive from its service, in seconds
UNITS = "reporting_unit"
MAILBOX = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")
NO_NOTICE: dict[str, Any] = {
    "mailbox": None,
    "subject_pattern": "【备案】{企业名称}-{回执号}",
    "notice_site": "",
    "notice_title": "",
    "notice_url": "",
}
NO_UNIT: dict[str, Any] = {"kind": "city", "valid_from": None, "valid_to": None}


@use_case
async def build_packet(
    app: Application, unit: Unit, id: UUID, filings: Sequence[UUID]
) -> Aggregate:
    """生成备案审核资料."""
    enterprise = await unit.load(Enterprise, id)
    candidates = await _candidates(app.pool, enterprise, filings)
    refuse(findings_before_building(candidates))
    packet = Packet.build(
        unit.act,
        app.ids.new(),
        id,
        uscc=enterprise.uscc,
        name=enterprise.name,
        unit=_unit(enterprise),
        filings=tuple(each.enclosed for each in candidates),
    )
    unit.created(f"/packets/{packet.id}")
    return unit.add(packet)


@use_case
async def ask_mail(app: Application, unit: Unit, id: UUID) -> Aggregate:
    """发送至主管部门邮箱."""
    packet = await unit.change(Packet, id)
    packet.ask_mail(
        unit.act, addressee(await supervising(app.pool, packet.unit)), f"<{app.ids.new()}@kaohe>"
    )
    unit.accepted(f"/packets/{id}")
    return packet


@use_case
async def take_part(
    _: Application, unit: Unit, id: UUID, filing: UUID, made: Part | str
) -> Aggregate:
    packet = await unit.load(Packet, id)
    if isinstance(made, Part):
        packet.take(unit.act, filing, made)
    else:
        packet.miss(unit.act, filing, made)
    return packet


@use_case
async def tell_mailed(
    _: Application, unit: Unit, id: UUID, sha256: str, size_bytes: int
) -> Aggregate:
    packet = await unit.load(Packet, id)
    packet.mailed(unit.act, sha256, size_bytes)
    return packet


@use_case
async def tell_failed(_: Application, unit: Unit, id: UUID, reason: str) -> Aggregate:
    packet = await unit.load(Packet, id)
    packet.fail(unit.act, reason)
    return packet


async def supervising(pool: Pool, code: str) -> ReportingUnit:
    """The unit with its packet data, as shipped and as changed since. What an operator entered
    wrongly counts as not entered.
    """
    shipped = next(
        (item for item in reference.raw(UNITS)["items"] if item["code"] == code),
        NO_UNIT | {"code": code, "zh": code, "en": code},
    )
    found = await References(pool).item(
        UNITS, code, shipped | {"packet": NO_NOTICE | (shipped.get("packet") or {})}
    )
    try:
        return ReportingUnit.model_validate(found, extra="ignore")
    except ValidationError:
        return ReportingUnit.model_validate(shipped | {"packet": NO_NOTICE})


def addressee(unit: ReportingUnit) -> Addressee:
    notice = unit.packet or Notice.model_validate(NO_NOTICE)
    mailbox = notice.mailbox if notice.mailbox and MAILBOX.fullmatch(notice.mailbox) else None
    return Addressee(
        unit=unit.code,
        zh=unit.zh,
        en=unit.en,
        mailbox=mailbox,
        subject_pattern=notice.subject_pattern,
    )


def _unit(enterprise: Enterprise) -> str:
    """Where the approved version lies, or before the first approval what was sent."""
    sent = [each.content for each in enterprise.filings.values() if each.round and each.content]
    content = enterprise.filed.content if enterprise.filed else sent[-1] if sent else Information()
    return enterprise.unit(content)


async def _candidates(
    pool: Pool, enterprise: Enterprise, filings: Sequence[UUID]
) -> tuple[Candidate, ...]:
    """The enterprise's own filings first, then people's, each once. Raises NotFound for what is
    not the enterprise's.
    """
    wanted = dict.fromkeys(filings)
    own = [_own(enterprise, filing) for filing in wanted if filing in enterprise.filings]
    others = [filing for filing in wanted if filing not in enterprise.filings]
    return (*own, *map(_of_person, await _arrived(pool, enterprise.id, others)))


async def _arrived(pool: Pool, enterprise: UUID, filings: Collection[UUID]) -> Sequence[Any]:
    """Filings of people as their service tells of them; what was just sent is on its way here by
    topic: it is waited for.
    """
    for _ in range(TRIES):
        found = {
            row["filing"]: row for row in await queries.person_filings(pool, enterprise, filings)
        }
        if all(filing in found and found[filing]["status"] in SENDABLE for filing in filings):
            break
        await asyncio.sleep(PAUSE)
    if set(filings) - found.keys():
        raise NotFound
    return [found[filing] for filing in filings]


def _own(enterprise: Enterprise, id: UUID) -> Candidate:
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
    return Candidate(enclosed, filing.status)


def _of_person(row: Any) -> Candidate:
    enclosed = Enclosed(
        filing=row["filing"],
        service=PEOPLE,
        subject=row["person"],
        type=Type(row["type"]),
        filing_no=row["filing_no"],
        receipt_no=row["receipt_no"] or "",
        round=row["round"],
    )
    return Candidate(enclosed, Status(row["status"]))
