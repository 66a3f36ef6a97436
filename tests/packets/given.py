"""A packet as it came about, and what stands in it."""

from datetime import UTC, datetime
from uuid import UUID

from libs.events.value import Act, Actor
from libs.filing.filing import Type
from libs.papers.part import Entry, Part
from services.enterprise.packets.domain import Addressee, Enclosed, Packet

ACT = Act(by=Actor(user="clerk", role="ENT_CLERK"), at=datetime(2024, 9, 2, 1, tzinfo=UTC))
ENTERPRISE, PERSON, PACKET, FIRST, SECOND = (UUID(int=number) for number in range(1, 6))
USCC, NAME, RECEIPT = "91410100EXAMPLE11W", "郑州示范建筑设计有限公司", "410100-20240902-7K3M9QXZ"
UNIT = Addressee(
    unit="410100",
    zh="郑州市",
    en="Zhengzhou",
    mailbox="beian@zhengzhou.example",
    subject_pattern="【备案】{企业名称}-{回执号}",
)
NOWHERE = UNIT.model_copy(update={"mailbox": None})
MESSAGE = "<1@kaohe>"


def enclosed(
    filing: UUID = FIRST, service: str = "enterprise", type: Type = Type.ENT_INIT
) -> Enclosed:
    subject = ENTERPRISE if service == "enterprise" else PERSON
    return Enclosed(
        filing=filing,
        service=service,
        subject=subject,
        type=type,
        filing_no=f"{type}-{RECEIPT}",
        receipt_no=RECEIPT,
        round=1,
    )


def part(size_bytes: int = 1000) -> Part:
    return Part(
        bucket="enterprise",
        object="o",
        object_version="",
        subject=ENTERPRISE,
        key_number=1,
        sha256="ab" * 32,
        size_bytes=size_bytes,
        entries=(Entry(name="备案表.html", mime="text/html", size_bytes=900, sha256="cd" * 32),),
    )


def built(*filings: Enclosed) -> Packet.PacketBuilt:
    return Packet.PacketBuilt(
        act=ACT,
        packet=PACKET,
        enterprise=ENTERPRISE,
        uscc=USCC,
        name=NAME,
        unit="410100",
        filings=filings or (enclosed(),),
    )


def arrived(filing: UUID = FIRST, size_bytes: int = 1000) -> Packet.PartArrived:
    return Packet.PartArrived(act=ACT, filing=filing, part=part(size_bytes))


def asked(message_id: str = MESSAGE) -> Packet.MailAsked:
    return Packet.MailAsked(
        act=ACT,
        to="beian@zhengzhou.example",
        subject=f"【备案】{NAME}-{RECEIPT}",
        message_id=message_id,
    )


def failed(message_id: str = MESSAGE) -> Packet.MailFailed:
    return Packet.MailFailed(act=ACT, message_id=message_id, reason="UNREACHABLE")


def mailed(message_id: str = MESSAGE) -> Packet.MailSent:
    return Packet.MailSent(act=ACT, message_id=message_id, sha256="ef" * 32, size_bytes=1000)
