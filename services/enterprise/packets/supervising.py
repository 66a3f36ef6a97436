"""The supervising unit of a packet: its mailbox and notice, as shipped and as changed since."""

import re
from typing import Any

from pydantic import ValidationError

from libs.chassis.replicas.reference import References
from libs.events.pools import Pool
from libs.filing import reference
from libs.filing.lists import PacketAddress as Notice
from libs.filing.lists import ReportingUnit
from services.enterprise.packets.domain import Addressee

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
