"""Routes of packets 备案审核资料."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from libs.chassis.access import Granted, Reach
from libs.chassis.audit import Reads
from libs.chassis.commands import Changing, Commanding, Reply
from libs.chassis.dependencies import Store, The, Words, application
from libs.chassis.history import Step, steps
from libs.chassis.pages import Listed, Page
from libs.chassis.positions import CaughtUp
from libs.events.refusal import refuse
from services.enterprise import bodies, packing, queries
from services.enterprise.application import EnterpriseApplication
from services.enterprise.assembly import assemble
from services.enterprise.domain.enterprise import Enterprise
from services.enterprise.domain.packet import Packet
from services.enterprise.packet_views import PacketLine, PacketView, packet_view

router = APIRouter()
App = Annotated[EnterpriseApplication, Depends(application)]


@router.post("/enterprises/{id}/packets", status_code=201, dependencies=[CaughtUp])
async def build_packet(
    id: UUID, body: bodies.NewPacket, command: Commanding, reply: Reply, app: App, words: Words
) -> PacketView:
    """生成备案审核资料 · Gather forms and scans of filings that were sent; each owner renders its
    own
    """
    outcome = await packing.build_packet(app, command, id, body.filings)
    reply.done(outcome)
    return await _view(app, await app.read(Packet, outcome.stream, outcome.version), words)


@router.get("/enterprises/{id}/packets", dependencies=[CaughtUp])
async def list_packets(id: UUID, page: Page, store: Store, app: App) -> Listed[PacketLine]:
    """备案审核资料列表 · The enterprise's packets, newest first"""
    await app.read(Enterprise, id)
    before = page.after(UUID)
    rows = await queries.packets(store, id, before[0] if before else None, page.fetch)
    return page.of(
        rows,
        key=lambda row: (str(row["id"]),),
        show=lambda row: PacketLine.model_validate(dict(row)),
    )


@router.get("/packets/{packet}")
async def read_packet(
    packet: UUID, reach: Granted, reply: Reply, app: App, words: Words
) -> PacketView:
    """备案审核资料 · Address, subject, parts, the authority's notice, and what came of mailing
    it
    """
    found = await _within(app, reach, packet)
    reply.item(found.version)
    return await _view(app, found, words)


@router.get("/packets/{packet}/history")
async def read_packet_history(packet: UUID, reach: Granted, app: App) -> list[Step]:
    """历史记录 · Who did what, when; each attempt at mailing is a step"""
    found = await _within(app, reach, packet)
    return steps(await app.history(found.id))


@router.get(
    "/packets/{packet}/document",
    response_class=Response,
    responses={200: {"content": {"application/zip": {}}}},
)
async def read_packet_document(
    packet: UUID, reach: Granted, reads: Reads, app: App, the: The
) -> Response:
    """下载备案审核资料 · The whole packet as a zip; reading it is written down"""
    found = await _within(app, reach, packet)
    refuse(found.findings_before_opening())
    await reads.record(found.owner, found.id, *(each.subject for each in found.filings))
    archive = (await assemble(the, found)).archive
    disposition = f"attachment; filename=\"packet.zip\"; filename*=UTF-8''{quote(archive.name)}"
    return Response(
        archive.data, media_type=archive.mime, headers={"Content-Disposition": disposition}
    )


@router.post("/packets/{packet}:mail", status_code=202)
async def mail_packet(
    packet: UUID, command: Changing, reach: Granted, reply: Reply, app: App, words: Words
) -> PacketView:
    """发送至主管部门邮箱 · Mail it to the supervising unit; refused with the reason where no
    mailbox is entered
    """
    await _within(app, reach, packet)
    outcome = await packing.ask_mail(app, command, packet)
    reply.done(outcome)
    return await _view(app, await app.read(Packet, packet, outcome.version), words)


async def _within(app: EnterpriseApplication, reach: Reach, id: UUID) -> Packet:
    found = await app.read(Packet, id)
    await reach.to(found.owner)
    return found


async def _view(app: EnterpriseApplication, packet: Packet, words: Words) -> PacketView:
    return packet_view(packet, await packing.supervising(app.pool, packet.unit), words)
