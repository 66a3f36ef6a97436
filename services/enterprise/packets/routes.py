"""Routes of packets 备案审核资料."""

from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request, Response

from libs.chassis.http import files
from libs.chassis.http.commands import Changing, Commanding, Do, Reply
from libs.chassis.http.dependencies import App, Store, The, TheCatalogue
from libs.chassis.http.history import Step, steps
from libs.chassis.http.pages import Listed, Page
from libs.chassis.http.positions import CaughtUp
from libs.chassis.identity.access import Granted, Reach
from libs.chassis.routers.audit import AccessLog
from libs.events.application import Application
from libs.events.refusal import refuse
from services.enterprise.information.domain import Enterprise
from services.enterprise.packets import commands, lists, schemas
from services.enterprise.packets.assembly import Archive, archive_name
from services.enterprise.packets.domain import Packet
from services.enterprise.packets.schemas import PacketLine, PacketView, packet_view
from services.enterprise.packets.supervising import supervising

router = APIRouter()


@router.post("/enterprises/{id}/packets", status_code=201, dependencies=[CaughtUp])
async def build_packet(
    id: UUID, body: schemas.NewPacket, command: Commanding, do: Do, app: App, words: TheCatalogue
) -> PacketView:
    """生成备案审核资料 · Gather forms and scans of filings that were sent; each owner renders its
    own
    """
    return await _view(app, await do(commands.build_packet, command, id, body.filings), words)


@router.get("/enterprises/{id}/packets", dependencies=[CaughtUp])
async def list_packets(id: UUID, page: Page, store: Store, app: App) -> Listed[PacketLine]:
    """备案审核资料列表 · The enterprise's packets, newest first"""
    await app.read(Enterprise, id)
    found = await lists.of_enterprise(store, id, page.after(UUID), page.fetch)
    return page.along(found, show=PacketLine.model_validate)


@router.get("/packets/{packet}")
async def read_packet(
    packet: UUID, reach: Granted, reply: Reply, app: App, words: TheCatalogue
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
    responses=files.described("application/zip"),
)
async def read_packet_document(
    packet: UUID, reach: Granted, reads: AccessLog, app: App, the: The, request: Request
) -> Response:
    """下载备案审核资料 · The whole packet as a zip; reading it is written down"""
    found = await _within(app, reach, packet)
    refuse(found.findings_before_opening())
    await reads.record(found.owner, found.id, *(each.subject for each in found.filings))
    names = f"filename=\"packet.zip\"; filename*=UTF-8''{quote(archive_name(found))}"
    pieces = Archive(the, found).pieces()
    first = await anext(pieces)  # what is lost or away is told before anything is sent
    return files.streamed(request, first, pieces, "application/zip", names)


@router.post("/packets/{packet}:mail", status_code=202)
async def mail_packet(
    packet: UUID, command: Changing, reach: Granted, do: Do, app: App, words: TheCatalogue
) -> PacketView:
    """发送至主管部门邮箱 · Mail it to the supervising unit; refused with the reason where no
    mailbox is entered
    """
    await _within(app, reach, packet)
    return await _view(app, await do(commands.ask_mail, command, packet), words)


async def _within(app: Application, reach: Reach, id: UUID) -> Packet:
    found = await app.read(Packet, id)
    await reach.to(found.owner)
    return found


async def _view(app: Application, packet: Packet, words: TheCatalogue) -> PacketView:
    return packet_view(packet, await supervising(app.pool, packet.unit), words)
